"""Many orders changed at once: chosen in the list, shown before it is done, told order by order, taken back."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Meta

from orderwright.business.deeds.hold import TOO_LATE
from orderwright.business.orders.bulk import ORDERS_MAX, BulkDeed, BulkRow, BulkRun, Candidate, candidates, get_run
from orderwright.business.orders.desk import names_on
from orderwright.business.orders.reads import list_orders
from orderwright.business.orders.rules import State
from orderwright.doors.api.reach import of_bulk
from orderwright.doors.api.routes import bulk as api
from orderwright.doors.console import cookies, words
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import act, deed, page
from orderwright.doors.console.pages.orders import OrdersFilter
from orderwright.doors.console.pages.views import filters_of
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.story_words import CANCELLED_FOR, HOLDS, hold_word
from orderwright.doors.console.texts import text as _

WRITE = "orders:write"
TITLES: Mapping[BulkDeed, str] = {
    "hold": _("Hold orders"), "release": _("Release holds"), "cancel": _("Cancel orders"),
}  # fmt: skip


class BulkQuery(OrdersFilter, frozen=True):
    """What is to be done, and to which orders: their numbers, with commas between, or all that match the filters."""

    deed: BulkDeed = "hold"
    all: bool = False
    orders: Annotated[str, Meta(max_length=20_000)] = ""


class Row(msgspec.Struct, frozen=True):
    """One order of many. why_not: why it stays as it is, in words, '' where it can be changed."""

    order: Candidate
    name: str
    why_not: str

    @property
    def holds(self) -> list[str]:
        """What stops it, in words."""
        return [hold_word(each) for each in self.order.holds]


class BulkShown(msgspec.Struct, frozen=True):
    """What a deed would do to many orders. kinds: to choose from: holds to place or release, or reasons.

    is_all: they are all that match `filters`, in words. is_too_many: more match than are changed at once, and none is.
    """

    deed: BulkDeed
    rows: list[Row]
    kinds: list[tuple[str, str, int]]
    is_all: bool = False
    is_too_many: bool = False
    filters: list[str] = []
    most: int = ORDERS_MAX

    @property
    def title(self) -> str:
        """What is about to be done."""
        return TITLES[self.deed]

    @property
    def possible(self) -> list[Row]:
        """Those it can be done to."""
        return [each for each in self.rows if not each.why_not]


class BulkDone(msgspec.Struct, frozen=True):
    """What became of many orders. names, states: of each by its number."""

    run: BulkRun
    names: dict[str, str]
    states: dict[str, State]

    @property
    def refused(self) -> list[tuple[BulkRow, words.Word]]:
        """Those that stayed as they were, and why."""
        return [(each, words.refusal(each.refused)) for each in self.run.orders if each.refused]


@page("/orders/bulk", template="bulk.html", scope=WRITE, title=_("Change orders"), section="orders")
def choosing(asked: Asked[BulkQuery]) -> BulkShown:
    """What would become of each of the orders that were chosen."""
    query, is_too_many = asked.query, False
    wanted, numbers, is_all = query.deed, query.orders.split(","), query.all and asked.tried is None
    if asked.tried is not None:
        values = asked.tried.values
        wanted = next((each for each in TITLES if each == values.get("deed")), "hold")
        numbers = [text for name, text in values.items() if name.startswith("orders/")]
    elif query.all:
        numbers, is_too_many = _all_of(asked)
    access = asked.access
    found = candidates(asked.tx, numbers[:ORDERS_MAX], channels=access.channels, sites=access.sites)
    names = names_on(asked.tx, [each.number for each in found])
    rows = [Row(each, names.get(each.number, ""), why_not(wanted, each)) for each in found]
    filters = filters_of(_filter_of(msgspec.to_builtins(query))) if is_all else []
    return BulkShown(wanted, rows, kinds_of(wanted, found), is_all, is_too_many, filters)


def _all_of(asked: Asked[BulkQuery]) -> tuple[list[str], bool]:
    """Numbers of all orders that match, read in one statement; none where they are too many (True) to be changed."""
    access, wanted = asked.access, asked.query.asked(ORDERS_MAX)
    found = list_orders(asked.tx, wanted, channels=access.channels, sites=access.sites)
    return ([], True) if found.next else ([row.number for row in found.items], False)


def _filter_of(told: Mapping[str, object]) -> str:
    """What narrows a list, as an address has it."""
    return urlencode({name: told[name] for name in OrdersFilter.__struct_fields__ if told.get(name)})


def why_not(wanted: BulkDeed, order: Candidate) -> str:
    """Why a deed cannot be done to an order, '' where it can."""
    if wanted == "release":
        return "" if order.holds else _("It is not on hold")
    if wanted == "cancel":
        return "" if order.open_units else _("Nothing of it can be cancelled any more")
    return _("It is past that") if order.state in TOO_LATE else ""


def kinds_of(wanted: BulkDeed, found: list[Candidate]) -> list[tuple[str, str, int]]:
    """What to choose from: (code, words, how many of the orders have it; 0 where that says nothing)."""
    if wanted == "cancel":
        return [(code, word, 0) for code, word in CANCELLED_FOR.items()]
    if wanted == "hold":
        return [(code, word, 0) for code, word in HOLDS.items()]
    counts: dict[str, int] = {}
    for kind in (kind for each in found for kind in each.holds):
        counts[kind] = counts.get(kind, 0) + 1
    return [(kind, hold_word(kind), counts[kind]) for kind in sorted(counts, key=lambda kind: (-counts[kind], kind))]


@page("/bulk/{id}", template="bulk_done.html", scope="orders:read", title=_("What became of them"), section="orders",
      within=of_bulk)  # fmt: skip
def done(asked: Asked[None]) -> BulkDone:
    """What became of each."""
    run = get_run(asked.tx, asked.at["id"])
    numbers = [each.number for each in run.orders]
    states: dict[str, State] = {each.number: each.state for each in candidates(asked.tx, numbers)}  # type: ignore[misc]
    return BulkDone(run, names_on(asked.tx, numbers), states)


@act("/orders/chosen", scope=WRITE)
async def choose(call: Call) -> Reply:
    """From the list, where rows or all that match were chosen, to what would become of them."""
    wanted = call.fields.get("deed", "hold")
    if call.fields.get("all"):
        narrowed = _filter_of(dict(parse_qsl(call.fields.get("filter", ""))))
        return see_other(f"/orders/bulk?{urlencode({'deed': wanted, 'all': 'true'})}&{narrowed}".rstrip("&"))
    numbers = [name.removeprefix("order/") for name in call.fields if name.startswith("order/")][:ORDERS_MAX]
    if not numbers:
        return see_other("/orders", cookies.said(_("Choose orders first.")))
    return see_other(f"/orders/bulk?{urlencode({'deed': wanted, 'orders': ','.join(numbers)}, safe=',')}")


change = deed("/orders/bulk", api.change_many_orders, page=choosing, then=lambda answer, at: f"/bulk/{answer['id']}")
undo = deed("/bulk/{id}/undo", api.undo_many_orders, page=done, then=lambda answer, at: f"/bulk/{answer['id']}")
