"""What another site sent comes in and goes into bins; what nobody sent is found, and told."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.books import adjust_stock, take_in_transfers
from orderwright.business.deeds.transferring.moving import DIFFERS, step_refusal, tell_differs
from orderwright.business.orders.actions import close_exceptions
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Arrival, ArrivalForm, DispatchLine
from orderwright.business.stock.on_the_way import left_of_dispatches
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

Left = dict[str, dict[tuple[str, str], int]]
"""Units under way by (sku, lot), by reference of the load."""


class _Split(NamedTuple):
    """What a command brings, by load, and what nobody sent."""

    arrivals: list[Arrival]
    over: list[DispatchLine]
    found: list[Adjustment]


def receive_transfers(tx: Tx, commands: Sequence[ReceiveTransfer]) -> list[SiteTransferNow | Refusal]:
    """Units came and go into bins; one `SiteTransferNow` or Refusal per command. All lines or none.

    They are taken from the loads, the first loaded first, at what they cost where they came from. Units nobody sent are
    booked as found, and a manager is told (`transfer_differs`). Who waits for them gets them first. When all came of a
    transfer that has left, it is done. Refuses not_found, transfer_step, and what arrivals and adjustments refuse
    (unknown_sku, unknown_place, kit_not_stocked, lot_needed).
    """
    heads = lock_transfers(tx, [each.number for each in commands])
    loads = loads_of(tx, [each.id for each in heads.values()])
    left = left_of_dispatches(
        tx, [(head.site, load.reference) for head in heads.values() for load in loads.get(head.id, ())]
    )
    places, kinds = _known(tx, heads, commands)
    splits: list[_Split | Refusal] = []
    for each in commands:
        head = heads.get(each.number)
        refusal = step_refusal(head, each.number, "receive")
        if head is not None and refusal is None:
            refusal = _refusal(each, head, places, kinds)
        if refusal is not None or head is None:
            splits.append(refusal or Refusal("not_found", transfer=each.number))
        else:
            splits.append(_split(each, head, loads.get(head.id, ()), left))
    _bring(tx, [each for each in splits if isinstance(each, _Split)])
    _settle(tx, heads, commands, splits)
    now = transfers_now(tx, heads)
    return [
        split
        if isinstance(split, Refusal)
        else msgspec.structs.replace(now[each.number], over=sum(line.quantity for line in split.over))
        for each, split in zip(commands, splits, strict=True)
    ]


def _known(
    tx: Tx, heads: Mapping[str, Head], commands: Sequence[ReceiveTransfer]
) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    """Bins and quarantines of the sites units come to, by (site, code); products by sku."""
    lines = [line for each in commands for line in each.form.lines]
    places = tx.rows(
        "SELECT site, code FROM place WHERE site = ANY(%(sites)s::text[]) AND code = ANY(%(codes)s::text[])"
        " AND kind IN ('bin', 'quarantine')",
        sites=array(sorted({each.to_site for each in heads.values()})),
        codes=array(askable(line.place for line in lines)),
    )  # fmt: skip
    goods = tx.rows(
        "SELECT sku, is_kit, tracking FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(askable(line.sku for line in lines)),
    )
    return {(row.site, row.code) for row in places}, {row.sku: row for row in goods}


def _refusal(
    command: ReceiveTransfer, head: Head, places: set[tuple[str, str]], goods: Mapping[str, Any]
) -> Refusal | None:
    findings = list(text_findings(command.form))
    for i, line in enumerate(command.form.lines):
        found = goods.get(line.sku)
        if found is None:
            findings.append(known_as("unknown_sku", f"/lines/{i}/sku"))
        elif found.is_kit:
            findings.append(known_as("kit_not_stocked", f"/lines/{i}/sku"))
        elif found.tracking == "lot" and not line.lot:
            findings.append(known_as("lot_needed", f"/lines/{i}/lot"))
        if (head.to_site, line.place) not in places:
            findings.append(known_as("unknown_place", f"/lines/{i}/place"))
    return refusal_of(findings) if findings else None


def _split(command: ReceiveTransfer, head: Head, loads: Sequence[Load], left: Left) -> _Split:
    """Share the lines out among the loads; what was taken is no longer left for the next command."""
    lines: dict[str, list[DispatchLine]] = {}
    over = []
    for line in command.form.lines:
        key = (line.sku, line.lot)
        ways = [(load.reference, left[load.reference].get(key, 0)) for load in loads if load.reference in left]
        parts, more = split_arrival(line.quantity, ways)
        for reference, units in parts:
            left[reference][key] -= units
            lines.setdefault(reference, []).append(msgspec.structs.replace(line, quantity=units))
        if more:
            over.append(msgspec.structs.replace(line, quantity=more))
    arrivals = [
        Arrival(
            form=ArrivalForm(site=head.to_site, from_site=head.site, transfer=reference, lines=mine),
            actor=command.actor,
        )
        for reference, mine in lines.items()
    ]
    found = [
        Adjustment(
            form=AdjustmentForm(
                site=head.to_site, sku=line.sku, reason="found", quantity=line.quantity, place=line.place, lot=line.lot
            ),
            actor=command.actor,
        )
        for line in over
    ]
    return _Split(arrivals, over, found)


def _bring(tx: Tx, splits: Sequence[_Split]) -> None:
    """Book what was looked at already: nothing of it may be refused any more."""
    arrivals = [each for split in splits for each in split.arrivals]
    found = [each for split in splits for each in split.found]
    booked = [
        *(take_in_transfers(tx, arrivals) if arrivals else []),
        *(adjust_stock(tx, found) if found else []),
    ]  # fmt: skip
    if refused := [each for each in booked if isinstance(each, Refusal)]:
        raise RuntimeError(f"an arrival that was looked at was refused: {refused[0]}")


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
