"""Putting back: picked units that lost their order go into a bin again, where others may have them."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.fill import want_filling
from orderwright.business.orders.actions import lock_orders
from orderwright.business.stock.actions import Move, move_units
from orderwright.business.warehouse.bench import PutBackRow, lock_put_backs, orders_waiting, save_put_backs
from orderwright.business.warehouse.facts import PutBackDone
from orderwright.business.warehouse.forms import PutAway, PutBack
from orderwright.business.warehouse.places import bins_of, place_ids
from orderwright.business.warehouse.serials import shelve_units
from orderwright.business.warehouse.totes import free_totes_at
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.refusal import Refusal


def put_back(tx: Tx, commands: Sequence[PutBack]) -> list[PutAway | Refusal]:
    """Put units from the returns bench into bins, the oldest first; one `PutAway` or Refusal per command.

    They are on hand from now on, and whoever waits for them gets them. Refuses malformed, unknown_place (no
    bin of the site), nothing_to_put_back (fewer units of that sku and lot are to be put back there).
    """
    results: list[Any] = [_malformed(each) for each in commands]
    sound = [each for each, refusal in zip(commands, results, strict=True) if refusal is None]
    keys = {(each.site, each.sku, each.lot) for each in sound}
    lock_orders(tx, orders_waiting(tx, keys))
    waiting = lock_put_backs(tx, keys)
    bins = bins_of(tx, [(each.site, each.place) for each in sound])
    benches = place_ids(tx, [(each.site, "RETURNS") for each in sound])
    done: list[tuple[PutBack, PutBackRow, int, int]] = []
    for i, command in enumerate(commands):
        if results[i] is None:
            rows = waiting.get((command.site, command.sku, command.lot), [])
            results[i] = _place(command, rows, bins, done)
    if done:
        save_put_backs(tx, {row.id: row for _, row, _, _ in done}.values())
        free_totes_at(tx, {(row.site, row.tote) for _, row, _, _ in done if not row.left})
        move_units(tx, [
            Move(row.sku, row.lot, benches[row.site, "RETURNS"], bins[row.site, command.place], units, "put_back",
                 f"put_back:{row.id}", placed, command.actor)
            for command, row, units, placed in done
        ])  # fmt: skip
        shelve_units(tx, [
            (benches[row.site, "RETURNS"], row.sku, bins[row.site, command.place], units)
            for command, row, units, _ in done
        ])  # fmt: skip
        want_filling(tx, {row.sku for _, row, _, _ in done})
        for command, row, units, _ in done:
            fact = PutBackDone(demand_id=row.demand_id, site=row.site, sku=row.sku, lot=row.lot, units=units)
            tx.record("order", row.order_id, fact, actor=command.actor)
    return results


def _malformed(command: PutBack) -> Refusal | None:
    findings = list(text_findings(command))
    return refusal_of(findings) if findings else None


def _place(
    command: PutBack,
    rows: Sequence[PutBackRow],
    bins: dict[tuple[str, str], int],
    done: list[tuple[PutBack, PutBackRow, int, int]],
) -> PutAway | Refusal:
    """Take the units off what is to be put back; notes (command, row, units, units of the row placed since)."""
    if (command.site, command.place) not in bins:
        return Refusal("unknown_place", site=command.site, place=command.place)
    lying = sum(row.left for row in rows)
    if command.quantity > lying:
        return Refusal("nothing_to_put_back", sku=command.sku, lot=command.lot, asked=command.quantity, lying=lying)
    wanted = command.quantity
    for row in rows:
        units = min(wanted, row.left)
        if units:
            wanted -= units
            row.placed += units
            done.append((command, row, units, row.placed))
    left = lying - command.quantity
    return PutAway(command.site, command.sku, command.lot, command.place, command.quantity, left)
