"""GS1 element strings, read and written: what a carton, a medicine or a pallet says about itself in one barcode.

Both forms are read: the bracketed one people see, `(01)09506000134352(10)AB-1`, and the raw one scanners send,
with or without a symbology identifier in front (`]C1`, `]d2`, `]Q3`, `]e0`) and GS (0x1D) between values.
Source: GS1 General Specifications 24.0: sections 3, 4.14 (what goes together), 5.1.2, 7.8 (reading), 7.12 (years).
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from orderwright.values.codes import check_digit
from orderwright.values.gs1_identifiers import IDENTIFIERS, Identifier, find_identifier
from orderwright.values.refusal import Refusal

SEPARATOR = "\x1d"
MARKS = ("]C1", "]e0", "]d2", "]Q3", "]J1")
"""Symbology identifiers that say "what follows is GS1": Code 128, DataBar, DataMatrix, QR, DotCode."""

ELEMENTS_MAX = 20


class Element(NamedTuple):
    """One identifier with its value, as it stands in the barcode."""

    code: str
    value: str

    @property
    def identifier(self) -> Identifier:
        """What the code stands for."""
        return IDENTIFIERS[self.code]


def parse(text: str) -> list[Element]:
    """The elements of an element string, bracketed or raw, in order.

    Refuses bad_code with `reason`: unknown_identifier, form (length or characters), check_digit, date, twice
    (said twice and differently), together (identifiers that exclude each other), empty; and `identifier`, `value`.
    """
    for mark in MARKS:
        if text.startswith(mark):
            text = text[len(mark) :]
            break
    # A leading separator is how some scanners send the mark itself; a trailing one adds nothing.
    text = text.removeprefix(SEPARATOR).removesuffix(SEPARATOR)
    elements = list(_bracketed(text) if text.startswith("(") else _raw(text))
    if not elements:
        raise Refusal("bad_code", reason="empty")
    check_elements(elements)
    return elements


def check_elements(elements: Sequence[Element]) -> None:
    """Refuse bad_code, as `parse` does, unless each element and all of them together are right."""
    for element in elements:
        _check(element)
    said: dict[str, str] = {}
    for code, value in elements:
        if said.setdefault(code, value) != value:
            raise Refusal("bad_code", reason="twice", identifier=code, value=value)
    # Pairs that contradict each other: a thing is a trade item, or it contains trade items.
    for one, other in (("01", "02"), ("01", "37"), ("21", "235")):
        if one in said and other in said:
            raise Refusal("bad_code", reason="together", identifier=one, value=other)
    if ("02" in said) != ("37" in said):
        raise Refusal("bad_code", reason="together", identifier="02", value="37")


def element_string(elements: Sequence[Element]) -> str:
    """The raw form, without a mark: what goes into a symbol. A separator ends each value that needs one.

    Refuses bad_code like `parse`, and for more than 20 elements.
    """
    if not elements or len(elements) > ELEMENTS_MAX:
        raise Refusal("bad_code", reason="empty" if not elements else "too_many")
    check_elements(elements)
    parts = [
        f"{each.code}{each.value}{SEPARATOR if each.identifier.length is None else ''}" for each in elements
    ]  # fmt: skip
    return "".join(parts).removesuffix(SEPARATOR)


def bracketed(elements: Sequence[Element]) -> str:
    """The form people read, printed below a barcode. Refuses bad_code like `element_string`."""
    element_string(elements)
    return "".join(f"({each.code}){each.value}" for each in elements)


def date_of(text: str, today: date) -> date:
    """The day that YYMMDD means, seen from `today`: at most 49 years back and 50 ahead. Day 00 is the month's last.

    Refuses bad_code with reason `date` for a month or day that is not.
    """
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise Refusal("bad_code", reason="date", value=text)
    year = today.year - today.year % 100 + int(text[:2])
    if year - today.year > 50:
        year -= 100
    elif year - today.year < -49:
        year += 100
    month, day = int(text[2:4]), int(text[4:])
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        raise Refusal("bad_code", reason="date", value=text)
    return date(year, month, day or monthrange(year, month)[1])


def date_text(day: date) -> str:
    """A day as YYMMDD."""
    return f"{day:%y%m%d}"


def gtin14(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as 14, zeros in front. Refuses bad_code for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)) or not text.strip("0"):
        raise Refusal("bad_code", reason="form", value=text[:64])
    if int(text[-1]) != check_digit(text[:-1]):
        raise Refusal("bad_code", reason="check_digit", value=text)
    return text.zfill(14)


def gtin_forms(gtin: str) -> list[str]:
    """The ways people write a GTIN, longest first: 14 digits, and 13, 12 and 8 where only zeros are left out.

    To look a scanned code up among codes that were entered as they stand on the goods.
    """
    full = gtin14(gtin)
    return [full[-size:] for size in (14, 13, 12, 8) if not full[:-size].strip("0")]


def by_name(elements: Sequence[Element]) -> Mapping[str, str]:
    """Values by what they name (gtin, lot, serial, sscc, ...)."""
    return {each.identifier.name: each.value for each in elements}


def _bracketed(text: str) -> Sequence[Element]:
    elements = []
    at = 0
    while at < len(text):
        end = text.find(")", at)
        code = text[at + 1 : end] if text[at] == "(" and end > 0 else text[at : at + 4]
        if code not in IDENTIFIERS:
            raise Refusal("bad_code", reason="unknown_identifier", identifier=code[:8])
        at = _next_bracket(text, end + 1)
        elements.append(Element(code, text[end + 1 : at].removesuffix(SEPARATOR)))
    return elements


def _next_bracket(text: str, start: int) -> int:
    """Where the next `(nn)` begins: brackets may also stand inside a value."""
    at = text.find("(", start)
    while at >= 0:
        end = text.find(")", at)
        if text[at + 1 : end] in IDENTIFIERS:
            return at
        at = text.find("(", at + 1)
    return len(text)


def _raw(text: str) -> Sequence[Element]:
    elements = []
    at = 0
    while at < len(text):
        found = find_identifier(text, at)
        if found is None:
            raise Refusal("bad_code", reason="unknown_identifier", identifier=text[at : at + 4])
        at += len(found.code)
        if found.length is None:
            end = text.find(SEPARATOR, at)
            end = len(text) if end < 0 else end
        else:
            end = at + found.length
        elements.append(Element(found.code, text[at:end]))
        # A separator after a value of known length is not needed, and allowed.
        at = end + 1 if text[end : end + 1] == SEPARATOR else end
    return elements


def _check(element: Element) -> None:
    code, value = element
    found = IDENTIFIERS.get(code)
    reason = None
    if found is None:
        reason = "unknown_identifier"
    elif not found.form.fullmatch(value):
        reason = "form"
    elif found.check == "check_digit" and not (value.strip("0") and int(value[-1]) == check_digit(value[:-1])):
        reason = "check_digit"
    elif found.check in ("date", "time") and not _is_date(value):
        reason = "date"
    if reason is not None:
        raise Refusal("bad_code", reason=reason, identifier=code, value=value[:90])


def _is_date(text: str) -> bool:
    month, day = int(text[2:4]), int(text[4:6])
    # A leap year, so that 29 February passes here; the year decides in `date_of`.
    if not 1 <= month <= 12 or day > monthrange(2024, month)[1]:
        return False
    return len(text) == 6 or (day > 0 and int(text[6:8]) < 24 and int(text[8:10]) < 60)
