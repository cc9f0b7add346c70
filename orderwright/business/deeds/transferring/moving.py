"""Transfers between sites: planned, loaded bin by bin, sent, received, and ended. Stock's own verbs move the units."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.reads import known_sites
from orderwright.business.deeds.books import send_transfers, write_off_transfers
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.stock.forms import CloseTransfer, CloseTransferForm, Dispatch, DispatchForm
from orderwright.business.warehouse.transferring.forms import (
    FinishTransfer,
    LoadTransfer,
    PlanTransfer,
    SendTransfer,
    SiteTransferNow,
    TransferUnits,
)
from orderwright.business.warehouse.transferring.rows import (
    Head,
    add_loads,
    insert_transfers,
    loads_of,
    lock_transfers,
    next_transfer_numbers,
    save_states,
    transfers_now,
    units_of,
)
from orderwright.business.warehouse.transferring.rules import STEPS, State
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

DIFFERS = "transfer_differs"


def plan_transfers(tx: Tx, commands: Sequence[PlanTransfer]) -> list[SiteTransferNow | Refusal]:
    """Ask for units to go from one site to another; one `SiteTransferNow` or Refusal per command. Nothing moves yet.

    Refuses malformed (a product twice, a site to itself), unknown_site, unknown_sku, kit_not_stocked: all at once.
    """
    sites, kits = _known(tx, commands)
    results: list[Any] = []
    new: list[tuple[str, str, PlanTransfer]] = []
    ids, numbers = new_ids(len(commands)), next_transfer_numbers(tx, len(commands))
    for each, id_, number in zip(commands, ids, numbers, strict=True):
        form = each.form
        findings = list(text_findings(form))
        findings += [
            known_as("unknown_site", f"/{name}")
            for name, code in (("site", form.site), ("to_site", form.to_site)) if code not in sites
        ]  # fmt: skip
        if form.site == form.to_site:
            findings.append(Finding("/to_site", "site", "It is the site the units leave."))
        findings += _line_findings(form.lines, kits)
        results.append(refusal_of(findings) if findings else number)
        if not findings:
            new.append((id_, number, each))
    insert_transfers(tx, new)
    return _answers(tx, results)


def _known(tx: Tx, commands: Sequence[PlanTransfer]) -> tuple[set[str], dict[str, bool]]:
    forms = [each.form for each in commands]
    sites = known_sites(tx, (code for form in forms for code in (form.site, form.to_site)))
    goods = tx.rows(
        "SELECT sku, is_kit FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(askable(line.sku for form in forms for line in form.lines)),
    )
    return sites, {row.sku: row.is_kit for row in goods}


def _line_findings(lines: Sequence[Any], kits: dict[str, bool]) -> list[Finding]:
    findings = []
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if line.sku not in kits:
            findings.append(known_as("unknown_sku", f"/lines/{i}/sku"))
        elif kits[line.sku]:
            findings.append(known_as("kit_not_stocked", f"/lines/{i}/sku"))
        if line.sku in seen:
            findings.append(Finding(f"/lines/{i}/sku", "twice", "It stands on another line already."))
        seen.add(line.sku)
    return findings


def load_transfers(tx: Tx, commands: Sequence[LoadTransfer]) -> list[SiteTransferNow | Refusal]:
    """Take units out of bins and load them: they are on their way, at what they cost. All lines or none.

    Orders that were promised them are routed again or wait. Refuses not_found, transfer_step, transfer_quantity (more
    than the plan asks for), and what dispatches refuse (unknown_place, lot_needed, short_stock, ...).
    """
    heads = lock_transfers(tx, [each.number for each in commands])
    units = units_of(tx, [each.id for each in heads.values()])
    counts = {id_: mine[-1].number for id_, mine in loads_of(tx, units).items()}
    results: list[Any] = []
    asked: list[tuple[int, Head, int]] = []
    room = {id_: _room(mine) for id_, mine in units.items()}
    for i, each in enumerate(commands):
        head = heads.get(each.number)
        refusal = step_refusal(head, each.number, "load") or _over_plan(each, room.get(head.id) if head else None)
        results.append(refusal)
        if refusal is None and head is not None:
            counts[head.id] = counts.get(head.id, 0) + 1
            asked.append((i, head, counts[head.id]))
    booked = send_transfers(tx, [_dispatch(commands[i], head, number) for i, head, number in asked]) if asked else []
    new = []
    for (i, head, number), answer in zip(asked, booked, strict=True):
        results[i] = answer if isinstance(answer, Refusal) else head.number
        if not isinstance(answer, Refusal):
            new.append((head.id, number, answer.id))
    add_loads(tx, new)
    save_states(tx, {id_: "loading" for id_, _, _ in new})
    return _answers(tx, results)


def _room(units: Sequence[TransferUnits]) -> Counter[str] | None:
    """Units of each product that are still to be loaded; None where nothing is asked for, and anything goes."""
    if not any(each.asked for each in units):
        return None
    room: Counter[str] = Counter()
    for each in units:
        room[each.sku] += each.asked - each.loaded
    return room


def _over_plan(command: LoadTransfer, room: Counter[str] | None) -> Refusal | None:
    if room is None:
        return None
    wanted: Counter[str] = Counter()
    for line in command.form.lines:
        wanted[line.sku] += line.quantity
    for sku, units in wanted.items():
        if units > room[sku]:
            return Refusal("transfer_quantity", sku=sku, asked=units, left=max(0, room[sku]))
    room.subtract(wanted)
    return None


def _dispatch(command: LoadTransfer, head: Head, number: int) -> Dispatch:
    form = DispatchForm(
        site=head.site, to_site=head.to_site, lines=command.form.lines, reference=f"{head.number}/{number}"
    )
    return Dispatch(form=form, actor=command.actor)


def send_off(tx: Tx, commands: Sequence[SendTransfer]) -> list[SiteTransferNow | Refusal]:
    """All is loaded: it leaves. Nothing was loaded: it is cancelled. Before: `repeated`.

    Refuses not_found, transfer_step.
    """
    heads = lock_transfers(tx, [each.number for each in commands])
    units = units_of(tx, [each.id for each in heads.values()])
    results: list[Any] = []
    again: set[int] = set()
    states: dict[str, State] = {}
    for i, each in enumerate(commands):
        head = heads.get(each.number)
        refusal = step_refusal(head, each.number, "send")
        if head is not None and (head.id in states or head.state in ("sent", "cancelled")):
            again.add(i)
        elif head is not None and refusal is None:
            states[head.id] = _sent(units.get(head.id, ()))
        results.append(each.number if i in again else refusal or each.number)
    save_states(tx, states)
    return _answers(tx, results, again)


def _sent(units: Sequence[TransferUnits]) -> State:
    if not any(each.loaded for each in units):
        return "cancelled"
    return "sent" if any(each.left for each in units) else "done"


def finish_transfers(tx: Tx, commands: Sequence[FinishTransfer]) -> list[SiteTransferNow | Refusal]:
    """Nothing more came of transfers. With a reason the rest is written off, and the transfer is done.

    Without one, what is missing stays on its way and a manager is told (`transfer_differs`), until it comes after all
    or is written off. Done before: `repeated`. Refuses not_found, transfer_step.
    """
    heads = lock_transfers(tx, [each.number for each in commands])
    units = units_of(tx, [each.id for each in heads.values()])
    loads = loads_of(tx, [each.id for each in heads.values()])
    results: list[Any] = []
    again: set[int] = set()
    states: dict[str, State] = {}
    for i, each in enumerate(commands):
        head = heads.get(each.number)
        if head is not None and (head.state == "done" or head.id in states):
            again.add(i)
            results.append(each.number)
            continue
        refusal = step_refusal(head, each.number, "finish")
        results.append(refusal or each.number)
        if refusal is not None or head is None:
            continue
        missing = [line for line in units[head.id] if line.left]
        if missing and not each.form.reason:
            tell_differs(tx, head, missing, [])
            continue
        _write_off(tx, each, head, loads[head.id], bool(missing))
        states[head.id] = "done"
    save_states(tx, states)
    return _answers(tx, results, again)


def _write_off(tx: Tx, command: FinishTransfer, head: Head, loads: Sequence[Any], is_missing: bool) -> None:
    """Seldom, so each by itself. What came of a load entirely has nothing left to write off: that refusal is right."""
    if is_missing:
        write_off_transfers(tx, [
            CloseTransfer(
                form=CloseTransferForm(
                    site=head.to_site, from_site=head.site, transfer=load.reference,
                    reason=command.form.reason or "lost",
                ),
                actor=command.actor,
            )
            for load in loads
        ])  # fmt: skip
        close_exceptions(tx, [(head.id, DIFFERS)], actor=command.actor, resolution=command.form.reason)


def tell_differs(tx: Tx, head: Head, missing: Sequence[TransferUnits], over: Sequence[tuple[str, str, int]]) -> None:
    """A manager is told what did not come, or what nobody sent."""
    about = {
        "transfer": head.number, "from": head.site,
        "missing": [{"sku": each.sku, "lot": each.lot, "units": each.left} for each in missing],
        "over": [{"sku": sku, "lot": lot, "units": units} for sku, lot, units in over],
    }  # fmt: skip
    open_exceptions(tx, [NewException("", head.id, DIFFERS, about, head.to_site)])


def step_refusal(head: Head | None, number: str, deed: str) -> Refusal | None:
    """Why a deed may not be done to a transfer now."""
    if head is None:
        return Refusal("not_found", transfer=number)
    if head.state not in STEPS[deed]:
        return Refusal("transfer_step", transfer=number, state=head.state, deed=deed)
    return None


def _answers(tx: Tx, results: Sequence[Any], again: Collection[int] = ()) -> list[Any]:
    """Numbers become the transfers they name, as they stand now."""
    now = transfers_now(tx, [each for each in results if isinstance(each, str)])
    return [
        msgspec.structs.replace(now[each], repeated=i in again) if isinstance(each, str) else each
        for i, each in enumerate(results)
    ]
