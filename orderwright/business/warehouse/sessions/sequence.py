"""Which scans are done now, which wait, which came before: pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from orderwright.values.scans import SCAN_CHARACTERS_MAX

AHEAD_MAX = 1_000
"""How far ahead of its turn a scan may come."""
SAME_SCAN = timedelta(milliseconds=150)
"""The same code again within this time of the device is one scan: the trigger bounced. Nobody lifts a unit as fast."""
_GS = "\x1d"


class Said(NamedTuple):
    """What a number stands for: the same again must say the same."""

    code: str
    command: str
    quantity: int | None


def kept_code(code: str) -> str:
    """A code as it is kept: at most 512 characters, control characters but GS made visible."""
    shown = code[:SCAN_CHARACTERS_MAX]
    return "".join([each if each.isprintable() or each == _GS else "\ufffd" for each in shown])


def place_of(n: int, said: Said, next_n: int, known: Mapping[int, Said]) -> Literal["known", "differs", "ahead", "new"]:
    """What a scan under a number is: told before, another than before, too far ahead of its turn, or new."""
    before = known.get(n)
    if before is not None:
        return "known" if before == said else "differs"
    if n < next_n:
        return "differs"  # it was told before the rows that say what were cleared away
    return "ahead" if n > next_n + AHEAD_MAX else "new"


def time_of(told: datetime | None, opened_at: datetime, now: datetime) -> tuple[datetime, str]:
    """When a scan happened, and why that is not what the device said ('' where it is): ahead, or before the session."""
    if told is None:
        return now, ""
    if told > now:
        return now, "clock_ahead"
    return (opened_at, "clock_behind") if told < opened_at else (told, "")


def is_same_scan(code: str, at: datetime | None, last_code: str, last_at: datetime | None) -> bool:
    """Whether a scan is the bounce of the one before, by the device's own times; without them nothing is."""
    if not code or code != last_code or at is None or last_at is None:
        return False
    return abs(at - last_at) < SAME_SCAN
