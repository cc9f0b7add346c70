"""The list of orders: found as typed, narrowed by filters that are addresses, read a page at a time."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.orders.bulk import ORDERS_MAX
from orderwright.business.orders.desk import names_on
from orderwright.business.orders.reads import SEARCH_MIN, OrderQuery, OrderRow, list_orders
from orderwright.business.orders.rules import State
from orderwright.business.staff.views import SavedView
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import page
from orderwright.doors.console.pages.views import first_of, views_of
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page

ROWS = 50
VIEWS: tuple[tuple[str, State | None], ...] = (
    (_("All"), None),
    (_("On hold"), "held"),
    (_("Waiting for stock"), "waiting"),
    (_("Ready"), "allocated"),
    (_("Being picked"), "picking"),
    (_("Packed"), "packed"),
    (_("Shipped"), "shipped"),
    (_("Delivered"), "delivered"),
    (_("Cancelled"), "cancelled"),
)
"""The views everybody has: what they are called, and the state they show."""


class OrdersFilter(Form, frozen=True):
    """What the search box and the filters say. since, until: days, both included."""

    q: Annotated[str, Meta(max_length=200)] = ""
    state: State | None = None
    channel: Annotated[str, Meta(max_length=64)] | None = None
    site: Annotated[str, Meta(max_length=64)] | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_too_short(self) -> bool:
        """Whether what is searched for is too little to be looked for; then it narrows nothing."""
        return 0 < len(self.q.strip()) < SEARCH_MIN

    def asked(self, limit: int, after: After | None = None) -> OrderQuery:
        """The orders that match."""
        return OrderQuery(
            state=self.state,
            channel=self.channel,
            site=self.site,
            placed_from=self.since,
            placed_before=None if self.until is None else self.until + timedelta(days=1),
            q=self.q.strip() if self.q.strip() and not self.is_too_short else None,
            after=after,
            limit=limit,
        )


class OrdersQuery(OrdersFilter, frozen=True):
    """A page of the list. view: the one that was opened."""

    view: Annotated[str, Meta(max_length=64)] = ""
    after: After | None = None


class OrdersShown(msgspec.Struct, frozen=True):
    """A page of orders. names: whose an order is, by its number. channels, sites: what can be filtered by.

    kept: the views somebody keeps. most: so many are changed at once.
    """

    query: OrdersQuery
    page: Page[OrderRow]
    names: dict[str, str]
    views: tuple[tuple[str, State | None], ...]
    channels: list[str]
    sites: list[str]
    kept: Sequence[SavedView]
    most: int = ORDERS_MAX

    @property
    def current(self) -> str:
        """The kept view that was opened, '' for none."""
        return next((each.id for each in self.kept if each.id == self.query.view), "")

    @property
    def has_more(self) -> bool:
        """Whether more orders match than those of this page."""
        return self.page.next is not None or self.query.after is not None

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the view narrows the list."""
        query = self.query
        return any((query.q, query.channel, query.site, query.since, query.until))


@page("/orders", template="orders.html", scope="orders:read", title=_("Orders"), section="orders")
def orders(asked: Asked[OrdersQuery]) -> OrdersShown | Reply:
    """Orders, newest first; without a question those of the view that somebody opens first."""
    query, access = asked.query, asked.access
    kept = views_of(asked, "orders")
    if query == OrdersQuery() and (first := first_of(kept, OrdersQuery)) is not None:
        return see_other(first)
    found = list_orders(asked.tx, query.asked(ROWS, query.after), channels=access.channels, sites=access.sites)
    catalog = catalog_of(asked.tx)
    return OrdersShown(
        query, found, names_on(asked.tx, [row.number for row in found.items]), VIEWS,
        _seen(catalog.channels, access.channels), _seen(catalog.sites, access.sites), kept,
    )  # fmt: skip


def _seen(codes: Iterable[str], limits: frozenset[str] | None) -> list[str]:
    return [code for code in sorted(codes) if limits is None or code in limits]
