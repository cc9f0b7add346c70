"""Orders after they were placed: cancelled, held, released, edited."""

from orderwright.business.deeds.at_version import AtVersion, at_version, order_versions
from orderwright.business.deeds.by_line import by_line
from orderwright.business.deeds.cancel import Cancelled, cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import Edited, EditOrder
from orderwright.business.deeds.hold import HoldsNow, hold_orders, release_holds
from orderwright.business.orders.bodies import CancelForm, HoldForm, ReleaseHoldForm, units_of
from orderwright.business.orders.commands import CancelOrder, HoldOrder, ReleaseHold
from orderwright.business.orders.form import NewOrder
from orderwright.doors.api.asked import Request
from orderwright.doors.api.route import deed
from orderwright.doors.api.routes.orders import EXAMPLE
from orderwright.doors.api.within import order
from orderwright.values.forms import Form

_cancel = at_version(order_versions, by_line(cancel_orders))
_hold = at_version(order_versions, by_line(hold_orders))
_release = at_version(order_versions, release_holds)


@deed(
    "POST", "/v1/orders/{number}/cancel", "orders:write", _cancel, within=order, answer=Cancelled,
    example={"reason": "changed_mind", "lines": [{"reference": "1", "quantity": 1}]},
)  # fmt: skip
def cancel(request: Request[CancelForm]) -> AtVersion:
    """Cancel an order, or units of its lines, that are not packed yet.

    Their stock is free at once, and what was paid for them goes back by itself. Whole: 409 `nothing_to_cancel`
    when nothing is left to take. By line: all that is named or nothing, else 409 `order_step`. `by_customer`: as a
    customer may, 409 `too_late_for_customer` once a floor has begun with it.
    """
    number, form = request.at["number"], request.body
    command = CancelOrder(
        number=number, reason=form.reason, lines=units_of(form.lines), actor=request.actor,
        by_customer=form.by_customer,
    )  # fmt: skip
    return AtVersion(number, request.version, command)


@deed(
    "POST", "/v1/orders/{number}/hold", "orders:write", _hold, within=order, answer=HoldsNow,
    example={"kind": "fraud", "note": "Called the buyer, no answer."},
)  # fmt: skip
def hold(request: Request[HoldForm]) -> AtVersion:
    """Stop an order, or some units of its lines, until the hold is released. It may have several holds at once.

    409 `hold_exists` when it has one of this kind, `order_step` when nothing is left to stop.
    """
    number, form = request.at["number"], request.body
    command = HoldOrder(number=number, kind=form.kind, note=form.note, lines=units_of(form.lines), actor=request.actor)
    return AtVersion(number, request.version, command)


@deed(
    "POST", "/v1/orders/{number}/release", "orders:write", _release, within=order, answer=HoldsNow,
    example={"kind": "fraud"},
)  # fmt: skip
def release(request: Request[ReleaseHoldForm]) -> AtVersion:
    """Release one kind of hold; the order goes on when none is left. 409 `no_such_hold` when it has none."""
    number = request.at["number"]
    command = ReleaseHold(number=number, kind=request.body.kind, actor=request.actor)
    return AtVersion(number, request.version, command)


class EditForm(Form, frozen=True):
    """The order as it is to be, whole. `dry_run`: only tell what would become of it. `by_customer`: as they may."""

    order: NewOrder
    dry_run: bool = False
    by_customer: bool = False


@deed(
    "POST", "/v1/orders/{number}/edit", "orders:write", edit_orders, within=order, answer=Edited,
    weight=lambda form: len(form.order.lines), example={"order": EXAMPLE, "dry_run": True},
)  # fmt: skip
def edit(request: Request[EditForm]) -> EditOrder:
    """Make an order what a whole new form says: checked, priced and routed like a new one.

    Once it is being worked on only money, what nobody on the floor reads, and the address within its country can
    change (409 `order_step`); labels bought for the old address are taken back. `by_customer`: only the address within
    its country, and only before a floor has begun with it (409 `too_late_for_customer`).
    The answer tells what changed, what is due or goes back; with `dry_run` nothing is written.
    """
    form = request.body
    return EditOrder(
        number=request.at["number"], form=form.order, dry_run=form.dry_run, version=request.version,
        actor=request.actor, by_customer=form.by_customer,
    )  # fmt: skip
