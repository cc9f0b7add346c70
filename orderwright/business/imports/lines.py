"""One row's line fields, read: code, quantity, price. The hot part of reading a file."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import TypeVar

import msgspec

from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.findings import Finding
from orderwright.business.imports.numbers import plain_number, whole_number
from orderwright.business.imports.profile import NotGoodsRule, Profile
from orderwright.values.money import (
    MICRO_DIGITS,
    digits_of,
    format_minor,
    line_amount_minor,
    parse_micro,
    parse_minor,
)

V = TypeVar("V")
_UNITS_MAX = 1_000_000_000
_REMEMBERED = 200_000
_TITLE_MAX = FIELDS["title"].chars_max
RUINED_CODE = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


class Code(msgspec.Struct, frozen=True):
    """A code as the shop means it: its normal form, and the rule that makes it no goods, if one does.

    `written` is how the file has it, when that differs.
    """

    sku: str
    rule: NotGoodsRule | None = None
    finding: str = ""
    written: str = ""


class Line(msgspec.Struct, gc=False):
    """A line read. Amounts in minor units: `amount_minor` is quantity times price, rounded, discount not yet
    taken off; `given_minor` what the file says the line comes to. Below zero as the file has it."""

    row: int
    code: Code
    title: str
    quantity: int = 0
    price_micro: int = 0
    amount_minor: int = 0
    discount_minor: int = 0
    tax_minor: int = 0
    given_minor: int | None = None
    reference: str = ""
    note: str = ""
    gift_note: str = ""

    @property
    def net_minor(self) -> int:
        """The line's amount after its own discount, before tax on top."""
        return self.amount_minor - self.discount_minor


class Memo(dict[str, V]):
    """What a text was read as, remembered: a year of orders says the same few thousand things over and over."""

    def __init__(self, read: Callable[[str], V]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> V:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[text] = self._read(text)
        return value


class LineReader:
    """Reads lines by a profile. Columns are positions by field name; a field without one is absent."""

    def __init__(self, profile: Profile, columns: Mapping[str, int]) -> None:
        self._columns = columns
        numbers = profile.numbers
        self.plain = plain_number(numbers.decimal, numbers.thousands, numbers.signs)
        self.codes = Memo(partial(_code, profile))
        self._units = Memo(self._read_units)
        self._prices = Memo(self._read_price)
        self._further = [field for field in columns if field in FIELDS and field in _FURTHER]
        self._three = itemgetter(columns["sku"], columns["quantity"], columns.get("unit_price", columns["quantity"]))
        self._title = columns.get("title", -1)
        self._is_priced = "unit_price" in columns

    def read(self, row: int, cells: Sequence[str], currency: str, findings: list[Finding]) -> Line | None:
        """The line in a row's cells, or None with why not in `findings`, which is empty before."""
        raw_code, raw_units, raw_price = self._three(cells)
        title = cells[self._title].strip() if self._title >= 0 else ""
        code, units = self.codes[raw_code], self._units[raw_units]
        price = self._prices[raw_price] if self._is_priced else "missing"
        if type(units) is int and type(price) is int and not self._further and not code.finding:
            line = Line(row, code, title, units, price)
        else:
            line = Line(row, code, title)
            self._read_carefully(line, cells, currency, (units, price), findings)
        if len(title) > _TITLE_MAX:
            findings.append(Finding("title", "too_long", title))
        if findings:
            return None
        try:
            line.amount_minor = line_amount_minor(line.quantity, line.price_micro, currency)
        except ValueError:
            findings.append(Finding("unit_price", "too_large", raw_price))
            return None
        return line

    def money(self, text: str, currency: str) -> int | None:
        """An amount in minor units, or None when it is not one."""
        plain = self.plain(text.strip())
        try:
            return None if plain is None else parse_minor(plain, currency)
        except ValueError:
            return None

    def _read_carefully(
        self,
        line: Line,
        cells: Sequence[str],
        currency: str,
        figures: tuple[int | str, int | str],
        findings: list[Finding],
    ) -> None:
        """Fill a line that has more than code, quantity and price, or lacks one of them."""
        raw_code, raw_units, raw_price = self._three(cells)
        units, price = figures
        before = len(findings)
        if line.code.finding:
            findings.append(Finding("sku", line.code.finding, raw_code))
        if type(units) is int:
            line.quantity = units
        else:
            findings.append(Finding("quantity", str(units), raw_units))
        if type(price) is int:
            line.price_micro = price
        elif price != "missing" or "line_amount" not in self._columns:
            findings.append(Finding("unit_price", str(price), raw_price))
        for field in self._further:
            if text := cells[self._columns[field]].strip():
                self._read_further(line, field, text, currency, findings)
        if price == "missing" and len(findings) == before:
            findings += _price_from_amount(line, currency)

    def _read_further(self, line: Line, field: str, text: str, currency: str, findings: list[Finding]) -> None:
        value: int | str | None = self.money(text, currency) if field in _AMOUNTS else text
        if value is None:
            findings.append(Finding(field, "not_an_amount", text))
        elif len(text) > FIELDS[field].chars_max:
            findings.append(Finding(field, "too_long", text))
        else:
            setattr(line, _FURTHER[field], value)

    def _read_units(self, text: str) -> int | str:
        text = text.strip()
        if not text:
            return "missing"
        plain = self.plain(text)
        if plain is None:
            return "not_a_number"
        units = whole_number(plain)
        if units is None:
            return "not_whole"
        return "zero" if units == 0 else "too_large" if abs(units) > _UNITS_MAX else units

    def _read_price(self, text: str) -> int | str:
        text = text.strip()
        if not text:
            return "missing"
        plain = self.plain(text)
        try:
            price = None if plain is None else parse_micro(plain)
        except ValueError:
            price = None
        return "not_an_amount" if price is None else price


_AMOUNTS = {"line_amount", "line_discount", "line_tax"}
_FURTHER = {
    "line_amount": "given_minor",
    "line_discount": "discount_minor",
    "line_tax": "tax_minor",
    "line_reference": "reference",
    "line_note": "note",
    "line_gift_note": "gift_note",
}


def _code(profile: Profile, raw: str) -> Code:
    """What a code names. Rules are asked in the order of the profile, about the code as written."""
    code = raw.strip()
    if not code:
        return Code("", finding="missing")
    if len(code) > FIELDS["sku"].chars_max:
        return Code(code, finding="too_long")
    if RUINED_CODE.fullmatch(code):
        return Code(code, finding="ruined_code")
    for rule in profile.not_goods:
        if code.casefold() in map(str.casefold, rule.codes) or (rule.pattern and re.fullmatch(rule.pattern, code)):
            return Code(code, rule)
    case = profile.codes.case
    sku = code.upper() if case == "upper" else code.lower() if case == "lower" else code
    return Code(sku, written=code if code != sku else "")


def _price_from_amount(line: Line, currency: str) -> list[Finding]:
    """Set the unit price that makes the given amount; a finding when no price of 6 decimals does."""
    if line.given_minor is None:
        return [Finding("unit_price", "missing")]
    units = abs(line.quantity)
    given_minor = line.given_minor if line.quantity > 0 else -line.given_minor
    gross_minor = given_minor + abs(line.discount_minor)
    price, rest = divmod(gross_minor * 10 ** (MICRO_DIGITS - digits_of(currency)), units)
    line.price_micro = price + (2 * rest > units)
    if line_amount_minor(units, line.price_micro, currency) != gross_minor:
        return [Finding("line_amount", "unequal_price", format_minor(line.given_minor, currency))]
    return []
