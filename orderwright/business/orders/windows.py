"""The cancel window of an order in words people read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FIRST_TIME_ZONE = """
    SELECT s.time_zone FROM fulfilment f JOIN site s ON s.code = f.site
    WHERE f.order_id = o.id AND f.state <> 'cancelled' ORDER BY f.id LIMIT 1"""
"""The time zone of the site that ships an order `o` first, in SQL."""


def cancel_note(until: datetime | None, now: datetime, time_zone: str | None) -> str:
    """The sentence about an order's cancel window; empty where it has none. Times are those of a site's wall.

    time_zone: the site's that ships first; None, while no site does, tells UTC. Seconds are left out, so that
    nobody is told a later time than holds.
    """
    if until is None:
        return ""
    zone = ZoneInfo(time_zone) if time_zone else UTC
    end, today = until.astimezone(zone), now.astimezone(zone)
    told = f"{end:%H:%M}" if end.date() == today.date() else f"{end:%H:%M} on {end.day} {end:%B}"
    clock = time_zone or "UTC"
    if now < until:
        return f"It can be cancelled for nothing until {told} ({clock})."
    return f"It could be cancelled for nothing until {told} ({clock}); what is not packed can be cancelled still."
