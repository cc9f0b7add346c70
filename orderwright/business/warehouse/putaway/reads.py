"""What is known of goods and bins when something is put away."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.putaway.rules import Bin, Goods
from orderwright.business.warehouse.walking.layout import FAR_MM
from orderwright.business.warehouse.walking.layout import Bin as BinAt
from orderwright.business.warehouse.walking.walks import paths_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable

NEVER_PICKED = 1000
_CACHED = "ways to bins"


def goods_of(tx: Tx, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Goods]:
    """What products ask of a bin and how often they are picked, by (site, sku); of one unit, without a lot."""
    pairs = sorted({pair for pair in asked if len(askable(pair)) == len(set(pair))})
    rows = tx.rows(
        """
        SELECT a.site, p.sku, p.storage_class, p.weight_g,
               ceil(p.length_mm::numeric * p.width_mm * p.height_mm / 1000)::bigint AS unit_cm3,
               coalesce(t.rank_permille, %(never)s) AS rank_permille
        FROM unnest(%(sites)s::text[], %(skus)s::text[]) AS a(site, sku) JOIN product p ON p.sku = a.sku
        LEFT JOIN turnover t ON t.site = a.site AND t.sku = a.sku
        """,
        never=NEVER_PICKED, sites=array(site for site, _ in pairs), skus=array(sku for _, sku in pairs),
    )  # fmt: skip
    return {
        (row.site, row.sku): Goods(row.sku, "", 1, row.storage_class, row.unit_cm3, row.weight_g, row.rank_permille)
        for row in rows
    }


def bins_for(tx: Tx, site: str, goods: Mapping[str, Goods]) -> dict[str, list[Bin]]:
    """Bins of a site that goods may go to, by key of `goods`.

    Of their storage class: bins that hold some of them, and of the empty and the used ones those whose way from the
    start fits best (what is walked, then the level), at most 50 each, so that a big site costs hardly more than a small
    one. What lies in a bin counts with its sizes; what was never measured takes no room.
    """
    keys = sorted(goods)
    asked = [goods[key] for key in keys]
    ways = _ways_mm(tx, site)
    rows = tx.rows(
        _CANDIDATES, site=site, keys=array(keys), most=_MOST, skus=array(each.sku for each in asked),
        classes=array(each.storage_class for each in asked), ranks=array(each.rank_permille for each in asked),
        rooms=array(each.unit_cm3 for each in asked), loads=array(each.unit_g for each in asked),
        zones=array(at.zone for at in ways), aisles=array(at.aisle for at in ways), bays=array(at.bay for at in ways),
        ways=array(ways.values()),
    )  # fmt: skip
    holds = _holding(tx, site, sorted({each.sku for each in asked}))
    lying = _lying(tx, sorted({row.id for row in rows}))
    bins: dict[str, list[Bin]] = {key: [] for key in keys}
    for row in rows:
        bins[row.key].append(_bin(row, goods[row.key], lying.get(row.id, _NOTHING), holds))
    return bins


def _ways_mm(tx: Tx, site: str) -> dict[BinAt, int]:
    """How far it is to walk from the start of the site's floor to each of its bins; FAR_MM where there is no way.

    Worked out once for as long as nobody changes a place or a floor.
    """
    kept = tx.store.cache.get(_CACHED)
    if kept is None or kept[0] != tx.revision:
        kept = (tx.revision, {})
        tx.store.cache[_CACHED] = kept
    ways = cast("dict[str, dict[BinAt, int]]", kept[1])
    if site not in ways:
        layout = floors_of(tx, [site])[site].layout
        paths, start = paths_of(layout), layout.doors[0]
        rows = tx.rows(
            "SELECT DISTINCT zone, aisle, bay FROM place WHERE site = %(site)s AND kind = 'bin' ORDER BY 1, 2, 3",
            site=site,
        )
        spots = {at: layout.find_spot(at) for at in (BinAt(*row) for row in rows)}
        ways[site] = {at: paths.distance_mm(start, spot) if spot else FAR_MM for at, spot in spots.items()}
    return ways[site]


def named_bins(tx: Tx, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Bin]:
    """Bins by (site, code) with what lies in them, whatever is to go there; no matter where they are."""
    pairs = sorted({pair for pair in places if len(askable(pair)) == len(set(pair))})
    rows = tx.rows(
        f"SELECT b.site, {_COLUMNS}, 0 AS walk FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code)"
        " JOIN place b ON b.site = a.site AND b.code = a.code AND b.kind = 'bin'",
        sites=array(site for site, _ in pairs), codes=array(code for _, code in pairs),
    )  # fmt: skip
    lying = _lying(tx, sorted({row.id for row in rows}))
    nothing = Goods("", "", 0, "", 0, 0)
    return {(row.site, row.code): _bin(row, nothing, lying.get(row.id, _NOTHING), set()) for row in rows}


_MOST = 50
_ASKED = """unnest(%(keys)s::text[], %(skus)s::text[], %(classes)s::text[], %(ranks)s::int[], %(rooms)s::bigint[],
                 %(loads)s::bigint[]) AS a(key, sku, class, rank, unit_cm3, unit_g)"""
_COLUMNS = "b.id, b.code, b.storage_class, b.room_cm3, b.load_g"
_NEAREST = """(SELECT b.* FROM bins b WHERE b.storage_class = a.class AND {which}
            AND (b.room_cm3 = 0 OR b.room_cm3 >= a.unit_cm3) AND (b.load_g = 0 OR b.load_g >= a.unit_g)
            ORDER BY abs(b.walk - a.rank), b.code LIMIT %(most)s)"""
_CANDIDATES = f"""
    WITH bins AS MATERIALIZED (
        SELECT {_COLUMNS}, floor(1000 * percent_rank() OVER (ORDER BY w.way_mm, b.level))::int AS walk,
               EXISTS (SELECT 1 FROM stock s WHERE s.place_id = b.id AND s.quantity > 0) AS is_used
        FROM place b JOIN unnest(%(zones)s::text[], %(aisles)s::int[], %(bays)s::int[], %(ways)s::bigint[])
                     AS w(zone, aisle, bay, way_mm) ON w.zone = b.zone AND w.aisle = b.aisle AND w.bay = b.bay
        WHERE b.site = %(site)s AND b.kind = 'bin'
    )
    SELECT DISTINCT a.key, {_COLUMNS}, b.walk FROM {_ASKED}
    CROSS JOIN LATERAL (
        {_NEAREST.format(which="NOT b.is_used")}
        UNION ALL {_NEAREST.format(which="b.is_used")}
        UNION ALL (SELECT b.* FROM bins b JOIN stock s ON s.place_id = b.id AND s.sku = a.sku AND s.quantity > 0
                   WHERE b.storage_class = a.class LIMIT %(most)s)) AS b
    ORDER BY a.key, b.code
