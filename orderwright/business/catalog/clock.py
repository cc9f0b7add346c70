"""The clock on the shop's wall: that of its first site."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

from orderwright.business.catalog.reads import catalog_of
from orderwright.database.tx import Tx


def time_zone_of(tx: Tx) -> str | None:
    """The time zone by which the shop's days begin and end; None while it has no site."""
    sites = catalog_of(tx).sites
    return next((sites[code].calendar.time_zone for code in sorted(sites)), None)


def today(tx: Tx) -> date:
    """The shop's day."""
    zone = time_zone_of(tx)
    return tx.now.astimezone(ZoneInfo(zone) if zone else UTC).date()
