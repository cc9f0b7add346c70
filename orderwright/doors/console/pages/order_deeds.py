"""What can be done with an order: each action on a page of its own, which first shows what it will do."""

from collections.abc import Mapping
from typing import Any

import msgspec

from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.orders.desk import form_of
from orderwright.business.orders.form import NewOrder
from orderwright.business.orders.order_view import LineView, OrderView
from orderwright.business.orders.story import HoldStory, explain_order
from orderwright.doors.api.routes import changes, customer_pages
from orderwright.doors.api.within import order as within_order
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import finding
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.pages.order import is_to_leave, open_units, order
from orderwright.doors.console.story_words import CANCELLED_FOR, HOLDS, field_word
from orderwright.doors.console.texts import text as _
from orderwright.values import strict_json
from orderwright.values.phrases import Phrase, side_by_side
from orderwright.values.refusal import Refusal

WRITE = "orders:write"
BACK = "/orders/{number}"


class Preview(msgspec.Struct, frozen=True):
    """An order, and what an action would touch of it. units: lines with how many can still be stopped."""

    order: OrderView
    units: list[tuple[LineView, int]]
    words: Mapping[str, str]


class HoldPreview(msgspec.Struct, frozen=True):
    """An open hold, what placed it, and whether the order goes on without it."""

    order: OrderView
    hold: HoldStory
    is_last: bool

    def because(self, code: str) -> str | Phrase:
        """What placed it, in words."""
        return finding(code)

    def where(self, pointer: str) -> Phrase:
        """What of the order's form it is about, in words; lines by their number."""
        steps = pointer.strip("/").split("/")
        words: list[str | Phrase] = [str(int(each) + 1) if each.isdecimal() else field_word(each) for each in steps]
        return side_by_side(" · ", words)


class AddressPreview(msgspec.Struct, frozen=True):
    """An order and the form it was written in, which goes along unchanged but for the address. may_change: some of it
    is still to leave."""

    order: OrderView
    form: NewOrder
    written: str
    may_change: bool


@page("/orders/{number}/cancel", template="order_cancel.html", scope=WRITE, title=_("Cancel order"), section="orders",
      within=within_order)  # fmt: skip
def cancelling(asked: Asked[None]) -> Preview:
    """What cancelling would do."""
    found = get_order_expecting(asked.tx, asked.at["number"])
    return Preview(found, open_units(found), CANCELLED_FOR)


@page("/orders/{number}/hold", template="order_hold.html", scope=WRITE, title=_("Hold order"), section="orders",
      within=within_order)  # fmt: skip
def holding(asked: Asked[None]) -> Preview:
    """What a hold would stop."""
    found = get_order_expecting(asked.tx, asked.at["number"])
    return Preview(found, open_units(found), HOLDS)


@page("/orders/{number}/release/{kind}", template="order_release.html", scope=WRITE, title=_("Release hold"),
      section="orders", within=within_order)  # fmt: skip
def releasing(asked: Asked[None]) -> HoldPreview:
    """What placed a hold, and what follows when it is released."""
    number, kind = asked.at["number"], asked.at["kind"]
    found = get_order_expecting(asked.tx, number)
    stories = [each for each in explain_order(asked.tx, number).holds if each.kind == kind and not each.released_at]
    if not stories:
        raise Refusal("no_such_hold", kind=kind)
    return HoldPreview(found, stories[0], len(found.holds) == 1)


@page("/orders/{number}/address", template="order_address.html", scope=WRITE, title=_("Change address"),
      section="orders", within=within_order)  # fmt: skip
def readdressing(asked: Asked[None]) -> AddressPreview:
    """The address as it is, to be changed."""
    number = asked.at["number"]
    form = form_of(asked.tx, number)
    found = get_order_expecting(asked.tx, number)
    return AddressPreview(found, form, msgspec.json.encode(form).decode(), is_to_leave(found))


def _cancelled(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Lines of which nothing is to go are left out; when all of each goes, it is the whole order."""
    lines = [each for each in tree.get("lines", ()) if each.get("quantity", "0") != "0"]
    is_whole = len(lines) == len(tree.get("lines", ())) and all(
        each.get("quantity") == each.get("open") for each in lines
    )
    named = [{name: each[name] for name in ("position", "quantity") if name in each} for each in lines]
    return {"reason": tree.get("reason", ""), **({} if is_whole else {"lines": named})}


def _readdressed(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The form the order was written in, with another address."""
    form: dict[str, Any] = strict_json.parse(str(tree.get("written", "{}")).encode(), bytes_max=500_000)
    return {"order": {**form, "ship_to": tree.get("order", {}).get("ship_to", {})}}


cancel = deed("/orders/{number}/cancel", changes.cancel, page=cancelling, then=BACK, said=_("Cancelled."),
              body=_cancelled)  # fmt: skip
hold = deed("/orders/{number}/hold", changes.hold, page=holding, then=BACK, said=_("The order is on hold."))
release = deed(
    "/orders/{number}/release/{kind}", changes.release, page=releasing, then=BACK, said=_("The hold is released.")
)
readdress = deed("/orders/{number}/address", changes.edit, page=readdressing, then=BACK,
                 said=_("The address is changed."), body=_readdressed)  # fmt: skip
renew_link = deed("/orders/{number}/customer-link", customer_pages.renew_link, page=order, then=BACK,
                  said=_("The customer's page has a new address."))  # fmt: skip
