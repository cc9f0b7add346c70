"""A profile for a file nobody has described yet: columns, number marks and date forms, each with its reason."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from orderwright.business.imports.columns import Guess, chosen_columns, guess_columns, guess_items
from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.profile import NumbersPart, Profile
from orderwright.business.imports.sheets import Sheet
from orderwright.values.phrases import Phrase, phrase

_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:([T ])(\d{1,2}):\d{2}(:\d{2})?( ?[AaPp][Mm])?)?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


class GuessedProfile(NamedTuple):
    """The profile to read with, how each column was told, and sentences on everything else assumed."""

    profile: Profile
    guesses: list[Guess]
    reasons: list[Phrase]


def guess_profile(sheet: Sheet, profile: Profile, overrides: Mapping[str, str]) -> GuessedProfile:
    """Fill what a profile leaves open from a sheet: columns, items, and the forms of numbers and dates.

    A profile with columns is taken as it is, but for `overrides`. What cannot be told for sure, such as
    03/04/2026, is left open, and said: rows with it are refused until the profile decides.
    """
    sample = sheet.sample()
    described = bool(profile.columns)
    guesses = [] if described else guess_columns(sheet.header, sample)
    items = dict(profile.items) if described or profile.items else guess_items(sheet.header)
    items = {field: name for field, name in items.items() if field not in overrides}
    columns = chosen_columns(profile, guesses, overrides)
    if items:
        columns = {field: name for field, name in columns.items() if field not in items}
    guesses = [guess for guess in guesses if columns.get(guess.field) == guess.column]
    full = msgspec.structs.replace(profile, columns=columns, items=items)
    reasons = [
        phrase("Items stand side by side: {field} in {name!r}.", field=field, name=name)
        for field, name in items.items()
    ]
    if described:
        return GuessedProfile(full, guesses, reasons)
    numbers, told = _numbers(full, sheet.header, sample)
    reasons += told
    formats, told = _date_formats(full, sheet.header, sample)
    reasons += told
    times = msgspec.structs.replace(full.times, formats=formats)
    return GuessedProfile(msgspec.structs.replace(full, numbers=numbers, times=times), guesses, reasons)


def _values(
    profile: Profile, kinds: Sequence[str], header: Sequence[str], sample: Sequence[Sequence[str]]
) -> list[str]:
    patterns = {name.replace("{n}", "1") for field, name in profile.items.items() if FIELDS[field].kind in kinds}
    wanted = {name for field, name in profile.columns.items() if FIELDS[field].kind in kinds} | patterns
    places = [at for at, name in enumerate(header) if name in wanted]
    return [row[at].strip() for row in sample for at in places if at < len(row) and row[at].strip()]


def _numbers(
    profile: Profile, header: Sequence[str], sample: Sequence[Sequence[str]]
) -> tuple[NumbersPart, list[Phrase]]:
    if profile.numbers != NumbersPart():
        return profile.numbers, []
    values = _values(profile, ("price", "money"), header, sample)
    signs = sorted({sign for value in values for sign in re.findall(r"[^\d\s.,'’-]+", value)})
    decimal, thousands = marks_of(values)
    part = msgspec.convert({"decimal": decimal, "thousands": thousands, "signs": signs}, NumbersPart)
    if part == NumbersPart():
        return part, []
    return part, [_marks_told(decimal, thousands, ", ".join(signs))]


def marks_of(values: Sequence[str]) -> tuple[Literal[".", ","], str]:
    """The mark before decimals and the one between thousands ('' for none) that written amounts show."""
    bare = [re.sub(r"[^\d.,' \u00a0\u202f]", "", value).strip() for value in values]
    # A mark that stands once, with other than three digits behind it, can only be the decimal mark.
    commas = sum(re.fullmatch(r"[\d. '\u00a0\u202f]*,(\d{1,2}|\d{4,})", value) is not None for value in bare)
    points = sum(re.fullmatch(r"[\d, '\u00a0\u202f]*\.(\d{1,2}|\d{4,})", value) is not None for value in bare)
    decimal: Literal[".", ","] = "," if commas > points else "."
    grouped = [re.fullmatch(r"\d{1,3}([., '])\d{3}(?:[.,]\d+)?", value) for value in bare]
    marks = {found[1] for found in grouped if found and found[1] != decimal}
    return decimal, marks.pop() if len(marks) == 1 and (commas or points) else ""


def _marks_told(decimal: str, thousands: str, signs: str) -> Phrase:
    values = {"decimal": decimal, "thousands": thousands, "signs": signs}
    if thousands and signs:
        return phrase(
            "Numbers have {decimal!r} before decimals, {thousands!r} between thousands and the signs {signs}.", **values
        )
    if thousands:
        return phrase("Numbers have {decimal!r} before decimals, {thousands!r} between thousands.", **values)
    if signs:
        return phrase("Numbers have {decimal!r} before decimals and the signs {signs}.", **values)
    return phrase("Numbers have {decimal!r} before decimals.", **values)


def _date_formats(
    profile: Profile, header: Sequence[str], sample: Sequence[Sequence[str]]
) -> tuple[list[str], list[Phrase]]:
    if profile.times.formats:
        return profile.times.formats, []
    values = _values(profile, ("time",), header, sample)
    dates = [found for value in values if (found := _DATE.fullmatch(value)) and not _ISO.match(value)]
    if not dates:
        return [], []
    days_first = any(int(found[1]) > 12 for found in dates)
    months_first = any(int(found[3]) > 12 for found in dates)
    if days_first == months_first and all(len(found[1]) < 4 for found in dates):
        return [], [
            phrase(
                "Whether {date!r} has the day or the month first cannot be told: say times.formats.", date=dates[0][0]
            )
        ]
    said = phrase("Dates such as {date!r} have the month first.", date=dates[0][0])
    if days_first:
        said = phrase("Dates such as {date!r} have the day first.", date=dates[0][0])
    return sorted({_format(found, days_first) for found in dates}), [said]


def _format(found: re.Match[str], days_first: bool) -> str:
    mark = found[2]
    year = "%Y" if len(found[4]) == 4 else "%y"
    parts = ["%d", "%m", year] if days_first else ["%m", "%d", year]
    if len(found[1]) == 4:
        parts = ["%Y", "%m", "%d"]
    date = mark.join(parts)
    if not found[5]:
        return date
    hour = "%I" if found[8] else "%H"
    seconds = ":%S" if found[7] else ""
    noon = "" if not found[8] else " %p" if found[8].startswith(" ") else "%p"
    return f"{date}{found[5]}{hour}:%M{seconds}{noon}"
