"""What is still to be packed of fulfilments, with all that packing asks of it: read for advice, checks and memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from orderwright.business.catalog.forms import ProductPacking
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.reads import Origin
from orderwright.business.shipping.packing.rules import Basket
from orderwright.business.warehouse.cartons.model import Item
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id


class Goods(NamedTuple):
    """A fulfilment's goods that are in no parcel yet. all_units: by sku, those in parcels too."""

    fulfilment_id: str
    order_id: str
    order: str
    site: str
    state: str
    items: list[Item]
    titles: Mapping[str, str]
    all_units: Mapping[str, int]
    origin: Origin
    destination: Destination
    basket: Basket

    @property
    def unmeasured(self) -> list[str]:
        """Products whose sizes or weight nobody told."""
        return sorted(
            each.sku for each in self.items
            if not min(each.length_mm, each.width_mm, each.height_mm, each.weight_g)
        )  # fmt: skip


class _Form(msgspec.Struct):
    """The part of an order's form that a packer reads."""

    gift_note: str = ""


def read_goods(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Goods]:
    """Goods by fulfilment; those that exist. Two statements."""
    ids = array(sorted({id_ for id_ in fulfilment_ids if is_id(id_)}))
    units: dict[str, list[Any]] = {}
    for row in tx.rows(_UNITS, ids=ids):
        units.setdefault(row.fulfilment_id, []).append(row)
    return {row.id: _goods(tx, row, units.get(row.id, [])) for row in tx.rows(_HEADS, ids=ids)}


_UNITS = """
    SELECT a.fulfilment_id::text, d.sku, p.title, p.length_mm, p.width_mm, p.height_mm, p.weight_g, p.hazard,
           p.storage_class, p.packing, sum(a.allocated + a.picked)::bigint AS units,
           sum(a.allocated + a.picked + a.packed + a.shipped)::bigint AS all_units
    FROM allocation a JOIN demand d ON d.id = a.demand_id JOIN product p ON p.sku = d.sku
    WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) GROUP BY a.fulfilment_id, d.sku, p.sku
    ORDER BY a.fulfilment_id, d.sku
"""
_HEADS = """
    SELECT f.id::text, o.id::text AS order_id, o.number, f.site, f.state, f.service, o.channel, o.country,
           o.postal_code, o.currency, o.goods_minor, o.form, s.country AS site_country, s.latitude, s.longitude,
           s.time_zone, o.email_key = '' OR NOT EXISTS (
               SELECT 1 FROM orders b WHERE b.email_key = o.email_key AND b.email_key <> '' AND b.id <> o.id
               AND b.placed_at < o.placed_at
               AND b.state <> 'cancelled') AS is_first,
           array(SELECT DISTINCT l.sku FROM order_line l WHERE l.order_id = o.id AND l.sku IS NOT NULL) AS skus
    FROM fulfilment f JOIN orders o ON o.id = f.order_id JOIN site s ON s.code = f.site
    WHERE f.id = ANY(%(ids)s::uuid[])
"""


def _goods(tx: Tx, row: Any, units: Sequence[Any]) -> Goods:
    skus = frozenset(row.skus) | {each.sku for each in units}
    note = msgspec.json.decode(row.form, type=_Form).gift_note
    day = tx.now.astimezone(ZoneInfo(row.time_zone)).date()
    return Goods(
        row.id, row.order_id, row.number, row.site, row.state,
        [_item(each) for each in units if each.units],
        {each.sku: each.title for each in units},
        {each.sku: each.all_units for each in units if each.all_units},
        Origin(row.site_country, row.latitude, row.longitude),
        Destination(row.country, row.postal_code, row.service),
        Basket(row.channel, row.country, row.currency, row.goods_minor, skus, row.is_first, note, day),
    )  # fmt: skip


def _item(row: Any) -> Item:
    packing = msgspec.json.decode(row.packing, type=ProductPacking)
    return Item(
        sku=row.sku, quantity=row.units, length_mm=row.length_mm, width_mm=row.width_mm, height_mm=row.height_mm,
        weight_g=row.weight_g, title=row.title, fragile=packing.fragile, bears_g=packing.bears_g, hazard=row.hazard,
        storage=row.storage_class, groups=packing.groups, apart_from=packing.apart_from,
        this_side_up=packing.this_side_up, own_packing=packing.own_packing, padding_mm=packing.protection_mm,
        protection_minor=packing.protection_minor,
    )  # fmt: skip
