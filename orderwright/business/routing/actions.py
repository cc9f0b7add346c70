"""Writing what routing decided: fulfilments, allocations, the sites' load."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from orderwright.business.routing.planning import Lane
from orderwright.business.routing.rules import Progress, fulfilment_state
from orderwright.database.rows import array, text_field
from orderwright.database.tx import Tx


class NewFulfilment(NamedTuple):
    """Planned work at one site: `units` are (demand id, stocked units)."""

    id: str
    order_id: str
    lane: Lane
    service: str
    cost_minor: int
    units: list[tuple[str, int]]


def plan_fulfilments(tx: Tx, planned: Sequence[NewFulfilment]) -> None:
    """Write fulfilments with their allocations, and count them into their sites' days."""
    load: dict[tuple[str, date], tuple[int, int]] = {}
    for each in planned:
        key = (each.lane.site, each.lane.ship_day)
        orders, units = load.get(key, (0, 0))
        load[key] = (orders + 1, units + sum(quantity for _, quantity in each.units))
    # Written by hand: these rows are in the path of every order.
    now = str(tx.now)
    tx.copy_text(
        "fulfilment",
        "id, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, made_at",
        "".join([
            f"{each.id}\t{each.order_id}\t{text_field(each.lane.site)}\tplanned\t{text_field(each.service)}"
            f"\t{_written(each.lane.ship_by)}\t{_written(each.lane.ship_day)}\t{_written(each.lane.deliver_by)}"
            f"\t{each.cost_minor}\t{now}\n"
            for each in planned
        ]),
    )  # fmt: skip
    tx.copy_text(
        "allocation",
        "fulfilment_id, demand_id, allocated",
        "".join([f"{each.id}\t{id_}\t{quantity}\n" for each in planned for id_, quantity in each.units]),
    )
    add_load(tx, load)


@lru_cache(maxsize=4_096)
def _written(at: date) -> str:
    # Orders share the few times and days there are.
    return str(at)


_ADVANCE = """
    UPDATE allocation a SET allocated = a.allocated + d.allocated, picked = a.picked + d.picked,
           packed = a.packed + d.packed, shipped = a.shipped + d.shipped
    FROM unnest(%(fulfilments)s::uuid[], %(demands)s::uuid[], %(allocated)s::bigint[], %(picked)s::bigint[],
                %(packed)s::bigint[], %(shipped)s::bigint[])
         AS d(fulfilment_id, demand_id, allocated, picked, packed, shipped)
    WHERE a.fulfilment_id = d.fulfilment_id AND a.demand_id = d.demand_id
"""


def _advanced(deltas: Mapping[tuple[str, str], Progress]) -> dict[str, str]:
    changed = sorted((key, delta) for key, delta in deltas.items() if any(delta))
    return {
        "fulfilments": array(key[0] for key, _ in changed), "demands": array(key[1] for key, _ in changed),
        "allocated": array(delta.allocated for _, delta in changed),
        "picked": array(delta.picked for _, delta in changed), "packed": array(delta.packed for _, delta in changed),
        "shipped": array(delta.shipped for _, delta in changed),
    }  # fmt: skip


def advance_allocations(tx: Tx, deltas: Mapping[tuple[str, str], Progress]) -> None:
    """Add deltas to allocations by (fulfilment id, demand id). The fulfilments' rows are locked by the caller."""
    if any(any(delta) for delta in deltas.values()):
        tx.write(_ADVANCE, **_advanced(deltas))


def refresh_fulfilments(
    tx: Tx, fulfilment_ids: Iterable[str], advanced: Mapping[tuple[str, str], Progress] | None = None
) -> dict[str, str]:
    """Recompute the state of fulfilments from their allocations; the new state by id.

    One that lost all its units is cancelled and leaves its site's day. advanced: deltas to be added to allocations of
    these fulfilments in the same statement, which costs one less than `advance_allocations` before it.
    """
    ids = array(sorted(set(fulfilment_ids)))
    deltas = advanced or {}
    # What is read together with what is written is as it was before.
    rows = tx.rows(
        (f"WITH advanced AS ({_ADVANCE}) " if deltas else "") + """
        SELECT f.id::text, f.state, f.site, f.ship_day, f.released_at IS NOT NULL AS is_released,
               coalesce(sum(a.allocated), 0)::bigint AS allocated, coalesce(sum(a.picked), 0)::bigint AS picked,
               coalesce(sum(a.packed), 0)::bigint AS packed, coalesce(sum(a.shipped), 0)::bigint AS shipped
        FROM fulfilment f LEFT JOIN allocation a ON a.fulfilment_id = f.id
        WHERE f.id = ANY(%(ids)s::uuid[]) GROUP BY f.id
        """,
        ids=ids, **(_advanced(deltas) if deltas else {}),
    )  # fmt: skip
    added = _by_fulfilment(deltas)
    states: dict[str, str] = {}
    load: dict[tuple[str, date], tuple[int, int]] = {}
    for row in rows:
        more = added.get(row.id, Progress(0, 0, 0, 0))
        progress = Progress(
            row.allocated + more.allocated, row.picked + more.picked, row.packed + more.packed,
            row.shipped + more.shipped,
        )  # fmt: skip
        states[row.id] = fulfilment_state(progress, is_released=row.is_released)
        if states[row.id] == "cancelled" and row.state != "cancelled":
            orders, _ = load.get((row.site, row.ship_day), (0, 0))
            load[row.site, row.ship_day] = (orders - 1, 0)
    changed = [row.id for row in rows if states[row.id] != row.state]
    if changed:
        tx.write(
            "UPDATE fulfilment f SET state = n.state, version = f.version + 1"
            " FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS n(id, state) WHERE f.id = n.id",
            ids=array(changed), states=array(states[id_] for id_ in changed),
        )  # fmt: skip
    add_load(tx, load)
    return states


