"""Pick tasks: rows that are guarded by their order's row, which every deed locks first."""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx

TASK_COLUMNS = (
    "t.id::text, t.fulfilment_id::text, t.demand_id::text, t.sku, t.lot, t.place_id, t.quantity, t.picked,"
    " t.packed, t.taken_back, t.state, t.walk, t.batch_id::text, t.tote"
)


class PickTask:
    """A pick task while a deed works on it; `tables.save_tasks` writes it back."""

    __slots__ = (
        "batch_id", "demand_id", "fulfilment_id", "id", "lot", "packed", "picked", "picker", "place_id", "quantity",
        "sku", "state", "taken_back", "tote", "walk",
    )  # fmt: skip

    def __init__(self, row: Any) -> None:
        self.id: str = row.id
        self.fulfilment_id: str = row.fulfilment_id
        self.demand_id: str = row.demand_id
        self.sku: str = row.sku
        self.lot: str = row.lot
        self.place_id: int = row.place_id
        self.quantity: int = row.quantity
        self.picked: int = row.picked
        self.packed: int = row.packed
        self.taken_back: int = row.taken_back
        self.state: str = row.state
        self.walk: int = row.walk
        self.batch_id: str | None = row.batch_id
        self.tote: str = row.tote
        self.picker: str | None = None

    @property
    def left(self) -> int:
        """Units still to be picked."""
        return self.quantity - self.picked if self.state == "open" else 0

    @property
    def in_tote(self) -> int:
        """Units picked and neither packed nor taken back."""
        return self.picked - self.packed - self.taken_back

    def rest(self, id_: str) -> "PickTask":
        """End an open task with what is picked of it; what is left becomes a task of its own, to be inserted."""
        rest = copy(self)
        rest.id, rest.tote = id_, ""
        rest.quantity, rest.picked, rest.packed, rest.taken_back = self.quantity - self.picked, 0, 0, 0
        self.quantity, self.state = self.picked, "done"
        return rest

    def split_off(self, id_: str, units: int) -> "PickTask":
        """Fewer units than are left of an open task, as a task of their own."""
        part = copy(self)
        part.id, part.quantity = id_, units
        part.picked = part.packed = part.taken_back = 0
        self.quantity -= units
        return part

    def part(self, id_: str, units: int) -> "PickTask":
        """Some picked units of an ended task, neither packed nor taken back, as a task of their own."""
        part = copy(self)
        part.id, part.state = id_, "done"
        part.quantity = part.picked = units
        part.packed = part.taken_back = 0
        self.quantity -= units
        self.picked -= units
        return part


class NewTask(NamedTuple):
    """A pick task to be written."""

    id: str
    fulfilment_id: str
    demand_id: str
    sku: str
    lot: str
    place_id: int
    quantity: int
    walk: int
    batch_id: str | None = None
    tote: str = ""


def insert_tasks(tx: Tx, new: Sequence[NewTask]) -> None:
    """Write open pick tasks."""
    tx.copy(
        "pick_task",
        "id, fulfilment_id, demand_id, sku, lot, place_id, quantity, walk, batch_id, tote, state, made_at",
        [(*each, "open", tx.now) for each in new],
    )


def insert_rests(tx: Tx, rests: Sequence[PickTask]) -> None:
    """Write tasks that were split off others (see `PickTask.rest`), as they stand now."""
    tx.copy(
        "pick_task",
        "id, fulfilment_id, demand_id, sku, lot, place_id, quantity, picked, packed, taken_back, batch_id, walk,"
        " tote, state, made_at, ended_at, picker",
        [
            (each.id, each.fulfilment_id, each.demand_id, each.sku, each.lot, each.place_id, each.quantity,
             each.picked, each.packed, each.taken_back, each.batch_id, each.walk, each.tote, each.state, tx.now,
             None if each.state == "open" else tx.now, each.picker)
            for each in rests
        ],
    )  # fmt: skip


def tasks_by_id(tx: Tx, ids: Iterable[str]) -> dict[str, PickTask]:
    """Pick tasks by id; unknown ones are left out."""
    rows = tx.rows(
        f"SELECT {TASK_COLUMNS} FROM pick_task t WHERE t.id = ANY(%(ids)s::uuid[])", ids=array(sorted(set(ids)))
    )
    return {row.id: PickTask(row) for row in rows}


def fulfilments_of_tasks(tx: Tx, ids: Iterable[str]) -> set[str]:
    """The fulfilments these pick tasks belong to, read without a lock: a task never changes hands."""
    rows = tx.rows(
        "SELECT DISTINCT fulfilment_id::text AS id FROM pick_task WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(ids))),
    )
    return {row.id for row in rows}


def tasks_of(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[tuple[str, str], list[PickTask]]:
    """Pick tasks by (fulfilment, demand), each list in walking order."""
    rows = tx.rows(
        f"SELECT {TASK_COLUMNS} FROM pick_task t WHERE t.fulfilment_id = ANY(%(ids)s::uuid[])"
        " ORDER BY t.fulfilment_id, t.walk",
        ids=array(sorted(set(fulfilment_ids))),
    )
    found: dict[tuple[str, str], list[PickTask]] = {}
    for row in rows:
        found.setdefault((row.fulfilment_id, row.demand_id), []).append(PickTask(row))
    return found


def save_tasks(tx: Tx, tasks: Iterable[PickTask]) -> None:
    """Write tasks back; one that is no longer open ends now, unless it ended before."""
    changed = sorted({task.id: task for task in tasks}.items())
    if not changed:
        return
    tx.write(
        """
        UPDATE pick_task t SET quantity = n.quantity, picked = n.picked, packed = n.packed, taken_back = n.taken_back,
               state = n.state, tote = n.tote, picker = coalesce(n.picker, t.picker),
               ended_at = CASE n.state WHEN 'open' THEN NULL ELSE coalesce(t.ended_at, %(now)s) END
        FROM unnest(%(ids)s::uuid[], %(quantities)s::bigint[], %(picked)s::bigint[], %(packed)s::bigint[],
                    %(taken_back)s::bigint[], %(states)s::text[], %(totes)s::text[], %(pickers)s::text[])
             AS n(id, quantity, picked, packed, taken_back, state, tote, picker)
        WHERE t.id = n.id
        """,
        now=tx.now, ids=array(id_ for id_, _ in changed), quantities=array(task.quantity for _, task in changed),
        picked=array(task.picked for _, task in changed), packed=array(task.packed for _, task in changed),
        taken_back=array(task.taken_back for _, task in changed), states=array(task.state for _, task in changed),
        totes=array(task.tote for _, task in changed), pickers=array(task.picker for _, task in changed),
    )  # fmt: skip
