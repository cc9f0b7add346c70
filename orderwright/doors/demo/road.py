"""Drivers on the road: now and then one does not find the house, rings up, and tries again."""

from datetime import datetime, timedelta

from orderwright.business.deeds.track import record_tracking
from orderwright.business.shipping.forms import TrackingEvent
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.parcels import out_for_delivery
from orderwright.doors.demo.people import People

LOOKED_BACK = timedelta(hours=3)
SCANS_A_TIME = 200


def look_for_houses(store: Store, people: People, now: datetime) -> None:
    """Report the parcels on delivery whose address was misread. Each is reported once, however often this runs."""
    if not people.rates.misread_address:
        return
    with store.read() as tx:
        found = out_for_delivery(tx, now - LOOKED_BACK)
    scans = [
        TrackingEvent(
            carrier=carrier, external_id=f"{code}:misread", tracking_code=code, milestone="failed",
            detail="address misread", occurred_at=now, actor=carrier,
        )
        for sent, carrier, code in found
        if people.is_misread(sent.word)
    ]  # fmt: skip
    in_parts(store, record_tracking, scans, SCANS_A_TIME)
