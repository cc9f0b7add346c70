"""Picking by scans: the walk as it stands, and what its scans want done."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.floor import lock_work
from orderwright.business.deeds.pick import pick as pick_units
from orderwright.business.deeds.pick import report_short
from orderwright.business.deeds.picking.tote_units import split_task
from orderwright.business.deeds.picking.walks import assign_totes, end_walk
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.stock.actions import lock_lying
from orderwright.business.stock.coming_in import lock_undated
from orderwright.business.warehouse.forms import Pick, ShortPick
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.serials import holders_of, named_units
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.pick import Part, PickStop, PickView
from orderwright.business.warehouse.sessions.pick_steps import EndWalk, NewTote, Short, Take, UseTote
from orderwright.business.warehouse.sessions.steps import notice
from orderwright.business.warehouse.walk_forms import AssignTote, SplitTask
from orderwright.business.warehouse.walk_forms import EndWalk as EndWalkDeed
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

_LOOK_AHEAD = 2
"""Stops read beyond those that are skipped and those the scans may do: the one at hand, and one more."""
_OF_ORDERS = (
    "FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id"
)  # fmt: skip
_HELD = "(o.is_held OR EXISTS (SELECT FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL))"


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """The walk each is about: the one named, or the one the person is on. Refuses no_walk."""
    rows = tx.rows(
        """
        SELECT a.n, b.id::text AS id FROM unnest(%(ns)s::int[], %(ids)s::uuid[], %(sites)s::text[], %(people)s::text[])
             AS a(n, id, site, person)
        JOIN pick_batch b ON b.site = a.site AND b.picker = a.person AND b.state = 'walking'
             AND b.id = coalesce(a.id, b.id)
        """,
        ns=array(range(len(commands))), ids=array(each.subject if is_id(each.subject) else None for each in commands),
        sites=array(each.site for each in commands), people=array(each.person for each in commands),
    )  # fmt: skip
    found = {row.n: row.id for row in rows}
    return [
        found[n] if n in found and (is_id(each.subject) or not each.subject)
        else Refusal("no_walk", person=each.person, walk=each.subject)
        for n, each in enumerate(commands)
    ]  # fmt: skip


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, PickView]:
    """Walks by session id. Four statements at most, however many sessions."""
    walks = [each.session.subject for each in asking]
    if tx.is_again or any(len(each.told) > 1 for each in asking):
        _lock(tx, walks)
    stops = _stops(tx, asking)
    holders = _holders(tx, asking, stops)
    parts: dict[str, list[Any]] = {}
    for row in _walks(tx, walks):
        parts.setdefault(row.id, []).append(row)
    views = {}
    for each in asking:
        mine = parts[each.session.subject]
        head = mine[0]
        views[each.session.id] = PickView(
            head.id, head.number, head.strategy, head.site, head.today, head.state == "walking",
            tuple(stops.get(each.session.id, ())),
            tuple(Part(row.fulfilment_id, row.order, row.is_held, row.open, row.cancelled, row.units_back,
                       tuple(row.totes)) for row in mine if row.fulfilment_id),
            sum(row.done or 0 for row in mine), sum(row.counted or 0 for row in mine),
            f"/v1/pick-batches/{head.id}/map", holders,
        )  # fmt: skip
    return views


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Do what scans want: totes first, then units, then what ends a stop or the walk."""
    outcomes = Outcomes(wanted)
    if len({type(effect) for each in wanted for effect in each.effects}) > 1:
        # Several deeds one after the other: the orders of all of them first, as everywhere. One locks its own.
        lock_work(tx, [fulfilment for each in wanted for fulfilment in _fulfilments(each)])
    outcomes.run(
        UseTote, lambda each, want: AssignTote(
            walk_id=each.view.walk_id, tote=want.tote, fulfilment_id=want.fulfilment_id, actor=each.session.person),
        lambda commands: assign_totes(tx, commands),
    )  # fmt: skip
    outcomes.run(
        Take, lambda each, want: Pick(
            task_id=want.task_id, quantity=want.total, tote=want.tote, serials=list(want.serials),
            expires_on=want.expires_on, actor=each.session.person, occurred_at=each.told.occurred_at),
        lambda commands: pick_units(tx, commands),
    )  # fmt: skip
    outcomes.run(
        NewTote, lambda each, want: SplitTask(task_id=want.task_id, tote=want.tote, actor=each.session.person),
        lambda commands: split_task(tx, commands),
    )  # fmt: skip
    outcomes.run(
        Short, lambda each, want: ShortPick(
            task_id=want.task_id, found=want.found, reason=want.reason, actor=each.session.person,
            occurred_at=each.told.occurred_at),
        lambda commands: report_short(tx, commands),
        tell=lambda want, result: notice(
            "went_short", sku=want.sku, missing=result.missing, sent=result.sent, waiting=result.waiting),
    )  # fmt: skip
    outcomes.run(
        EndWalk, lambda each, want: EndWalkDeed(
            walk_id=each.view.walk_id, stands_at=want.stands_at, reason=want.reason, actor=each.session.person),
        lambda commands: end_walk(tx, commands),
    )  # fmt: skip
    return outcomes.results


def _fulfilments(each: Wanted) -> list[str]:
    """Whose orders the scan's effects touch."""
    tasks = {effect.task_id for effect in each.effects if isinstance(effect, Take | Short | NewTote | UseTote)}
    return [stop.fulfilment_id for stop in each.view.stops if stop.task_id in tasks]


