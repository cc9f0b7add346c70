"""What an order is, derived from its quantities; and what each finding means at each door."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

State = Literal[
    "held", "waiting", "partially_allocated", "allocated", "picking", "packed", "partially_shipped", "shipped",
    "partially_delivered", "delivered", "partially_returned", "returned", "cancelled",
]  # fmt: skip


_SAID = re.compile(r"#?\s*(?:OW)?[-\s]*0*([0-9]{1,12})", re.ASCII | re.IGNORECASE)


def number_of(count: int) -> str:
    """The number of the n-th order that was taken: OW-000023."""
    return f"OW-{count:06}"


def number_said(text: str) -> str:
    """The number people mean who say or write "23", "#23", "OW 23" or "ow000023"; '' for what is none."""
    said = _SAID.fullmatch(text.strip())
    return number_of(int(said[1])) if said else ""


class Quantities(NamedTuple):
    """Units of an order by position, summed over its demands. `waiting` counts lines without product too."""

    ordered: int
    waiting: int
    allocated: int
    picked: int
    packed: int
    shipped: int
    cancelled: int
    delivered: int
    returned: int


def state_of(units: Quantities, is_held: bool) -> State:
    """The one word people see, by precedence: what happened furthest down the road wins.

    Holds show as `held` only before anything was picked.
    """
    live = units.ordered - units.cancelled
    if live == 0:
        return "cancelled"
    if units.returned:
        return "returned" if units.returned == live else "partially_returned"
    if units.delivered:
        return "delivered" if units.delivered == live else "partially_delivered"
    if units.shipped:
        return "shipped" if units.shipped == live else "partially_shipped"
    if units.packed == live:
        return "packed"
    if units.picked or units.packed:
        return "picking"
    if is_held:
        return "held"
    if units.allocated == live:
        return "allocated"
    return "partially_allocated" if units.allocated else "waiting"


Door = Literal["api", "channel", "file"]
Severity = Literal["refuse", "hold", "warn"]


class FindingKind(NamedTuple):
    """What a finding does: at the API, from channels and files; the hold it places and who may release it."""

    api: Severity
    channel: Severity
    hold: str
    releaser: str


FINDINGS: Mapping[str, FindingKind] = {
    # No order can be kept with these, whoever sends it.
    "bad_money": FindingKind("refuse", "refuse", "", ""),
    "bad_text": FindingKind("refuse", "refuse", "", ""),
    "currency_unknown": FindingKind("refuse", "refuse", "", ""),
    "unknown_channel": FindingKind("refuse", "refuse", "", ""),
    "time_without_zone": FindingKind("refuse", "refuse", "", ""),
    # The API answers at once, so the sender mends them; a channel's order is kept and held.
    "unknown_sku": FindingKind("refuse", "hold", "product", "clerk"),
    "retired_sku": FindingKind("refuse", "warn", "", ""),
    "total_differs": FindingKind("refuse", "hold", "totals", "clerk"),
    "amount_differs": FindingKind("refuse", "hold", "totals", "clerk"),
    "negative_amount": FindingKind("refuse", "hold", "totals", "clerk"),
    "country_unknown": FindingKind("refuse", "hold", "address", "clerk"),
    "currency_differs": FindingKind("refuse", "hold", "price", "clerk"),
    "service_unknown": FindingKind("refuse", "hold", "service", "clerk"),
    # Judgement: kept and held wherever it comes from.
    "price_off": FindingKind("hold", "hold", "price", "clerk"),
    "line_missing": FindingKind("hold", "hold", "address", "clerk"),
    "city_missing": FindingKind("hold", "hold", "address", "clerk"),
    "region_missing": FindingKind("hold", "hold", "address", "clerk"),
    "region_unknown": FindingKind("hold", "hold", "address", "clerk"),
    "postal_code_missing": FindingKind("hold", "hold", "address", "clerk"),
    "postal_code_form": FindingKind("hold", "hold", "address", "clerk"),
    "postal_code_region": FindingKind("hold", "hold", "address", "clerk"),
    "country_unserved": FindingKind("hold", "hold", "country", "manager"),
    "payment_missing": FindingKind("hold", "hold", "payment", "accounts"),
    "paid_differs": FindingKind("hold", "hold", "payment_differs", "accounts"),
    "payment_used": FindingKind("hold", "hold", "payment_differs", "accounts"),
    "probable_duplicate": FindingKind("hold", "hold", "duplicate", "clerk"),
    "unusual_quantity": FindingKind("hold", "hold", "quantity", "clerk"),
    "stock_short": FindingKind("hold", "hold", "stock", "buyer"),
    # Worth telling, not worth stopping.
    "email_form": FindingKind("warn", "warn", "", ""),
    "phone_form": FindingKind("warn", "warn", "", ""),
    "contact_missing": FindingKind("warn", "warn", "", ""),
    "placed_in_future": FindingKind("warn", "warn", "", ""),
}


class Finding(NamedTuple):
    """One thing noticed about an order: where, and the facts that explain it."""

    code: str
    pointer: str
    facts: Mapping[str, object]


def severity(code: str, door: Door) -> Severity:
    """What a finding does at a door; files count as channels."""
    kind = FINDINGS[code]
    return kind.api if door == "api" else kind.channel


UNUSUAL_LINES_MIN = 8
UNUSUAL_DEVIATIONS = 5
DOUBLINGS_MAX_MILLI = 40_000
UNUSUAL_WITHOUT_HISTORY = 10_000


def unusual_above(usual: tuple[int, int, int] | None) -> int:
    """Above which quantity a line is unusual. usual: (lines seen, median, MAD as learnt), or None without history.

    That is five deviations above the median, counted in doublings: buyers take a dozen, a carton or a pallet, so
    quantities differ by factors, and a distance counted in units would stop every trade buyer of what others buy
    singly. A deviation is 1.4826 MAD (that of a normal distribution; Rousseeuw and Croux 1993), here of the
    quantities' logarithms to base 2, in thousandths; but at least one doubling.
    """
    if usual is None or usual[0] < UNUSUAL_LINES_MIN:
        return UNUSUAL_WITHOUT_HISTORY
    return far_above(usual[1], usual[2])


def far_above(median: int, mad_milli: int) -> int:
    """The median and five deviations, whatever the number of lines (see `unusual_above`).

    In whole numbers: between one doubling and the next, a quantity grows in a straight line.
    """
    deviation_milli = max(14_826 * mad_milli // 10_000, 1_000)
    doublings, rest_milli = divmod(min(UNUSUAL_DEVIATIONS * deviation_milli, DOUBLINGS_MAX_MILLI), 1_000)
    return (median << doublings) * (1_000 + rest_milli) // 1_000


class ExceptionKind(NamedTuple):
    """How an exception of a kind starts out: its severity, who owns it, hours until it is due."""

    severity: Literal["low", "normal", "high", "urgent"]
    owner: str
    due_hours: int


EXCEPTIONS: Mapping[str, ExceptionKind] = {
    # One per hold a person has to judge; it closes when the hold is released.
    "product": ExceptionKind("high", "clerk", 4),
    "totals": ExceptionKind("high", "clerk", 4),
    "price": ExceptionKind("normal", "clerk", 8),
    "address": ExceptionKind("high", "clerk", 4),
    "country": ExceptionKind("normal", "manager", 8),
    "service": ExceptionKind("high", "clerk", 4),
    "payment": ExceptionKind("low", "accounts", 48),
    "payment_differs": ExceptionKind("high", "accounts", 4),
    "duplicate": ExceptionKind("high", "clerk", 2),
    "quantity": ExceptionKind("normal", "clerk", 4),
    "stock": ExceptionKind("normal", "buyer", 24),
    "manual": ExceptionKind("normal", "clerk", 24),
    # Things that went wrong further down the road.
    "promise_broken": ExceptionKind("high", "manager", 4),
    "channel_differs": ExceptionKind("high", "clerk", 4),
    "label_failed": ExceptionKind("high", "manager", 2),
    "payment_failed": ExceptionKind("urgent", "accounts", 2),
    "refund_failed": ExceptionKind("urgent", "accounts", 4),
    "effect_unknown": ExceptionKind("urgent", "manager", 1),
    "parcel_lost": ExceptionKind("urgent", "support", 4),
    "delivery_failed": ExceptionKind("high", "support", 8),
    "weight_off": ExceptionKind("high", "manager", 1),
    "bins_short": ExceptionKind("high", "manager", 8),  # the books promised what no bin holds: count them
    "pick_short": ExceptionKind("normal", "manager", 24),  # a bin held less than its books said: count it
    "delivered_unshipped": ExceptionKind("high", "manager", 4),  # it left without a hand-over scan
    "product_unmeasured": ExceptionKind("low", "clerk", 48),  # packed by hand: its sizes or weight are not known
    "count_disputed": ExceptionKind("high", "manager", 8),  # two people counted one bin and disagree
    "goods_damaged": ExceptionKind("normal", "manager", 24),  # taken out of sale: look at them and judge
    "storage_breach": ExceptionKind("urgent", "manager", 1),  # too warm, cold, damp or dry for too long
    "return_differs": ExceptionKind("normal", "support", 24),
    "delivery_differs": ExceptionKind("normal", "buyer", 24),  # more than was ordered, expired or too short-dated
    "transfer_differs": ExceptionKind("normal", "manager", 24),  # between sites: not all came, or more than was sent
    "mail_failed": ExceptionKind("high", "buyer", 8),  # a supplier could not be written to
}


EXCHANGE = "exchange"
"""The hold of what goes out for a return: nobody works on it, for settling the return ends it, or the clock."""

ESCALATES_TO = {
    "clerk": "manager",
    "buyer": "manager",
    "support": "manager",
    "accounts": "owner",
    "manager": "owner",
}


def stage_of(state: str) -> Literal["any", "planned", "floor", "away"]:
    """Where an order is, as far as it matters for what can be done about it. state: '' for what has no order."""
    if state in ("held", "waiting", "partially_allocated", "allocated"):
        return "planned"
    if state in ("picking", "packed"):
        return "floor"
    return "any" if state in ("", "cancelled") else "away"
