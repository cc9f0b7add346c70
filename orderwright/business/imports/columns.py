"""Which column is what: guessed from names and values, said why, and overridden at will."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from orderwright.business.imports.column_words import ADDRESS_PARTS, FIELD_NAMES, ROLES, WHO
from orderwright.business.imports.fields import FIELDS, LINE_FIELDS, REQUIRED
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.words import find_country, folded
from orderwright.values.refusal import Refusal

_ALIKE = 0.85
_LIKENED_CHARS_MAX = 60
_NUMBERED = re.compile(r"\d+")
_NUMBER = re.compile(r"[^\d\s,.'-]{0,3}\s?-?\d[\d.,' \u00a0\u202f]*\s?[^\d\s,.'-]{0,3}")
_WHOLE = re.compile(r"-?\d+(?:[.,]0+)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\d{1,2}:\d{2}.*)?")
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER_OF_SOMEBODY = re.compile(r"(?=\S*\d)[^\s@]+")
_ITEMS_MAX = 200

_FITS: Mapping[str, Callable[[str], object]] = {
    "units": _WHOLE.fullmatch,
    "price": _NUMBER.fullmatch,
    "money": _NUMBER.fullmatch,
    "time": lambda text: _DATE.fullmatch(text) or _TIME.fullmatch(text),
    "email": _EMAIL.fullmatch,
    "currency": re.compile("[A-Za-z]{3}").fullmatch,
    "phone": re.compile(r"[+\d][\d\s().-]{4,}").fullmatch,
}
"""What a kind's values look like; the other kinds may look like anything."""


class Guess(NamedTuple):
    """A column taken for a field: how sure (0 to 100), and why, in words."""

    field: str
    column: str
    sureness: int
    reason: str


def guess_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Guess]:
    """The likeliest field of each column, each field once, in the order of the columns.

    header: column names. sample: the first rows. The name decides first (known words in English and Spanish,
    then words much like them), then whether the values can be what the name says; a column whose name says
    nothing is told by its values where they leave no doubt. A column nothing fits is left out.
    """
    values = [[row[at].strip() for row in sample if at < len(row) and row[at].strip()]
              for at in range(len(header))]  # fmt: skip
    found = [
        guess
        for at, column in enumerate(header)
        for guess in (*_by_name(column, values[at]), *_by_values(column, values[at]))
    ]
    found.sort(key=lambda guess: (-guess.sureness, header.index(guess.column)))
    taken: dict[str, Guess] = {}
    columns: set[str] = set()
    for guess in found:
        if guess.field not in taken and guess.column not in columns:
            taken[guess.field] = guess
            columns.add(guess.column)
    chosen = _total_of_what(taken, header, sample)
    return sorted(chosen, key=lambda guess: header.index(guess.column))


def guess_items(header: Sequence[str]) -> dict[str, str]:
    """Line fields by header with {n}, where items stand side by side: "Item 1 SKU", "Item 2 SKU", ...

    Empty when fewer than two numbers are found or codes or quantities are not among them.
    """
    families: dict[str, set[str]] = {}
    for name in header:
        for number in _NUMBERED.finditer(name):
            pattern = f"{name[: number.start()]}{{n}}{name[number.end() :]}"
            families.setdefault(pattern, set()).add(number[0])
    items: dict[str, str] = {}
    for pattern, numbers in families.items():
        words = folded(pattern.replace("{n}", " "))
        for field in LINE_FIELDS:
            if len(numbers) > 1 and "1" in numbers and field not in items and _is_item_word(words, field):
                items[field] = pattern
    return items if {"sku", "quantity"} <= items.keys() else {}


def parse_overrides(texts: Sequence[str], fields: Collection[str] = FIELDS.keys()) -> dict[str, str]:
    """Columns said by hand, each "field=Column name". fields: those there are; of a file of orders, if not said.

    Refuses import_column_unknown with the known fields.
    """
    chosen = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not equals or field.strip() not in fields:
            raise Refusal("import_column_unknown", given=text, fields=sorted(fields))
        chosen[field.strip()] = column.strip()
    return chosen


def chosen_columns(profile: Profile, guesses: Sequence[Guess], overrides: Mapping[str, str]) -> dict[str, str]:
    """Columns by field: what was said by hand, else the profile's, else, if it has none, the guesses.

    An override "field=" with nothing behind it takes the field out. A column said by hand for one field is
    no longer guessed for another.
    """
    columns = dict(profile.columns) or {guess.field: guess.column for guess in guesses}
    said = {name.casefold() for name in overrides.values()}
    kept = {field: name for field, name in columns.items() if name.casefold() not in said}
    return {field: name for field, name in {**kept, **overrides}.items() if name}


