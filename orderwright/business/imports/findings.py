"""What can be wrong with a row of a file, and the words for it.

Programs and the file of rows to mend have the English sentence, which stays as it is; pages say the same in the
language of who looks, by the parts that are kept beside it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.values.phrases import Phrase, phrase, plainly
from orderwright.values.refusal import Refusal

FINDINGS: Mapping[str, Phrase] = {
    "missing": phrase("is empty"),
    "not_a_number": phrase("is not a number in the form the profile gives"),
    "not_whole": phrase("is not a whole number"),
    "not_an_amount": phrase("is not an amount of money in the form the profile gives"),
    "zero": phrase("is zero"),
    "too_large": phrase("is larger than can be taken"),
    "not_a_time": phrase("is not a date or time in a form the profile gives"),
    "unknown_country": phrase("is no country known by that name; add it under [countries]"),
    "unknown_currency": phrase("is no currency"),
    "unknown_payment_state": phrase("is no payment state known; add it under [payment.states]"),
    "too_long": phrase("is longer than this column may be"),
    "control_character": phrase("holds a control character"),
    "ruined_code": phrase("was turned into a rounded number by a spreadsheet; the code is lost"),
    "disagrees": phrase("differs from an earlier row of the same order"),
    "negative_price": phrase("is below zero"),
    "negative_quantity": phrase("is below zero outside a credit note"),
    "positive_credit": phrase("is above zero on a credit note"),
    "unequal_price": phrase("does not divide into a unit price"),
    "width": phrase("has another number of cells than the header"),
    "quotes": phrase("has a quotation mark out of place"),
    "too_many_lines": phrase("is the first beyond the lines one order may have"),
    "row_of_bad_order": phrase("belongs to an order with another bad row, so none of it was taken"),
}
ROW = "row"
"""Stands where a field would, for a row as a whole."""
_PARTS = ("packing", "addresses", "components", "lines")
"""Parts of a form that have fields of their own."""


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong with a row, in its parts, to be said in any language.

    field: what it is about, `row` for the row as a whole, '' for nothing of its own; column: the header of a column
    instead; line: of an order, 1 for the first. template: an English sentence, {name} where one of `values` goes,
    which is a text, a number, or a template with values in its turn. Without one, `code` says what it is. Values that
    the template does not name are facts beside it. differs: fields and lines that are other than they were before.
    """

    field: str = ""
    column: str = ""
    line: int = 0
    code: str = ""
    template: str = ""
    values: dict[str, Any] = {}
    differs: list[tuple[str, int]] = []


class Wrong(msgspec.Struct, frozen=True):
    """One thing wrong with a row that is not taken: its English sentence, and its parts."""

    message: str
    detail: Detail


class Finding(NamedTuple):
    """One thing wrong: `field` is a field name or a column header, or empty for the row as a whole."""

    field: str
    code: str
    value: str | Phrase = ""
    is_column: bool = False

    def sentence(self) -> str:
        """The finding in words: ``quantity: is not a whole number ("2.5")``."""
        return self.wrong().message

    def wrong(self) -> Wrong:
        """The finding in words and in its parts."""
        value = self.value
        shown = value if isinstance(value, Phrase) or len(value) <= 60 else value[:57] + "..."
        said = FINDINGS[self.code]
        if value:
            said = phrase('{what} ("{value}")', what=said, value=shown)
        if self.is_column:
            return Wrong(f"{self.field}: {said}", detail_of(said, column=self.field, code=self.code))
        return wrong_at(self.field or ROW, said, self.code)


def wrong_at(field: str, said: Phrase, code: str = "") -> Wrong:
    """What is wrong with a field of a row: ``title: is missing``."""
    return Wrong(f"{field}: {said}", detail_of(said, field=field, code=code))


def only_said(sentence: str) -> Wrong:
    """What was kept as a sentence alone: rows of imports did before their parts were kept too."""
    return Wrong(sentence, detail_of(phrase("{said}", said=sentence)))


def detail_of(said: Phrase, **about: Any) -> Detail:
    """The parts of what is said about something."""
    return Detail(template=said.template, values=plainly(said.values), **about)


def wrongs_of(refusal: Refusal) -> list[Wrong]:
    """All that is wrong with a refused row: its findings, by field."""
    return [_of_form(each) for each in refusal.facts.get("findings") or ()] or [
        Wrong(f"{ROW}: {refusal.kind.sentence} ({refusal.code})", whole(refusal))
    ]


def whole(refusal: Refusal, **about: Any) -> Detail:
    """A refusal of a row as a whole, with the facts that people may read."""
    facts = plain_facts(refusal.facts)
    return Detail(template=refusal.kind.sentence, values=facts, code=refusal.code, **about)


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of some facts that are texts or whole numbers."""
    return plainly({name: value for name, value in facts.items() if isinstance(value, str | int)})


def _of_form(told: Mapping[str, str]) -> Wrong:
    said = getattr(told, "phrase", None) or Phrase(told["message"])
    message = f"{told['pointer'].rpartition('/')[2] or ROW}: {told['message']} ({told['code']})"
    return Wrong(message, detail_of(said, field=_field_of(told["pointer"]), code=told["code"]))


def _field_of(pointer: str) -> str:
    """The field of a form that a finding is about; `row` for none. Keys and places within a field are no fields."""
    parts = [part for part in pointer.split("/") if part and not part.isdecimal()]
    while len(parts) > 1 and parts[0] in _PARTS:
        del parts[0]
    return parts[0] if parts else ROW
