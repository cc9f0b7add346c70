"""What others may ask about stock: what lies where, and what is free for whom."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.pages import LIMIT_MAX, Page, mark, read_mark
from orderwright.values.refusal import Refusal


class Lying(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of one lot in one place; `committed` of them are on open pick lists."""

    place: str
    kind: str
    quantity: int
    committed: int = 0
    lot: str = ""
    expires_on: date | None = None


class Level(msgspec.Struct, frozen=True):
    """A product at a site. `on_hand`: in bins and packing. `available`: what may be promised before buffers.

    `waiting`: units backorders claim, at whichever site they turn up. `cost_micro`: average unit cost.
    """

    sku: str
    site: str
    on_hand: int
    allocated: int
    waiting: int
    safety_stock: int
    available: int
    cost_micro: int
    places: list[Lying]


class Free(NamedTuple):
    """Units that may be promised: by site, and in all. Of a kit: whole kits, each from one site."""

    sites: dict[str, int]
    total: int


def list_levels(
    tx: Tx, *, sku: str | None = None, site: str | None = None, after: str | None = None, limit: int = LIMIT_MAX
) -> Page[Level]:
    """What is on hand, allocated and available, by (sku, site); kits have no stock of their own."""
    conditions = ["NOT p.is_kit"]
    values: dict[str, Any] = {}
    if after is not None:
        values["last_sku"], values["last_site"] = read_mark(after, tuple[str, str])
        conditions.append("(a.sku, a.site) > (%(last_sku)s, %(last_site)s)")
    for name, wanted in (("sku", sku), ("site", site)):
        if wanted is not None:
            if not askable([wanted]):
                return Page([])
            values[name] = wanted
            conditions.append(f"a.{name} = %({name})s")
    rows = tx.rows(
        f"""
        SELECT a.sku, a.site, a.on_hand, a.allocated, a.waiting, a.safety_stock, a.cost_micro
        FROM availability a JOIN product p USING (sku) WHERE {" AND ".join(conditions)}
        ORDER BY a.sku, a.site LIMIT %(limit)s
        """,
        limit=min(limit, LIMIT_MAX) + 1, **values,
    )  # fmt: skip
    shown = rows[: min(limit, LIMIT_MAX)]
    lying = _lying(tx, [(row.sku, row.site) for row in shown])
    items = [_level(row, lying.get((row.sku, row.site), [])) for row in shown]
    return Page(items, mark(items[-1].sku, items[-1].site) if len(rows) > len(shown) else None)


def free_for(tx: Tx, skus: Iterable[str], channel: str | None = None) -> dict[str, Free]:
    """What a channel may promise of products and kits, by sku; those that do not exist are left out.

    Free = on hand - allocated - waiting - safety stock - withheld from the channel, at active sites, never
    below 0. Kits at a site: the fewest its components make. Refuses unknown_channel. None: no channel's buffers.
    """
    catalog = catalog_of(tx)
    if channel is not None and channel not in catalog.channels:
        raise Refusal("unknown_channel", channel=channel)
    withheld = {} if channel is None else catalog.channels[channel].withheld
    products = catalog.products(tx, askable(skus))
    components = {sku: found.components or ((sku, 1),) for sku, found in products.items()}
    stocked = sorted({sku for parts in components.values() for sku, _ in parts})
    rows = tx.rows(
        "SELECT sku, site, on_hand - allocated - waiting - safety_stock AS free FROM availability"
        " WHERE sku = ANY(%(skus)s::text[])",
        skus=array(stocked),
    )
    free = {(row.sku, row.site): max(row.free - withheld_at(withheld, row.sku, row.site), 0) for row in rows}
    found: dict[str, Free] = {}
    for sku, parts in components.items():
        sites = {site: min(free.get((part, site), 0) // quantity for part, quantity in parts) for site in catalog.sites}
        found[sku] = Free(sites, sum(sites.values()))
    return found


def withheld_at(withheld: Mapping[tuple[str, str], int], sku: str, site: str) -> int:
    """Units withheld from a channel there: the most specific buffer wins, and sku before site."""
    for key in ((sku, site), (sku, ""), ("", site), ("", "")):
        if key in withheld:
            return withheld[key]
    return 0


def _lying(tx: Tx, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], list[Lying]]:
    rows = tx.rows(
        """
        SELECT s.sku, p.site, p.code, p.kind, s.quantity, s.committed, s.lot, l.expires_on
        FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS asked(sku, site)
        JOIN stock s ON s.sku = asked.sku AND s.quantity > 0
        JOIN place p ON p.id = s.place_id AND p.site = asked.site
        LEFT JOIN lot l ON l.sku = s.sku AND l.lot = s.lot
        ORDER BY s.sku, p.site, p.code, s.lot
        """,
        skus=array(sku for sku, _ in pairs), sites=array(site for _, site in pairs),
    )  # fmt: skip
    lying: dict[tuple[str, str], list[Lying]] = {}
    for row in rows:
        each = Lying(row.code, row.kind, row.quantity, row.committed, row.lot, row.expires_on)
        lying.setdefault((row.sku, row.site), []).append(each)
    return lying


def _level(row: Any, places: list[Lying]) -> Level:
    available = max(row.on_hand - row.allocated - row.waiting - row.safety_stock, 0)
    return Level(
        row.sku, row.site, row.on_hand, row.allocated, row.waiting, row.safety_stock, available, row.cost_micro, places
    )


def lying_at(tx: Tx, piles: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str, str, str], int]:
    """Units by (sku, site, place, lot), where there are any."""
    asked = [pile for pile in sorted(set(piles)) if len(askable(pile)) == len(set(pile))]
    rows = tx.rows(
        """
        SELECT a.sku, a.site, a.place, a.lot, s.quantity
        FROM unnest(%(skus)s::text[], %(sites)s::text[], %(places)s::text[], %(lots)s::text[])
             AS a(sku, site, place, lot)
        JOIN place p ON p.site = a.site AND p.code = a.place
        JOIN stock s ON s.sku = a.sku AND s.place_id = p.id AND s.lot = a.lot AND s.quantity > 0
        """,
        skus=array(pile[0] for pile in asked), sites=array(pile[1] for pile in asked),
        places=array(pile[2] for pile in asked), lots=array(pile[3] for pile in asked),
    )  # fmt: skip
    return {(row.sku, row.site, row.place, row.lot): row.quantity for row in rows}
