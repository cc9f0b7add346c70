"""Walks: rows that group open pick tasks of one site for one picker.

Locked after the orders and fulfilments of their tasks, before totes and stock. A task joins a walk under its order's
lock, and leaves it when its walk ends or is dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.warehouse.pick_tasks import PickTask, insert_rests, save_tasks, tasks_by_id
from orderwright.business.warehouse.totes import free_totes, free_totes_at, leave_totes_at, totes_of_walks
from orderwright.business.warehouse.walk_facts import WalkDropped, WalkEnded
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id, new_ids


class NewWalk(NamedTuple):
    """A walk to be written. picker: None while it is only planned. tasks: ids in the order of the way."""

    id: str
    site: str
    strategy: str
    zone: str
    wave: str
    cart: str
    totes: int
    due_at: datetime
    picker: str | None
    predicted_mm: int
    predicted_s: int
    first_come_mm: int
    tasks: Sequence[str]


class Ending(NamedTuple):
    """How a walk ends. tasks_left: still open ones on it, which are nobody's again."""

    walk_id: str
    actor: str
    tasks_left: Sequence[str]
    stands_at: str = ""
    reason: str = ""


def insert_walks(tx: Tx, new: Sequence[NewWalk]) -> dict[str, str]:
    """Write walks and put their tasks on them; their numbers by id. The tasks' orders are locked, the tasks free."""
    if not new:
        return {}
    drawn = tx.rows("SELECT nextval('pick_batch_number') AS number FROM generate_series(1, %(count)s)", count=len(new))
    numbers = {walk.id: f"W-{row.number:06d}" for walk, row in zip(new, drawn, strict=True)}
    tx.copy(
        "pick_batch",
        "id, number, site, strategy, zone, wave, cart, totes, due_at, state, picker, predicted_mm, predicted_s,"
        " first_come_mm, made_at, claimed_at",
        [
            (each.id, numbers[each.id], each.site, each.strategy, each.zone, each.wave, each.cart, each.totes,
             each.due_at, "walking" if each.picker else "planned", each.picker, each.predicted_mm, each.predicted_s,
             each.first_come_mm, tx.now, tx.now if each.picker else None)
            for each in new
        ],
    )  # fmt: skip
    place_tasks(tx, {task_id: (each.id, n) for each in new for n, task_id in enumerate(each.tasks, 1)})
    return numbers


def place_tasks(tx: Tx, places: Mapping[str, tuple[str, int]]) -> None:
    """Put tasks (by id) on walks: (walk id, place on the way)."""
    tx.write(
        "UPDATE pick_task t SET batch_id = n.walk_id, walk = n.place"
        " FROM unnest(%(ids)s::uuid[], %(walks)s::uuid[], %(places)s::int[]) AS n(id, walk_id, place)"
        " WHERE t.id = n.id",
        ids=array(places), walks=array(walk for walk, _ in places.values()),
        places=array(place for _, place in places.values()),
    )  # fmt: skip


def take_off_walks(tx: Tx, task_ids: Iterable[str]) -> None:
    """Make open tasks nobody's again; what is picked of one stays a task of the walk. Their orders are locked."""
    asked = set(task_ids)
    tasks = [task for task in tasks_by_id(tx, asked).values() if task.state == "open"] if asked else []
    begun = [task for task in tasks if task.picked]
    rests = [task.rest(id_) for task, id_ in zip(begun, new_ids(len(begun)), strict=True)]
    free = [task for task in tasks if task.state == "open"]
    for task in (*free, *rests):
        task.batch_id, task.tote = None, ""
    save_tasks(tx, [*begun, *free])
    insert_rests(tx, rests)
    if free:
        tx.write(
            "UPDATE pick_task SET batch_id = NULL WHERE id = ANY(%(ids)s::uuid[])", ids=array(task.id for task in free)
        )


def give_totes(tx: Tx, tote_of: Mapping[str, str]) -> None:
    """Say which tote the units of open tasks (by id) go into."""
    if not tote_of:
        return
    tx.write(
        "UPDATE pick_task t SET tote = n.tote FROM unnest(%(ids)s::uuid[], %(totes)s::text[]) AS n(id, tote)"
        " WHERE t.id = n.id",
        ids=array(tote_of), totes=array(tote_of.values()),
    )  # fmt: skip


