"""Dials: how far the system goes with each kind of decision, and what came of what it suggested."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.schedules import subject_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Command, Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

TURN = "turn_dials"
"""The task that does what dials say: every few minutes, and when one was turned."""
Setting = Literal["suggest", "tell", "silent"]
DIALS: Mapping[str, str] = {"address": "released", "duplicate": "cancelled", "price": "price_kept"}
"""The kinds of exceptions whose suggestion is a deed of ours, and in which word one ends whose suggestion was taken."""
LATELY = timedelta(days=90)
COUNTED_MAX = 20_000
"""So many of the latest suggestions are told from, at most."""


class DialForm(Form, frozen=True):
    """How far the system goes: suggest, do it and `tell`, or do it and be `silent`."""

    setting: Setting


class SetDial(DialForm, frozen=True, kw_only=True):
    """A dial is turned."""

    kind: str
    actor: str


class Became(msgspec.Struct, frozen=True):
    """What became of orders whose suggestion was overridden: how many are in a state."""

    state: str
    orders: int


class Dial(msgspec.Struct, frozen=True):
    """One kind of decision, and the suggestions of the last 90 days (at most the latest 20,000).

    suggested: how many there were; taken: people took; done: the system did; refused: it could not do; overridden:
    decided otherwise, and what became of those orders. overridden_milli: of what was decided, in thousandths.
    """

    kind: str
    setting: Setting
    set_by: str
    set_at: datetime | None
    suggested: int
    taken: int
    done: int
    refused: int
    overridden: int
    overridden_milli: int
    became: list[Became]


class DecisionQuery(Form, frozen=True):
    """Which: those that are to be told and nobody looked at yet, or all."""

    state: Literal["untold", "all"] = "untold"
    kind: Annotated[str, Meta(max_length=64)] | None = None
    after: After | None = None
    limit: Limit = 50


class Decision(msgspec.Struct, frozen=True):
    """Something the system decided by itself. reason: why somebody decided otherwise afterwards."""

    id: str
    order: str
    state: str
    kind: str
    dial: str
    done_at: datetime
    came: str
    decided_by: str
    reason: str
    told_at: datetime | None
    is_held: bool


class OverrideForm(Form, frozen=True):
    """Why it was wrong."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class OverrideDecision(Command, frozen=True):
    """Somebody decides otherwise than the system did."""

    id: str
    reason: str


class AcceptDecision(Command, frozen=True):
    """Somebody has looked at what the system did, and it is all right."""

    id: str


def came_of(kind: str, resolution: str, *, is_as_suggested: bool) -> Literal["taken", "overridden", "gone"]:
    """What came of a suggestion when its exception ended in a word.

    is_as_suggested: the order is now as it was suggested, which for an address says more than the word. An order that
    was cancelled for something else leaves nothing to decide.
    """
    if kind == "address" and resolution == "released":
        return "taken" if is_as_suggested else "overridden"
    if resolution == DIALS[kind] or (kind == "price" and resolution == "released"):
        return "taken"
    return "gone" if resolution == "cancelled" else "overridden"


def settings_now(tx: Tx) -> dict[str, Setting]:
    """How each dial stands."""
    rows = tx.rows("SELECT kind, setting FROM dial")
    return {**dict.fromkeys(DIALS, "suggest"), **{row.kind: row.setting for row in rows}}


def set_dials(tx: Tx, commands: Sequence[SetDial]) -> list[Dial | Refusal]:
    """Turn dials; one `Dial` or Refusal per command. Refuses not_found (no such dial)."""
    tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")
    now = settings_now(tx)
    changes: list[Change] = []
    last: dict[str, SetDial] = {}
    for each in commands:
        if each.kind in DIALS and now[each.kind] != each.setting:
            changes.append(Change("dial", each.kind, now[each.kind], each.setting, each.actor))
            now[each.kind] = each.setting
            last[each.kind] = each
    if last:
        tx.write(
            "INSERT INTO dial (kind, setting, set_by, set_at) SELECT kind, setting, actor, %(now)s"
            " FROM unnest(%(kinds)s::text[], %(settings)s::text[], %(actors)s::text[]) AS d(kind, setting, actor)"
            " ON CONFLICT (kind) DO UPDATE SET setting = excluded.setting, set_by = excluded.set_by,"
            " set_at = excluded.set_at",
            now=tx.now, kinds=array(last), settings=array(each.setting for each in last.values()),
            actors=array(each.actor for each in last.values()),
        )  # fmt: skip
        note(tx, changes)
        tx.enqueue(TURN, subject_of(TURN))
    dials = {each.kind: each for each in list_dials(tx)}
    return [dials.get(each.kind) or Refusal("not_found", kind=each.kind) for each in commands]


