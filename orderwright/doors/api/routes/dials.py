"""Dials: how far the system goes with each kind of decision, and what it decided."""

from orderwright.business.deeds.dials import accept_decisions, override_decisions
from orderwright.business.orders.dials import (
    AcceptDecision,
    Decision,
    DecisionQuery,
    Dial,
    DialForm,
    OverrideDecision,
    OverrideForm,
    SetDial,
    list_decisions,
    list_dials,
    set_dials,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import exception
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.pages import Page


@read("/v1/dials", "orders:read", within=whole_store)
def dials(tx: Tx, question: Question[None]) -> Page[Dial]:
    """Every dial, and what came of its suggestions in the last 90 days."""
    return Page(list_dials(tx), None)


@deed(
    "PUT", "/v1/dials/{kind}", "staff:write", set_dials, within=whole_store, answer=Dial,
    example={"setting": "tell"},
)  # fmt: skip
def set_dial(request: Request[DialForm]) -> SetDial:
    """Turn a dial (`address`, `duplicate`, `price`): suggest, do it and `tell`, or do it and be `silent`."""
    return SetDial(kind=request.at["kind"], setting=request.body.setting, actor=request.actor)


@read("/v1/decisions", "orders:read", within=whole_store, example={"state": "all"})
def decisions(tx: Tx, question: Question[DecisionQuery]) -> Page[Decision]:
    """What the system decided by itself, latest first: what nobody looked at yet, or `state=all`."""
    return list_decisions(tx, question.query)


@deed("POST", "/v1/decisions/{id}/accept", "orders:write", accept_decisions, within=exception, answer=Decision)
def accept_decision(request: Request[None]) -> AcceptDecision:
    """It was looked at, and is all right. `id` is that of the exception."""
    return AcceptDecision(id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/decisions/{id}/override", "orders:write", override_decisions, within=exception, answer=Decision,
    example={"reason": "The flat number was lost."},
)  # fmt: skip
def override_decision(request: Request[OverrideForm]) -> OverrideDecision:
    """Decide otherwise, with a reason. The order is held, where it still can be, until somebody has put it right.

    What was cancelled stays cancelled. 409 `decision_step` when it was overridden before.
    """
    return OverrideDecision(id=request.at["id"], reason=request.body.reason, actor=request.actor)
