"""What falls due by the clock: the gate to the floor, units for who waits, lots past their date, old exceptions."""

from collections.abc import Sequence

from orderwright.business.deeds.books import expire_stock
from orderwright.business.deeds.fill import want_filling
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


def fill_what_can_be(tx: Tx, tasks: Sequence[Task]) -> None:
    """Look once more for units that are there, for all who wait for such.

    Filling follows units that come free. A new order waits behind those before it though they may not be able
    to use what is there (half a kit, a service that goes nowhere), and a site may open again.
    """
    rows = tx.rows(
        "SELECT DISTINCT d.sku FROM demand d WHERE d.waiting > 0"
        " AND EXISTS (SELECT 1 FROM availability a WHERE a.sku = d.sku AND a.on_hand > a.allocated)"
    )
    want_filling(tx, [row.sku for row in rows])


def _sites(tx: Tx) -> list[str]:
    return [row.code for row in tx.rows("SELECT code FROM site WHERE is_active ORDER BY code")]
