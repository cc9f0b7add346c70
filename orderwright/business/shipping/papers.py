"""What a parcel's papers say: its packing slip and its carton label."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.papers.barcodes import MATRIX_CHARACTERS_MAX, text_of
from orderwright.papers.labels import CartonLabel
from orderwright.papers.slips import PackingSlip, SlipLine
from orderwright.values.forms import AddressForm
from orderwright.values.gs1 import Element, gtin14
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


class _Form(msgspec.Struct):
    """The part of an order's form that goes on its papers."""

    ship_to: AddressForm
    gift_note: str = ""


def packing_slip(tx: Tx, parcel_id: str) -> PackingSlip:
    """What lies in a parcel, and what of its order follows later. Refuses not_found, parcel_step (it was unpacked)."""
    row = _one(tx, parcel_id)
    form, zone = msgspec.json.decode(row.form, type=_Form), ZoneInfo(row.time_zone)
    return PackingSlip(
        order=row.order_number,
        parcel=row.number,
        sender=address_lines(msgspec.json.decode(row.site_address, type=AddressForm)),
        recipient=address_lines(form.ship_to),
        lines=_lines(tx, _CONTENTS, row),
        later=_lines(tx, _LATER, row),
        ordered_on=row.placed_at.astimezone(zone).date(),
        packed_on=row.packed_at.astimezone(zone).date(),
        gift_note=form.gift_note,
        language=row.language,
    )


def carton_label(tx: Tx, parcel_id: str) -> CartonLabel:
    """A parcel's logistic label. Refuses not_found, parcel_step (it was unpacked), no_sscc."""
    row = _one(tx, parcel_id)
    if row.sscc is None:
        raise Refusal("no_sscc", number=row.number)
    return carton_labels(tx, [parcel_id])[parcel_id]


def carton_labels(tx: Tx, parcel_ids: Sequence[str]) -> dict[str, CartonLabel]:
    """Logistic labels by parcel; parcels that are not, were unpacked, or have no SSCC are left out. Two statements."""
    contents = _unmixed(tx, parcel_ids)
    return {
        row.id: CartonLabel(
            sscc=row.sscc,
            parcel=row.number,
            sender=address_lines(msgspec.json.decode(row.site_address, type=AddressForm)),
            recipient=address_lines(msgspec.json.decode(row.form, type=_Form).ship_to),
            contents=contents.get(row.id, []),
            lines=[row.order_number, row.service, f"{row.weight_g} g"],
        )
        for row in _rows(tx, parcel_ids)
        if row.sscc is not None and row.state != "unpacked"
    }


def address_lines(address: AddressForm) -> list[str]:
    """An address as printed: every part that is there."""
    place = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    parts = (address.name, address.company, *address.lines, place, address.country)
    return [" ".join(part.split()) for part in parts if part.strip()]


_TITLE = "CASE WHEN o.sku = {sku} AND o.title <> '' THEN o.title ELSE g.title END"
_CONTENTS = f"""
    SELECT l.sku, {_TITLE.format(sku="l.sku")} AS title, sum(l.quantity)::bigint AS quantity,
           array_remove(array_agg(DISTINCT l.lot), '') AS lots, min(d.position) AS position
    FROM parcel_line l JOIN demand d ON d.id = l.demand_id JOIN product g ON g.sku = l.sku
    JOIN order_line o ON o.order_id = d.order_id AND o.position = d.position
    WHERE l.parcel_id = %(id)s GROUP BY l.sku, 2 ORDER BY min(d.position), l.sku
    """
# What waits, is being picked, or lies in parcels packed after this one.
_LATER = f"""
    SELECT d.sku, {_TITLE.format(sku="d.sku")} AS title,
           sum(d.waiting + d.allocated + d.picked + coalesce(after.quantity, 0))::bigint AS quantity,
           '{{}}'::text[] AS lots, min(d.position) AS position
    FROM demand d JOIN product g ON g.sku = d.sku
    JOIN order_line o ON o.order_id = d.order_id AND o.position = d.position
    LEFT JOIN (
        SELECT l.demand_id, sum(l.quantity) AS quantity FROM parcel p JOIN parcel_line l ON l.parcel_id = p.id
        WHERE p.order_id = %(order_id)s AND p.state <> 'unpacked' AND (p.packed_at, p.number) > (%(at)s, %(number)s)
        GROUP BY l.demand_id) after ON after.demand_id = d.id
    WHERE d.order_id = %(order_id)s GROUP BY d.sku, 2
    HAVING sum(d.waiting + d.allocated + d.picked + coalesce(after.quantity, 0)) > 0 ORDER BY min(d.position), d.sku
    """


def _lines(tx: Tx, sql: str, row: Any) -> list[SlipLine]:
    rows = tx.rows(sql, id=row.id, order_id=row.order_id, at=row.packed_at, number=row.number)
    return [SlipLine(sku=each.sku, title=each.title, quantity=each.quantity, lots=sorted(each.lots)) for each in rows]


def _unmixed(tx: Tx, parcel_ids: Sequence[str]) -> dict[str, list[Element]]:
    """What cartons of one product say of it: GTIN, units, and its lot where it is one. Mixed ones are left out."""
    rows = tx.rows(
        """
        SELECT l.parcel_id::text AS id, min(l.sku) AS sku, sum(l.quantity)::bigint AS units,
               CASE WHEN count(DISTINCT l.lot) = 1 THEN min(l.lot) ELSE '' END AS lot,
               (SELECT min(c.code) FROM product_code c WHERE c.sku = min(l.sku) AND c.kind = 'gtin'
                AND c.valid_from <= %(now)s AND c.valid_to > %(now)s) AS gtin
        FROM parcel_line l WHERE l.parcel_id = ANY(%(ids)s::uuid[])
        GROUP BY l.parcel_id HAVING count(DISTINCT l.sku) = 1
        """,
        ids=array(parcel_ids), now=tx.now,
    )  # fmt: skip
    return {row.id: _elements(row.gtin, row.units, row.lot) for row in rows if row.gtin is not None}


def _elements(gtin: str, units: int, lot: str) -> list[Element]:
    elements = [Element("02", gtin14(gtin)), Element("37", str(units))]
    with_lot = [*elements, Element("10", lot)]
    try:
        text_of(with_lot, MATRIX_CHARACTERS_MAX)
    except Refusal:  # no lot, or one that no GS1 barcode can hold
        return elements
    return with_lot


def _one(tx: Tx, parcel_id: str) -> Any:
    rows = _rows(tx, [parcel_id]) if is_id(parcel_id) else []
    if not rows:
        raise Refusal("not_found", parcel_id=parcel_id)
    if rows[0].state == "unpacked":
        raise Refusal("parcel_step", state="unpacked")
    return rows[0]


def _rows(tx: Tx, parcel_ids: Sequence[str]) -> list[Any]:
    return tx.rows(
        """
        SELECT p.id::text, p.number, p.order_id::text, p.state, p.service, p.weight_g, p.packed_at, p.sscc,
               o.number AS order_number, o.placed_at, o.form, s.time_zone, s.address AS site_address,
               coalesce(c.language, '') AS language
        FROM parcel p JOIN orders o ON o.id = p.order_id JOIN site s ON s.code = p.site
        LEFT JOIN customer c ON c.id = o.customer_id
        WHERE p.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(parcel_ids),
    )