def _lock(tx: Tx, walks: Sequence[str]) -> None:
    """Lock all that walks may still touch, as everybody does: orders, lots whose date is asked for, what lies where.

    Several scans may take several steps, and each by itself would lock orders after what lies where.
    """
    rows = tx.rows(
        "SELECT fulfilment_id::text AS id, sku, place_id, lot FROM pick_task WHERE batch_id = ANY(%(ids)s::uuid[])"
        " AND state = 'open'",
        ids=array(sorted(set(walks))),
    )
    sites = {work.site for work in lock_work(tx, [row.id for row in rows]).values()}
    packing = place_ids(tx, [(site, "PACKING") for site in sites]).values()
    lock_undated(tx, [(row.sku, row.lot) for row in rows if row.lot])
    lock_lying(tx, [(row.sku, id_, row.lot) for row in rows for id_ in (row.place_id, *packing)])


def _stops(tx: Tx, asking: Sequence[Asking]) -> dict[str, list[PickStop]]:
    """The next open stops of walks and the one begun, by session id; held ones are left out, but for units in hand."""
    rows = tx.rows(
        f"""
        SELECT a.session_id::text, t.id::text, t.fulfilment_id::text, t.order, t.sku, g.title, g.tracking, t.lot,
               l.expires_on, t.place_id, p.code AS place, p.zone, t.quantity, t.picked, t.tote,
               g.asks_expiry
        FROM unnest(%(sessions)s::uuid[], %(walks)s::uuid[], %(begun)s::uuid[], %(in_hand)s::boolean[], %(most)s::int[])
             AS a(session_id, walk, begun, in_hand, most)
        CROSS JOIN LATERAL (
            (SELECT t.*, o.number AS "order" {_OF_ORDERS}
             WHERE t.batch_id = a.walk AND t.state = 'open' AND NOT {_HELD} ORDER BY t.walk, t.id LIMIT a.most)
            UNION
            (SELECT t.*, o.number {_OF_ORDERS}
             WHERE t.id = a.begun AND t.batch_id = a.walk AND t.state = 'open' AND (a.in_hand OR NOT {_HELD}))) t
        JOIN product g ON g.sku = t.sku JOIN place p ON p.id = t.place_id
        LEFT JOIN lot l ON l.sku = t.sku AND l.lot = t.lot
        ORDER BY a.session_id, t.walk, t.id
        """,
        sessions=array(each.session.id for each in asking), walks=array(each.session.subject for each in asking),
        begun=array(each.state.task or None for each in asking),
        in_hand=array(each.state.units > 0 for each in asking),
        most=array(
            # A stop takes two scans at least.
            _LOOK_AHEAD + len(each.state.skipped) + sum(told.command == "skip" for told in each.told)
            + len(each.told) // 2
            for each in asking
        ),
    )  # fmt: skip
    named = named_units(tx, [row.id for row in rows if row.tracking == "serial" and row.picked])
    stops: dict[str, list[PickStop]] = {}
    for row in rows:
        stop = PickStop(*row[1:])
        if stop.tracking == "serial" and stop.picked and stop.task_id not in named:
            stop = stop._replace(tracking="none")  # begun without serials: all units of a task are named, or none
        stops.setdefault(row.session_id, []).append(stop)
    return stops


def _holders(tx: Tx, asking: Sequence[Asking], stops: dict[str, list[PickStop]]) -> dict[tuple[str, str], str]:
    """Where the units are whose serials may be among the scans; nothing where no stop asks for any."""
    asked = {
        (stop.sku, serial)
        for each in asking
        for stop in stops.get(each.session.id, ())
        if stop.tracking == "serial"
        for told in each.told
        for serial in (told.found.scan.serial, told.found.scan.text if told.found.scan.kind == "plain" else "")
        if serial
    }
    return holders_of(tx, asked)


def _walks(tx: Tx, walks: Sequence[str]) -> list[Any]:
    """Walks, a row for each fulfilment on them: how far it is, what was cancelled of it, whether it is held."""
    return tx.rows(
        f"""
        SELECT b.id::text, b.number, b.strategy, b.site, b.state,
               (%(now)s::timestamptz AT TIME ZONE s.time_zone)::date AS today,
               t.fulfilment_id::text, o.number AS "order", {_HELD} AS is_held, t.open, t.cancelled, t.units_back,
               t.totes, t.done, t.counted
        FROM pick_batch b JOIN site s ON s.code = b.site
        LEFT JOIN LATERAL (
            SELECT fulfilment_id, count(*) FILTER (WHERE state = 'open') AS open,
                   count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
                   sum(taken_back)::bigint AS units_back,
                   coalesce(array_agg(DISTINCT tote) FILTER (WHERE taken_back > 0 AND tote <> ''), '{{}}') AS totes,
                   count(*) FILTER (WHERE state IN ('done', 'short')) AS done,
                   count(*) FILTER (WHERE state <> 'cancelled') AS counted
            FROM pick_task WHERE batch_id = b.id GROUP BY fulfilment_id) t ON true
        LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
        WHERE b.id = ANY(%(ids)s::uuid[]) ORDER BY b.id, t.fulfilment_id
        """,
        now=tx.now, ids=array(sorted(set(walks))),
    )  # fmt: skip