def list_dials(tx: Tx) -> list[Dial]:
    """Every dial, and what came of its suggestions lately."""
    rows = tx.rows(
        """
        SELECT s.kind, s.came, s.done_at IS NOT NULL AS is_done, s.refused <> '' AS is_refused,
               CASE WHEN s.came = 'overridden' THEN o.state ELSE '' END AS state, count(*) AS count
        FROM (SELECT * FROM suggestion WHERE made_at >= %(since)s AND digest <> ''
              ORDER BY made_at DESC LIMIT %(most)s) s
        LEFT JOIN orders o ON o.id = s.order_id AND s.came = 'overridden'
        GROUP BY 1, 2, 3, 4, 5
        """,
        since=tx.now - LATELY, most=COUNTED_MAX,
    )  # fmt: skip
    stand = {row.kind: row for row in tx.rows("SELECT kind, setting, set_by, set_at FROM dial")}
    return [_dial(kind, stand.get(kind), [row for row in rows if row.kind == kind]) for kind in DIALS]


def _dial(kind: str, stands: Any, rows: Sequence[Any]) -> Dial:
    def count(*, came: str | None = None, is_done: bool | None = None, is_refused: bool | None = None) -> int:
        return sum(
            int(row.count)
            for row in rows
            if came in (None, row.came) and is_done in (None, row.is_done) and is_refused in (None, row.is_refused)
        )

    taken, overridden = count(came="taken"), count(came="overridden")
    became: dict[str, int] = {}
    for row in rows:
        if row.came == "overridden":
            became[row.state or ""] = became.get(row.state or "", 0) + int(row.count)
    decided = taken + overridden
    return Dial(
        kind, "suggest" if stands is None else stands.setting, "" if stands is None else stands.set_by,
        None if stands is None else stands.set_at, count(), count(came="taken", is_done=False), count(is_done=True),
        count(is_refused=True), overridden, 1000 * overridden // decided if decided else 0,
        [Became(state, orders) for state, orders in sorted(became.items(), key=lambda pair: (-pair[1], pair[0]))],
    )  # fmt: skip


def list_decisions(tx: Tx, query: DecisionQuery) -> Page[Decision]:
    """What the system decided by itself, latest first."""
    at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    wanted = [
        "s.done_at IS NOT NULL",
        "s.dial = 'tell' AND s.told_at IS NULL AND s.came = 'taken'" if query.state == "untold" else "",
        "s.kind = %(kind)s" if query.kind else "",
        "(s.done_at, s.exception_id) < (%(at)s, %(id)s::uuid)" if query.after else "",
    ]
    rows = tx.rows(
        f"{_SHOWN} WHERE {' AND '.join(each for each in wanted if each)}"
        " ORDER BY s.done_at DESC, s.exception_id DESC LIMIT %(limit)s",
        kind=query.kind, at=at, id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page([Decision(*row) for row in rows[: query.limit]], mark(last.done_at, last.id) if last else None)


def count_untold(tx: Tx) -> int:
    """How many decisions are to be told and nobody looked at yet; 100 for more."""
    row = tx.row(
        "SELECT count(*) AS count FROM (SELECT 1 FROM suggestion WHERE dial = 'tell' AND told_at IS NULL"
        " AND came = 'taken' LIMIT 100) few"
    )
    return 0 if row is None else int(row.count)


def decisions_now(tx: Tx, ids: Sequence[str]) -> dict[str, Decision]:
    """Decisions as they stand, by the exception's id; what the system did not decide is left out."""
    rows = tx.rows(f"{_SHOWN} WHERE s.exception_id = ANY(%(ids)s::uuid[]) AND s.done_at IS NOT NULL", ids=array(ids))
    return {row.id: Decision(*row) for row in rows}


def suggested_among(tx: Tx, exception_ids: Sequence[str]) -> set[str]:
    """Those exceptions for which something is suggested that nobody decided yet."""
    rows = tx.rows(
        "SELECT exception_id::text AS id FROM suggestion WHERE exception_id = ANY(%(ids)s::uuid[])"
        " AND digest <> '' AND came = ''",
        ids=array(sorted(set(exception_ids))),
    )
    return {row.id for row in rows}


_SHOWN = """
    SELECT s.exception_id::text AS id, o.number, o.state, s.kind, s.dial, s.done_at, s.came, s.decided_by, s.reason,
           s.told_at, o.is_held
    FROM suggestion s JOIN orders o ON o.id = s.order_id
"""
