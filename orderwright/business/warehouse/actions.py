"""Pick tasks and put-backs as the deeds change them. The orders' rows are locked by the caller."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from orderwright.business.routing.actions import drop_picked
from orderwright.business.stock.actions import Move, give_back, move_units, uncommit_bins
from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.pick_order import in_walking_order
from orderwright.business.warehouse.pick_tasks import (
    TASK_COLUMNS,
    NewTask,
    PickTask,
    insert_tasks,
    save_tasks,
    tasks_of,
)
from orderwright.business.warehouse.places import place_ids, stops_of
from orderwright.business.warehouse.serials import Part, bench_units, pack_units, unpack_units
from orderwright.business.warehouse.totes import free_totes
from orderwright.business.warehouse.walks import leave_walks
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

Key = tuple[str, str]
"""(fulfilment id, demand id)."""


class ToPick(NamedTuple):
    """Units of one lot to pick from one bin, for one demand of a fulfilment."""

    fulfilment_id: str
    demand_id: str
    sku: str
    lot: str
    place_id: int
    quantity: int


class NewPutBack(NamedTuple):
    """Picked units of a demand that lie on the returns bench and are to go into a bin again."""

    order_id: str
    demand_id: str
    site: str
    sku: str
    lot: str
    quantity: int
    tote: str = ""


def make_pick_lists(tx: Tx, picks: Sequence[ToPick]) -> dict[str, int]:
    """Write the pick tasks of fulfilments, each list in walking order; tasks by fulfilment."""
    stops = stops_of(tx, [each.place_id for each in picks])
    floors = floors_of(tx, [row.site for row in stops.values()])
    lists: dict[str, list[ToPick]] = {}
    for each in picks:
        lists.setdefault(each.fulfilment_id, []).append(each)
    ids = iter(new_ids(len(picks)))
    new = []
    for _, mine in sorted(lists.items()):
        rows = [stops[each.place_id] for each in mine]
        order = in_walking_order(floors[rows[0].site], rows)
        new += [NewTask(next(ids), *mine[index], walk=n + 1) for n, index in enumerate(order)]
    insert_tasks(tx, new)
    return {fulfilment_id: len(mine) for fulfilment_id, mine in lists.items()}


def cancel_picks(tx: Tx, units: Mapping[Key, int]) -> None:
    """Take units that will not be picked off the open pick tasks of (fulfilment, demand), last on the walk first.

    Their bins let go of them. Raises ValueError when that many are not left to pick: callers know how many are.
    """
    tasks = tasks_of(tx, [fulfilment_id for fulfilment_id, _ in units])
    changed: list[PickTask] = []
    freed: dict[tuple[str, int, str], int] = {}
    for key, wanted in sorted(units.items()):
        left = _shorten(reversed(tasks.get(key, [])), wanted, changed, freed)
        if left:
            raise ValueError(f"{left} of {wanted} units of {key} are on no open pick task")
    save_tasks(tx, changed)
    leave_walks(tx, changed)
    uncommit_bins(tx, freed)


def cancel_picks_at(tx: Tx, units: Mapping[tuple[str, int, str], int]) -> dict[Key, int]:
    """Take units off the open pick tasks at (sku, place, lot), newest first, and let the bins go of them.

    For books that are set right: returns how many units of each (fulfilment, demand) are now on no pick task,
    to be routed again. The orders of all open tasks there must be locked.
    """
    rows = tx.rows(
        f"SELECT {TASK_COLUMNS} FROM pick_task t"
        " WHERE t.place_id = ANY(%(places)s::bigint[]) AND t.state = 'open' ORDER BY t.id DESC",
        places=array(sorted({place_id for _, place_id, _ in units})),
    )
    tasks: dict[tuple[str, int, str], list[PickTask]] = {}
    for row in rows:
        tasks.setdefault((row.sku, row.place_id, row.lot), []).append(PickTask(row))
    changed: list[PickTask] = []
    freed: dict[tuple[str, int, str], int] = {}
    taken: dict[Key, int] = {}
    for bin_, wanted in sorted(units.items()):
        for task in tasks.get(bin_, []):
            part = min(wanted, task.left)
            wanted -= part
            _shorten([task], part, changed, freed)
            if part:
                key = (task.fulfilment_id, task.demand_id)
                taken[key] = taken.get(key, 0) + part
    save_tasks(tx, changed)
    leave_walks(tx, changed)
    uncommit_bins(tx, freed)
    return taken


def _shorten(
    tasks: Iterable[PickTask], units: int, changed: list[PickTask], freed: dict[tuple[str, int, str], int]
) -> int:
    for task in tasks:
        part = min(units, task.left)
        if part <= 0:
            continue
        units -= part
        if task.quantity > part:
            task.quantity -= part
            task.state = "done" if task.quantity == task.picked else "open"
        else:
            task.state = "cancelled"
        changed.append(task)
        bin_ = (task.sku, task.place_id, task.lot)
        freed[bin_] = freed.get(bin_, 0) + part
    return units


def take_out_of_picked(tx: Tx, units: Mapping[Key, int], *, actor: str) -> None:
    """Take picked units of (fulfilment, demand) off their fulfilments: onto the returns bench, to be put back.

    They stay in their totes, which are in use until the units are in a bin.
    Moves stock (no longer on hand), allocations and what is allocated; the demands are moved by the caller.
    """
    tasks = tasks_of(tx, [fulfilment_id for fulfilment_id, _ in units])
    homes = _homes(tx, units)
    places = place_ids(tx, [(site, code) for site, _ in homes.values() for code in ("PACKING", "RETURNS")])
    moves: list[Move] = []
    wanted: list[NewPutBack] = []
    named: list[Part] = []
    freed: dict[tuple[str, str], int] = {}
    changed: list[PickTask] = []
    for key, count in sorted(units.items()):
        site, order_id = homes[key[0]]
        for task, part in _from_tote(tasks.get(key, []), count):
            task.taken_back += part
            changed.append(task)
            freed[task.sku, site] = freed.get((task.sku, site), 0) + part
            moves.append(
                Move(task.sku, task.lot, places[site, "PACKING"], places[site, "RETURNS"], part, "put_back",
                     f"pick:{task.id}", task.taken_back, actor)
            )  # fmt: skip
            named.append(Part(task.id, str(places[site, "RETURNS"]), part))
            wanted.append(NewPutBack(order_id, task.demand_id, site, task.sku, task.lot, part, task.tote))
    save_tasks(tx, changed)
    drop_picked(tx, units)
    give_back(tx, freed)
    move_units(tx, moves)
    bench_units(tx, named)
    want_put_backs(tx, wanted)


def want_put_backs(tx: Tx, new: Sequence[NewPutBack]) -> None:
    """Ask for units on a site's returns bench to be put into a bin."""
    tx.copy(
        "put_back",
        "id, order_id, demand_id, site, sku, lot, quantity, tote, made_at",
        [(id_, *each, tx.now) for id_, each in zip(new_ids(len(new)), new, strict=True)],
    )


