"""What goods that come in teach the books: their lots and dates, and what a unit costs on average."""

from collections.abc import Mapping, Sequence
from datetime import date

from orderwright.business.stock import tables
from orderwright.business.stock.rules import Costs
from orderwright.database.tx import Tx


def learn_lots(tx: Tx, lots: Mapping[tuple[str, str], date | None]) -> None:
    """Make lots known, by (sku, lot), with their dates; a date that is known already stays."""
    tables.keep_lots(tx, lots)


def lock_undated(tx: Tx, lots: Sequence[tuple[str, str]]) -> None:
    """Lock those of these lots, by (sku, lot), whose date nobody knows though their products ask for it."""
    tables.lock_undated(tx, lots)


def dates_of_lots(tx: Tx, lots: Sequence[tuple[str, str]]) -> dict[tuple[str, str], date | None]:
    """When lots expire, by (sku, lot); only lots that are known."""
    return tables.expiries(tx, lots)


def average_in(tx: Tx, units: Sequence[tuple[str, str, int, int]]) -> None:
    """Average costs of units that are about to come on hand: (sku, site, units, unit cost in millionths).

    Their availability rows are locked, in the order of (sku, site). To be called before the units are moved.
    """
    counters = tables.lock_counters(tx, {(sku, site) for sku, site, _, _ in units})
    costs = Costs({pair: counter.cost_micro for pair, counter in counters.items()})
    on_hand = {pair: counter.on_hand for pair, counter in counters.items()}
    for sku, site, quantity, cost_micro in units:
        costs.add(sku, site, on_hand[sku, site], cost_micro, quantity)
        on_hand[sku, site] += quantity
    tables.save_costs(tx, costs.changed)
