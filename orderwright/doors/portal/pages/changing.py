"""What a customer may still change: cancel, and where it goes. Each is shown before it is done."""

from datetime import datetime
from typing import Any

import msgspec

from orderwright.business.deeds.customer_view import CancelOffer, customer_may
from orderwright.business.orders.desk import form_of
from orderwright.business.orders.order_view import OrderView, get_order
from orderwright.doors.api.routes import changes
from orderwright.doors.console import cookies, forms
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.portal.acting import Call
from orderwright.doors.portal.asked import PROVED, Asked
from orderwright.values.findings import FindingTold
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

REASON = "customer_changed_mind"
FIELDS = ("name", "company", "city", "region", "postal_code", "phone")
LINES_MAX = 3


class Cancelling(msgspec.Struct, frozen=True):
    """What cancelling would do; offer is None when it is too late."""

    order: OrderView
    offer: CancelOffer | None
    now: datetime


class Readdressing(msgspec.Struct, frozen=True):
    """Where the order goes; can: whether that can be changed still."""

    order: OrderView
    to: AddressForm | None
    can: bool


@page("/track/cancel", template="cancel.html", scope=SIGNED_IN, title=_("Cancel your order"))
def cancelling(asked: Asked[None]) -> Cancelling:
    """What cancelling would do, to the cent."""
    order = get_order(asked.tx, asked.who.number)
    return Cancelling(order, customer_may(asked.tx, order, asked.who.order_id).cancel, asked.tx.now)


@act("/track/cancel", scope=SIGNED_IN, page=cancelling)
async def cancel(call: Call) -> Reply:
    """Cancel what is not packed: by the deed of the API, as a customer may."""
    await call.deed(changes.cancel, {"reason": REASON, "by_customer": True}, number=call.who.number)
    return see_other("/track", cookies.said(_("Your order is cancelled.")))


@page("/track/address", template="address.html", scope=PROVED, title=_("Change the address"))
def readdressing(asked: Asked[None]) -> Readdressing:
    """Where it goes, to be changed by who proved to be the buyer."""
    order = get_order(asked.tx, asked.who.number)
    may = customer_may(asked.tx, order, asked.who.order_id)
    to = form_of(asked.tx, order.number).ship_to if may.can_readdress else None
    return Readdressing(order, to, may.can_readdress)


@act("/track/address", scope=PROVED, page=readdressing)
async def readdress(call: Call) -> Reply:
    """The order as it was written, with another address in the same country."""
    number = call.who.number
    written = await call.find(form_of, number)
    tree = forms.tree_of({name: text for name, text in call.fields.items() if name not in forms.OURS})
    address = {**tree.get("ship_to", {}), "country": written.ship_to.country}
    form: dict[str, Any] = {**msgspec.to_builtins(written), "ship_to": address}
    try:
        await call.deed(changes.edit, {"order": form, "by_customer": True}, number=number)
    except Refusal as refusal:
        raise _at_fields(refusal) from None
    return see_other("/track", cookies.said(_("Your order goes to the new address.")))


def _at_fields(refusal: Refusal) -> Refusal:
    """The same refusal with what it finds named as the form's fields are."""
    found = []
    for each in refusal.facts.get("findings", ()):
        told = dict(each) if isinstance(each, dict) else each._asdict() if hasattr(each, "_asdict") else _told(each)
        named = FindingTold({**told, "pointer": str(told.get("pointer", "")).removeprefix("/order")})
        named.phrase = each.phrase if isinstance(each, FindingTold) else None
        found.append(named)
    return Refusal(refusal.code, **{**refusal.facts, **({"findings": found} if found else {})})


def _told(finding: Any) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(finding)
    return told
