"""The floor's own SQL. Rows of pick tasks are guarded by their order's row, which every deed locks first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from orderwright.business.warehouse.rules import Day
from orderwright.database.rows import array
from orderwright.database.tx import Tx

TASK_COLUMNS = (
    "t.id::text, t.fulfilment_id::text, t.demand_id::text, t.sku, t.lot, t.place_id, t.quantity, t.picked,"
    " t.packed, t.taken_back, t.state, t.walk"
)


class PickTask:
    """A pick task while a deed works on it; `tables.save_tasks` writes it back."""

    __slots__ = (
        "demand_id", "fulfilment_id", "id", "lot", "packed", "picked", "picker", "place_id", "quantity",
        "sku", "state", "taken_back",
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
        self.picker: str | None = None

    @property
    def left(self) -> int:
        """Units still to be picked."""
        return self.quantity - self.picked if self.state == "open" else 0

    @property
    def in_tote(self) -> int:
        """Units picked and neither packed nor taken back."""
        return self.picked - self.packed - self.taken_back


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


def insert_tasks(tx: Tx, new: Sequence[NewTask]) -> None:
    """Write open pick tasks."""
    tx.copy(
        "pick_task",
        "id, fulfilment_id, demand_id, sku, lot, place_id, quantity, walk, state, made_at",
        [(*each, "open", tx.now) for each in new],
    )


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
               state = n.state, picker = coalesce(n.picker, t.picker),
               ended_at = CASE n.state WHEN 'open' THEN NULL ELSE coalesce(t.ended_at, %(now)s) END
        FROM unnest(%(ids)s::uuid[], %(quantities)s::bigint[], %(picked)s::bigint[], %(packed)s::bigint[],
                    %(taken_back)s::bigint[], %(states)s::text[], %(pickers)s::text[])
             AS n(id, quantity, picked, packed, taken_back, state, picker)
        WHERE t.id = n.id
        """,
        now=tx.now, ids=array(id_ for id_, _ in changed), quantities=array(task.quantity for _, task in changed),
        picked=array(task.picked for _, task in changed), packed=array(task.packed for _, task in changed),
        taken_back=array(task.taken_back for _, task in changed), states=array(task.state for _, task in changed),
        pickers=array(task.picker for _, task in changed),
    )  # fmt: skip


def expiries(tx: Tx, lots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], date]:
    """When lots expire, by (sku, lot); only those that do."""
    asked = sorted({(sku, lot) for sku, lot in lots if lot})
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT sku, lot, l.expires_on FROM unnest(%(skus)s::text[], %(lots)s::text[]) AS asked(sku, lot)"
        " JOIN lot l USING (sku, lot) WHERE l.expires_on IS NOT NULL",
        skus=array(sku for sku, _ in asked), lots=array(lot for _, lot in asked),
    )  # fmt: skip
    return {(row.sku, row.lot): row.expires_on for row in rows}


def site_days(tx: Tx, sites: Iterable[str]) -> dict[str, date]:
    """Today's date at each site."""
    rows = tx.rows(
        "SELECT code, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day FROM site"
        " WHERE code = ANY(%(sites)s::text[])",
        now=tx.now, sites=array(sorted(set(sites))),
    )  # fmt: skip
    return {row.code: row.day for row in rows}


def lock_days(tx: Tx, sites: Iterable[str]) -> dict[str, Day]:
    """Today at each site, its row locked in order of the sites: releases of one site follow one another."""
    rows = tx.rows(
        """
        WITH asked AS (
            SELECT code, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day, daily_capacity, daily_units
            FROM site WHERE code = ANY(%(sites)s::text[])
        ), locked AS (
            INSERT INTO release_day AS r (site, day, orders, units)
            SELECT code, day, 0, 0 FROM asked ORDER BY code
            ON CONFLICT (site, day) DO UPDATE SET orders = r.orders
            RETURNING r.site, r.orders, r.units
        )
        SELECT site, day, daily_capacity, daily_units, orders, units FROM locked JOIN asked ON code = site
        """,
        now=tx.now, sites=array(sorted(set(sites))),
    )  # fmt: skip
    return {row.site: Day(row.day, row.daily_capacity, row.daily_units, row.orders, row.units) for row in rows}


def add_to_days(tx: Tx, released: Mapping[tuple[str, date], tuple[int, int]]) -> None:
    """Count (orders, units) let out, by (site, day); the rows are locked."""
    keys = sorted(released)
    if not keys:
        return
    tx.write(
        """
        UPDATE release_day r SET orders = r.orders + n.orders, units = r.units + n.units
        FROM unnest(%(sites)s::text[], %(days)s::date[], %(orders)s::bigint[], %(units)s::bigint[])
             AS n(site, day, orders, units)
        WHERE r.site = n.site AND r.day = n.day
        """,
        sites=array(site for site, _ in keys), days=array(str(day) for _, day in keys),
        orders=array(released[key][0] for key in keys), units=array(released[key][1] for key in keys),
    )  # fmt: skip


def stops_of(tx: Tx, place_ids: Iterable[int]) -> dict[int, Any]:
    """Rows (id, zone, aisle, bay, level, code) of places by id."""
    rows = tx.rows(
        "SELECT id, zone, aisle, bay, level, code FROM place WHERE id = ANY(%(ids)s::bigint[])",
        ids=array(sorted(set(place_ids))),
    )
    return {row.id: row for row in rows}


def place_ids(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Place id by (site, code), those that exist."""
    asked = sorted(set(keys))
    rows = tx.rows(
        "SELECT p.id, site, code FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS asked(site, code)"
        " JOIN place p USING (site, code)",
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    return {(row.site, row.code): row.id for row in rows}
