"""Serial numbers of units between sites: named when they leave, in transit on their way, then where they came to."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import (
    Arrival,
    Booked,
    CloseTransfer,
    Dispatch,
    DispatchLine,
    Transfer,
    TransferLine,
)
from orderwright.business.stock.on_the_way import dispatches_under_way
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.serials import Unit, holders_of, lay_units, name_findings, sent_with, settle_units
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, refusal_of
from orderwright.values.refusal import Refusal

TRANSIT = "TRANSIT"
Result = Booked | Refusal


def tracked_by_serial(tx: Tx, skus: Iterable[str]) -> set[str]:
    """Those of the products of which each unit is named."""
    rows = tx.rows(
        "SELECT sku FROM product WHERE sku = ANY(%(skus)s::text[]) AND tracking = 'serial'", skus=array(askable(skus))
    )
    return {row.sku for row in rows}


def sending_refusals(
    tx: Tx, commands: Sequence[Dispatch | Transfer], kind: str = "transfer_out"
) -> list[Refusal | None]:
    """Why units may not leave as they are named: not each of them is, one is twice, or is elsewhere by the books.

    kind: of the documents that say what was booked before.
    """
    lines = [line for each in commands for line in _lines(each)]
    tracked = tracked_by_serial(tx, (line.sku for line in lines))
    if not tracked and not any(line.serials for line in lines):
        return [None] * len(commands)
    holders = holders_of(tx, {(line.sku, serial) for line in lines for serial in line.serials})
    before = _booked_before(tx, kind, commands)
    here: set[Unit] = set()
    refusals: list[Refusal | None] = []
    for i, each in enumerate(commands):
        findings: list[Finding] = []
        for n, line in enumerate(_lines(each) if i not in before else ()):
            unit = (line.sku, line.quantity, line.sku in tracked)
            findings += name_findings(f"/lines/{n}", unit, line.serials, holders, here)
        refusals.append(refusal_of(findings) if findings else None)
    return refusals


def _lines(command: Dispatch | Transfer) -> Sequence[DispatchLine | TransferLine]:
    return command.form.lines


def arriving_refusals(tx: Tx, commands: Sequence[Arrival]) -> list[Refusal | None]:
    """Why units may not come in as they are named: of what left by name each is, and none but those that left."""
    ways = dispatches_under_way(tx, [(each.form.from_site, each.form.transfer) for each in commands])
    sent = sent_with(tx, [way.id for way in ways.values()])
    before = _booked_before(tx, "transfer_in", commands)
    here: set[Unit] = set()
    refusals: list[Refusal | None] = []
    for i, each in enumerate(commands):
        way = ways.get((each.form.from_site, each.form.transfer))
        mine = {unit for unit, id_ in sent.items() if way is not None and id_ == way.id}
        named = {sku for sku, _ in mine}
        findings: list[Finding] = []
        for n, line in enumerate(each.form.lines if i not in before else ()):
            strange = {(line.sku, serial) for serial in line.serials} - mine
            unit = (line.sku, line.quantity, line.sku in named)
            findings += name_findings(f"/lines/{n}", unit, line.serials, strange, here)
        refusals.append(refusal_of(findings) if findings else None)
    return refusals


def note_sent(tx: Tx, commands: Sequence[Dispatch], results: Sequence[Result]) -> None:
    """Named units are in transit, each with its dispatch."""
    done = [(each.form, booked) for each, booked in zip(commands, results, strict=True) if _is_new(booked)]
    places = place_ids(tx, [(form.site, TRANSIT) for form, _ in done])
    lay_units(tx, {
        (line.sku, serial): (places[form.site, TRANSIT], booked.id)
        for form, booked in done for line in form.lines for serial in line.serials
    })  # fmt: skip


def note_moved(tx: Tx, commands: Sequence[Transfer], results: Sequence[Result]) -> None:
    """Named units lie where their lines say."""
    done = [each.form for each, booked in zip(commands, results, strict=True) if _is_new(booked)]
    named = [(form.site, line) for form in done for line in form.lines if line.serials]
    if not named:
        return
    places = place_ids(tx, [(site, line.to_place) for site, line in named])
    lay_units(tx, {
        (line.sku, serial): (places[site, line.to_place], None) for site, line in named for serial in line.serials
    })  # fmt: skip


def settle_names(tx: Tx, moved: Sequence[tuple[str, str, str, str, int]]) -> None:
    """Let names follow units that were moved without being read: (site, sku, place, place, units), by codes."""
    if not moved:
        return
    ids = place_ids(tx, [(site, code) for site, _, source, target, _ in moved for code in (source, target)])
    settle_units(tx, [(sku, ids[site, source], ids[site, target], units) for site, sku, source, target, units in moved])


def note_arrived(tx: Tx, commands: Sequence[Arrival], results: Sequence[Result]) -> None:
    """Named units lie where their lines say; where there are none, where all that was left came to."""
    done = [(each.form, booked) for each, booked in zip(commands, results, strict=True) if _is_new(booked)]
    places = place_ids(tx, [(form.site, line.place) for form, _ in done for line in form.lines])
    named: dict[Unit, tuple[int, str | None]] = {
        (line.sku, serial): (places[form.site, line.place], None)
        for form, _ in done for line in form.lines for serial in line.serials
    }  # fmt: skip
    lay_units(tx, named | _rest(tx, [(form, form.site, booked) for form, booked in done if not form.lines]))


def note_written_off(tx: Tx, commands: Sequence[CloseTransfer], results: Sequence[Result]) -> None:
    """Named units that never came lie where what is lost is booked to."""
    done = [(each.form, booked) for each, booked in zip(commands, results, strict=True) if _is_new(booked)]
    lay_units(tx, _rest(tx, [(form, form.from_site, booked) for form, booked in done]))


def _rest(tx: Tx, ended: Sequence[tuple[Any, str, Booked]]) -> dict[Unit, tuple[int, str | None]]:
    """All units still in transit with the dispatches of forms, with the places it went to: of a site, as booked."""
    ways = dispatches_under_way(tx, [(form.from_site, form.transfer) for form, _, _ in ended])
    places = place_ids(tx, [(site, pile.place) for _, site, booked in ended for pile in booked.lines])
    goes = {
        (ways[form.from_site, form.transfer].id, pile.sku): places[site, pile.place]
        for form, site, booked in ended for pile in booked.lines
    }  # fmt: skip
    rest = sent_with(tx, {id_ for id_, _ in goes})
    return {unit: (goes[id_, unit[0]], None) for unit, id_ in rest.items() if (id_, unit[0]) in goes}


def _booked_before(tx: Tx, kind: str, commands: Sequence[Any]) -> set[int]:
    """Which commands say what was booked before: where their units are by now is no matter."""
    keys = [(each.form.site, each.form.reference) for each in commands]
    documents = Documents(tx, kind, "transfer_differs", Booked, keys)
    return {
        i for i, each in enumerate(commands) if documents.earlier(each.form.site, each.form.reference, each.form)
    }  # fmt: skip


def _is_new(booked: Result) -> TypeGuard[Booked]:
    return isinstance(booked, Booked) and not booked.repeated
