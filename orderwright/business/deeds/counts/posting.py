"""The books follow counts: one adjustment a lot, with the count as its reference."""

from collections.abc import Sequence

from orderwright.business.deeds.books import adjust_stock
from orderwright.business.stock.forms import Adjustment, AdjustmentForm
from orderwright.business.warehouse.counts.facts import CountPosted
from orderwright.business.warehouse.counts.rows import CountRow
from orderwright.business.warehouse.counts.rules import Key
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class Posting:
    """What the counts of a call change, so that two counts of one bin take away what is missing once."""

    def __init__(self) -> None:
        self._changes: dict[tuple[int, Key], int] = {}
        self.rows: dict[str, tuple[CountRow, str, list[tuple[str, str, int]]]] = {}

    def changed(self, place_id: int, key: Key) -> int:
        """What was added so far for a lot in a place."""
        return self._changes.get((place_id, key), 0)

    def add(self, row: CountRow, key: Key, units: int, actor: str) -> None:
        """The books of a lot change by so many units, either sign."""
        if units:
            self._changes[row.place_id, key] = self.changed(row.place_id, key) + units
            self.rows.setdefault(row.id, (row, actor, []))[2].append((*key, units))


def reference_of(count_id: str, n: int) -> str:
    """The reference of a count's nth adjustment, from 1."""
    return f"count:{count_id}:{n}"


def post(tx: Tx, posting: Posting) -> None:
    """Book it all. The rows are locked and were just read, so that no adjustment can refuse."""
    adjustments: list[Adjustment] = []
    for row, actor, changes in posting.rows.values():
        for n, (sku, lot, units) in enumerate(changes, 1):
            form = AdjustmentForm(
                site=row.site, sku=sku, reason="counted", quantity=units, place=row.place, lot=lot,
                reference=reference_of(row.id, n),
            )  # fmt: skip
            adjustments.append(Adjustment(form=form, actor=actor))
        fact = CountPosted(site=row.site, place_id=row.place_id, round=row.round, changes=changes)
        tx.record("count", row.id, fact, actor=actor)
    _book(tx, adjustments)


def _book(tx: Tx, adjustments: Sequence[Adjustment]) -> None:
    for each in adjust_stock(tx, adjustments) if adjustments else ():
        if isinstance(each, Refusal):
            raise each
