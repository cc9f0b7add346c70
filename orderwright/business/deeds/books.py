"""Setting the books right: the truth is never refused, so promises it breaks are released first.

Each verb here wraps one of stock's: it frees what orders hold of units that are going, books, and lets
whoever waits have what came.
"""

from collections.abc import Callable, Sequence
from typing import Any

from orderwright.business.deeds.fill import want_filling
from orderwright.business.deeds.named_adjustments import naming_refusals, note_adjusted
from orderwright.business.deeds.reroute import Reroute, reroute
from orderwright.business.deeds.transferring.naming import (
    TRANSIT,
    arriving_refusals,
    note_arrived,
    note_moved,
    note_sent,
    note_written_off,
    sending_refusals,
    settle_names,
)
from orderwright.business.orders.actions import NewException, lock_orders_at_once, open_exceptions
from orderwright.business.stock.adjustments import adjust, adjustment_shortfalls
from orderwright.business.stock.arrivals import transfer_in
from orderwright.business.stock.closing import close_transfers
from orderwright.business.stock.expiry import expire_lots, expiry_shortfalls
from orderwright.business.stock.forms import (
    Adjustment,
    Arrival,
    CloseTransfer,
    Dispatch,
    ExpireLots,
    Receipt,
    Transfer,
)
from orderwright.business.stock.receipts import receive
from orderwright.business.stock.rules import REASONS, Shortfall
from orderwright.business.stock.transfers import (
    dispatch_shortfalls,
    transfer,
    transfer_out,
    transfer_shortfalls,
)
from orderwright.business.warehouse.actions import cancel_picks, cancel_picks_at
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def receive_stock(tx: Tx, commands: Sequence[Receipt]) -> list[Any]:
    """Book receipts (see stock.receipts.receive); who waits for these units gets them first."""
    results = receive(tx, commands)
    _fill(tx, [line.sku for each, result in zip(commands, results, strict=True)
               if not isinstance(result, Refusal) for line in each.form.lines])  # fmt: skip
    return results


def take_in_transfers(tx: Tx, commands: Sequence[Arrival]) -> list[Any]:
    """Take in what another site sent (see stock.arrivals.transfer_in); units that left by name come by name.

    Refuses besides serial_needed and serial_elsewhere (it did not leave with this transfer).
    """
    results = _unless(arriving_refusals(tx, commands), commands, lambda sound: transfer_in(tx, sound))
    note_arrived(tx, commands, results)
    if any(not isinstance(result, Refusal) for result in results):
        _fill(tx, [line.sku for result in results if not isinstance(result, Refusal) for line in result.lines])
    return results


def adjust_stock(tx: Tx, commands: Sequence[Adjustment]) -> list[Any]:
    """Book adjustments (see stock.adjustments.adjust) after freeing the promises they break.

    Units of products tracked by serial may be named. Refuses besides serial_needed and serial_elsewhere.
    """
    results = _unless(
        naming_refusals(tx, commands), commands,
        lambda sound: _book(tx, sound, adjustment_shortfalls, adjust, "books set right"),
    )  # fmt: skip
    done = _new(commands, results)
    note_adjusted(tx, [form for form, _ in done])
    settle_names(tx, [
        (form.site, form.sku, form.place, REASONS[form.reason][1], -booked.change)
        for form, booked in done if booked.change < 0
    ])  # fmt: skip
    _fill(tx, [each.form.sku for each, result in zip(commands, results, strict=True)
               if not isinstance(result, Refusal)])  # fmt: skip
    return results


def transfer_stock(tx: Tx, commands: Sequence[Transfer]) -> list[Any]:
    """Move units within sites (see stock.transfers.transfer) after freeing the promises that breaks.

    Units of products tracked by serial move by name. Refuses besides serial_needed and serial_elsewhere.
    """
    return _unless(sending_refusals(tx, commands, "transfer"), commands, lambda sound: transfer_unread(tx, sound))


def transfer_unread(tx: Tx, commands: Sequence[Transfer]) -> list[Any]:
    """Move units within sites as `transfer_stock` does, where nobody is there to read serials."""
    results = _book(tx, commands, transfer_shortfalls, transfer, "moved away")
    note_moved(tx, commands, results)
    settle_names(tx, [
        (form.site, line.sku, line.from_place, line.to_place, line.quantity)
        for form, _ in _new(commands, results) for line in form.lines
    ])  # fmt: skip
    _fill(tx, [line.sku for each, result in zip(commands, results, strict=True)
               if not isinstance(result, Refusal) for line in each.form.lines])  # fmt: skip
    return results


def send_transfers(tx: Tx, commands: Sequence[Dispatch]) -> list[Any]:
    """Send units to other sites (see stock.transfers.transfer_out) after freeing the promises that breaks.

    Units of products tracked by serial leave by name. Refuses besides serial_needed and serial_elsewhere.
    """
    results = _unless(
        sending_refusals(tx, commands), commands,
        lambda sound: _book(tx, sound, dispatch_shortfalls, transfer_out, "sent to another site"),
    )  # fmt: skip
    note_sent(tx, commands, results)
    settle_names(tx, [
        (form.site, line.sku, line.place, TRANSIT, line.quantity)
        for form, _ in _new(commands, results) for line in form.lines
    ])  # fmt: skip
    _fill(tx, [line.sku for each, result in zip(commands, results, strict=True)
               if not isinstance(result, Refusal) for line in each.form.lines])  # fmt: skip
    return results


