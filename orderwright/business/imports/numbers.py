"""Written numbers in the one form the house reads: digits, a point, digits."""

import re
from collections.abc import Callable, Sequence

_SPACE = "[ \u00a0\u202f]?"


def plain_number(decimal: str, thousands: str, signs: Sequence[str]) -> Callable[[str], str | None]:
    """A reader of numbers written in one way: it returns "-1234.5" for "-1.234,5 €", or None for another way.

    decimal, thousands: the marks; groups must be of three digits. signs: currency signs that may stand
    before or after, with or without a space; a space as the mark also means the no-break ones.
    """
    group = {"": "", " ": "[ \u00a0\u202f]", "'": "['’]"}.get(thousands) or re.escape(thousands)
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if thousands else r"\d+"
    sign = "|".join(re.escape(sign) for sign in signs) or "(?!)"
    number = re.compile(
        rf"(?P<minus1>-)?(?:(?:{sign}){_SPACE})?(?P<minus2>-)?(?P<whole>{whole})"
        rf"(?:{re.escape(decimal)}(?P<part>\d+))?(?:{_SPACE}(?:{sign}))?",
        re.ASCII,
    )

    def read(text: str) -> str | None:
        found = number.fullmatch(text)
        if found is None or (found["minus1"] and found["minus2"]):
            return None
        minus = "-" if found["minus1"] or found["minus2"] else ""
        digits = "".join(c for c in found["whole"] if c.isdigit())
        return f"{minus}{digits}.{found['part']}" if found["part"] else f"{minus}{digits}"

    return read


def whole_number(plain: str) -> int | None:
    """A plain number without a fraction as an int ("2.00" is 2), or None."""
    whole, _, fraction = plain.partition(".")
    return None if fraction.strip("0") else int(whole)
