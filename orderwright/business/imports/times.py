"""Written dates and times as instants."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?(?:Z|[+-]\d\d:?\d\d)?")


class Instant(NamedTuple):
    """A time read: aware UTC, and whether the wall clock showed it twice, or never, as clocks changed."""

    at: datetime
    clock_change: bool


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_time(text: str, formats: Sequence[str], zone: ZoneInfo) -> Instant | None:
    """The instant a text names, or None.

    ISO 8601 is always understood, other forms when `formats` (strptime) has them; the first that fits wins.
    A text without an offset is the zone's wall clock: of two instants it may mean when clocks go back, the
    earlier; one skipped when they go forward is taken as if they had not.
    """
    moment = _moment(text, formats)
    if moment is None or not 1900 <= moment.year <= 9000:
        return None
    if moment.tzinfo is not None:
        return Instant(moment.astimezone(UTC), False)
    local = moment.replace(tzinfo=zone)
    return Instant(local.astimezone(UTC), local.utcoffset() != local.replace(fold=1).utcoffset())


def _moment(text: str, formats: Sequence[str]) -> datetime | None:
    if _ISO.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
