"""Whether what a picker scans fits the stop: item, serial, tote. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from orderwright.business.warehouse.rules import is_past_date
from orderwright.business.warehouse.sessions.steps import Told, expired, unfit
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from orderwright.business.warehouse.sessions.pick import PickStop, PickView


def check_item(
    told: Told, view: "PickView", stop: "PickStop", in_hand: int, serials: Sequence[str]
) -> tuple[Refusal | None, int, str]:
    """Why a scan is not the item wanted, else None; how many units it stands for; its serial, '' when it has none."""
    found, scan = told.found, told.found.scan
    if not found.sku:
        return unfit(told, "item"), 0, ""
    if found.sku != stop.sku:
        return Refusal("wrong_item", wanted=stop.sku, scanned=found.sku), 0, ""
    if (day := expired(told, stop.expires_on, view.today)) is not None:
        return Refusal("lot_expired", lot=stop.lot, expires_on=str(day)), 0, ""
    if scan.expires_on is not None and (refusal := check_day(scan.expires_on, view, stop)) is not None:
        return refusal, 0, ""
    if stop.lot and scan.lot and scan.is_certain and scan.lot != stop.lot:
        return Refusal("wrong_lot", wanted=stop.lot, scanned=scan.lot), 0, ""
    units = told.quantity if told.quantity is not None else scan.quantity if scan.quantity is not None else 1
    if stop.tracking == "serial":
        if units != 1:
            return Refusal("serial_needed", sku=stop.sku, told=units), 0, ""
        serial = scan.serial if scan.is_certain else ""
        refusal = check_serial(view, stop, serial, serials) if serial else None
        if refusal is not None:
            return refusal, 0, ""
        return None, 1, serial
    if units == 0 or in_hand + units > stop.left:
        return Refusal("pick_quantity", asked=stop.left, told=in_hand + units), 0, ""
    return None, units, ""


def check_day(day: date, view: "PickView", stop: "PickStop") -> Refusal | None:
    """Why goods with this date cannot be taken where one is asked for: past it, or not that of their lot."""
    if not stop.asks_expiry:
        return None
    if is_past_date(day, view.today):
        return Refusal("lot_expired", lot=stop.lot, expires_on=str(day))
    if stop.expires_on not in (None, day):
        return Refusal("wrong_expiry", lot=stop.lot, wanted=str(stop.expires_on), scanned=str(day))
    return None


def check_serial(view: "PickView", stop: "PickStop", serial: str, serials: Sequence[str]) -> Refusal | None:
    """Why a unit with this serial number cannot be taken: it is in the hand already, or elsewhere by the books."""
    if serial in serials:
        return Refusal("serial_elsewhere", sku=stop.sku, serial=serial[:64], where="in hand")
    where = view.holders.get((stop.sku, serial))
    return Refusal("serial_elsewhere", sku=stop.sku, serial=serial[:64], where=where) if where else None


def check_tote(told: Told, view: "PickView", stop: "PickStop", *, is_new: bool) -> Refusal | None:
    """Why units may not go into a tote: another is theirs, or it is in use. is_new: another than theirs is wanted."""
    tote, use = told.found.tote, told.found.use
    if not is_new and stop.tote and tote == stop.tote:
        return None
    if use is not None and use.walk_id != view.walk_id:
        is_ours = use.stands_at and use.fulfilment_id == stop.fulfilment_id
        return None if is_ours and not stop.tote else Refusal("tote_in_use", tote=tote, order=use.order, walk=use.walk)
    if is_new and tote == stop.tote:
        return Refusal("wrong_tote", wanted="", scanned=tote)
    if stop.tote and not is_new:
        return Refusal("wrong_tote", wanted=stop.tote, scanned=tote)
    is_theirs = view.strategy == "wave" or use is None or use.fulfilment_id in ("", stop.fulfilment_id)
    return None if is_theirs else Refusal("wrong_tote", wanted="", scanned=tote, order=use.order if use else "")
