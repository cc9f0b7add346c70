"""What parcels weighed, and what that teaches about products and cartons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.shipping.packing.settings import FILL_G
from orderwright.business.shipping.rules import LEARNED_MAX, Learned, Packaging, Piece, learn
from orderwright.business.warehouse.cartons.model import Carton
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.findings import askable


class Weighed(NamedTuple):
    """A parcel on the scale."""

    parcel_id: str
    site: str
    carton: str | None
    pieces: Sequence[Piece]
    gross_g: int


def keep_weighings(tx: Tx, weighed: Sequence[Weighed], known: Mapping[str, Packaging]) -> None:
    """Keep weights to learn from; the same parcel again replaces what it weighed before.

    Of a parcel of one product in a carton whose weight is known, what one unit weighed. known: by carton; where its
    usual fill was learned, that is no part of the goods.
    """
    rows = [_row(each, known) for each in {each.parcel_id: each for each in weighed if each.pieces}.values()]
    if not rows:
        return
    tx.write(
        """
        INSERT INTO weighing (parcel_id, site, carton, sku, units, gross_g, goods_mg, unit_mg, weighed_at)
        SELECT n.*, %(now)s FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(cartons)s::text[], %(skus)s::text[],
            %(units)s::bigint[], %(gross)s::int[], %(goods)s::bigint[], %(each)s::bigint[]) AS n
        ORDER BY 1 ON CONFLICT (parcel_id) DO UPDATE SET carton = excluded.carton, sku = excluded.sku,
            units = excluded.units, gross_g = excluded.gross_g, goods_mg = excluded.goods_mg,
            unit_mg = excluded.unit_mg, weighed_at = excluded.weighed_at
        """,
        now=tx.now,
        **{name: array(row[at] for row in rows) for at, name in enumerate(
            ("ids", "sites", "cartons", "skus", "units", "gross", "goods", "each"))},
    )  # fmt: skip


def _row(each: Weighed, known: Mapping[str, Packaging]) -> tuple[Any, ...]:
    units = sum(piece.units for piece in each.pieces)
    is_known = all(piece.unit_g for piece in each.pieces)
    goods_mg = sum(piece.unit_g * piece.units for piece in each.pieces) * 1_000 if is_known else 0
    sku = each.pieces[0].sku if len(each.pieces) == 1 else None
    carton_mg = known[each.carton].mg if each.carton and each.carton in known else 0
    left_mg = each.gross_g * 1_000 - carton_mg
    unit_mg = left_mg // units if sku and carton_mg and left_mg > 0 else None
    return each.parcel_id, each.site, each.carton, sku, units, each.gross_g, goods_mg, unit_mg


def forget_weighings(tx: Tx, parcel_ids: Iterable[str]) -> None:
    """Parcels were opened again: what they weighed teaches nothing."""
    tx.write("DELETE FROM weighing WHERE parcel_id = ANY(%(ids)s::uuid[])", ids=array(sorted(set(parcel_ids))))


def learned_units(tx: Tx, skus: Iterable[str]) -> dict[str, Learned]:
    """What one unit of these products weighs by the scale, of those that enough parcels told. One statement."""
    return _learned(
        tx, skus, "SELECT unit_mg AS mg, weighed_at FROM weighing w WHERE w.sku = a.name AND unit_mg IS NOT NULL"
    )


def packagings(tx: Tx, cartons: Mapping[str, Carton]) -> dict[str, Packaging]:
    """What these kinds of cartons weigh, with what is usually in them besides the goods. One statement."""
    learned = _learned(
        tx, cartons,
        "SELECT gross_g::bigint * 1000 - goods_mg AS mg, weighed_at FROM weighing w"
        " WHERE w.carton = a.name AND goods_mg > 0",
    )  # fmt: skip
    fill_g = value_of(tx, FILL_G)
    return {
        code: Packaging(code, carton.tare_g, learned.get(code), carton.inner_mm3 * fill_g // 1_000_000)
        for code, carton in cartons.items()
        if carton.tare_g or code in learned
    }


def _learned(tx: Tx, names: Iterable[str], latest: str) -> dict[str, Learned]:
    asked = askable(names)
    rows = tx.rows(
        f"""
        SELECT a.name, w.mg FROM unnest(%(names)s::text[]) AS a(name)
        CROSS JOIN LATERAL ({latest} ORDER BY weighed_at DESC LIMIT %(most)s) AS w
        """,
        names=array(asked), most=LEARNED_MAX,
    ) if asked else []  # fmt: skip
    told: dict[str, list[int]] = {}
    for row in rows:
        told.setdefault(row.name, []).append(row.mg)
    found = {name: learn(mine) for name, mine in told.items()}
    return {name: each for name, each in found.items() if each is not None and each.mg > 0}
