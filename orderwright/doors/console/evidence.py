"""The evidence of an exception, side by side: what its facts hold, beside what they are to be compared with."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.exception_desk import OrderBeside
from orderwright.business.orders.exception_goods import Goods
from orderwright.business.orders.exception_queue import ExceptionShown
from orderwright.doors.console.exception_words import CODES, FACTS, FINDINGS, MONEY, PAIRS
from orderwright.values.address_mending import mended
from orderwright.values.forms import AddressForm
from orderwright.values.money import format_minor
from orderwright.values.phrases import Phrase

_SCALARS = (str, int)


class Pair(NamedTuple):
    """Two things to compare. currency: '' where they are no money."""

    left: str
    left_value: str
    right: str
    right_value: str
    currency: str
    sku: str


class Evidence(NamedTuple):
    """What is known. said: texts of what was found. pairs: to compare. facts: (text of the name, value), the value a
    phrase where it is a code.

    goods: which it is about. entered, suggested: addresses; suggested is None where nothing better is known. twin: the
    order it doubles. unknown_sku: the product nobody knows, '' where it is about something else. amount: of its money,
    with the currency; '' where it is about none.
    """

    said: list[str]
    pairs: list[Pair]
    facts: list[tuple[str, str | Phrase]]
    goods: Sequence[Goods] = ()
    amount: tuple[str, str] = ("", "")
    entered: AddressForm | None = None
    suggested: AddressForm | None = None
    twin: OrderBeside | None = None
    unknown_sku: str = ""


class About(NamedTuple):
    """An exception's document, read: findings (code, facts), and plain facts."""

    findings: list[tuple[str, Mapping[str, Any]]]
    facts: Mapping[str, Any]


def about(shown: ExceptionShown) -> About:
    """What an exception says of itself."""
    document = msgspec.json.decode(shown.about)
    found = document.pop("findings", ()) if isinstance(document, dict) else ()
    plain = document if isinstance(document, dict) else {}
    return About([(each[0], each[-1] if isinstance(each[-1], dict) else {}) for each in found], plain)


def twin_number(shown: ExceptionShown) -> str | None:
    """The number of the order that this one probably doubles, where it is known."""
    numbers = [facts.get("number") for code, facts in about(shown).findings if code == "probable_duplicate"]
    return next((str(number) for number in numbers if number), None)


def evidence_of(
    shown: ExceptionShown, order: OrderBeside | None, twin: OrderBeside | None, goods: Sequence[Goods] = ()
) -> Evidence:
    """What there is to look at."""
    told = about(shown)
    pairs, facts = [], list(_facts(told.facts))
    for code, given in told.findings:
        if code in PAIRS:
            pairs.append(_pair(code, given, order))
        elif code != "probable_duplicate":
            facts += _facts(given)
    entered = order.ship_to if order is not None and shown.kind == "address" else None
    said = [FINDINGS[code] for code in dict.fromkeys(code for code, _given in told.findings) if code in FINDINGS]
    unknown = next((str(given.get("sku", "")) for code, given in told.findings if code == "unknown_sku"), "")
    return Evidence(
        said, pairs, facts, goods, _amount(told.facts, order), entered, None if entered is None else mended(entered),
        twin, unknown,
    )  # fmt: skip


def _amount(facts: Mapping[str, Any], order: OrderBeside | None) -> tuple[str, str]:
    minor = facts.get("amount_minor")
    return (format_minor(minor, order.currency), order.currency) if order and isinstance(minor, int) else ("", "")


def _pair(code: str, given: Mapping[str, Any], order: OrderBeside | None) -> Pair:
    left, left_fact, right, right_fact = PAIRS[code]
    is_money = left_fact in MONEY and code != "currency_differs" and order is not None
    values = [given.get(fact) for fact in (left_fact, right_fact)]
    one, other = ("" if value is None else str(value) for value in values)
    currency = order.currency if is_money and order is not None and _are_amounts(one, other) else ""
    return Pair(left, one, right, other, currency, str(given.get("sku", "")))


def _are_amounts(*texts: str) -> bool:
    return all(text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii() for text in texts)


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str | Phrase]]:
    found: list[tuple[str, str | Phrase]] = []
    for name, value in facts.items():
        told = ", ".join(map(str, value)) if isinstance(value, list) and all(map(_is_plain, value)) else value
        if name in FACTS and _is_plain(told) and told != "":
            code = CODES.get(name, {}).get(str(told))
            found.append((FACTS[name], Phrase(code) if code else str(told)))
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, _SCALARS) and not isinstance(value, bool)
