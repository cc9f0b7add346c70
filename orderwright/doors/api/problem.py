"""Refusals and bugs as problem documents (RFC 9457)."""

from typing import Any, NamedTuple

import msgspec
import psycopg
import psycopg_pool
import structlog

from orderwright.database.outcome import CommitUnknown
from orderwright.doors.logs import told, trace
from orderwright.values.refusal import REFUSALS, Refusal

CONTENT_TYPE = b"application/problem+json"
RETRY_AFTER_S = {408: 1, 409: 1, 429: 1, 503: 2}

log = structlog.get_logger(room="api")


class Problem(NamedTuple):
    """An answer that says no. `retry_after_s`: when the same call may succeed; None if it will not."""

    status: int
    body: bytes
    retry_after_s: int | None


def refusal_of(error: Exception) -> Refusal:
    """What went wrong, as a refusal: expected ones as they are, a lost database or outcome, else a bug."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, CommitUnknown):
        return Refusal("outcome_unknown")
    if isinstance(error, (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)):
        return Refusal("overloaded")
    if isinstance(error, (psycopg.OperationalError, psycopg_pool.PoolTimeout, psycopg_pool.PoolClosed)):
        return Refusal("database_away")
    return Refusal("internal_error")


def problem_of(error: Exception, request_id: str) -> Problem:
    """The answer for an error. What is not expected is logged, with its trace, under the request's id."""
    refusal = refusal_of(error)
    if refusal.kind.status >= 500 and not isinstance(error, Refusal):
        log.error(refusal.code, request_id=request_id, error=told(error), trace=trace(error))
    may_retry = refusal.kind.may_retry
    return Problem(
        refusal.kind.status,
        msgspec.json.encode({**document(refusal), "request_id": request_id}, enc_hook=str),
        RETRY_AFTER_S.get(refusal.kind.status) if may_retry else None,
    )


def document(refusal: Refusal) -> dict[str, Any]:
    """A refusal's members: the standard ones, the stable `code`, and its facts."""
    kind = REFUSALS[refusal.code]
    return {
        **refusal.facts,
        "type": f"urn:orderwright:problem:{refusal.code}",
        "title": refusal.code.replace("_", " ").capitalize(),
        "status": kind.status,
        "code": refusal.code,
        "detail": kind.sentence,
        "may_retry": kind.may_retry,
    }
