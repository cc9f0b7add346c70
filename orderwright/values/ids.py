"""Identifiers made by us: UUID version 7, so that rows written together lie together."""

import os
import threading
import time
from uuid import UUID


class _Sequence:
    """Where the next id of this process begins: never at or before the last one (RFC 9562, section 6.2)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._next = 0

    def take(self, count: int) -> tuple[int, int]:
        """The millisecond of `count` ids and the counter of their first. A clock set back does not set ids back."""
        fresh = int.from_bytes(os.urandom(6), "big") >> 7  # 41 random bits leave the 42-bit counter room to count up
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._milliseconds:
                self._milliseconds, self._next = now, fresh
            first = self._next
            self._next += count
            return self._milliseconds, first


_sequence = _Sequence()


def new_ids(count: int) -> list[str]:
    """`count` fresh UUIDv7 texts, in ascending order and after every id this process made before (RFC 9562, 5.7).

    The 12 bits after the millisecond and the next 30 bits form a counter with a random start in each
    millisecond, so ids sort in the order they were made, those of one call and those of one after another.
    """
    made_at, counter = _sequence.take(count)
    milliseconds = f"{made_at:012x}"
    tails = os.urandom(4 * count).hex()
    begin = f"{milliseconds[:8]}-{milliseconds[8:]}-7"
    ids: list[str] = []
    while len(ids) < count:
        # All but the counter's last 16 bits stay the same for up to 65,536 ids.
        n = counter + len(ids)
        head = f"{begin}{n >> 30:03x}-{0x8000 | (n >> 16 & 0x3FFF):04x}-"
        last = min(n | 0xFFFF, counter + count - 1)
        at = 8 * len(ids)
        ids += [
            f"{head}{low:04x}{tails[i : i + 8]}"
            for low, i in zip(range(n & 0xFFFF, (last & 0xFFFF) + 1), range(at, 8 * count, 8), strict=False)
        ]
    return ids


def new_id() -> str:
    """One fresh UUIDv7 text."""
    return new_ids(1)[0]


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in its usual written form."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
