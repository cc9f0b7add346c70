"""The one sentence a customer came for: where the order is now. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from orderwright.business.orders.order_view import OrderView
from orderwright.business.shipping.reads import SeenAt
from orderwright.doors.console.texts import text as _

Kind = Literal["packed_in", "arrives", "arrived", "plain"]
Tone = Literal["good", "busy", "wait", "stop", "quiet"]

STEPS = (_("Ordered"), _("Preparing"), _("Packed"), _("On its way"), _("Delivered"))
"""The way of every order."""
_STEP_OF: Mapping[str, int] = {
    "held": 0, "waiting": 0, "partially_allocated": 0, "allocated": 0, "picking": 1, "packed": 2,
    "partially_shipped": 3, "shipped": 3, "partially_delivered": 3, "delivered": 4, "partially_returned": 4,
    "returned": 4,
}  # fmt: skip


class Headline(NamedTuple):
    """What is said largest. packed_at, arrives_on: what the title or the sentence below it tells, where known."""

    title: str
    says: str
    tone: Tone
    packed_at: datetime | None = None
    arrives_on: date | None = None


def step_of(order: OrderView) -> int:
    """How far along the way of `STEPS` an order is; -1 for one that goes nowhere."""
    return _STEP_OF.get(order.state, -1)


def headline_of(
    order: OrderView,
    shipments: Sequence[tuple[datetime | None, date]],
    seen: Mapping[str, Sequence[SeenAt]],
    now: datetime,
) -> Headline:
    """Where an order is now. shipments: when each will be packed, as far as known, and by when it is promised."""
    arrives_on = max((day for _packed, day in shipments), default=None)
    latest = {events[0].milestone for events in seen.values() if events}
    if order.is_held and order.state in ("held", "waiting", "allocated", "partially_allocated"):
        return Headline(
            _("We are looking at your order"), _("You need to do nothing: we write if we need you."), "wait"
        )
    if order.state == "waiting":
        return Headline(_("We wait for goods"), _("We pack it as soon as they are here."), "wait")
    if order.state in ("allocated", "partially_allocated"):
        known = [at for at, _day in shipments if at is not None]
        packed_at = max(known) if known and len(known) == len(shipments) else None
        says = _("We have not begun to pack it, and cannot say yet at what hour we will.")
        return Headline(_("We have your order"), says, "busy", packed_at, arrives_on)
    if order.state in ("shipped", "partially_shipped", "partially_delivered"):
        return _on_the_way(order, latest, arrives_on)
    title, says, tone = _PLAIN[order.state]
    return Headline(title, says, tone, arrives_on=arrives_on if order.state in ("picking", "packed") else None)


def _on_the_way(order: OrderView, latest: set[str], arrives_on: date | None) -> Headline:
    if "lost" in latest:
        return Headline(_("The carrier cannot find your parcel"), _("We are on to it, and will write to you."), "stop")
    if latest & {"failed", "returned"}:
        return Headline(
            _("The carrier could not deliver it"), _("Look below for what they said, or write to us."), "wait"
        )
    if "out_for_delivery" in latest:
        return Headline(_("Out for delivery"), _("The carrier brings it today."), "busy")
    if order.state == "shipped":
        return Headline(_("On its way"), _("All of it has left us."), "busy", arrives_on=arrives_on)
    if order.state == "partially_shipped":
        return Headline(
            _("Partly on its way"), _("Some of it has left us, the rest follows."), "busy", None, arrives_on
        )
    return Headline(
        _("Partly delivered"), _("Some of it has arrived, the rest is on its way."), "busy", None, arrives_on
    )


_PLAIN: Mapping[str, tuple[str, str, Tone]] = {
    "picking": (_("We are packing it"), _("Somebody is putting your order together right now."), "busy"),
    "packed": (_("Packed"), _("It waits for the carrier to fetch it."), "busy"),
    "delivered": (_("Delivered"), _("We hope you like it."), "good"),
    "partially_returned": (_("Partly sent back"), _("We have some of it back."), "quiet"),
    "returned": (_("Sent back"), _("We have all of it back."), "quiet"),
    "cancelled": (_("Cancelled"), _("Nothing of this order will be sent."), "quiet"),
}
