"""Dials: how far the system goes by itself, what it did, and what people decided otherwise."""

from collections.abc import Mapping
from typing import Any

import msgspec

from orderwright.business.orders.dials import Decision, DecisionQuery, Dial, decisions_now, list_decisions, list_dials
from orderwright.business.staff.views import LEADS
from orderwright.doors.api.reach import exception as within_exception
from orderwright.doors.api.routes import dials as api
from orderwright.doors.api.within import whole_store
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import CASES, Case
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Page
from orderwright.values.refusal import Refusal

READ, WRITE, SECTION = "orders:read", "orders:write", "exceptions"
ROWS = 30
SETTINGS: Mapping[str, str] = {
    "suggest": _("Suggest it"),
    "tell": _("Do it and tell us"),
    "silent": _("Do it without a word"),
}
"""What a dial can stand at, in words."""
DOES: Mapping[str, str] = {
    "address": _("Uses the address that the postcode suggests."),
    "duplicate": _("Cancels the later of two probable duplicates."),
    "price": _("Keeps the price the customer was charged."),
}
"""What the system does, by kind."""
DID: Mapping[str, str] = {
    "address": _("The suggested address was used"),
    "duplicate": _("The later of two probable duplicates was cancelled"),
    "price": _("The charged price was kept"),
}


class DialsShown(msgspec.Struct, frozen=True):
    """Every dial. leads: whether the visitor may turn them."""

    dials: list[Dial]
    leads: bool
    cases: Mapping[str, Case]
    does: Mapping[str, str]
    settings: Mapping[str, str]


class DecisionsQuery(Form, frozen=True):
    """Whether all are shown, or those nobody looked at."""

    all: bool = False
    after: After | None = None


class DecisionsShown(msgspec.Struct, frozen=True):
    """What the system did by itself."""

    page: Page[Decision]
    all: bool
    did: Mapping[str, str]
    may_decide: bool


class Overriding(msgspec.Struct, frozen=True):
    """A decision of the system, to be decided otherwise."""

    decision: Decision
    did: str


@page("/exceptions/dials", template="dials.html", scope=READ, title=_("Dials"), section=SECTION, within=whole_store)
def dials(asked: Asked[None]) -> DialsShown:
    """How far the system goes."""
    return DialsShown(list_dials(asked.tx), LEADS in asked.access.scopes, CASES, DOES, SETTINGS)


@page("/exceptions/dials/{kind}", template="dials.html", scope=READ, title=_("Dials"), section=SECTION,
      within=whole_store)  # fmt: skip
def dial(asked: Asked[None]) -> DialsShown:
    """One dial. Refuses not_found."""
    shown = [each for each in list_dials(asked.tx) if each.kind == asked.at["kind"]]
    if not shown:
        raise Refusal("not_found", kind=asked.at["kind"])
    return DialsShown(shown, LEADS in asked.access.scopes, CASES, DOES, SETTINGS)


@page("/exceptions/decisions", template="decisions.html", scope=READ, title=_("Done by itself"), section=SECTION,
      within=whole_store)  # fmt: skip
def decisions(asked: Asked[DecisionsQuery]) -> DecisionsShown:
    """What the system did, latest first."""
    query = asked.query
    wanted = DecisionQuery(state="all" if query.all else "untold", after=query.after, limit=ROWS)
    return DecisionsShown(list_decisions(asked.tx, wanted), query.all, DID, WRITE in asked.access.scopes)


@page("/exceptions/decisions/{id}/override", template="decision_override.html", scope=WRITE, title=_("Take it back"),
      section=SECTION, within=within_exception)  # fmt: skip
def overriding(asked: Asked[None]) -> Overriding:
    """What taking it back does. Refuses not_found."""
    found: dict[str, Any] = decisions_now(asked.tx, [_id(asked)])
    if asked.at["id"] not in found:
        raise Refusal("not_found", decision=asked.at["id"])
    decision = found[asked.at["id"]]
    return Overriding(decision, DID[decision.kind])


def _id(asked: Asked[None]) -> str:
    if not is_id(asked.at["id"]):
        raise Refusal("not_found", decision=asked.at["id"])
    return asked.at["id"]


turn = deed("/exceptions/dials/{kind}", api.set_dial, page=dial, then="/exceptions/dials", said=_("Saved."))
accept = deed("/exceptions/decisions/{id}/accept", api.accept_decision, page=decisions, then="/exceptions/decisions",
              said=_("Seen."))  # fmt: skip
override = deed("/exceptions/decisions/{id}/override", api.override_decision, page=overriding,
                then="/exceptions/decisions", said=_("It is taken back; the order waits for somebody."))  # fmt: skip
