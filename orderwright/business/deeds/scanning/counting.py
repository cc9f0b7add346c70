"""Counting by scans: what each person is to count, and what their scans want done."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.scanning.ahead import is_replay, lock_goods
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.counts.actions import ask_counts, begin_counts
from orderwright.business.warehouse.counts.forms import AskCount, BeginCount, CountedLine, CountShown, EnterCount
from orderwright.business.warehouse.counts.rows import lock_counts
from orderwright.business.warehouse.sessions.count import (
    BeginBin,
    CountedGoods,
    CountTask,
    CountView,
    EnterBin,
    WantAlso,
)
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.steps import notice
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

_GHOST_PRIORITY = 35
_LOOK_AHEAD = 20  # counts that may be left for later in one call


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """The count each is about; without one, all counts of the site, one after the other. Refuses not_found."""
    asked = [each.subject for each in commands if is_id(each.subject)]
    rows = tx.rows("SELECT id::text, site FROM count_task WHERE id = ANY(%(ids)s::uuid[])", ids=array(asked))
    known = {(row.id, row.site) for row in rows}
    return [
        each.subject
        if not each.subject or (each.subject, each.site) in known
        else Refusal("not_found", count_id=each.subject)
        for each in commands
    ]


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, CountView]:
    """What each session's person is to count: what they began, else what is wanted most of what they may count."""
    tasks: dict[str, list[Any]] = {}
    if is_replay(tx, asking):
        _lock(tx, asking)
    for row in _tasks(tx, asking):
        tasks.setdefault(row.session_id, []).append(row)
    skus = {told.found.sku for each in asking for told in each.told if told.found.sku}
    skus |= {pile.sku for each in asking for pile in each.state.piles}
    goods = {
        row.sku: CountedGoods(row.title, row.tracking == "lot", row.is_kit)
        for row in tx.rows(
            "SELECT sku, title, tracking, is_kit FROM product WHERE sku = ANY(%(skus)s::text[])",
            skus=array(sorted(skus)),
        )
    }
    return {each.session.id: _view(tasks.get(each.session.id, []), goods) for each in asking}


def _lock(tx: Tx, asking: Sequence[Asking]) -> None:
    """Lock the counts of the bins that are scanned, and of those begun, then all that lies there."""
    bins = {told.found.place.id for each in asking for told in each.told if told.found.place}
    tasks = [row for row in _tasks(tx, asking) if row.place_id in bins or row.state == "counting"]
    lock_counts(tx, [row.id for row in tasks])
    named = {each.session.id: each for each in asking}
    skus = {
        id_: {told.found.sku for told in each.told} | {pile.sku for pile in each.state.piles} | {""}
        for id_, each in named.items()
    }
    lock_goods(tx, [
        (named[row.session_id].session.site, row.place_id, sku) for row in tasks for sku in skus[row.session_id]
    ])  # fmt: skip


def _view(rows: Sequence[Any], goods: dict[str, CountedGoods]) -> CountView:
    tasks = [CountTask(row.id, row.place_id, row.place, row.zone, row.sku, row.state == "counting") for row in rows]
    return CountView(tuple(tasks), rows[0].counts if rows else 0, goods)


def _tasks(tx: Tx, asking: Sequence[Asking]) -> list[Any]:
    sessions = [each.session for each in asking]
    return tx.rows(
        """
        SELECT a.session_id::text, c.* FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(people)s::text[],
             %(subjects)s::uuid[], %(skipped)s::text[]) AS a(session_id, site, person, subject, skipped)
        CROSS JOIN LATERAL (
            SELECT c.id::text, c.place_id, p.code AS place, p.zone, c.sku, c.state, count(*) OVER () AS counts
            FROM count_task c JOIN place p ON p.id = c.place_id
            WHERE c.site = a.site AND c.id = coalesce(a.subject, c.id)
              AND (c.state = 'counting' AND c.counter = a.person
                   OR c.state = 'open' AND NOT a.person = ANY(c.counted_by))
              AND NOT c.id::text = ANY(string_to_array(a.skipped, ','))
            ORDER BY c.state = 'counting' DESC, c.priority DESC, c.due_at, c.id LIMIT %(ahead)s) AS c
        """,
        ids=array(each.id for each in sessions), sites=array(each.site for each in sessions),
        people=array(each.person for each in sessions), subjects=array(each.subject or None for each in sessions),
        skipped=array(",".join(each.state.skipped) for each in asking), ahead=_LOOK_AHEAD,
    )  # fmt: skip


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Begin counts, tell what was found, note what else lies there."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        BeginBin, lambda each, want: BeginCount(
            count_id=want.count_id, counter=each.session.person, actor=each.session.person),
        lambda commands: begin_counts(tx, commands),
    )  # fmt: skip
    outcomes.run(
        EnterBin, lambda each, want: EnterCount(
            count_id=want.count_id, counter=each.session.person, actor=each.session.person, counted_at=want.at,
            lines=[CountedLine(sku=pile.sku, counted=pile.units, lot=pile.lot or "", counted_at=pile.at)
                   for pile in want.piles]),
        lambda commands: enter_counts(tx, commands), _told,
    )  # fmt: skip
    outcomes.run(
        WantAlso, lambda each, want: AskCount(
            site=each.session.site, place=want.place, sku=want.sku, priority=_GHOST_PRIORITY,
            actor=each.session.person),
        lambda commands: ask_counts(tx, commands),
    )  # fmt: skip
    return outcomes.results


def _told(want: EnterBin, count: CountShown) -> Notice:
    return notice("count_again" if count.state == "open" else "count_told", where=want.place)
