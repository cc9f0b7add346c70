"""The exception queue as people see it: what is due first at the top; what was closed, latest first.

What somebody put off is not in it until its time comes, or until it is escalated.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.rules import EXCEPTIONS
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

Filter = Annotated[str, Meta(min_length=1, max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]


class ExceptionQuery(Form, frozen=True):
    """Which exceptions: the open ones if nothing is said; `snoozed` are open too, and put off for now.

    order: its number. site: at which it is, or which has work for its order. opened_before: the older ones.
    """

    state: Literal["open", "snoozed", "closed"] = "open"
    kind: Filter | None = None
    owner: Filter | None = None
    severity: Literal["low", "normal", "high", "urgent"] | None = None
    order: Filter | None = None
    site: Filter | None = None
    opened_before: Instant | None = None
    after: After | None = None
    limit: Limit = 50


class ExceptionShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a person must look at. `about`: what led to it, by its kind.

    order: its number; '' of what is about a site. subject: the order, fulfilment, parcel, payment, return, count,
    report of damage or breach it is about. is_hold: a hold stops the order (or part of it) until this is resolved.
    repeated: it was closed before. snoozed_until: until when it was put off, last; snoozed_by: by whom.
    procedure_stage and _version: what of the shop's procedure whoever closed it had before them.
    """

    id: str
    order: str
    subject: str
    kind: str
    severity: str
    owner: str
    about: msgspec.Raw
    opened_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    is_hold: bool
    site: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None
    resolution: str | None = None
    note: str = ""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    procedure_stage: str = ""
    procedure_version: int = 0
    repeated: bool = False


# Holds without an exception of their own kind are worked on as `manual`.
_SHOWN = """
    SELECT e.id::text, coalesce(o.number, '') AS number, e.subject::text, e.kind, e.severity, e.owner, e.document,
           e.opened_at, e.due_at, e.escalated_at,
           e.subject = e.order_id AND EXISTS (
               SELECT 1 FROM hold h WHERE h.order_id = e.order_id AND h.released_at IS NULL
               AND CASE WHEN h.kind = ANY(%(known)s::text[]) THEN h.kind ELSE 'manual' END = e.kind) AS is_hold,
           e.site, e.closed_at, e.closed_by, e.resolution, e.note,
           e.snoozed_until, e.snoozed_by, coalesce(r.stage, '') AS procedure_stage,
           coalesce(r.version, 0) AS procedure_version
    FROM exception e LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN procedure_read r ON r.exception_id = e.id
"""

# Asked order by order: as EXISTS it may be answered by reading every fulfilment of the site. By the exception's own
# order_id, so that orders are joined only to those that are at the site.
_AT_SITE = "e.site {site} OR (SELECT true FROM fulfilment f WHERE f.order_id = e.order_id AND f.site {site} LIMIT 1)"


_STATES = {
    "open": "e.closed_at IS NULL AND (e.snoozed_until IS NULL OR e.snoozed_until <= %(now)s)",
    "snoozed": "e.closed_at IS NULL AND e.snoozed_until > %(now)s",
    "closed": "e.closed_at IS NOT NULL",
}


def list_exceptions(
    tx: Tx,
    query: ExceptionQuery,
    *,
    channels: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    owners: Collection[str] | None = None,
) -> Page[ExceptionShown]:
    """A page of the queue. channels, sites: only of orders of these, or with work at these; owners: only whose
    they are; None: all."""
    at, order = ("closed_at", "DESC") if query.state == "closed" else ("due_at", "")
    wanted = [
        _STATES[query.state],
        "e.kind = %(kind)s" if query.kind else "",
        "e.owner = %(owner)s" if query.owner else "",
        "e.severity = %(severity)s" if query.severity else "",
        "e.order_id = (SELECT id FROM orders WHERE number = %(order)s)" if query.order else "",
        "e.owner = ANY(%(owners)s::text[])" if owners is not None else "",
        f"({_AT_SITE.format(site='= %(site)s')})" if query.site else "",
        "e.opened_at < %(opened_before)s" if query.opened_before else "",
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        f"({_AT_SITE.format(site='= ANY(%(sites)s::text[])')})" if sites is not None else "",
        f"(e.{at}, e.id) {'<' if order else '>'} (%(at)s, %(id)s::uuid)" if query.after else "",
    ]
    at_mark, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    rows = tx.rows(
        f"{_SHOWN} WHERE {' AND '.join(each for each in wanted if each)}"
        f" ORDER BY e.{at} {order}, e.id {order} LIMIT %(limit)s",
        known=array(EXCEPTIONS), kind=query.kind, owner=query.owner, severity=query.severity, order=query.order,
        site=query.site, opened_before=query.opened_before, owners=array(owners or ()),
        channels=array(channels or ()), sites=array(sites or ()), now=tx.now, at=at_mark,
        id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page([_shown(row) for row in rows[: query.limit]], mark(getattr(last, at), last.id) if last else None)


def get_exception(tx: Tx, exception_id: str) -> ExceptionShown:
    """One exception. Refuses not_found."""
    shown = exceptions_now(tx, [exception_id]).get(exception_id)
    if shown is None:
        raise Refusal("not_found", exception_id=exception_id)
    return shown


def exceptions_now(tx: Tx, exception_ids: Iterable[str]) -> dict[str, ExceptionShown]:
    """Exceptions as they stand, by id; unknown ones are left out."""
    rows = tx.rows(
        f"{_SHOWN} WHERE e.id = ANY(%(ids)s::uuid[])",
        known=array(EXCEPTIONS), ids=array(sorted({id_ for id_ in exception_ids if is_id(id_)})),
    )  # fmt: skip
    return {row.id: _shown(row) for row in rows}


def _shown(row: Any) -> ExceptionShown:
    return ExceptionShown(*[*row[:6], msgspec.Raw(row.document.encode()), *row[7:]])