def _by_fulfilment(deltas: Mapping[tuple[str, str], Progress]) -> dict[str, Progress]:
    added: dict[str, Progress] = {}
    for (id_, _), delta in deltas.items():
        so_far = added.get(id_, Progress(0, 0, 0, 0))
        added[id_] = Progress(*[a + b for a, b in zip(so_far, delta, strict=True)])
    return added


def join_fulfilments(tx: Tx, units: Mapping[tuple[str, str], int], costs: Mapping[str, int]) -> None:
    """Add units to planned fulfilments, by (fulfilment id, demand id), and count them into their sites' days.

    costs: what their parcels will cost, by fulfilment. The orders' rows are locked by the caller.
    """
    tx.write(
        "INSERT INTO allocation AS a (fulfilment_id, demand_id, allocated)"
        " SELECT * FROM unnest(%(fulfilments)s::uuid[], %(demands)s::uuid[], %(units)s::bigint[])"
        " ON CONFLICT (fulfilment_id, demand_id) DO UPDATE SET allocated = a.allocated + excluded.allocated",
        fulfilments=array(key[0] for key in units), demands=array(key[1] for key in units),
        units=array(units.values()),
    )  # fmt: skip
    tx.write(
        "UPDATE fulfilment f SET cost_minor = n.cost, version = version + 1"
        " FROM unnest(%(ids)s::uuid[], %(costs)s::bigint[]) AS n(id, cost) WHERE f.id = n.id",
        ids=array(costs), costs=array(costs.values()),
    )  # fmt: skip
    joined = sorted({fulfilment_id for fulfilment_id, _ in units})
    load: dict[tuple[str, date], tuple[int, int]] = {}
    for row in tx.rows(
        "SELECT id::text, site, ship_day FROM fulfilment WHERE id = ANY(%(ids)s::uuid[])", ids=array(joined)
    ):
        orders, so_far = load.get((row.site, row.ship_day), (0, 0))
        count = sum(each for (fulfilment_id, _), each in units.items() if fulfilment_id == row.id)
        load[row.site, row.ship_day] = (orders, so_far + count)
    add_load(tx, load)


def drop_units(tx: Tx, dropped: Mapping[tuple[str, str], int]) -> None:
    """Take still allocated units out of fulfilments, by (fulfilment id, demand id), and out of their sites' days."""
    _drop(tx, {key: Progress(-units, 0, 0, 0) for key, units in dropped.items()})


def drop_picked(tx: Tx, dropped: Mapping[tuple[str, str], int]) -> None:
    """Take picked units out of fulfilments, by (fulfilment id, demand id), and out of their sites' days."""
    _drop(tx, {key: Progress(0, -units, 0, 0) for key, units in dropped.items()})


def _drop(tx: Tx, deltas: Mapping[tuple[str, str], Progress]) -> None:
    advance_allocations(tx, deltas)
    rows = tx.rows(
        "SELECT id::text, site, ship_day FROM fulfilment WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({fulfilment_id for fulfilment_id, _ in deltas})),
    )
    days = {row.id: (row.site, row.ship_day) for row in rows}
    load: dict[tuple[str, date], tuple[int, int]] = {}
    for (fulfilment_id, _), delta in deltas.items():
        orders, so_far = load.get(days[fulfilment_id], (0, 0))
        load[days[fulfilment_id]] = (orders, so_far + sum(delta))
    add_load(tx, load)
    refresh_fulfilments(tx, days)


