"""Looking after supply: a task after everything that changes who gets what when, or what runs low."""

from collections.abc import Sequence

import msgspec

from orderwright.business.deeds.supply.expecting import tell_expected
from orderwright.business.deeds.supply.low import look_low, refresh_turnover
from orderwright.business.purchasing.looking import Looking
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx


def look_after_supply(tx: Tx, tasks: Sequence[Task]) -> None:
    """Tell who waits when they can have it, and ask for more of what is low."""
    named = {sku for task in tasks for sku in msgspec.convert(task.body, Looking).skus}
    skus = sorted(named)
    tell_expected(tx, skus)
    look_low(tx, skus)


def look_at_all(tx: Tx, tasks: Sequence[Task]) -> None:
    """By the clock: everything that has a level, is asked for, or is waited for."""
    rows = tx.rows(
        "SELECT sku FROM reorder_level UNION SELECT sku FROM replenishment WHERE state = 'open'"
        " UNION SELECT sku FROM demand WHERE waiting > 0 ORDER BY sku"
    )
    skus = [row.sku for row in rows]
    tell_expected(tx, skus)
    look_low(tx, skus)


def count_turnover(tx: Tx, tasks: Sequence[Task]) -> None:
    """By the clock: how often products are picked where."""
    refresh_turnover(tx)