def positions_of(header: Sequence[str], profile: Profile) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Where the profile's columns stand: by field, and for each item of a row its own.

    Names are compared without case and outer spaces. Refuses import_columns_missing with the `fields` that
    have no column and the `columns` the file does not have.
    """
    places = {name.strip().casefold(): at for at, name in reversed(list(enumerate(header)))}
    columns = {
        field: places[name.strip().casefold()]
        for field, name in profile.columns.items()
        if name.strip().casefold() in places
    }
    items = _item_positions(places, profile.items)
    known = columns.keys() | (items[0].keys() if items else set())
    fields = [field for field in REQUIRED if field not in known]
    if not known & {"unit_price", "line_amount"}:
        fields.append("unit_price")
    if not profile.currency and "currency" not in known:
        fields.append("currency")
    absent = [name for field, name in profile.columns.items() if field not in columns]
    absent += [name for name in profile.items.values() if not items]
    if fields or absent:
        raise Refusal("import_columns_missing", fields=fields, columns=absent, header=list(header))
    return columns, items


def _item_positions(places: Mapping[str, int], patterns: Mapping[str, str]) -> list[dict[str, int]]:
    items = []
    for number in range(1, _ITEMS_MAX + 1) if patterns else ():
        names = {field: pattern.replace("{n}", str(number)).strip().casefold() for field, pattern in patterns.items()}
        if not all(name in places for name in names.values()):
            break
        items.append({field: places[name] for field, name in names.items()})
    return items


def _by_name(column: str, values: Sequence[str]) -> list[Guess]:
    words = folded(column)
    guesses = []
    for field, name, alike in _named(words, values):
        why = f'the name "{column}"' if alike == 1 else f'the name "{column}", much like "{name}"'
        sureness = round(90 * alike)
        if values:
            fit = _fit(field, values)
            if fit < 0.5:
                continue
            sureness += round(10 * fit)
        guesses.append(Guess(field, column, sureness, why))
    return guesses


@cache
def _names() -> dict[str, list[str]]:
    """Fields by what they may be called, addresses with and without whose they are."""
    names: dict[str, list[str]] = {}
    for field, words in FIELD_NAMES.items():
        for name in (field.replace("_", " "), *words):
            names.setdefault(name, []).append(field)
    for part, words in ADDRESS_PARTS.items():
        for name in (part.replace("_", " "), *words):
            names.setdefault(name, []).append(f"ship_{part}")
            for role, prefixes in ROLES.items():
                for prefix in prefixes:
                    names.setdefault(f"{prefix} {name}", []).append(f"{role}_{part}")
                    names.setdefault(f"{name} {prefix}", []).append(f"{role}_{part}")
    return names


def _named(words: str, values: Sequence[str]) -> list[tuple[str, str, float]]:
    names = _names()
    if words in WHO:
        is_number = (
            values and sum(_NUMBER_OF_SOMEBODY.fullmatch(value) is not None for value in values) > len(values) / 2
        )
        return [("customer_id" if is_number else "customer_name", words, 1.0)]
    if words in names:
        # Of two fields with one name the earlier is the usual one.
        return [(field, words, 1 - 0.02 * i) for i, field in enumerate(dict.fromkeys(names[words]))]
    if not 3 < len(words) <= _LIKENED_CHARS_MAX:
        return []
    matcher = SequenceMatcher(b=words)
    alike = []
    for name, fields in names.items():
        matcher.set_seq1(name)
        if (
            matcher.real_quick_ratio() >= _ALIKE
            and matcher.quick_ratio() >= _ALIKE
            and (ratio := matcher.ratio()) >= _ALIKE
        ):
            alike.append((fields[0], name, ratio - 0.1))
    return alike


def _by_values(column: str, values: Sequence[str]) -> list[Guess]:
    if len(values) < 2:
        return []
    if _fit("customer_email", values) > 0.9:
        return [Guess("customer_email", column, 40, "its values are e-mail addresses")]
    if sum(_DATE.fullmatch(value) is not None for value in values) > 0.9 * len(values):
        return [Guess("placed_at", column, 40, "its values are dates")]
    if _fit("ship_country", values) > 0.9:
        return [Guess("ship_country", column, 35, "its values are countries")]
    return []


def _fit(field: str, values: Sequence[str]) -> float:
    kind = FIELDS[field].kind
    if kind == "country":
        return sum(find_country(value, {}) is not None for value in values) / len(values)
    test = _FITS.get(kind)
    return 1.0 if test is None else sum(test(value) is not None for value in values) / len(values)


def _is_item_word(words: str, field: str) -> bool:
    """Whether a name with its number taken out is a line field's, with "item", "product" or "line" or without."""
    shorter = re.sub(r"\b(item|product|line|articulo|producto|linea)\b", "", words)
    known = {field.replace("_", " "), *FIELD_NAMES[field]}
    return words in known or " ".join(shorter.split()) in known


def _total_of_what(taken: Mapping[str, Guess], header: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Guess]:
    """The guesses, with "total" turned into the line's if it changes within an order, and "amount" back."""
    chosen = dict(taken)
    reference = taken.get("reference")
    for field, other in (("total", "line_amount"), ("line_amount", "total")):
        guess = taken.get(field)
        if guess is None or reference is None or other in taken:
            continue
        varies = _varies_within(header.index(reference.column), header.index(guess.column), sample)
        if varies is not None and varies == (field == "total"):
            why = "differ within one order" if varies else "are the same in all rows of an order"
            del chosen[field]
            chosen[other] = guess._replace(field=other, reason=f"{guess.reason}, and its values {why}")
            break
    return list(chosen.values())


def _varies_within(key: int, at: int, sample: Sequence[Sequence[str]]) -> bool | None:
    """Whether a column differs between rows of one order; None when no order has several rows."""
    values: dict[str, list[str]] = {}
    for row in sample:
        if max(key, at) < len(row) and row[at].strip():
            values.setdefault(row[key], []).append(row[at])
    several = [found for found in values.values() if len(found) > 1]
    return any(len(set(found)) > 1 for found in several) if several else None
