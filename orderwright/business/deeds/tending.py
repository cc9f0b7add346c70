"""What falls due by the clock: the gate to the floor, lots past their date, exceptions left lying."""

from collections.abc import Sequence

from orderwright.business.deeds.books import expire_stock
from orderwright.business.deeds.release import release_due
from orderwright.business.orders.exceptions import escalate_due
from orderwright.business.stock.forms import ExpireLots
from orderwright.business.warehouse.forms import ReleaseDue
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

RELEASES_A_TIME = 200


def release_sites(tx: Tx, tasks: Sequence[Task]) -> None:
    """Let every active site have the work that is due first."""
    release_due(tx, [ReleaseDue(site=site, limit=RELEASES_A_TIME, actor="worker") for site in _sites(tx)])


def expire_lots_everywhere(tx: Tx, tasks: Sequence[Task]) -> None:
    """Take lots past their date out of what can be sold, at every site."""
    expire_stock(tx, [ExpireLots(site=site, actor="worker") for site in _sites(tx)])


def escalate_exceptions(tx: Tx, tasks: Sequence[Task]) -> None:
    """Raise what is past its due time one step."""
    escalate_due(tx)


def _sites(tx: Tx) -> list[str]:
    return [row.code for row in tx.rows("SELECT code FROM site WHERE is_active ORDER BY code")]
