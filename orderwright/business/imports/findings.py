"""What can be wrong with a row of a file, and the words for it."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.values.refusal import Refusal

FINDINGS: Mapping[str, str] = {
    "missing": "is empty",
    "not_a_number": "is not a number in the form the profile gives",
    "not_whole": "is not a whole number",
    "not_an_amount": "is not an amount of money in the form the profile gives",
    "zero": "is zero",
    "too_large": "is larger than can be taken",
    "not_a_time": "is not a date or time in a form the profile gives",
    "unknown_country": "is no country known by that name; add it under [countries]",
    "unknown_currency": "is no currency",
    "unknown_payment_state": "is no payment state known; add it under [payment.states]",
    "too_long": "is longer than this column may be",
    "control_character": "holds a control character",
    "ruined_code": "was turned into a rounded number by a spreadsheet; the code is lost",
    "disagrees": "differs from an earlier row of the same order",
    "negative_price": "is below zero",
    "negative_quantity": "is below zero outside a credit note",
    "positive_credit": "is above zero on a credit note",
    "unequal_price": "does not divide into a unit price",
    "width": "has another number of cells than the header",
    "quotes": "has a quotation mark out of place",
    "too_many_lines": "is the first beyond the lines one order may have",
    "row_of_bad_order": "belongs to an order with another bad row, so none of it was taken",
}


class Finding(NamedTuple):
    """One thing wrong: `field` is a field name or a column header, or empty for the row as a whole."""

    field: str
    code: str
    value: str = ""

    def sentence(self) -> str:
        """The finding in words: ``quantity: is not a whole number ("2.5")``."""
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        told = f'{FINDINGS[self.code]} ("{shown}")' if shown else FINDINGS[self.code]
        return f"{self.field or 'row'}: {told}"


def sentences_of(refusal: Refusal) -> list[str]:
    """A refused row in words: all its findings, by field."""
    findings = refusal.facts.get("findings") or [
        {"pointer": "", "code": refusal.code, "message": refusal.kind.sentence}
    ]
    return [f"{each['pointer'].rpartition('/')[2] or 'row'}: {each['message']} ({each['code']})" for each in findings]
