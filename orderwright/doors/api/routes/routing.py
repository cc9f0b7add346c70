"""Routing again what is planned, all together."""

from orderwright.business.deeds.reoptimising.runs import (
    Reoptimisation,
    WantReoptimising,
    find_outcome,
    list_runs,
    want_reoptimising,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import Outcome, deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.pages import Page

REOPTIMISATIONS = "/v1/reoptimisations"


def _came(tx: Tx, request: Request[None]) -> Reoptimisation | None:
    return find_outcome(tx)


def _list(request: Request[None]) -> str:
    return REOPTIMISATIONS


@deed(
    "POST", REOPTIMISATIONS, "orders:write", want_reoptimising, within=whole_store, answer=Reoptimisation,
    outcome=Outcome(_came, _list),
)  # fmt: skip
def reoptimise(request: Request[None]) -> WantReoptimising:
    """Route orders not yet released again, all together, and wait for it: 202 with the address to ask if it takes long.

    What moves is cheaper and still arrives as promised; what is on a floor, or held in part, stays where it is.
    """
    return WantReoptimising(actor=request.actor)


@read(REOPTIMISATIONS, "orders:read", within=whole_store)
def reoptimisations(tx: Tx, question: Question[None]) -> Page[Reoptimisation]:
    """The latest re-optimisations, newest first: asked for, or by the clock where `routing.reoptimise` says so."""
    return list_runs(tx)
