"""What can be done about an exception, each on a page that first shows what it will do; then back to the queue."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.orders.desk import form_of
from orderwright.business.orders.exception_desk import OrderBeside, orders_beside
from orderwright.business.orders.order_view import OrderView
from orderwright.business.orders.rules import ESCALATES_TO
from orderwright.business.orders.story import explain_order
from orderwright.doors.api.reach import exception as within_exception
from orderwright.doors.api.routes import changes
from orderwright.doors.api.routes import exceptions as queue
from orderwright.doors.api.within import order as within_order
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import ROLES
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.pages.exceptions import AGES, Item, looked_at
from orderwright.doors.console.pages.order import open_units
from orderwright.doors.console.texts import text as _
from orderwright.values import strict_json
from orderwright.values.address_mending import mended
from orderwright.values.forms import AddressForm

WRITE, SECTION, QUEUE = "orders:write", "exceptions", "/exceptions"


class Settling(msgspec.Struct, frozen=True):
    """An exception, and how many holds still stop its order when it is settled."""

    item: Item
    other_holds: int


class Giving(msgspec.Struct, frozen=True):
    """An exception, and to whom it can go. up: who is next when it is escalated, '' for nobody."""

    item: Item
    owners: Mapping[str, str]
    me: str
    up: str


class Putting(msgspec.Struct, frozen=True):
    """An exception, and until when it can be put off: (moment, how far that is)."""

    item: Item
    moments: list[tuple[str, str]]


class Doubled(msgspec.Struct, frozen=True):
    """A probable duplicate to be cancelled, and the order that stays. units: those that can still be stopped."""

    order: OrderView
    units: int
    own: OrderBeside
    twin: OrderBeside | None


class Mending(msgspec.Struct, frozen=True):
    """An address as entered and as suggested, and the form of the order, which is else unchanged.

    suggested: None where nothing better is known, or by now is as it was suggested.
    """

    order: OrderView
    entered: AddressForm
    suggested: AddressForm | None
    written: str


@page("/exceptions/{id}/resolve", template="exception_resolve.html", scope=WRITE, title=_("Settle exception"),
      section=SECTION, within=within_exception)  # fmt: skip
def settling(asked: Asked[None]) -> Settling:
    """What settling it does."""
    item = looked_at(asked)
    holds = get_order_expecting(asked.tx, item.of.order).holds if item.of.is_hold else []
    return Settling(item, max(len(holds) - 1, 0))


@page("/exceptions/{id}/assign", template="exception_assign.html", scope=WRITE, title=_("Give to"),
      section=SECTION, within=within_exception)  # fmt: skip
def giving(asked: Asked[None]) -> Giving:
    """To whom it can go."""
    return _giving(asked)


@page("/exceptions/{id}/escalate", template="exception_escalate.html", scope=WRITE, title=_("Escalate"),
      section=SECTION, within=within_exception)  # fmt: skip
def escalating(asked: Asked[None]) -> Giving:
    """Who is next, if anybody is above."""
    return _giving(asked)


@page("/exceptions/{id}/snooze", template="exception_snooze.html", scope=WRITE, title=_("Put off"),
      section=SECTION, within=within_exception)  # fmt: skip
def putting_off(asked: Asked[None]) -> Putting:
    """Until when, and what becomes of it then."""
    now = asked.tx.now.replace(microsecond=0)
    return Putting(
        looked_at(asked), [((now + timedelta(hours=hours)).isoformat(), word) for hours, word in AGES.items()]
    )


@page("/orders/{number}/duplicate", template="exception_duplicate.html", scope=WRITE, title=_("Cancel the duplicate"),
      section=SECTION, within=within_order)  # fmt: skip
def doubling(asked: Asked[None]) -> Doubled:
    """The two orders side by side, and what of the later one can be stopped."""
    number, tx = asked.at["number"], asked.tx
    order = get_order_expecting(tx, number)
    because = [each for hold in explain_order(tx, number).holds for each in hold.because]
    twins = [str(each.facts.get("number", "")) for each in because if each.code == "probable_duplicate"]
    beside = orders_beside(tx, [number, *twins])
    twin = None if asked.access.is_limited else beside.get(twins[-1] if twins else "")
    return Doubled(order, sum(units for _line, units in open_units(order)), beside[number], twin)


@page("/orders/{number}/suggested-address", template="exception_address.html", scope=WRITE,
      title=_("Use the suggested address"), section=SECTION, within=within_order)  # fmt: skip
def mending(asked: Asked[None]) -> Mending:
    """The two addresses."""
    number = asked.at["number"]
    form = form_of(asked.tx, number)
    suggested = mended(form.ship_to)
    changed = form if suggested is None else msgspec.structs.replace(form, ship_to=suggested)
    order = get_order_expecting(asked.tx, number)
    return Mending(order, form.ship_to, suggested, msgspec.json.encode(changed).decode())


def _giving(asked: Asked[None]) -> Giving:
    item = looked_at(asked)
    return Giving(item, ROLES, asked.visitor.email, ESCALATES_TO.get(item.of.owner, ""))


def _settled(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tree[name] for name in ("resolution", "note", "release", "procedure") if name in tree}


def _until(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The moment somebody wrote by their clock, else the one they chose; neither: look at it again."""
    if "until" in tree:
        return {"until": writing.moment_of(tree, "until")}
    return {"until": tree["at"]} if "at" in tree else {}


def _whole(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": "duplicate"}


def _written(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": strict_json.parse(str(tree.get("written", "{}")).encode(), bytes_max=500_000)}


resolve = deed("/exceptions/{id}/resolve", queue.resolve, page=settling, then=QUEUE, said=_("Settled."),
               body=_settled)  # fmt: skip
assign = deed("/exceptions/{id}/assign", queue.assign, page=giving, then=QUEUE, said=_("It is theirs now."))
escalate = deed("/exceptions/{id}/escalate", queue.assign, page=escalating, then=QUEUE, said=_("Escalated."))
cancel_duplicate = deed("/orders/{number}/duplicate", changes.cancel, page=doubling, then=QUEUE,
                        said=_("The duplicate is cancelled."), body=_whole)  # fmt: skip
snooze = deed("/exceptions/{id}/snooze", queue.snooze, page=putting_off, then=QUEUE, said=_("Done."), body=_until)
use_address = deed("/orders/{number}/suggested-address", changes.edit, page=mending, then=QUEUE,
                   said=_("The address is changed."), body=_written)  # fmt: skip
