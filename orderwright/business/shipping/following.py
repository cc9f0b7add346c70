"""Parcels of a carrier that tells its scans by itself: they are told in advance and happen when their time comes."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.shipping.forms import TrackingEvent
from orderwright.business.shipping.labels import Purchase
from orderwright.business.shipping.ports import SelfTelling, ShippedParcel
from orderwright.business.shipping.rules import Milestone
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.calendars import SiteCalendar, deliver_by

SCAN = "practice_scan"


class TellScans:
    """What task `practice_tracking` does; app.py gives it the carriers, by name, that tell their scans."""

    def __init__(self, carriers: Mapping[str, SelfTelling]) -> None:
        self._carriers = carriers

    def work(self, tx: Tx, tasks: Sequence[Task]) -> None:
        """Enqueue a task per scan, at its time. Parcels of other carriers wait for what those tell."""
        for row in _shipped(tx, [task.subject for task in tasks]):
            carrier = self._carriers.get(row.carrier)
            if carrier is None:
                continue
            for scan in carrier.scans_of(_on_its_way(tx, row)):
                event = TrackingEvent(
                    carrier=row.carrier, external_id=scan.external_id, tracking_code=row.tracking_code,
                    milestone=msgspec.convert(scan.milestone, Milestone), occurred_at=scan.occurred_at,
                    detail=scan.detail, actor=row.carrier,
                )  # fmt: skip
                # The label is the subject: a parcel's own tasks (capture, invoice) must not hold up its scans.
                tx.enqueue(SCAN, row.label_id, event, run_at=scan.occurred_at)


def _shipped(tx: Tx, parcel_ids: Sequence[str]) -> list[Any]:
    return tx.rows(
        """
        SELECT p.id::text, p.site, p.carrier, p.tracking_code, p.shipped_at, l.id::text AS label_id, i.request,
               s.time_zone, o.country
        FROM parcel p JOIN label l ON l.parcel_id = p.id AND l.state = 'live' JOIN intent i ON i.id = l.intent_id
        JOIN site s ON s.code = p.site JOIN orders o ON o.id = p.order_id
        WHERE p.id = ANY(%(ids)s::uuid[]) ORDER BY p.id
        """,
        ids=array(sorted(set(parcel_ids))),
    )


def _on_its_way(tx: Tx, row: Any) -> ShippedParcel:
    site = catalog_of(tx).sites.get(row.site)
    calendar = site.calendar if site else SiteCalendar(time_zone=row.time_zone)  # a site may close meanwhile
    days = msgspec.json.decode(row.request, type=Purchase).transit_days
    arrives_on = deliver_by(row.shipped_at, days, calendar, row.country)
    return ShippedParcel(row.tracking_code, row.shipped_at, arrives_on, row.time_zone)