def write_off_transfers(tx: Tx, commands: Sequence[CloseTransfer]) -> list[Any]:
    """Write off what of transfers never came (see stock.closing.close_transfers)."""
    results: list[Any] = list(close_transfers(tx, commands))
    note_written_off(tx, commands, results)
    return results


def expire_stock(tx: Tx, commands: Sequence[ExpireLots]) -> list[Any]:
    """Take expired lots out of what can be sold (see stock.expiry.expire_lots)."""
    results = _book(tx, commands, expiry_shortfalls, expire_lots, "expired")
    settle_names(tx, [
        (result.site, pile.sku, pile.place, "QUARANTINE", pile.quantity)
        for result in results if not isinstance(result, Refusal) for pile in result.lines
    ])  # fmt: skip
    _fill(tx, [pile.sku for result in results if not isinstance(result, Refusal) for pile in result.lines])
    return results


def _fill(tx: Tx, skus: Sequence[str]) -> None:
    if skus:
        want_filling(tx, skus)


def _new(commands: Sequence[Any], results: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Forms that were booked now, with what that did."""
    pairs = zip(commands, results, strict=True)
    return [(each.form, booked) for each, booked in pairs if not isinstance(booked, Refusal) and not booked.repeated]


def _unless(
    refusals: Sequence[Refusal | None], commands: Sequence[Any], book: Callable[[Sequence[Any]], list[Any]]
) -> list[Any]:
    """Book the commands that nothing speaks against."""
    booked = iter(book([each for each, refusal in zip(commands, refusals, strict=True) if refusal is None]))
    return [next(booked) if refusal is None else refusal for refusal in refusals]


def _book(
    tx: Tx,
    commands: Sequence[Any],
    shortfalls: Callable[[Tx, Sequence[Any]], list[Shortfall]],
    book: Callable[[Tx, Sequence[Any]], list[Any]],
    why: str,
) -> list[Any]:
    short = shortfalls(tx, commands)
    if short:
        free_promises(tx, short, why, commands[0].actor)
    return book(tx, commands)


def free_promises(tx: Tx, shortfalls: Sequence[Shortfall], why: str, actor: str) -> None:
    """Release what orders hold of units that will not be there; each is routed again or waits, and a person is told.

    Latest ship-by first, then lowest priority, then newest. Availability rows are locked already, so orders
    are locked without waiting for them: who finds one busy starts over (the writer runs the group again).
    """
    victims = _victims(tx, shortfalls)
    lock_orders_at_once(tx, sorted({row.order_id for row in victims}))
    at_bins = cancel_picks_at(tx, {
        (each.sku, place_id, lot): units for each in shortfalls for place_id, lot, units in each.committed
    })  # fmt: skip
    taken: dict[tuple[str, str], int] = dict(at_bins)
    unpick: dict[tuple[str, str], int] = {}
    for each in shortfalls:
        mine = [row for row in victims if (row.sku, row.site) == (each.sku, each.site)]
        left = each.units - sum(taken.get((row.fulfilment_id, row.demand_id), 0) for row in mine)
        for row in mine:
            key = (row.fulfilment_id, row.demand_id)
            part = min(left, row.allocated - taken.get(key, 0))
            if part > 0:
                left -= part
                taken[key] = taken.get(key, 0) + part
                if row.is_released:
                    unpick[key] = unpick.get(key, 0) + part
    if unpick:
        cancel_picks(tx, unpick)
    _send_elsewhere(tx, taken, {(row.fulfilment_id, row.demand_id): row.order_id for row in victims}, why, actor)


def _victims(tx: Tx, shortfalls: Sequence[Shortfall]) -> list[Any]:
    return tx.rows(
        """
        SELECT d.order_id::text, a.fulfilment_id::text, a.demand_id::text, a.allocated, d.sku, f.site,
               f.released_at IS NOT NULL AS is_released
        FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS short(sku, site)
        JOIN demand d ON d.sku = short.sku AND d.allocated > 0
        JOIN allocation a ON a.demand_id = d.id AND a.allocated > 0
        JOIN fulfilment f ON f.id = a.fulfilment_id AND f.site = short.site
        JOIN orders o ON o.id = d.order_id
        ORDER BY f.released_at IS NOT NULL, f.ship_by DESC, o.priority, o.placed_at DESC, a.fulfilment_id, a.demand_id
        """,
        skus=array(each.sku for each in shortfalls), sites=array(each.site for each in shortfalls),
    )  # fmt: skip


def _send_elsewhere(
    tx: Tx, taken: dict[tuple[str, str], int], orders: dict[tuple[str, str], str], why: str, actor: str
) -> None:
    by_fulfilment: dict[str, list[tuple[str, int]]] = {}
    order_of: dict[str, str] = {}
    for (fulfilment_id, demand_id), units in sorted(taken.items()):
        by_fulfilment.setdefault(fulfilment_id, []).append((demand_id, units))
        order_of[fulfilment_id] = orders[fulfilment_id, demand_id]
    reroute(tx, [
        Reroute(order_of[id_], id_, units, why, actor) for id_, units in by_fulfilment.items()
    ])  # fmt: skip
    open_exceptions(tx, [
        NewException(order_of[id_], order_of[id_], "promise_broken", {"why": why, "units": units})
        for id_, units in by_fulfilment.items()
    ])  # fmt: skip
