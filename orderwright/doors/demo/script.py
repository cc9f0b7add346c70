"""What the file says happens in the demo, in the demo's own time: who orders what and when, and what is credited."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.imports.crediting import ApplyCredit, CreditPart
from orderwright.business.imports.credits import Match, buyer_of, events_of, match_credits
from orderwright.business.imports.results import ReadCredit
from orderwright.business.orders.form import NewOrder
from orderwright.doors.demo.addresses import with_people
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.returns import DueCredit
from orderwright.doors.demo.window import Window
from orderwright.doors.demo.year import Year

ACTOR = "import"


class Account(NamedTuple):
    """What became of the file's orders and of the credit notes in the window, counted."""

    orders_before: int
    orders_run: int
    orders_to_come: int
    credits_before: int
    credits_run: int
    credits_to_come: int
    units_credited: int
    units_of_earlier_orders: int
    units_without_a_sale: int


class Script(NamedTuple):
    """What happens. begin, end: in the demo's time. `known`: the file's orders up to the end, with addresses, by the
    file's own times; `arrivals` are those of the window, in the demo's time."""

    window: Window
    begin: datetime
    end: datetime
    known: list[NewOrder]
    arrivals: list[PlaceOrder]
    credits: list[DueCredit]
    account: Account


def write_script(year: Year, window: Window, draws: Draws) -> Script:
    """Everything the demo does because the file says so."""
    known: list[NewOrder] = []
    arrivals: list[PlaceOrder] = []
    to_come = 0
    for read in year.orders:
        placed_at = read.form.placed_at
        if placed_at is None or placed_at > window.end:
            to_come += 1
            continue
        order = with_people(read.form, draws)
        known.append(order)
        if placed_at > window.begin:
            shifted = msgspec.structs.replace(order, placed_at=window.shifted(placed_at))
            arrivals.append(PlaceOrder(shifted, ACTOR, "file"))
    credits, account = _credits(year, window)
    account = account._replace(
        orders_before=len(known) - len(arrivals), orders_run=len(arrivals), orders_to_come=to_come
    )
    begin, end = window.shifted(window.begin), window.shifted(window.end)
    return Script(window, begin, end, known, arrivals, credits, account)


def _credits(year: Year, window: Window) -> tuple[list[DueCredit], Account]:
    """The window's credit notes, each matched to the customer's latest earlier sales of the file."""
    mine = {credit.reference: credit for credit in year.credits if _is_run(credit, window)}
    asked = {(buyer_of(credit.customer), line.sku) for credit in mine.values() for line in credit.lines}
    parts: defaultdict[str, list[CreditPart]] = defaultdict(list)
    credited = earlier = lost = 0
    for match in match_credits(events_of([*year.orders, *year.credits], only=asked)):
        if match.credit.reference in mine:
            run = _parts(match, window)
            parts[match.credit.reference] += run
            credited += match.credit.units
            lost += match.unmatched_units
            earlier += match.credit.units - match.unmatched_units - sum(part.units for part in run)
    due = [
        DueCredit(
            window.shifted(_time(credit)),
            ApplyCredit(channel=credit.channel, reference=credit.reference, parts=parts[credit.reference], actor=ACTOR),
        )
        for credit in mine.values()
        if parts[credit.reference]
    ]
    counts = Account(
        0, 0, 0, sum(_time(credit) <= window.begin for credit in year.credits), len(mine),
        sum(_time(credit) > window.end for credit in year.credits), credited, earlier, lost,
    )  # fmt: skip
    return sorted(due, key=lambda each: each.at), counts


def _parts(match: Match, window: Window) -> Iterable[CreditPart]:
    return [CreditPart(sold.reference, sold.line, units) for sold, units in match.parts if sold.at > window.begin]


def _time(credit: ReadCredit) -> datetime:
    if credit.placed_at is None:
        raise ValueError(f"credit {credit.reference} has no time")
    return credit.placed_at


def _is_run(credit: ReadCredit, window: Window) -> bool:
    return window.begin < _time(credit) <= window.end
