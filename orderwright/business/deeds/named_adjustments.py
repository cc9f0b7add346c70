"""Which units an adjustment is about, where products are tracked by serial: the one that was lost, broken or found."""

from collections.abc import Mapping, Sequence

from orderwright.business.deeds.transferring.naming import tracked_by_serial
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Adjusted, Adjustment, AdjustmentForm
from orderwright.business.stock.rules import REASONS
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.serials import Unit, holders_of, lay_units, name_findings, places_of
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.refusal import Refusal

_GONE = ("LOST", "SCRAP", "FOUND")
"""Places that are on paper only: what is found again may be named there."""


def naming_refusals(tx: Tx, commands: Sequence[Adjustment]) -> list[Refusal | None]:
    """Why units cannot be named so: not as many as change, one twice, or elsewhere by the books (serial_elsewhere).

    Nobody has to name any. A serial that was never read is taken as it is told.
    """
    named = [each.form for each in commands if each.form.serials]
    if not named:
        return [None] * len(commands)
    tracked = tracked_by_serial(tx, (form.sku for form in named))
    units = {(form.sku, serial) for form in named for serial in form.serials}
    holders, lying = holders_of(tx, units), places_of(tx, units)
    documents = Documents(
        tx, "adjustment", "adjustment_differs", Adjusted, [(form.site, form.reference) for form in named]
    )
    return [
        None
        if not each.form.serials or documents.earlier(each.form.site, each.form.reference, each.form)
        else _refusal(each.form, each.form.sku in tracked, holders, lying)
        for each in commands
    ]


def _refusal(
    form: AdjustmentForm, is_tracked: bool, holders: Mapping[Unit, str], lying: Mapping[Unit, tuple[str, str]]
) -> Refusal | None:
    if form.quantity is None:
        told = Finding("/serials", "serials", "Say by how much it changed: a count by itself names no units.")
        return refusal_of([told])
    unit = (form.sku, abs(form.quantity) if is_tracked else 0, is_tracked)
    if findings := list(name_findings("", unit, form.serials, (), set())):
        return refusal_of(findings)
    for serial in form.serials:
        if where := _elsewhere(form, holders.get((form.sku, serial), ""), lying.get((form.sku, serial))):
            return Refusal("serial_elsewhere", sku=form.sku, serial=serial, where=where)
    return None


def _elsewhere(form: AdjustmentForm, holder: str, at: tuple[str, str] | None) -> str:
    """Where a unit is by the books, if that is not where it is told to be; '' where it may be so."""
    if holder or at is None:
        return holder
    site, place = at
    is_there = at == (form.site, form.place) if (form.quantity or 0) < 0 else place in _GONE
    return "" if is_there else place if site == form.site else f"{site}/{place}"


def note_adjusted(tx: Tx, done: Sequence[AdjustmentForm]) -> None:
    """Named units lie where adjustments that were booked put them."""
    ends = [
        (form, form.place if (form.quantity or 0) > 0 else REASONS[form.reason][1]) for form in done if form.serials
    ]
    places = place_ids(tx, [(form.site, code) for form, code in ends])
    lay_units(
        tx, {(form.sku, serial): (places[form.site, code], None) for form, code in ends for serial in form.serials}
    )
