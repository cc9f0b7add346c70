"""The exception queue: what needs a person."""

from msgspec.structs import asdict

from orderwright.business.deeds.resolve import (
    AssignException,
    AssignForm,
    ResolveException,
    ResolveForm,
    assign_exceptions,
    resolve_exceptions,
)
from orderwright.business.deeds.snooze import SnoozeException, SnoozeForm, snooze_exceptions
from orderwright.business.orders.exception_queue import (
    ExceptionQuery,
    ExceptionShown,
    get_exception,
    list_exceptions,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import exception
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere
from orderwright.values.pages import Page


@read("/v1/exceptions", "orders:read", within=anywhere, example={"owner": "clerk", "limit": 50})
def exceptions(tx: Tx, question: Question[ExceptionQuery]) -> Page[ExceptionShown]:
    """The open exceptions, what is due first at the top; with `state=closed` the others, latest first."""
    return list_exceptions(tx, question.query, channels=question.access.channels, sites=question.access.sites)


@read("/v1/exceptions/{id}", "orders:read", within=exception)
def one_exception(tx: Tx, question: Question[None]) -> ExceptionShown:
    """One exception, open or closed."""
    return get_exception(tx, question.at["id"])


@deed(
    "POST", "/v1/exceptions/{id}/resolve", "orders:write", resolve_exceptions, within=exception,
    answer=ExceptionShown, example={"resolution": "address_confirmed", "note": "By phone.", "release": True},
)  # fmt: skip
def resolve(request: Request[ResolveForm]) -> ResolveException:
    """Close an exception. One that stands for a hold needs `release`, else 409 `hold_open`."""
    return ResolveException(**asdict(request.body), id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/exceptions/{id}/assign", "orders:write", assign_exceptions, within=exception,
    answer=ExceptionShown, example={"owner": "manager"},
)  # fmt: skip
def assign(request: Request[AssignForm]) -> AssignException:
    """Give an exception to a role or a person."""
    return AssignException(**asdict(request.body), id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/exceptions/{id}/snooze", "orders:write", snooze_exceptions, within=exception, answer=ExceptionShown,
    example={"until": "2026-11-23T09:00:00Z"},
)  # fmt: skip
def snooze(request: Request[SnoozeForm]) -> SnoozeException:
    """Put an exception off for up to 30 days; it comes back by itself, and tells that it was put off.

    Its due time stays, and when it is escalated it comes back with that. Without `until` it comes back now.
    422 `snooze_time`.
    """
    return SnoozeException(id=request.at["id"], until=request.body.until, actor=request.actor)
