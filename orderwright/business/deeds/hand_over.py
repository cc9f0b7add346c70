"""Handing over: a parcel leaves the site, its units leave the stock, and money may be taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.deeds.track import Arrival, deliver
from orderwright.business.orders.actions import Delta, move_units, refresh_states
from orderwright.business.routing.actions import advance_allocations, refresh_fulfilments
from orderwright.business.routing.rules import Progress
from orderwright.business.shipping.facts import OrderShipped, ParcelHandedOver
from orderwright.business.shipping.forms import HandedOver, HandOver
from orderwright.business.shipping.labels import VOID, open_intents
from orderwright.business.shipping.parcels import (
    lines_of,
    live_labels,
    lock_parcels,
    orders_of,
    set_shipped,
    units_by_position,
)
from orderwright.business.shipping.scans import arrivals_of
from orderwright.business.stock.actions import Move, give_back
from orderwright.business.stock.actions import move_units as move_stock
from orderwright.business.warehouse.places import place_ids
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

GONE = ("shipped", "delivered", "lost")


def hand_over(tx: Tx, commands: Sequence[HandOver]) -> list[HandedOver | Refusal]:
    """Let parcels leave with their carrier; one `HandedOver` or Refusal per command.

    Units leave the stock and are shipped; capture, invoice and tracking follow the fact. Again: `repeated`.
    A 'delivered' scan that came before is counted now. Refuses not_found, order_held (also a hold placed
    after packing), no_label, label_pending (the label is being taken back), label_stale (it is for an address
    the order no longer has), parcel_step (unpacked).
    """
    homes = orders_of(tx, [each.parcel_id for each in commands])
    work = lock_work(tx, [fulfilment_id for _, fulfilment_id in homes.values()])
    parcels = lock_parcels(tx, homes)
    labels = live_labels(tx, parcels)
    voiding = open_intents(tx, VOID, list(parcels))
    results: list[Any] = []
    leaving: dict[str, HandOver] = {}
    for command in commands:
        parcel = parcels.get(command.parcel_id)
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=command.parcel_id))
            continue
        is_gone = parcel.state in GONE or parcel.id in leaving
        refusal = None if is_gone else _refusal(parcel, work[parcel.fulfilment_id], labels, voiding)
        results.append(refusal or (parcel, is_gone))
        if refusal is None and not is_gone:
            leaving[parcel.id] = command
    if leaving:
        _leave(tx, {id_: parcels[id_] for id_ in leaving}, leaving, labels)
        parcels.update(lock_parcels(tx, leaving))
    states = _order_states(tx, work)
    return [
        each if isinstance(each, Refusal) else _answer(parcels[each[0].id], work, states, is_repeated=each[1])
        for each in results
    ]


def _refusal(parcel: Any, work: Work, labels: Mapping[str, Any], voiding: Mapping[str, Any]) -> Refusal | None:
    if parcel.state == "unpacked":
        return Refusal("parcel_step", state=parcel.state)
    if parcel.id not in labels:
        return Refusal("no_label", number=parcel.number)
    if parcel.id in voiding:
        return Refusal("label_pending", number=parcel.number)
    if labels[parcel.id].is_stale:
        return Refusal("label_stale", number=parcel.number)
    if work.is_held:
        return Refusal("order_held", number=work.order_number)
    return None


def _leave(tx: Tx, parcels: Mapping[str, Any], commands: Mapping[str, HandOver], labels: Mapping[str, Any]) -> None:
    lines = lines_of(tx, parcels)
    _move_units(tx, parcels, lines)
    _move_stock(tx, parcels, lines, commands)
    set_shipped(tx, {id_: each.occurred_at or tx.now for id_, each in commands.items()})
    refresh_fulfilments(tx, {each.fulfilment_id for each in parcels.values()})
    states = refresh_states(tx, {each.order_id for each in parcels.values()})
    for id_, parcel in parcels.items():
        command, label = commands[id_], labels[id_]
        told = ParcelHandedOver(
            order_id=parcel.order_id, carrier=label.carrier, tracking_code=label.tracking_code,
            lines=[(row.demand_id, row.sku, row.quantity) for row in lines[id_]],
        )  # fmt: skip
        tx.record("parcel", id_, told, actor=command.actor, occurred_at=command.occurred_at)
        shipped = OrderShipped(parcel_id=id_, units=units_by_position(lines[id_]), state=states[parcel.order_id])
        tx.record("order", parcel.order_id, shipped, actor=command.actor, occurred_at=command.occurred_at)
    arrived = arrivals_of(tx, parcels)
    deliver(tx, {id_: Arrival(row.id, row.occurred_at, "carrier") for id_, row in arrived.items()})


def _move_units(tx: Tx, parcels: Mapping[str, Any], lines: Mapping[str, Sequence[Any]]) -> None:
    deltas: dict[str, Delta] = {}
    progress: dict[tuple[str, str], Progress] = {}
    for id_, mine in lines.items():
        for row in mine:
            units = deltas.get(row.demand_id, Delta()).shipped + row.quantity
            deltas[row.demand_id] = Delta(packed=-units, shipped=units)
            key = (parcels[id_].fulfilment_id, row.demand_id)
            units = progress.get(key, Progress(0, 0, 0, 0)).shipped + row.quantity
            progress[key] = Progress(0, 0, -units, units)
    move_units(tx, deltas)
    advance_allocations(tx, progress)


def _move_stock(
    tx: Tx, parcels: Mapping[str, Any], lines: Mapping[str, Sequence[Any]], commands: Mapping[str, HandOver]
) -> None:
    sites = {each.site for each in parcels.values()}
    places = place_ids(tx, [(site, code) for site in sites for code in ("PACKING", "CUSTOMER")])
    gone: dict[tuple[str, str], int] = {}
    moves = []
    for id_, mine in sorted(lines.items()):
        site, command = parcels[id_].site, commands[id_]
        for n, row in enumerate(mine):
            gone[row.sku, site] = gone.get((row.sku, site), 0) + row.quantity
            moves.append(
                Move(row.sku, row.lot, places[site, "PACKING"], places[site, "CUSTOMER"], row.quantity, "ship",
                     f"parcel:{id_}", n + 1, command.actor, occurred_at=command.occurred_at)
            )  # fmt: skip
    # The promise goes first: what is on hand may not fall below what is allocated, not even for a moment.
    give_back(tx, gone)
    move_stock(tx, moves)


def _order_states(tx: Tx, work: Mapping[str, Work]) -> dict[str, str]:
    rows = tx.rows(
        "SELECT id::text, state FROM orders WHERE id = ANY(%(ids)s::uuid[])",
        ids=array({each.order_id for each in work.values()}),
    )
    return {row.id: row.state for row in rows}


def _answer(parcel: Any, work: Mapping[str, Work], states: Mapping[str, str], *, is_repeated: bool) -> HandedOver:
    mine = work[parcel.fulfilment_id]
    return HandedOver(
        parcel.id, parcel.number, parcel.state, mine.order_number, states[mine.order_id], repeated=is_repeated
    )