def lock_fulfilments(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Any]:
    """Lock fulfilments in id order, their orders being locked; rows (id, order_id, site, state, ...) by id.

    `is_apart_held`: a hold stops this fulfilment alone.
    """
    rows = tx.rows(
        """
        SELECT f.id::text, f.order_id::text, f.site, f.state, f.service, f.ship_by, f.deliver_by, f.released_at,
               EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL) AS is_apart_held
        FROM fulfilment f WHERE f.id = ANY(%(ids)s::uuid[]) ORDER BY f.id FOR UPDATE OF f
        """,
        ids=array(sorted(set(fulfilment_ids))),
    )
    return {row.id: row for row in rows}


def mark_released(tx: Tx, fulfilment_ids: Iterable[str]) -> None:
    """Planned fulfilments are on their sites' floors from now on. Their rows are locked by the caller."""
    tx.write(
        "UPDATE fulfilment SET state = 'released', released_at = %(now)s, version = version + 1"
        " WHERE id = ANY(%(ids)s::uuid[]) AND state = 'planned'",
        now=tx.now, ids=array(sorted(set(fulfilment_ids))),
    )  # fmt: skip


def mark_planned(tx: Tx, fulfilment_ids: Iterable[str]) -> None:
    """Released fulfilments are off the floor, and planned again. Their rows are locked by the caller."""
    tx.write(
        "UPDATE fulfilment SET state = 'planned', released_at = NULL, version = version + 1"
        " WHERE id = ANY(%(ids)s::uuid[]) AND state = 'released'",
        ids=array(sorted(set(fulfilment_ids))),
    )  # fmt: skip


class Split(NamedTuple):
    """Planned units (by demand id) that leave a fulfilment for a new one, `target`."""

    source: str
    target: str
    units: Mapping[str, int]


def split_off(tx: Tx, splits: Sequence[Split]) -> None:
    """Move planned units out of fulfilments into new ones of the same site and promise.

    The orders' rows are locked by the caller and the fulfilments hold that many. One left empty is cancelled.
    """
    if not splits:
        return
    made = tx.rows(
        "INSERT INTO fulfilment"
        " (id, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, made_at)"
        " SELECT n.target, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, %(now)s"
        " FROM unnest(%(targets)s::uuid[], %(sources)s::uuid[]) AS n(target, source)"
        " JOIN fulfilment f ON f.id = n.source RETURNING site, ship_day",
        targets=array(each.target for each in splits), sources=array(each.source for each in splits), now=tx.now,
    )  # fmt: skip
    tx.copy(
        "allocation", "fulfilment_id, demand_id, allocated",
        [(each.target, id_, count) for each in splits for id_, count in each.units.items()],
    )  # fmt: skip
    left: dict[tuple[str, str], int] = {}
    for each in splits:
        for id_, count in each.units.items():
            left[each.source, id_] = left.get((each.source, id_), 0) - count
    advance_allocations(tx, {key: Progress(count, 0, 0, 0) for key, count in left.items()})
    days = Counter((row.site, row.ship_day) for row in made)
    add_load(tx, {day: (count, 0) for day, count in days.items()})
    refresh_fulfilments(tx, sorted({each.source for each in splits}))


def add_load(tx: Tx, deltas: Mapping[tuple[str, date], tuple[int, int]]) -> None:
    """Add (orders, units), which may be negative, to the days of sites.

    Each connection counts in a bucket of its own, so that two of them never wait for each other here.
    """
    changed = sorted((key, delta) for key, delta in deltas.items() if delta != (0, 0))
    if not changed:
        return
    tx.write(
        """
        INSERT INTO site_load AS load (site, day, bucket, orders, units)
        SELECT site, day, pg_backend_pid() %% 64, orders, units
        FROM unnest(%(sites)s::text[], %(days)s::date[], %(orders)s::bigint[], %(units)s::bigint[])
             AS added(site, day, orders, units)
        ON CONFLICT (site, day, bucket)
        DO UPDATE SET orders = load.orders + excluded.orders, units = load.units + excluded.units
        """,
        sites=array(site for (site, _), _ in changed), days=array(str(day) for (_, day), _ in changed),
        orders=array(orders for _, (orders, _) in changed), units=array(units for _, (_, units) in changed),
    )  # fmt: skip


def next_decision_numbers(tx: Tx, order_ids: Sequence[str]) -> dict[str, int]:
    """The number each order's next decision gets. The orders' rows are locked by the caller."""
    rows = tx.rows(
        "SELECT order_id::text, max(seq) AS last FROM decision WHERE order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id",
        ids=array(order_ids),
    )
    last = {row.order_id: row.last for row in rows}
    return {order_id: last.get(order_id, 0) + 1 for order_id in order_ids}