def claim_walks(tx: Tx, taken: Mapping[str, tuple[str, str]]) -> None:
    """Planned walks, their rows locked, are walked from now on: (picker, cart) by id."""
    if not taken:
        return
    tx.write(
        "UPDATE pick_batch b SET state = 'walking', picker = n.picker, cart = n.cart, claimed_at = %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(pickers)s::text[], %(carts)s::text[]) AS n(id, picker, cart)"
        " WHERE b.id = n.id AND b.state = 'planned'",
        now=tx.now, ids=array(taken), pickers=array(picker for picker, _ in taken.values()),
        carts=array(cart for _, cart in taken.values()),
    )  # fmt: skip


def lock_walks(tx: Tx, ids: Iterable[str]) -> dict[str, Any]:
    """Rows (id, number, site, strategy, zone, state, picker, cart, stands) of walks by id, locked in that order."""
    rows = tx.rows(
        "SELECT id::text, number, site, strategy, zone, state, picker, cart FROM pick_batch"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted({id_ for id_ in ids if is_id(id_)})),
    )
    return {row.id: row for row in rows}


def tasks_on(tx: Tx, walk_ids: Iterable[str]) -> list[Any]:
    """Rows of the pick tasks on walks, in the order of the way; weight_g, volume_mm3: of one unit, 0 if unknown."""
    return tx.rows(
        """
        SELECT t.batch_id::text, t.id::text, t.fulfilment_id::text, f.order_id::text, o.number AS "order",
               t.demand_id::text, t.tote, t.state, t.quantity, t.picked, g.weight_g,
               g.length_mm::bigint * g.width_mm * g.height_mm AS volume_mm3
        FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id
        JOIN product g ON g.sku = t.sku
        WHERE t.batch_id = ANY(%(ids)s::uuid[]) ORDER BY t.batch_id, t.walk, t.id
        """,
        ids=array(sorted({id_ for id_ in walk_ids if is_id(id_)})),
    )


def end_walks(tx: Tx, endings: Sequence[Ending]) -> None:
    """End walks under way, their rows and orders locked. Totes stand where they were left; empty ones are free."""
    if not endings:
        return
    take_off_walks(tx, [id_ for each in endings for id_ in each.tasks_left])
    tx.write(
        "UPDATE pick_batch b SET state = 'done', ended_at = %(now)s, end_reason = n.reason"
        " FROM unnest(%(ids)s::uuid[], %(reasons)s::text[]) AS n(id, reason) WHERE b.id = n.id",
        now=tx.now, ids=array(each.walk_id for each in endings), reasons=array(each.reason for each in endings),
    )  # fmt: skip
    leave_totes_at(tx, {each.walk_id: each.stands_at for each in endings})
    free_totes_at(tx, {(row.site, row.code) for row in totes_of_walks(tx, [each.walk_id for each in endings])})
    for each in endings:
        fact = WalkEnded(left=list(each.tasks_left), stands_at=each.stands_at)
        tx.record("walk", each.walk_id, fact, actor=each.actor)


def drop_walks(tx: Tx, endings: Sequence[Ending]) -> None:
    """Give up planned walks, their rows and their orders' locked."""
    if not endings:
        return
    take_off_walks(tx, [id_ for each in endings for id_ in each.tasks_left])
    tx.write(
        "UPDATE pick_batch SET state = 'dropped', ended_at = %(now)s WHERE id = ANY(%(ids)s::uuid[])",
        now=tx.now, ids=array(each.walk_id for each in endings),
    )  # fmt: skip
    for each in endings:
        tx.record("walk", each.walk_id, WalkDropped(left=list(each.tasks_left)), actor=each.actor)


def leave_walks(tx: Tx, cancelled: Sequence[PickTask]) -> None:
    """After tasks were shortened or cancelled: walks with nothing left end, and totes nobody waits for are free.

    A walk on which something was picked goes on: its picker still has to bring that.
    """
    walks = {task.batch_id for task in cancelled if task.batch_id and task.state != "open"}
    if not walks:
        return
    locked = lock_walks(tx, walks)
    rows = tx.rows(
        "SELECT batch_id::text AS id FROM pick_task WHERE batch_id = ANY(%(ids)s::uuid[])"
        " GROUP BY batch_id HAVING NOT bool_or(state = 'open' OR picked > taken_back) ORDER BY batch_id",
        ids=array(sorted(locked)),
    )
    over = [Ending(row.id, "worker", ()) for row in rows]
    drop_walks(tx, [each for each in over if locked[each.walk_id].state == "planned"])
    end_walks(tx, [each for each in over if locked[each.walk_id].state == "walking"])
    free_totes(tx, {(task.fulfilment_id, task.tote) for task in cancelled if task.state != "open"})
