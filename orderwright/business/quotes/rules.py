"""When a quote can still be ordered, and how long one may be good. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DRAFTS_MAX = 100
"""So many drafts one person keeps at most."""
VALID_DAYS_MAX = 366
"""A quote is good for a year at most."""


def state_of(now: datetime, expires_at: datetime, is_ordered: bool, is_withdrawn: bool) -> str:
    """The one word for a quote: ordered and withdrawn for ever; else expired once its last day is over."""
    if is_ordered:
        return "ordered"
    if is_withdrawn:
        return "withdrawn"
    return "open" if now < expires_at else "expired"


def expires_at(valid_until: date, time_zone: str | None) -> datetime:
    """The end of a quote's last day by a clock on the wall; None: by UTC."""
    zone = ZoneInfo(time_zone) if time_zone else UTC
    return datetime.combine(valid_until + timedelta(days=1), time(), zone).astimezone(UTC)


def is_sensible_end(valid_until: date, now: datetime, time_zone: str | None) -> bool:
    """Whether a quote may be good until that day: today at the earliest, in a year at the latest."""
    today = now.astimezone(ZoneInfo(time_zone) if time_zone else UTC).date()
    return today <= valid_until <= today + timedelta(days=VALID_DAYS_MAX)


def reference_of(draft_id: str) -> str:
    """What an order made of a draft is called, so that the same draft is placed once: of the id what is random."""
    return f"TEL-{draft_id.replace('-', '')[-12:].upper()}"
