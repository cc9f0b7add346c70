"""Storage conditions: readings against limits; what lay too warm, cold, damp or dry for too long is quarantined."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.catalog.reads import known_sites
from orderwright.business.deeds.books import transfer_unread
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.stock.forms import Transfer, TransferForm, TransferLine
from orderwright.business.warehouse.climate.forms import (
    BreachShown,
    LimitForm,
    PutLimit,
    ReadingForm,
    ReadingsForm,
    ReadingsTaken,
    TakeReadings,
)
from orderwright.business.warehouse.climate.rows import (
    add_readings,
    breaches_since,
    known_readings,
    lock_limits,
    lying_in,
    readings_around,
    save_breach,
    save_limits,
)
from orderwright.business.warehouse.climate.rules import Reading, Stretch, overlaps, stretches, too_long
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

LOOKS_BACK = timedelta(days=8)
"""So far before the earliest new reading others are looked at: longer than any limit allows (a week)."""


def put_limits(tx: Tx, commands: Sequence[PutLimit]) -> list[LimitForm | Refusal]:
    """Set limits of zones; one `LimitForm` or Refusal per command. Refuses malformed, unknown_site."""
    sites = known_sites(tx, [each.site for each in commands])
    results: list[LimitForm | Refusal] = []
    sound: list[PutLimit] = []
    for each in commands:
        form = LimitForm(**{name: getattr(each, name) for name in LimitForm.__struct_fields__})
        findings = list(text_findings(form))
        if each.min_milli >= each.max_milli:
            findings.append(Finding("/max_milli", "limits", "The upper limit lies above the lower one."))
        if not findings and each.site not in sites:
            findings.append(known_as("unknown_site", "/site"))
        results.append(refusal_of(findings) if findings else form)
        if not findings:
            sound.append(each)
    save_limits(tx, sound)
    return results


def record_readings(tx: Tx, commands: Sequence[TakeReadings]) -> list[ReadingsTaken | Refusal]:
    """Take readings, in any order; one `ReadingsTaken` or Refusal per command. The same reading again counts once.

    Where a device was outside of a limit for longer than allowed, what lies in the zone (of the limit's storage class)
    goes to quarantine, promises are freed and routed again, and an exception calls a manager: once for each breach,
    whatever comes later. Late readings are judged in their place; where they say that a breach was short after all, it
    is marked doubtful and stays for the manager. Refuses malformed, unknown_site, reading_differs.
    """
    sites = known_sites(tx, [each.form.site for each in commands])
    results: list[Any] = []
    for each in commands:
        # Readings of a site are judged one call after the other, and each sees what the one before booked.
        refusal = _refusal(tx, each.form, sites)
        results.append(refusal or _take(tx, each))
    return results


def _key(each: ReadingForm) -> tuple[Any, ...]:
    return each.zone, each.kind, each.device, each.occurred_at


def _refusal(tx: Tx, form: ReadingsForm, sites: AbstractSet[str]) -> Refusal | None:
    findings = list(text_findings(form))
    findings += [
        Finding(f"/readings/{i}/occurred_at", "occurred_at", "This is in the future.")
        for i, each in enumerate(form.readings)
        if each.occurred_at > tx.now
    ]
    if not findings and form.site not in sites:
        findings.append(known_as("unknown_site", "/site"))
    if findings:
        return refusal_of(findings)
    said: dict[tuple[Any, ...], int] = {**known_readings(tx, form.site, form.readings)}
    for each in form.readings:
        if said.setdefault(_key(each), each.milli) != each.milli:
            return Refusal("reading_differs", device=each.device, occurred_at=each.occurred_at, before=said[_key(each)])
    return None


def _take(tx: Tx, command: TakeReadings) -> ReadingsTaken:
    form = command.form
    limits = lock_limits(tx, form.site)
    taken = add_readings(tx, form.site, form.readings, command.actor)
    since = min(each.occurred_at for each in form.readings)
    by_device: dict[tuple[str, str, str], list[Reading]] = {}
    for row in readings_around(tx, form.site, since, LOOKS_BACK):
        by_device.setdefault((row.zone, row.kind, row.device), []).append(Reading(row.occurred_at, row.milli))
    known = breaches_since(tx, form.site, since - LOOKS_BACK)
    told = {(each.zone, each.kind, each.device) for each in form.readings}
    found: list[BreachShown] = []
    for limit in limits:
        for zone, kind, device in sorted(told & by_device.keys()):
            if (zone, kind) == (limit.zone, limit.kind):
                found += _judge(tx, command, limit, device, by_device[zone, kind, device], known)
    return ReadingsTaken(form.site, taken, len(form.readings) - taken, found)


def _judge(
    tx: Tx, command: TakeReadings, limit: Any, device: str, readings: list[Reading], known: Sequence[BreachShown]
) -> list[BreachShown]:
    """What one device's readings say of one limit, beside what was known of it."""
    site = command.form.site
    mine = [
        each
        for each in known
        if (each.zone, each.storage_class, each.kind, each.device)
        == (limit.zone, limit.storage_class, limit.kind, device)
    ]
    long_ones = too_long(stretches(readings, limit.min_milli, limit.max_milli), limit.minutes)
    found: list[BreachShown] = []
    seen: set[str] = set()
    for stretch in long_ones:
        before = [each for each in mine if overlaps(stretch, each.began_at, each.ended_at)]
        seen |= {each.id for each in before}
        if before:
            breach = msgspec.structs.replace(
                before[0], began_at=stretch.began_at, ended_at=stretch.ended_at, worst_milli=stretch.worst_milli,
                is_doubtful=False,
            )  # fmt: skip
        else:
            breach = _begin(tx, command, limit, device, stretch)
        save_breach(tx, site, breach)
        found.append(breach)
    for each in mine:
        if each.id not in seen and each.began_at >= readings[0].at and not each.is_doubtful:
            save_breach(tx, site, msgspec.structs.replace(each, is_doubtful=True))
    return found


def _begin(tx: Tx, command: TakeReadings, limit: Any, device: str, stretch: Stretch) -> BreachShown:
    """A new breach: what lies there goes to quarantine, and a manager is called."""
    site, id_ = command.form.site, new_id()
    lines = [
        TransferLine(sku=row.sku, quantity=row.quantity, from_place=row.code, to_place="QUARANTINE", lot=row.lot)
        for row in lying_in(tx, site, limit.zone, limit.storage_class)
    ]
    if lines:
        form = TransferForm(site=site, lines=lines, reference=f"climate:{id_}")
        [moved] = transfer_unread(tx, [Transfer(form=form, actor=command.actor)])
        if isinstance(moved, Refusal):
            raise moved
    units = sum(each.quantity for each in lines)
    document = {
        "zone": limit.zone, "storage_class": limit.storage_class, "kind": limit.kind, "device": device,
        "began_at": stretch.began_at, "worst_milli": stretch.worst_milli, "units": units,
    }  # fmt: skip
    open_exceptions(tx, [NewException("", id_, "storage_breach", document, site=site)])
    return BreachShown(
        id_, limit.zone, limit.storage_class, limit.kind, device, stretch.began_at, stretch.worst_milli, units,
        stretch.ended_at,
    )  # fmt: skip
