"""Packing: picked units go into parcels, and out of them again."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.deeds.packing.bench import Bench, Filled, fill, read_bench
from orderwright.business.deeds.packing.closing import close_parcels, remember_packed
from orderwright.business.deeds.packing.totes import read_totes
from orderwright.business.orders.actions import Delta, close_exceptions, move_units, refresh_states
from orderwright.business.routing.actions import advance_allocations, refresh_fulfilments
from orderwright.business.routing.rules import Progress
from orderwright.business.shipping import parcels as rows_of
from orderwright.business.shipping.actions import tell_off_weights, want_first_labels
from orderwright.business.shipping.facts import FulfilmentPacked, ParcelPacked, ParcelUnpacked
from orderwright.business.shipping.forms import (
    NewParcel,
    Pack,
    Packed,
    PackedUnits,
    ParcelNow,
    Unpack,
)
from orderwright.business.shipping.labels import BUY, open_intents
from orderwright.business.shipping.packing.weighings import forget_weighings
from orderwright.business.shipping.reads import token_hash, tokens_of
from orderwright.business.shipping.ssccs import next_ssccs
from orderwright.business.warehouse.actions import give_to_tote, take_for_parcels
from orderwright.database import intents
from orderwright.database.intents import Outcome
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


def pack(tx: Tx, commands: Sequence[Pack]) -> list[Packed | Refusal]:
    """Put picked units into parcels; one `Packed` or Refusal per command, all its parcels or none.

    Each parcel wants its label at once. Refuses not_found, malformed (two weights), order_held, nothing_to_pack,
    still_to_pick (everything was asked for and some is not picked), unknown_line, pack_quantity, unknown_carton,
    packed_by_other (who), check_needed (what is missing), and weight_off (what explains it) unless confirmed; a
    confirmed weight that does not fit opens an exception. Cartons are used up, also those the books do not know of.
    """
    work = lock_work(tx, [each.fulfilment_id for each in commands])
    totes = read_totes(tx, work)
    bench = read_bench(tx, commands, work, totes)
    results: list[Any] = []
    made: list[tuple[int, Work, list[Filled]]] = []
    for i, command in enumerate(commands):
        each = work.get(command.fulfilment_id)
        filled = fill(each, totes.get(command.fulfilment_id), command, bench)
        results.append(filled)
        if each is not None and not isinstance(filled, Refusal):
            made.append((i, each, filled))
    if made:
        for i, packed in zip([i for i, _, _ in made], _write(tx, commands, made, bench), strict=True):
            results[i] = packed
        remember_packed(tx, [(commands[i], work, filled, totes[work.id], results[i]) for i, work, filled in made])
    return results


def _write(
    tx: Tx, commands: Sequence[Pack], made: Sequence[tuple[int, Work, list[Filled]]], bench: Bench
) -> list[Packed]:
    flat = [(i, work, filled) for i, work, parcels in made for filled in parcels]
    ids, numbers = new_ids(len(flat)), rows_of.next_numbers(tx, len(flat))
    tokens, ssccs = tokens_of(tx, ids), next_ssccs(tx, len(flat))
    made_here = [(work, filled, id_) for (_, work, filled), id_ in zip(flat, ids, strict=True)]
    _move(tx, made_here, list(zip(numbers, tokens, ssccs, strict=True)))
    want_first_labels(tx, {id_: work.order_id for (_, work, _), id_ in zip(flat, ids, strict=True)})
    tell_off_weights(
        tx,
        {id_: (work.order_id, f.problem) for (_, work, f), id_ in zip(flat, ids, strict=True) if f.problem},
    )
    left = close_parcels(tx, [(id_, work, f, commands[i]) for (i, work, f), id_ in zip(flat, ids, strict=True)], bench)
    states = refresh_fulfilments(tx, {work.id for _, work, _ in flat})
    refresh_states(tx, {work.order_id for _, work, _ in flat})
    parcels: dict[int, list[NewParcel]] = {}
    for (i, work, filled), id_, number, token, sscc in zip(flat, ids, numbers, tokens, ssccs, strict=True):
        lines = [(each.demand_id, each.sku, each.units) for each in filled.contents]
        fact = ParcelPacked(
            number=number, order_id=work.order_id, fulfilment_id=work.id, lines=lines, weight_g=filled.weight_g,
            expected_weight_g=filled.expected_g,
        )  # fmt: skip
        tx.record("parcel", id_, fact, actor=commands[i].actor)
        shown = [PackedUnits(each.reference, each.sku, each.units) for each in filled.contents]
        stock = left.get((filled.carton or "", work.site))
        parcels.setdefault(i, []).append(NewParcel(
            id_, number, shown, filled.weight_g, filled.expected_g, token, sscc, filled.carton,
            stock.quantity if stock else None,
        ))  # fmt: skip
    for i, work, _ in made:
        done = FulfilmentPacked(parcels=[each.id for each in parcels[i]], is_complete=states[work.id] == "packed")
        tx.record("fulfilment", work.id, done, actor=commands[i].actor)
    return [Packed(work.id, states[work.id], parcels[i]) for i, work, _ in made]


def _move(tx: Tx, made: Sequence[tuple[Work, Filled, str]], names: Sequence[tuple[str, str, str | None]]) -> None:
    """Write the parcels; their units leave the totes, demands and allocations follow. names: number, token, SSCC."""
    wants = [((work.id, each.demand_id), each.units) for work, filled, _ in made for each in filled.contents]
    parcel_ids = [id_ for _, filled, id_ in made for _ in filled.contents]
    lots = iter(take_for_parcels(tx, wants, parcel_ids))
    rows, lines = [], []
    for (work, filled, id_), (number, token, sscc) in zip(made, names, strict=True):
        rows.append(rows_of.ParcelRow(
            id_, number, work.id, work.order_id, work.site, work.service, filled.weight_g, filled.expected_g,
            token_hash(token), work.deliver_by, sscc,
        ))  # fmt: skip
        for each in filled.contents:
            lines += [(id_, each.demand_id, each.sku, lot, units) for lot, units in next(lots)]
    rows_of.insert_parcels(tx, rows, lines)
    _advance(tx, wants, 1)


def _advance(tx: Tx, units: Sequence[tuple[tuple[str, str], int]], sign: int) -> None:
    """Move (fulfilment, demand) units from picked to packed, or (-1) back."""
    deltas: dict[str, Delta] = {}
    progress: dict[tuple[str, str], Progress] = {}
    for key, count in units:
        so_far = deltas.get(key[1], Delta()).packed + sign * count
        deltas[key[1]] = Delta(picked=-so_far, packed=so_far)
        here = progress.get(key, Progress(0, 0, 0, 0)).packed + sign * count
        progress[key] = Progress(0, -here, here, 0)
    move_units(tx, deltas)
    advance_allocations(tx, progress)


def unpack(tx: Tx, commands: Sequence[Unpack]) -> list[ParcelNow | Refusal]:
    """Open parcels again; their units are picked and unpacked as before. One `ParcelNow` or Refusal each.

    Again: `repeated`. Refuses not_found, label_live (void it first), label_pending, parcel_step (it left).
    """
    homes = rows_of.orders_of(tx, [each.parcel_id for each in commands])
    work = lock_work(tx, [fulfilment_id for _, fulfilment_id in homes.values()])
    parcels = rows_of.lock_parcels(tx, homes)
    buying = open_intents(tx, BUY, list(parcels))
    results: list[Any] = []
    opened: dict[str, Unpack] = {}
    for command in commands:
        parcel = parcels.get(command.parcel_id)
        intent = buying.get(command.parcel_id)
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=command.parcel_id))
        elif parcel.state == "labelled":
            results.append(Refusal("label_live", number=parcel.number))
        elif parcel.state not in ("packed", "unpacked"):
            results.append(Refusal("parcel_step", state=parcel.state))
        elif intent is not None and intent.state != "wanted":
            results.append(Refusal("label_pending", number=parcel.number))
        else:
            is_repeated = parcel.state == "unpacked" or parcel.id in opened
            results.append(ParcelNow(parcel.id, parcel.number, "unpacked", parcel.weight_g, repeated=is_repeated))
            if not is_repeated:
                opened[parcel.id] = command
    if opened:
        _open(tx, opened, parcels, work)
        intents.end(tx, [Outcome(buying[id_].id, "failed", "unpacked") for id_ in opened if id_ in buying])
    return results


def _open(tx: Tx, opened: Mapping[str, Unpack], parcels: Mapping[str, Any], work: Mapping[str, Work]) -> None:
    lines = [row for mine in rows_of.lines_of(tx, opened).values() for row in mine]
    units: dict[tuple[str, str, str, str], int] = {}
    for row in lines:
        key = (parcels[row.parcel_id].fulfilment_id, row.demand_id, row.lot, row.parcel_id)
        units[key] = units.get(key, 0) + row.quantity
    give_to_tote(tx, units)
    _advance(tx, [((fulfilment_id, demand_id), count) for (fulfilment_id, demand_id, _, _), count in units.items()], -1)
    rows_of.set_states(tx, dict.fromkeys(opened, "unpacked"))
    forget_weighings(tx, opened)
    fulfilments = {parcels[id_].fulfilment_id for id_ in opened}
    refresh_fulfilments(tx, fulfilments)
    refresh_states(tx, {work[id_].order_id for id_ in fulfilments})
    close_exceptions(
        tx, [(id_, kind) for id_ in opened for kind in ("weight_off", "label_failed")],
        actor="worker", resolution="unpacked",
    )  # fmt: skip
    for id_, command in opened.items():
        tx.record("parcel", id_, ParcelUnpacked(), actor=command.actor)
