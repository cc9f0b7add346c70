"""Units on receiving benches: the rows behind them. Locked after orders and before stock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

Key = tuple[str, str, str]
"""(site, sku, lot)."""


class NewPile(NamedTuple):
    """Units that came in."""

    delivery_id: str
    site: str
    sku: str
    lot: str
    units: int
    cost_micro: int | None


class Pile:
    """Units of one delivery on the bench. placed: of them put away so far."""

    def __init__(self, row: Any) -> None:
        self.id, self.quantity, self.placed, self.cost_micro = row.id, row.quantity, row.placed, row.cost_micro

    @property
    def left(self) -> int:
        """Units still on the bench."""
        return int(self.quantity - self.placed)


class Part(NamedTuple):
    """Units taken off a pile. placed: of the pile in all, which tells this part from others."""

    pile: Pile
    units: int
    placed: int


def add_piles(tx: Tx, piles: Sequence[NewPile]) -> None:
    """Units lie on the bench from now on."""
    tx.copy(
        "put_away", "id, delivery_id, site, sku, lot, quantity, cost_micro, made_at",
        [(id_, each.delivery_id, each.site, each.sku, each.lot, each.units, each.cost_micro, tx.now)
         for id_, each in zip(new_ids(len(piles)), piles, strict=True)],
    )  # fmt: skip


def lock_piles(tx: Tx, keys: Iterable[Key]) -> dict[Key, list[Pile]]:
    """Piles by (site, sku, lot), oldest first, locked in the order of their keys."""
    asked = sorted(set(keys))
    rows = tx.rows(
        """
        SELECT w.id::text, w.site, w.sku, w.lot, w.quantity, w.placed, w.cost_micro
        FROM unnest(%(sites)s::text[], %(skus)s::text[], %(lots)s::text[]) AS a(site, sku, lot)
        JOIN put_away w ON w.site = a.site AND w.sku = a.sku AND w.lot = a.lot AND w.state = 'open'
        ORDER BY w.site, w.sku, w.lot, w.id FOR UPDATE OF w
        """,
        sites=array(site for site, _, _ in asked), skus=array(sku for _, sku, _ in asked),
        lots=array(lot for _, _, lot in asked),
    )  # fmt: skip
    piles: dict[Key, list[Pile]] = {}
    for row in rows:
        piles.setdefault((row.site, row.sku, row.lot), []).append(Pile(row))
    return piles


def lock_piles_of(tx: Tx, goods: Iterable[tuple[str, str]]) -> None:
    """Lock the piles of products, by (site, sku), of every lot, in the same order."""
    asked = sorted(set(goods))
    tx.rows(
        """
        SELECT FROM unnest(%(sites)s::text[], %(skus)s::text[]) AS a(site, sku)
        JOIN put_away w ON w.site = a.site AND w.sku = a.sku AND w.state = 'open'
        ORDER BY w.site, w.sku, w.lot, w.id FOR UPDATE OF w
        """,
        sites=array(site for site, _ in asked), skus=array(sku for _, sku in asked),
    )  # fmt: skip


def take_off(piles: Sequence[Pile], units: int) -> list[Part]:
    """Take units off piles, the oldest first; they hold that many."""
    parts = []
    for pile in piles:
        part = min(units, pile.left)
        if part:
            pile.placed += part
            units -= part
            parts.append(Part(pile, part, pile.placed))
    return parts


def save_piles(tx: Tx, piles: Mapping[str, Pile]) -> None:
    """Write what was taken off."""
    if not piles:
        return
    tx.write(
        """
        UPDATE put_away w SET placed = n.placed, state = CASE WHEN n.placed = w.quantity THEN 'done' ELSE 'open' END,
            ended_at = CASE WHEN n.placed = w.quantity THEN %(now)s::timestamptz END
        FROM unnest(%(ids)s::uuid[], %(placed)s::bigint[]) AS n(id, placed) WHERE w.id = n.id
        """,
        now=tx.now, ids=array(piles), placed=array(each.placed for each in piles.values()),
    )  # fmt: skip


def note_overrides(tx: Tx, rows: Sequence[tuple[str, str, str, int, str, str, str]]) -> None:
    """Bins people chose against the rule: (site, place, sku, units, unfit, reason, actor)."""
    tx.copy(
        "put_away_override", "id, site, place, sku, units, unfit, reason, actor, made_at",
        [(id_, *row, tx.now) for id_, row in zip(new_ids(len(rows)), rows, strict=True)],
    )  # fmt: skip
