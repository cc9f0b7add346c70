"""The returns bench: picked units that lost their order, until they are put into a bin."""

from collections.abc import Iterable
from typing import Any

from orderwright.database.rows import array
from orderwright.database.tx import Tx

Key = tuple[str, str, str]
"""(site, sku, lot)."""


class PutBackRow:
    """Units to be put back while a deed works on them; `save_put_backs` writes them."""

    __slots__ = ("demand_id", "id", "lot", "order_id", "placed", "quantity", "site", "sku", "tote")

    def __init__(self, row: Any) -> None:
        self.id: str = row.id
        self.order_id: str = row.order_id
        self.demand_id: str = row.demand_id
        self.site: str = row.site
        self.sku: str = row.sku
        self.lot: str = row.lot
        self.quantity: int = row.quantity
        self.placed: int = row.placed
        self.tote: str = row.tote

    @property
    def left(self) -> int:
        """Units still on the bench."""
        return self.quantity - self.placed


def orders_waiting(tx: Tx, keys: Iterable[Key]) -> set[str]:
    """Orders whose units lie on the bench, read without a lock."""
    rows = tx.rows(f"SELECT DISTINCT b.order_id::text AS id {_OPEN}", **_asked(keys))
    return {row.id for row in rows}


def lock_put_backs(tx: Tx, keys: Iterable[Key]) -> dict[Key, list[PutBackRow]]:
    """What is to be put back, oldest first; the rows stay locked. Their orders' rows are locked by the caller."""
    rows = tx.rows(
        f"SELECT b.id::text, b.order_id::text, b.demand_id::text, b.site, b.sku, b.lot, b.quantity, b.placed,"
        f" b.tote {_OPEN}"
        " ORDER BY b.id FOR UPDATE OF b",
        **_asked(keys),
    )
    found: dict[Key, list[PutBackRow]] = {}
    for row in rows:
        found.setdefault((row.site, row.sku, row.lot), []).append(PutBackRow(row))
    return found


def save_put_backs(tx: Tx, rows: Iterable[PutBackRow]) -> None:
    """Write back how much of each is in a bin."""
    changed = sorted(rows, key=lambda row: row.id)
    tx.write(
        """
        UPDATE put_back b SET placed = n.placed,
               state = CASE WHEN n.placed = b.quantity THEN 'done' ELSE 'open' END,
               ended_at = CASE WHEN n.placed = b.quantity THEN %(now)s::timestamptz END
        FROM unnest(%(ids)s::uuid[], %(placed)s::bigint[]) AS n(id, placed) WHERE b.id = n.id
        """,
        now=tx.now, ids=array(row.id for row in changed), placed=array(row.placed for row in changed),
    )  # fmt: skip


_OPEN = (
    "FROM unnest(%(sites)s::text[], %(skus)s::text[], %(lots)s::text[]) AS asked(site, sku, lot)"
    " JOIN put_back b ON b.site = asked.site AND b.sku = asked.sku AND b.lot = asked.lot AND b.state = 'open'"
)


def _asked(keys: Iterable[Key]) -> dict[str, str]:
    asked = sorted(set(keys))
    return {
        "sites": array(site for site, _, _ in asked),
        "skus": array(sku for _, sku, _ in asked),
        "lots": array(lot for _, _, lot in asked),
    }
