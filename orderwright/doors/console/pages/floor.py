"""Where work of the floor begins: what somebody can go on with, and what they can begin, at which site."""

from collections.abc import Sequence
from types import ModuleType
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.staff.settings import idle_s
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.sessions.reads import OpenSessionShown, list_open_sessions
from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.business.warehouse.walk_reads import WalkQuery, list_walks
from orderwright.doors.api import perform
from orderwright.doors.console import floor_words
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.floor_waiting import Waits, waiting
from orderwright.doors.console.floor_words import KINDS, Kind
from orderwright.doors.console.page import act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.visitors import access_of
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.floor_codes import tote_of
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

WORK = "floor:write"
NOTHING_SO = _("Nothing with work here is called that. Scan it again.")

NOT_TO_RECEIVE = {
    "draft": _("This purchase order was not sent to its supplier yet: the office sends it first."),
    "received": _("All of this purchase order has come, or no more of it is waited for."),
    "cancelled": _("This purchase order was cancelled: lay aside what came, and ask the office."),
}
"""Why goods are not received by a purchase order, by its state."""


class FloorQuery(Form, frozen=True):
    """At which site."""

    site: Annotated[str, Meta(max_length=64)] = ""


class FloorShown(msgspec.Struct, frozen=True):
    """site: the one chosen, "" while none is. idle_s: a shared scanner is locked when nobody touches it for so long."""

    site: str
    sites: list[str]
    open: list[OpenSessionShown]
    idle_s: int

    @property
    def words(self) -> ModuleType:
        """Kinds of work in words."""
        return floor_words


class BeginShown(msgspec.Struct, frozen=True):
    """What a kind of work asks before it begins. has_walk: the person is on a walk and only goes on.

    waiting: what there is of it, to be begun by a touch.
    """

    kind: str
    site: str
    has_walk: bool
    waiting: Sequence[Waits] = ()

    @property
    def about(self) -> Kind:
        """The kind in words."""
        return KINDS[self.kind]


@page("/floor", template="floor.html", scope="floor:read", title=_("Floor"), section="floor")
def floor(asked: Asked[FloorQuery]) -> FloorShown:
    """What to go on with, and what to begin."""
    wanted = asked.query.site if asked.tried is None else asked.tried.values.get("site", "")
    limits = asked.access.sites
    sites = [code for code in sorted(catalog_of(asked.tx).sites) if limits is None or code in limits]
    found = list_open_sessions(asked.tx, asked.visitor.name, limits)
    # Who says nothing works where they worked last.
    usual = [each.site for each in found] or (sites if len(sites) == 1 else [""])
    return FloorShown(wanted if wanted in sites else usual[0], sites, found, idle_s(asked.tx))


@page("/floor/begin/{work}", template="floor_begin.html", scope=WORK, title=_("Begin"), section="floor")
def beginning(asked: Asked[FloorQuery]) -> BeginShown | Reply:
    """What a kind of work wants to know first."""
    kind = asked.at["work"]
    if kind not in KINDS:
        raise Refusal("not_found")
    site = asked.query.site if asked.tried is None else asked.tried.values.get("site", "")
    if not site:
        return see_other("/floor")
    query = WalkQuery(site=site, state="walking", picker=asked.visitor.name, limit=1)
    has_walk = kind == "pick" and bool(list_walks(asked.tx, query, sites=asked.access.sites).items)
    limits = asked.access.sites
    may_see = asked.access.channels is None and (limits is None or site in limits)
    return BeginShown(kind, site, has_walk, waiting(asked.tx, kind, site) if may_see else ())


@page("/floor/away", template="floor_away.html", scope=None, title=_("No network"))
def away(asked: Asked[None]) -> None:
    """What browsers keep to show where there is no network. It is the same for everybody."""


@act("/floor/begin/{work}", scope=WORK, page=beginning)
async def begin(call: Call) -> Reply:
    """Begin, or go on: the same work again is the same session. A picker with totes asks for a walk first."""
    who, kind, site = call.who, call.at["work"], call.fields.get("site", "").strip()
    access = access_of(who)
    if access.channels is not None or (access.sites is not None and site not in access.sites):
        raise perform.forbidden(access)
    if kind == "pick" and "totes" in call.fields:
        totes = tuple(dict.fromkeys(tote_of(each) for each in call.fields["totes"].split()))  # scanners scan twice
        await call.do(claim_work, ClaimWork(site=site, picker=who.name, totes=totes, actor=who.actor))
    subject = call.fields.get("subject", "").strip()
    command = OpenSession(kind=kind, site=site, person=who.name, subject=subject, actor=who.actor)
    try:
        opened = await call.do(open_sessions, command)
    except Refusal as refused:
        if refused.code == "not_found" and subject:
            raise refusal_of([Finding("/subject", "unknown", NOTHING_SO)]) from None
        if refused.code == "purchase_step" and (says := NOT_TO_RECEIVE.get(str(refused.facts.get("state")))):
            raise refusal_of([Finding("/subject", "purchase_step", says)]) from None
        raise
    return see_other(f"/floor/sessions/{opened.id}")
