"""What lies in the bins that scans name: for kinds of session in which people take things out of bins."""

from collections.abc import Sequence

from orderwright.business.deeds.scanning.asking import Asking
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def skus_of(asking: Asking) -> set[str]:
    """The product in hand, and those the scans to come are of."""
    return {asking.state.sku, *(told.found.sku for told in asking.told)} - {""}


def lying_where_scanned(tx: Tx, asking: Sequence[Asking]) -> dict[str, dict[tuple[str, str], dict[str, int]]]:
    """Units by lot that lie in the bins the scans name, by site, then (bin, sku)."""
    asked = sorted({
        (each.session.site, place, sku)
        for each in asking
        for place in {each.state.place, *(told.found.place.code for told in each.told if told.found.place)} - {""}
        for sku in skus_of(each)
    })  # fmt: skip
    rows = tx.rows(
        """
        SELECT p.site, p.code, s.sku, s.lot, s.quantity
        FROM unnest(%(sites)s::text[], %(places)s::text[], %(skus)s::text[]) AS a(site, place, sku)
        JOIN place p ON p.site = a.site AND p.code = a.place AND p.kind = 'bin'
        JOIN stock s ON s.place_id = p.id AND s.sku = a.sku AND s.quantity > 0 ORDER BY p.id, s.sku, s.lot
        """,
        sites=array(site for site, _, _ in asked), places=array(place for _, place, _ in asked),
        skus=array(sku for _, _, sku in asked),
    )  # fmt: skip
    found: dict[str, dict[tuple[str, str], dict[str, int]]] = {}
    for row in rows:
        found.setdefault(row.site, {}).setdefault((row.code, row.sku), {})[row.lot] = row.quantity
    return found