"""
_NOTHING = (0, 0, 0)


def _lying(tx: Tx, place_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """(cm3, grams, products) of what lies in places, by id."""
    rows = tx.rows(
        """
        SELECT s.place_id,
               sum(s.quantity * ceil(g.length_mm::numeric * g.width_mm * g.height_mm / 1000))::bigint AS cm3,
               sum(s.quantity * g.weight_g)::bigint AS grams, count(DISTINCT s.sku) AS skus
        FROM stock s JOIN product g ON g.sku = s.sku
        WHERE s.place_id = ANY(%(ids)s::bigint[]) AND s.quantity > 0 GROUP BY s.place_id
        """,
        ids=array(place_ids),
    )
    return {row.place_id: (row.cm3, row.grams, row.skus) for row in rows}


def _holding(tx: Tx, site: str, skus: list[str]) -> set[tuple[str, str, int]]:
    """(sku, lot, place id) of what lies in the site's bins, and (sku, '*', place id) of any lot."""
    rows = tx.rows(
        "SELECT s.sku, s.lot, s.place_id FROM stock s JOIN place p ON p.id = s.place_id AND p.site = %(site)s"
        " WHERE s.sku = ANY(%(skus)s::text[]) AND s.quantity > 0",
        site=site, skus=array(skus),
    )  # fmt: skip
    return {(row.sku, lot, row.place_id) for row in rows for lot in (row.lot, "*")}


def _bin(row: Any, goods: Goods, lying: tuple[int, int, int], holds: set[tuple[str, str, int]]) -> Bin:
    cm3, grams, skus = lying
    return Bin(
        row.code, row.storage_class, row.room_cm3, row.load_g, cm3, grams, skus,
        (goods.sku, "*", row.id) in holds, (goods.sku, goods.lot, row.id) in holds, row.walk,
    )  # fmt: skip
