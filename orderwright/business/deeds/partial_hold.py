"""Holding some units of lines: they move into a fulfilment of their own, which a hold then stops."""

from collections.abc import Collection, Sequence
from typing import Any

from orderwright.business.orders.commands import LineUnits
from orderwright.business.routing.actions import split_off
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def set_apart(tx: Tx, order_id: str, lines: Sequence[LineUnits], apart: Collection[str]) -> "str | Refusal":
    """Move units of lines out of one planned fulfilment into a new one of the same site; its id.

    All the units come from one site's plan, so that one parcel is held. apart: fulfilments set apart for holds
    that are not written yet; those stay as they are. Refuses unknown_line, and order_step when no planned
    fulfilment has that many units of them.
    """
    rows = tx.rows(
        """
        SELECT d.position, d.per_unit, d.id::text AS demand_id, a.fulfilment_id::text, a.allocated
        FROM demand d LEFT JOIN (allocation a JOIN fulfilment f ON f.id = a.fulfilment_id AND f.state = 'planned'
             AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL))
             ON a.demand_id = d.id AND a.allocated > 0
        WHERE d.order_id = %(id)s ORDER BY a.fulfilment_id, d.position
        """,
        id=order_id,
    )
    known = {row.position for row in rows}
    for line in lines:
        if line.position not in known:
            return Refusal("unknown_line", position=line.position)
    for source in sorted({row.fulfilment_id for row in rows if row.fulfilment_id} - set(apart)):
        moved = _units_from([row for row in rows if row.fulfilment_id == source], rows, lines)
        if moved is not None:
            return split_off(tx, source, moved)
    return Refusal("order_step", lines=[(line.position, line.quantity) for line in lines])


def _units_from(here: list[Any], everywhere: list[Any], lines: Sequence[LineUnits]) -> dict[str, int] | None:
    """Demand id -> units when this fulfilment alone covers the lines, else None."""
    moved: dict[str, int] = {}
    at = {row.demand_id: row.allocated for row in here}
    for line in lines:
        for demand_id, per_unit in {(r.demand_id, r.per_unit) for r in everywhere if r.position == line.position}:
            units = line.quantity * per_unit
            if at.get(demand_id, 0) < moved.get(demand_id, 0) + units:
                return None
            moved[demand_id] = moved.get(demand_id, 0) + units
    return moved
