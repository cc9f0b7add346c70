"""Which sale a credited unit came from, when the credit does not say."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from orderwright.business.imports.results import ReadCredit, ReadOrder, ReadResult
from orderwright.business.orders.form import CustomerForm


class Sold(NamedTuple):
    """Units of a sku sold to a customer on one line of an order."""

    at: datetime
    customer: str
    sku: str
    units: int
    reference: str
    line: str


class Credited(NamedTuple):
    """Units of a sku credited to a customer on one line of a credit note; `row` is its row in the file."""

    at: datetime
    customer: str
    sku: str
    units: int
    reference: str
    row: int


def buyer_of(customer: CustomerForm) -> str:
    """Who a form names: by reference, else e-mail, else phone; "" for a guest."""
    return customer.reference or customer.email or customer.phone


class Match(NamedTuple):
    """A credit line with the sales it takes from, latest first, and the units no sale was found for."""

    credit: Credited
    parts: tuple[tuple[Sold, int], ...]
    unmatched_units: int


def match_credits(events: Iterable[Sold | Credited]) -> Iterator[Match]:
    """Match each credit line to the customer's latest earlier sale of that sku with units left.

    events: in order of time, as `events_of` gives them; of events at one time the earlier in the list is the
    earlier. A credit of more than the latest sale has left goes on to the sale before it. A credit without a
    customer, or beyond all that was sold, stays unmatched. Each sold unit is credited at most once. Yields
    one match per credit line, in order. Raises ValueError when time goes back.
    """
    open_sales: defaultdict[tuple[str, str], list[tuple[Sold, int]]] = defaultdict(list)
    latest: datetime | None = None
    for event in events:
        if latest is not None and event.at < latest:
            raise ValueError("match_credits: events are not in order of time")
        latest = event.at
        sales = open_sales[event.customer, event.sku] if event.customer else []
        if isinstance(event, Sold):
            sales.append((event, event.units))
        else:
            yield _match(event, sales)


def _match(credit: Credited, sales: list[tuple[Sold, int]]) -> Match:
    parts = []
    wanted = credit.units
    while wanted and sales:
        sold, left = sales.pop()
        part = min(wanted, left)
        parts.append((sold, part))
        wanted -= part
        if left > part:
            sales.append((sold, left - part))
    return Match(credit, tuple(parts), wanted)


def events_of(
    results: Iterable[ReadResult], *, only: Container[tuple[str, str]] | None = None
) -> list[Sold | Credited]:
    """The sales and credits among results, in order of time, sales first where times are equal.

    The customer is who the form names: by reference, else e-mail, else phone; "" for a guest. What has no time
    is left out, since nothing is earlier or later than it. only: the (customer, sku) anybody asks about; what
    others bought and gave back changes nothing of theirs.
    """
    events: list[tuple[datetime, int, int, Sold | Credited]] = []
    for result in results:
        if isinstance(result, ReadOrder):
            form = result.form
            if form.placed_at is None:
                continue
            customer = buyer_of(form.customer)
            for line in form.lines:
                if only is not None and (customer, line.sku) not in only:
                    continue
                sold = Sold(form.placed_at, customer, line.sku, line.quantity, form.reference, line.reference)
                events.append((form.placed_at, 0, result.rows[0], sold))
        elif isinstance(result, ReadCredit) and result.placed_at is not None:
            customer = buyer_of(result.customer)
            for taken in result.lines:
                if only is not None and (customer, taken.sku) not in only:
                    continue
                credited = Credited(result.placed_at, customer, taken.sku, taken.quantity, result.reference, taken.row)
                events.append((result.placed_at, 1, taken.row, credited))
    events.sort(key=lambda event: event[:3])
    return [event for _, _, _, event in events]
