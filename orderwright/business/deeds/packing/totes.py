"""What is picked and not packed of fulfilments, while one parcel after the other is filled from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.shipping.forms import PackedLine
from orderwright.business.shipping.rules import Learned, Piece
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class Content(NamedTuple):
    """Units of one demand in one parcel."""

    demand_id: str
    reference: str
    sku: str
    unit_g: int
    units: int


class Tote:
    """The picked units of one fulfilment, by demand. `to_pick`: units not picked yet; `gone`: those in parcels."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows
        self._left = {row.demand_id: row.picked for row in rows}
        self.to_pick = sum(row.allocated for row in rows)
        self.gone = sum(row.gone for row in rows)
        self.skus = {row.sku for row in rows}

    @property
    def left(self) -> int:
        """Units in no parcel yet."""
        return sum(self._left.values())

    def everything(self) -> list[Content]:
        """All that is in no parcel yet; it is taken out."""
        contents = [_content(row, self._left[row.demand_id]) for row in self._rows if self._left[row.demand_id]]
        self._left = dict.fromkeys(self._left, 0)
        return contents

    def take(self, lines: Sequence[PackedLine]) -> list[Content] | Refusal:
        """The units of these lines; they are taken out. Refuses unknown_line, pack_quantity."""
        wanted: dict[str, int] = {}
        for line in lines:
            mine = [row for row in self._rows if _reference(row) == line.reference and line.sku in ("", row.sku)]
            if not mine:
                return Refusal("unknown_line", reference=line.reference, sku=line.sku)
            for row in mine:
                units = line.quantity if line.sku else line.quantity * row.per_unit
                wanted[row.demand_id] = wanted.get(row.demand_id, 0) + units
        over = [row for row in self._rows if wanted.get(row.demand_id, 0) > self._left[row.demand_id]]
        if over:
            row = over[0]
            asked, picked = wanted[row.demand_id], self._left[row.demand_id]
            return Refusal("pack_quantity", reference=_reference(row), sku=row.sku, asked=asked, picked=picked)
        for demand_id, units in wanted.items():
            self._left[demand_id] -= units
        return [_content(row, wanted[row.demand_id]) for row in self._rows if row.demand_id in wanted]

    def mark(self) -> dict[str, int]:
        """What is left, to be given to `undo`."""
        return dict(self._left)

    def undo(self, mark: dict[str, int]) -> None:
        """Put back what was taken out since `mark`."""
        self._left = mark


def read_totes(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Tote]:
    """The totes of locked fulfilments."""
    rows = tx.rows(
        """
        SELECT a.fulfilment_id::text, a.demand_id::text, a.allocated, a.picked,
               a.packed + a.shipped AS gone, d.position, d.sku, d.per_unit,
               l.reference, p.weight_g
        FROM allocation a JOIN demand d ON d.id = a.demand_id
        JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position
        JOIN product p ON p.sku = d.sku
        WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) ORDER BY a.fulfilment_id, d.position, d.sku
        """,
        ids=array(sorted(set(fulfilment_ids))),
    )
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.fulfilment_id, []).append(row)
    return {id_: Tote(mine) for id_, mine in grouped.items()}


def pieces(contents: Iterable[Content], learned: Mapping[str, Learned]) -> list[Piece]:
    """Contents as the scale's rule sees them: units by product, with what weighings taught of it."""
    found: dict[str, Piece] = {}
    for each in contents:
        units = found[each.sku].units if each.sku in found else 0
        found[each.sku] = Piece(each.sku, each.unit_g, units + each.units, learned.get(each.sku))
    return list(found.values())


def _content(row: Any, units: int) -> Content:
    return Content(row.demand_id, _reference(row), row.sku, row.weight_g, units)


def _reference(row: Any) -> str:
    return row.reference or str(row.position)