def take_for_parcels(
    tx: Tx, wants: Sequence[tuple[Key, int]], parcel_ids: Sequence[str]
) -> list[list[tuple[str, int]]]:
    """Take picked units out of the totes, for parcels; (lot, units) for each want, in the order of the walk.

    parcel_ids: of each want. Units named by serial go along. A tote that is empty now is free for others.
    Raises ValueError when that many are not in the tote: callers know how many are.
    """
    tasks = tasks_of(tx, [fulfilment_id for (fulfilment_id, _), _ in wants])
    changed: list[PickTask] = []
    named: list[Part] = []
    lots: list[list[tuple[str, int]]] = []
    for (key, count), parcel_id in zip(wants, parcel_ids, strict=True):
        mine: dict[str, int] = {}
        for task, part in _from_tote(tasks.get(key, []), count):
            task.packed += part
            named.append(Part(task.id, parcel_id, part))
            mine[task.lot] = mine.get(task.lot, 0) + part
            changed.append(task)
        lots.append(list(mine.items()))
    save_tasks(tx, changed)
    free_totes(tx, {(task.fulfilment_id, task.tote) for task in changed})
    pack_units(tx, named)
    return lots


def give_to_tote(tx: Tx, units: Mapping[tuple[str, str, str, str], int]) -> None:
    """Put units of (fulfilment, demand, lot) out of a parcel: back into a tote with others of theirs, or the bench.

    The key's last part is the parcel: its units named by serial go along.
    """
    tasks = tasks_of(tx, [fulfilment_id for fulfilment_id, _, _, _ in units])
    changed: list[PickTask] = []
    named: list[tuple[str, str, str, int]] = []
    for (fulfilment_id, demand_id, lot, parcel_id), count in sorted(units.items()):
        left = count
        for task in tasks.get((fulfilment_id, demand_id), []):
            part = min(left, task.packed) if task.lot == lot else 0
            if part and not task.in_tote:
                task.tote = ""  # the tote it was in may be somebody else's by now
            task.packed -= part
            left -= part
            changed.append(task)
            named += [(parcel_id, task.sku, task.id, part)] if part else []
        if left:
            raise ValueError(f"{left} units of {demand_id} were never packed")
    save_tasks(tx, changed)
    unpack_units(tx, named)


def _from_tote(tasks: Sequence[PickTask], units: int) -> Iterable[tuple[PickTask, int]]:
    for task in tasks:
        part = min(units, task.in_tote)
        if part > 0:
            units -= part
            yield task, part
    if units:
        raise ValueError(f"{units} units too many: they are not in the tote")


def _homes(tx: Tx, units: Mapping[Key, int]) -> dict[str, tuple[str, str]]:
    """(site, order id) by fulfilment."""
    rows = tx.rows(
        "SELECT id::text, site, order_id::text FROM fulfilment WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({fulfilment_id for fulfilment_id, _ in units})),
    )
    return {row.id: (row.site, row.order_id) for row in rows}
