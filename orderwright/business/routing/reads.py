"""What routing needs to know of the store: rates, and how full the sites' days are."""

from datetime import date, timedelta

from orderwright.business.routing.lanes import Loads
from orderwright.business.routing.rates import RateCard, practice_card
from orderwright.database.tx import Tx

LOADS_KEPT_FOR = timedelta(seconds=5)


def rate_card(tx: Tx) -> RateCard:
    """The store's rate card."""
    kept = tx.store.cache.get("rate_card")
    if kept is None:
        kept = tx.store.cache["rate_card"] = practice_card()
    card: RateCard = kept
    return card


def loads(tx: Tx) -> Loads:
    """(site, ship-by day in the site's zone) -> (orders, units) planned to leave that day.

    Kept for 5 s of the store's time: capacity is read when placing and enforced at release.
    """
    kept = tx.store.cache.get("loads")
    if kept is not None and kept[0] <= tx.now < kept[0] + LOADS_KEPT_FOR:
        found: Loads = kept[1]
        return found
    rows = tx.rows(
        "SELECT site, day, sum(orders)::bigint AS orders, sum(units)::bigint AS units FROM site_load"
        " WHERE day >= %(yesterday)s GROUP BY site, day",
        yesterday=(tx.now - timedelta(days=1)).date(),
    )
    fresh: dict[tuple[str, date], tuple[int, int]] = {(row.site, row.day): (row.orders, row.units) for row in rows}
    tx.store.cache["loads"] = (tx.now, fresh)
    return fresh
