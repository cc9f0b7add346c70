"""A pick told after the count that missed its units: what the count took away is given back, or it is gone twice."""

from collections.abc import Iterable
from typing import Any

from orderwright.business.deeds.books import adjust_stock
from orderwright.business.stock.actions import Move
from orderwright.business.stock.forms import Adjustment, AdjustmentForm
from orderwright.business.warehouse.counts.facts import CountExplained
from orderwright.business.warehouse.counts.rows import explained_lines, set_posted
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def explain_counts(tx: Tx, moves: Iterable[Move]) -> None:
    """Give back what counts took away and these moves out of bins, just booked, say was moved before it was counted.

    A scanner that was out of reach tells a pick hours later. Whoever counted the bin meanwhile found those units
    missing, and the books followed; the pick takes them off once more. So each such unit is put back into the books,
    never more than the counts of that lot took away: what they agreed with stays, since then it is the scanner's clock
    that is more likely wrong. The counters of the moves' products are locked already, so that two late picks do not
    explain the same units.
    """
    late = [each for each in moves if each.occurred_at is not None and each.occurred_at < tx.now]
    if not late:
        return
    lines = explained_lines(tx, [(each.sku, each.from_place_id, each.lot, each.occurred_at or tx.now) for each in late])
    by_key = {(line.count_id, line.sku, line.lot): line for mine in lines for line in mine}
    missing = {key: -line.posted for key, line in by_key.items()}
    adjustments: list[Adjustment] = []
    told: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for move, mine in zip(late, lines, strict=True):
        left = move.quantity
        for line in mine:
            key = (line.count_id, line.sku, line.lot)
            units = min(left, missing[key])
            if units > 0:
                left -= units
                missing[key] -= units
                adjustments.append(_given_back(line, units, move))
                told.setdefault((line.count_id, move.actor), []).append((line.sku, line.lot, units))
    if not adjustments:
        return
    for each in adjust_stock(tx, adjustments):
        if isinstance(each, Refusal):
            raise each
    set_posted(tx, [line._replace(posted=-missing[key]) for key, line in by_key.items()])
    for (count_id, actor), changes in told.items():
        tx.record("count", count_id, CountExplained(changes=changes), actor=actor)


def _given_back(line: Any, units: int, move: Move) -> Adjustment:
    form = AdjustmentForm(
        site=line.site, sku=line.sku, reason="counted", quantity=units, place=line.place, lot=line.lot,
        reference=f"count:{line.count_id}:{move.cause}:{move.cause_line}",
    )  # fmt: skip
    return Adjustment(form=form, actor=move.actor)
