"""What is wrong with rows of a file, and what was assumed of it, in words; what a file says stands in them as it is."""

import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.imports.findings import ROW, Detail, only_said
from orderwright.doors.console.exception_words import FACTS, FINDINGS, PAIRS
from orderwright.doors.console.import_words import FIELDS
from orderwright.doors.console.order_words import said as said_of_order
from orderwright.doors.console.texts import text as _
from orderwright.values.phrases import Phrase, phrase, restored, side_by_side

_FIELDS: Mapping[str, str] = {
    **FIELDS,
    ROW: _("Row"),
    "counted": FIELDS["quantity"],
    "packing": _("Packing"),
    "serials": _("Serial numbers"),
    "lines": _("Address"),
    "reason": FACTS["reason"],
}
"""What fields are called: of files, and of the forms their rows fill in."""
_ORDERS: Mapping[str, Phrase] = {
    "bad_money": phrase("An amount cannot be read, or has too many digits: {given}"),
    "currency_unknown": phrase("There is no currency {currency}"),
    "unknown_channel": phrase("There is no channel {channel}, or it is closed"),
    "time_without_zone": phrase("The time does not say in which time zone it is"),
    "placed_in_future": phrase("It was placed in the future"),
}
"""What is wrong with an order of a file, where it is said otherwise than of one that is written down."""
_FACTS: Mapping[str, str] = {**FACTS, "given": _("Given"), "channel": _("Channel"), "currency": _("Currency"),
                             "site": _("Site"), "lot": _("Lot"), "list": _("List price")}  # fmt: skip


def told(sentences: Sequence[str], details: Sequence[Detail]) -> list[Phrase]:
    """What is wrong with a row, in words of whatever language. details: in the same order, or none."""
    return [said(each) for each in details or [only_said(sentence).detail for sentence in sentences]]


def told_in(report: Mapping[str, Any], sentences: str) -> list[Phrase]:
    """The same of a part of a report. sentences: the name by which it has them."""
    return told(report.get(sentences, ()), msgspec.convert(report.get("details", ()), list[Detail]))


def said(detail: Detail) -> Phrase:
    """One thing wrong, or assumed, in words: where, what, and the facts behind it."""
    template = detail.template or said_by_code(detail.code)
    named = [name for _text, name, _spec, _way in string.Formatter().parse(template) if name]
    what = restored(template, {**dict.fromkeys(named, "–"), **_values(detail)})
    if facts := [*_facts(detail, named), *_differing(detail)]:
        what = Phrase("{what} ({facts})", (("what", what), ("facts", side_by_side(", ", facts))))
    places = list(_places(detail.field, detail.line, detail.column))
    return side_by_side(": ", [*places, what]) if places else what


def said_by_code(code: str) -> str:
    """A finding of an order in words, or in a template that names its facts."""
    own = _ORDERS.get(code)
    return own.template if own else FINDINGS.get(code) or said_of_order(code)


def field_word(name: str) -> str:
    """What a field is called; one without a word stands by its own name."""
    return _FIELDS.get(name) or name.replace("_", " ")


def _values(detail: Detail) -> dict[str, Any]:
    """What stands in the words; a field of the file by what it is called."""
    named = detail.values.get("field")
    if isinstance(named, str) and named in FIELDS:
        return {**detail.values, "field": {"template": FIELDS[named], "values": {}}}
    return detail.values


def _places(field: str, line: int, column: str = "") -> Iterator[str | Phrase]:
    if line:
        yield phrase("Line {number}", number=line)
    if field:
        yield Phrase(field_word(field))
    if column:
        yield column


def _facts(detail: Detail, named: Sequence[str]) -> Iterator[Phrase]:
    """Facts that the words do not name."""
    left, left_fact, right, right_fact = PAIRS.get(detail.code, ("", "", "", ""))
    words = {**_FACTS, left_fact: left, right_fact: right}
    for name, value in detail.values.items():
        if name in words and name not in named and value != "" and not isinstance(value, dict):
            yield side_by_side(": ", [Phrase(words[name]), str(value)])


def _differing(detail: Detail) -> Iterator[Phrase]:
    for field, line in detail.differs:
        if places := list(_places(field, line)):
            yield side_by_side(": ", places)
