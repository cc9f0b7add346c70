"""What lies on a receiving bench, and where it should go: who waits for it first, then the best bins."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from orderwright.business.deeds.fill import waiting_queue
from orderwright.business.warehouse.putaway.forms import PutAwayNow, Suggestion, WaitingFor
from orderwright.business.warehouse.putaway.reads import bins_for, goods_of
from orderwright.business.warehouse.putaway.rules import Bin, Choice, Goods, choose, share_out, spares
from orderwright.database.rows import array
from orderwright.database.tx import Tx

PILES_MAX = 200
_ORDERS_MAX = 50


def list_bench(tx: Tx, site: str, only: Collection[str] | None = None) -> list[PutAwayNow]:
    """What is to be put away at a site, what lies longest first; at most 200 piles.

    only: the products for which bins and waiting orders are looked up; None: all of them.
    """
    piles = tx.rows(
        """
        SELECT w.sku, p.title, w.lot, sum(w.quantity - w.placed)::bigint AS units, min(w.made_at) AS since
        FROM put_away w JOIN product p ON p.sku = w.sku
        WHERE w.site = %(site)s AND w.state = 'open'
        GROUP BY w.sku, p.title, w.lot ORDER BY min(w.made_at), w.sku, w.lot LIMIT %(most)s
        """,
        site=site, most=PILES_MAX,
    )  # fmt: skip
    asked = [pile for pile in piles if only is None or pile.sku in only]
    told = iter(suggest(tx, site, asked) if asked else [])
    return [
        next(told)
        if only is None or pile.sku in only
        else PutAwayNow(pile.sku, pile.title, pile.lot, pile.units, pile.since, [], [], [])
        for pile in piles
    ]


def suggest(tx: Tx, site: str, piles: Iterable[Any]) -> list[PutAwayNow]:
    """Where piles (sku, title, lot, units, since) should go."""
    piles = list(piles)
    queue = _queue(tx, sorted({pile.sku for pile in piles}))
    docked: list[list[tuple[str, int]]] = []
    for pile in piles:
        shares = share_out(pile.units, queue.get(pile.sku, []))
        docked.append(shares)
        got = dict(shares)
        queue[pile.sku] = [
            (who, units - got.get(who, 0)) for who, units in queue.get(pile.sku, []) if units > got.get(who, 0)
        ]
    goods = _goods(tx, site, piles, docked)
    bins = bins_for(tx, site, goods) if goods else {}
    return [
        PutAwayNow(
            pile.sku, pile.title, pile.lot, pile.units, pile.since, [WaitingFor(who, units) for who, units in shares],
            *_places(goods.get(str(i)), bins.get(str(i), [])),
        )
        for i, (pile, shares) in enumerate(zip(piles, docked, strict=True))
    ]  # fmt: skip


def _places(goods: Goods | None, bins: list[Bin]) -> tuple[list[Suggestion], list[Suggestion]]:
    if goods is None:
        return [], []
    chosen = choose(goods, bins)
    return _shown(chosen), _shown(spares(goods, bins, chosen))


def _shown(choices: list[Choice]) -> list[Suggestion]:
    return [Suggestion(each.place, each.units, list(each.reasons)) for each in choices]


def _goods(tx: Tx, site: str, piles: list[Any], docked: list[list[tuple[str, int]]]) -> Mapping[str, Goods]:
    """What is left for bins, by position of the pile."""
    kinds = goods_of(tx, {(site, pile.sku) for pile in piles})
    left = [pile.units - sum(units for _, units in shares) for pile, shares in zip(piles, docked, strict=True)]
    return {
        str(i): kinds[site, pile.sku]._replace(lot=pile.lot, units=units)
        for i, (pile, units) in enumerate(zip(piles, left, strict=True))
        if units
    }


def _queue(tx: Tx, skus: list[str]) -> dict[str, list[tuple[str, int]]]:
    """(order number, units) that wait, by sku, first served first."""
    orders = waiting_queue(tx, skus, None, _ORDERS_MAX) if skus else []
    rows = tx.rows(
        "SELECT order_id::text AS id, sku, sum(waiting)::bigint AS units FROM demand"
        " WHERE order_id = ANY(%(ids)s::uuid[]) AND sku = ANY(%(skus)s::text[]) AND waiting > 0 GROUP BY order_id, sku",
        ids=array(order.id for order in orders), skus=array(skus),
    )  # fmt: skip
    units = {(row.id, row.sku): row.units for row in rows}
    return {sku: [(order.number, units[order.id, sku]) for order in orders if (order.id, sku) in units] for sku in skus}
