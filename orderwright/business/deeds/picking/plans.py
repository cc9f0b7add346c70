"""Plannings of walks one by one: who wanted each, and what came of it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.plan_forms import PlanWalks, WalkPlan
from orderwright.database.rows import array
from orderwright.database.schedules import subject_of
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

PLAN_WALKS = "plan_walks"
SHOWN_MAX = 50

_asked = msgspec.json.Decoder(PlanWalks).decode


def want_walks(tx: Tx, commands: Sequence[PlanWalks]) -> list[WalkPlan | Refusal]:
    """Want sites' walks planned anew, as soon as the worker comes to it; one `WalkPlan` or Refusal per command.

    A site has one planning under way at a time: who asks meanwhile gets that one, `repeated`. Refuses malformed,
    unknown_site.
    """
    floors = floors_of(tx, [each.site for each in commands])
    results: list[Any] = [_refusal(each, floors) for each in commands]
    first: dict[str, int] = {}
    for i, command in enumerate(commands):
        if results[i] is None:
            first.setdefault(command.site, i)
    made = add_plans(tx, [commands[i] for i in first.values()])
    standing = {row.site: _shown(row) for row in _rows(tx, "site = ANY(%(sites)s::text[]) AND state = 'wanted'",
                                                       sites=array(first))}  # fmt: skip
    for i, command in enumerate(commands):
        if results[i] is None:
            plan = standing[command.site]
            is_mine = plan.id in made and first[command.site] == i
            results[i] = plan if is_mine else msgspec.structs.replace(plan, repeated=True)
    return results


def _refusal(command: PlanWalks, floors: Any) -> Refusal | None:
    if findings := list(text_findings(command)):
        return refusal_of(findings)
    return None if command.site in floors else Refusal("unknown_site", site=command.site)


def add_plans(tx: Tx, commands: Sequence[PlanWalks]) -> dict[str, PlanWalks]:
    """Write plannings as wanted and enqueue them; by id those that were not under way already."""
    ordered = sorted(commands, key=lambda each: each.site)
    if not ordered:
        return {}
    rows = tx.rows(
        "INSERT INTO walk_plan (id, site, state, actor, asked, made_at)"
        " SELECT id, site, 'wanted', actor, asked, %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(actors)s::text[], %(asked)s::text[])"
        " AS n(id, site, actor, asked)"
        " ON CONFLICT (site) WHERE state = 'wanted' DO NOTHING RETURNING id::text, site",
        now=tx.now, ids=array(new_ids(len(ordered))), sites=array(each.site for each in ordered),
        actors=array(each.actor for each in ordered),
        asked=array(msgspec.json.encode(each).decode() for each in ordered),
    )  # fmt: skip
    by_site = {each.site: each for each in ordered}
    for row in rows:
        tx.enqueue(PLAN_WALKS, subject_of(f"{PLAN_WALKS}:{row.site}"), {"plan": row.id})
    return {row.id: by_site[row.site] for row in rows}


def asked_of(tx: Tx, plan_ids: Sequence[str]) -> dict[str, PlanWalks]:
    """What was asked, of those that are still wanted."""
    rows = tx.rows(
        "SELECT id::text, asked FROM walk_plan WHERE id = ANY(%(ids)s::uuid[]) AND state = 'wanted'",
        ids=array(plan_ids),
    )
    return {row.id: _asked(row.asked) for row in rows}


def end_plan(tx: Tx, plan_id: str, came_of_it: dict[str, Any], state: str = "done") -> None:
    """Write what came of a planning; again changes nothing."""
    tx.write(
        "UPDATE walk_plan SET state = %(state)s, answer = %(answer)s, ended_at = %(now)s"
        " WHERE id = %(id)s AND state = 'wanted'",
        id=plan_id, state=state, answer=msgspec.json.encode(came_of_it).decode(), now=tx.now,
    )  # fmt: skip


def list_plans(tx: Tx, site: str) -> Page[WalkPlan]:
    """A site's latest plannings, newest first."""
    return Page([_shown(row) for row in _rows(tx, "site = %(site)s", site=site)])


def find_plan(tx: Tx, site: str) -> WalkPlan | None:
    """A site's latest planning, or None while it is under way."""
    latest = _rows(tx, "site = %(site)s", site=site)
    return _shown(latest[0]) if latest and latest[0].state != "wanted" else None


def _rows(tx: Tx, which: str, **values: Any) -> list[Any]:
    return tx.rows(
        "SELECT id::text, site, state, actor, made_at, ended_at, answer FROM walk_plan"
        f" WHERE {which} ORDER BY walk_plan.id DESC LIMIT {SHOWN_MAX}",
        **values,
    )


def _shown(row: Any) -> WalkPlan:
    told: dict[str, Any] = {
        "id": row.id, "site": row.site, "state": row.state, "actor": row.actor, "made_at": row.made_at,
        "ended_at": row.ended_at,
    }  # fmt: skip
    if row.answer:
        told |= msgspec.json.decode(row.answer)
    return msgspec.convert(told, WalkPlan)
