"""Holding some units of lines: they move into a fulfilment of their own, which a hold then stops."""

from collections.abc import Iterable, Sequence
from typing import Any

from orderwright.business.orders.commands import LineUnits
from orderwright.business.routing.actions import Split, split_off
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal


class Parts:
    """What is planned of orders whose rows are locked, and which of it is set apart; written in one go.

    A fulfilment that is held already, or is set apart here, stays as it is.
    """

    def __init__(self, tx: Tx, order_ids: Iterable[str]) -> None:
        self._demands: dict[str, dict[int, dict[str, int]]] = {}  # order -> position -> demand -> per unit
        self._planned: dict[str, dict[str, dict[str, int]]] = {}  # order -> fulfilment -> demand -> units left
        self._splits: list[Split] = []
        for row in _read(tx, order_ids):
            self._demands.setdefault(row.order_id, {}).setdefault(row.position, {})[row.demand_id] = row.per_unit
            if row.fulfilment_id is not None:
                mine = self._planned.setdefault(row.order_id, {}).setdefault(row.fulfilment_id, {})
                mine[row.demand_id] = row.allocated

    def set_apart(self, order_id: str, lines: Sequence[LineUnits]) -> "str | Refusal":
        """Set units of lines apart; the id of the fulfilment they will be.

        All the units come from one site's plan, so that one parcel is held. Refuses unknown_line, and order_step
        when no planned fulfilment has that many units of them.
        """
        demands = self._demands.get(order_id, {})
        units: dict[str, int] = {}
        for line in lines:
            if line.position not in demands:
                return Refusal("unknown_line", position=line.position)
            for demand_id, per_unit in demands[line.position].items():
                units[demand_id] = units.get(demand_id, 0) + line.quantity * per_unit
        for source, left in sorted(self._planned.get(order_id, {}).items()):
            if all(left.get(demand_id, 0) >= count for demand_id, count in units.items()):
                for demand_id, count in units.items():
                    left[demand_id] -= count
                self._splits.append(Split(source, new_id(), units))
                return self._splits[-1].target
        return Refusal("order_step", lines=[(line.position, line.quantity) for line in lines])

    def write(self, tx: Tx) -> None:
        """Move what was set apart."""
        split_off(tx, self._splits)


def _read(tx: Tx, order_ids: Iterable[str]) -> list[Any]:
    ids = sorted(set(order_ids))
    if not ids:
        return []
    return tx.rows(
        """
        SELECT d.order_id::text, d.position, d.per_unit, d.id::text AS demand_id, a.fulfilment_id::text, a.allocated
        FROM demand d LEFT JOIN (allocation a JOIN fulfilment f ON f.id = a.fulfilment_id AND f.state = 'planned'
             AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL))
             ON a.demand_id = d.id AND a.allocated > 0
        WHERE d.order_id = ANY(%(ids)s::uuid[]) ORDER BY d.order_id, a.fulfilment_id, d.position
        """,
        ids=array(ids),
    )
