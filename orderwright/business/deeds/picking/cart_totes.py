"""The totes on the cart of a walk that begins: whose each is, and which stand waiting at a hand-over point."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.deeds.picking.cartful import deal_totes
from orderwright.business.warehouse.batching.loads import Size
from orderwright.business.warehouse.batching.work import Cart, PickPolicy
from orderwright.business.warehouse.floors import SiteFloor
from orderwright.business.warehouse.totes import NewTote, insert_totes, move_totes, totes_of_fulfilments
from orderwright.business.warehouse.walks import give_totes, lock_walks, tasks_on
from orderwright.database.tx import Tx


def put_totes_on(tx: Tx, carts: Mapping[str, tuple[SiteFloor, Cart, Sequence[str]]]) -> None:
    """Totes that pickers brought become their orders', in the order of the way; handed-over ones go on with them.

    carts: floor, cart and codes of the totes by walk. The codes are free; the walks' orders are locked, or planned.
    """
    heads = lock_walks(tx, carts)
    tasks = [row for row in tasks_on(tx, carts) if row.state == "open"]
    waiting = _handed_over(tx, heads, tasks)
    new: list[NewTote] = []
    tote_of: dict[str, str] = {}
    moved: dict[tuple[str, str], tuple[str, int]] = {}
    for walk_id, (floor, cart, codes) in carts.items():
        mine = [row for row in tasks if row.batch_id == walk_id]
        sizes = {id_: size for id_, size in _sizes(mine, floor.policy).items() if id_ not in waiting} if codes else {}
        totes, first = deal_totes(heads[walk_id].strategy, list(sizes.items()), codes, cart)
        new += [NewTote(floor.site, each.code, walk_id, each.fulfilment_id, each.slot) for each in totes]
        for row in mine:
            if row.fulfilment_id in waiting:
                tote = waiting[row.fulfilment_id]
                moved[tote.site, tote.code] = (walk_id, 0)
                tote_of[row.id] = tote.code
            elif row.fulfilment_id in first:
                tote_of[row.id] = first[row.fulfilment_id]
    insert_totes(tx, new)
    move_totes(tx, moved)
    give_totes(tx, tote_of)


def _handed_over(tx: Tx, heads: Mapping[str, Any], tasks: Sequence[Any]) -> dict[str, Any]:
    """Totes that stand at a hand-over point with units of orders a zone's walk goes on with, by fulfilment."""
    zoned = {row.fulfilment_id for row in tasks if heads[row.batch_id].strategy == "zone"}
    rows = totes_of_fulfilments(tx, zoned) if zoned else []
    return {row.fulfilment_id: row for row in rows if row.stands_at and row.walk_state != "walking"}


def _sizes(tasks: Sequence[Any], policy: PickPolicy) -> dict[str, Size]:
    """What is still to be picked weighs and fills, by fulfilment, in the order they are come to."""
    sizes: dict[str, Size] = {}
    for row in tasks:
        units = row.quantity - row.picked
        weight, volume = sizes.get(row.fulfilment_id, Size(0, 0))
        unit_cm3 = -(-row.volume_mm3 // 1000) or policy.unit_volume_cm3
        sizes[row.fulfilment_id] = Size(
            weight + units * (row.weight_g or policy.unit_weight_g), volume + units * unit_cm3
        )  # fmt: skip
    return sizes
