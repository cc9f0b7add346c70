"""At the door: parcels are scanned as the carrier takes them along."""

from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.shipping.forms import HandOver
from orderwright.business.shipping.leaving import AtTheDoor, find_at_the_door
from orderwright.business.shipping.reads import ParcelQuery, ParcelRow, list_parcels
from orderwright.business.staff.settings import idle_s
from orderwright.doors.api import perform
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.visitors import access_of
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.forms import Form

Word = Annotated[str, Meta(max_length=64)]
SHOWN_MAX = 50
GONE = ("shipped", "delivered", "lost")


class LeavingQuery(Form, frozen=True):
    """At which site. left: the parcel that was handed over just now; again: it had been before."""

    site: Word = ""
    left: Word = ""
    again: bool = False


class LeavingShown(msgspec.Struct, frozen=True):
    """left: what was handed over just now. waiting: parcels with a label, those packed last first; is_all: that is all.

    unlabelled: packed ones the carrier sent no label for yet. idle_s: when a shared scanner is locked.
    """

    site: str
    left: AtTheDoor | None
    is_again: bool
    waiting: list[ParcelRow]
    is_all: bool
    unlabelled: list[ParcelRow]
    idle_s: int


@page("/floor/hand-over", template="floor_leaving.html", scope="shipping:read", title=_("Hand over"), section="floor")
def leaving(asked: Asked[LeavingQuery]) -> LeavingShown | Reply:
    """What the carrier is to take along, and what it took just now."""
    query = asked.query
    site = query.site if asked.tried is None else asked.tried.values.get("site", "")
    access = asked.access
    if not site:
        return see_other("/floor")
    if access.sites is not None and site not in access.sites:
        raise perform.forbidden(access)
    ready, waiting = (
        list_parcels(asked.tx, ParcelQuery(state=state, site=site, limit=SHOWN_MAX), channels=access.channels)
        for state in ("labelled", "packed")
    )
    left = find_at_the_door(asked.tx, site, query.left) if query.left and asked.tried is None else None
    return LeavingShown(
        site, left if left and left.state in GONE else None, query.again, ready.items, ready.next is None,
        waiting.items, idle_s(asked.tx),
    )  # fmt: skip


@act("/floor/hand-over", scope="shipping:write", page=leaving)
async def take_along(call: Call) -> Reply:
    """The carrier takes a parcel along. Refuses what no parcel at the site is called, and what `hand_over` refuses."""
    who, site, code = call.who, call.fields.get("site", "").strip(), call.fields.get("code", "").strip()
    if who.channels is not None or (who.sites is not None and site not in who.sites):
        raise perform.forbidden(access_of(who))
    found = await call.find(lambda tx: find_at_the_door(tx, site, code)) if code else None
    if found is None:
        raise refusal_of([Finding("/code", "unknown", _("No parcel at this site is called that. Scan its label."))])
    done = await call.do(hand_over, HandOver(parcel_id=found.id, actor=who.actor))
    again = "&again=true" if done.repeated else ""
    return see_other(f"/floor/hand-over?site={site}&left={found.number}{again}")
