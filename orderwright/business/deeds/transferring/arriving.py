"""What another site sent comes in, to the receiving bench or into bins; what nobody sent is found, and told."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.books import adjust_stock, take_in_transfers
from orderwright.business.deeds.transferring.moving import DIFFERS, step_refusal, tell_differs
from orderwright.business.orders.actions import close_exceptions
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Arrival, ArrivalForm, DispatchLine
from orderwright.business.stock.on_the_way import OnTheWay, dispatches_under_way
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.putaway.rows import NewPile, add_piles
from orderwright.business.warehouse.serials import Unit, holders_of, lay_units, name_findings, sent_with
from orderwright.business.warehouse.transferring.forms import ReceiveTransfer, SiteTransferNow
from orderwright.business.warehouse.transferring.rows import (
    Head,
    Load,
    loads_of,
    lock_transfers,
    save_states,
    transfers_now,
    units_of,
)
from orderwright.business.warehouse.transferring.rules import split_arrival
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable, known_as, refusal_of, text_findings
from orderwright.values.refusal import Refusal

BENCH = "RECEIVING"


class _Way:
    """A load as it is used up. left: units under way by (sku, lot); names: those of them with a serial."""

    def __init__(self, way: OnTheWay, names: set[Unit]) -> None:
        self.left, self.costs, self.names = dict(way.left), way.costs, names

    def unnamed(self, sku: str, lot: str) -> int:
        """Units left that have no serial."""
        return self.left.get((sku, lot), 0) - sum(1 for unit in self.names if unit[0] == sku)


class _Known(NamedTuple):
    """Places units may come to, by (site, code); products by sku; who has units by the books; units named so far."""

    places: dict[tuple[str, str], int]
    goods: dict[str, Any]
    holders: dict[Unit, str]
    here: set[Unit]


class _Split(NamedTuple):
    """What a command brings, by load, and what nobody sent."""

    arrivals: list[Arrival]
    over: list[DispatchLine]
    found: list[Adjustment]
    piles: list[NewPile]
    names: dict[Unit, tuple[str, str]]  # units that did not leave by name -> (site, place) they came to


def receive_transfers(tx: Tx, commands: Sequence[ReceiveTransfer]) -> list[SiteTransferNow | Refusal]:
    """Units came; one `SiteTransferNow` or Refusal per command. All lines or none.

    They lie on the receiving bench, to be put away, unless a bin or quarantine is named. They are taken from the
    loads, the first loaded first, at what they cost where they came from; what left by name comes by name. Units nobody
    sent are booked as found, and a manager is told (`transfer_differs`). Who waits for them gets them first. When all
    came of a transfer that has left, it is done. Refuses not_found, transfer_step, and what arrivals and adjustments
    refuse (unknown_sku, unknown_place, kit_not_stocked, lot_needed), serial_needed and serial_elsewhere.
    """
    heads = lock_transfers(tx, [each.number for each in commands])
    loads = loads_of(tx, [each.id for each in heads.values()])
    known = _known(tx, heads, commands)
    ways = _ways(tx, heads, loads)
    splits: list[_Split | Refusal] = []
    for each in commands:
        head = heads.get(each.number)
        refusal = step_refusal(head, each.number, "receive")
        if head is not None and refusal is None:
            refusal = _refusal(each, head, known, [ways[load.reference] for load in loads.get(head.id, ())])
        if refusal is not None or head is None:
            splits.append(refusal or Refusal("not_found", transfer=each.number))
        else:
            splits.append(_split(each, head, loads.get(head.id, ()), ways))
    _bring(tx, [each for each in splits if isinstance(each, _Split)], known.places)
    _settle(tx, heads, commands, splits)
    now = transfers_now(tx, heads)
    return [
        split
        if isinstance(split, Refusal)
        else msgspec.structs.replace(now[each.number], over=sum(line.quantity for line in split.over))
        for each, split in zip(commands, splits, strict=True)
    ]


def _ways(tx: Tx, heads: Mapping[str, Head], loads: Mapping[str, Sequence[Load]]) -> dict[str, _Way]:
    """What of loads is under way, by their references."""
    found = dispatches_under_way(
        tx, [(head.site, load.reference) for head in heads.values() for load in loads.get(head.id, ())]
    )
    names: dict[str, set[Unit]] = {way.id: set() for way in found.values()}
    for unit, id_ in sent_with(tx, names).items():
        names[id_].add(unit)
    return {reference: _Way(way, names[way.id]) for (_, reference), way in found.items()}


def _known(tx: Tx, heads: Mapping[str, Head], commands: Sequence[ReceiveTransfer]) -> _Known:
    lines = [line for each in commands for line in each.form.lines]
    codes = askable(line.place for line in lines)
    sites = sorted({each.to_site for each in heads.values()})
    places = place_ids(tx, [(site, code) for site in sites for code in codes], ("bin", "quarantine", "receiving"))
    goods = tx.rows(
        "SELECT sku, is_kit, tracking FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(askable(line.sku for line in lines)),
    )
    holders = holders_of(tx, {(line.sku, serial) for line in lines for serial in line.serials})
    return _Known(places, {row.sku: row for row in goods}, holders, set())


def _refusal(command: ReceiveTransfer, head: Head, known: _Known, ways: Sequence[_Way]) -> Refusal | None:
    findings = list(text_findings(command.form))
    named = {sku for way in ways for sku, _ in way.names}
    elsewhere = {unit for unit, holder in known.holders.items() if holder != head.number}
    for i, line in enumerate(command.form.lines):
        found = known.goods.get(line.sku)
        if found is None:
            findings.append(known_as("unknown_sku", f"/lines/{i}/sku"))
            continue
        if found.is_kit:
            findings.append(known_as("kit_not_stocked", f"/lines/{i}/sku"))
        elif found.tracking == "lot" and not line.lot:
            findings.append(known_as("lot_needed", f"/lines/{i}/lot"))
        if (head.to_site, line.place) not in known.places:
            findings.append(known_as("unknown_place", f"/lines/{i}/place"))
        unit = (line.sku, line.quantity, found.tracking == "serial" or line.sku in named)
        findings += name_findings(f"/lines/{i}", unit, line.serials, elsewhere, known.here)
    return refusal_of(findings) if findings else None


def _split(command: ReceiveTransfer, head: Head, loads: Sequence[Load], ways: Mapping[str, _Way]) -> _Split:
    """Share the lines out among the loads; what was taken is no longer left for the next command."""
    lines: dict[str, list[DispatchLine]] = {}
    split = _Split([], [], [], [], {})
    for line in command.form.lines:
        parts, more = _shared(line, {load.reference: ways[load.reference] for load in loads})
        by_name = {serial for _, part in parts for serial in part.serials}
        split.names.update({
            (line.sku, serial): (head.to_site, line.place) for serial in line.serials if serial not in by_name
        })  # fmt: skip
        for reference, part in parts:
            lines.setdefault(reference, []).append(part)
            if part.place == BENCH:
                cost = ways[reference].costs.get((line.sku, line.lot))
                split.piles.append(NewPile(head.id, head.to_site, line.sku, line.lot, part.quantity, cost))
        if more is not None:
            split.over.append(more)
            if more.place == BENCH:
                split.piles.append(NewPile(head.id, head.to_site, line.sku, line.lot, more.quantity, None))
    for reference, came in lines.items():
        form = ArrivalForm(site=head.to_site, from_site=head.site, transfer=reference, lines=came)
        split.arrivals.append(Arrival(form=form, actor=command.actor, is_bench_open=True))
    for over in split.over:
        found = AdjustmentForm(
            site=head.to_site, sku=over.sku, reason="found", quantity=over.quantity, place=over.place, lot=over.lot
        )
        split.found.append(Adjustment(form=found, actor=command.actor, is_bench_open=True))
    return split


def _shared(line: DispatchLine, ways: Mapping[str, _Way]) -> tuple[list[tuple[str, DispatchLine]], DispatchLine | None]:
    """Parts of a line by the load they came with, and what nobody sent: what left by name by name, else by count."""
    parts = []
    for reference, way in ways.items():
        named = [serial for serial in line.serials if (line.sku, serial) in way.names]
        if named:
            way.names -= {(line.sku, serial) for serial in named}
            way.left[line.sku, line.lot] -= len(named)
            parts.append((reference, msgspec.structs.replace(line, quantity=len(named), serials=named)))
    units = line.quantity - sum(part.quantity for _, part in parts)
    counted, more = split_arrival(units, [(name, way.unnamed(line.sku, line.lot)) for name, way in ways.items()])
    for reference, part in counted:
        ways[reference].left[line.sku, line.lot] -= part
        parts.append((reference, msgspec.structs.replace(line, quantity=part, serials=[])))
    return parts, msgspec.structs.replace(line, quantity=more, serials=[]) if more else None


def _bring(tx: Tx, splits: Sequence[_Split], places: Mapping[tuple[str, str], int]) -> None:
    """Book what was looked at already: nothing of it may be refused any more."""
    add_piles(tx, [pile for split in splits for pile in split.piles])
    arrivals = [each for split in splits for each in split.arrivals]
    found = [each for split in splits for each in split.found]
    booked = [
        *(take_in_transfers(tx, arrivals) if arrivals else []),
        *(adjust_stock(tx, found) if found else []),
    ]  # fmt: skip
    if refused := [each for each in booked if isinstance(each, Refusal)]:
        raise RuntimeError(f"an arrival that was looked at was refused: {refused[0]}")
    lay_units(tx, {unit: (places[at], None) for split in splits for unit, at in split.names.items()})


def _settle(
    tx: Tx, heads: Mapping[str, Head], commands: Sequence[ReceiveTransfer], splits: Sequence[_Split | Refusal]
) -> None:
    """Transfers of which all came are done; managers are told what nobody sent."""
    over: dict[str, list[tuple[str, str, int]]] = {}
    actors: dict[str, str] = {}
    for each, split in zip(commands, splits, strict=True):
        if isinstance(split, _Split):
            actors[each.number] = each.actor
            over.setdefault(each.number, []).extend((line.sku, line.lot, line.quantity) for line in split.over)
    units = units_of(tx, [heads[number].id for number in actors])
    done = [
        number for number in actors
        if heads[number].state == "sent" and not any(each.left for each in units[heads[number].id])
    ]  # fmt: skip
    save_states(tx, {heads[number].id: "done" for number in done})
    for number in done:
        close_exceptions(tx, [(heads[number].id, DIFFERS)], actor=actors[number], resolution="came")
    for number, mine in over.items():
        if mine:
            tell_differs(tx, heads[number], (), mine)
