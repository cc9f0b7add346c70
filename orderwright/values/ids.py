"""Identifiers made by us: UUID version 7, so that rows written together lie together."""

import os
import time
from uuid import UUID


def new_ids(count: int) -> list[str]:
    """`count` fresh UUIDv7 texts, in ascending order (RFC 9562, section 5.7).

    The 12 bits after the millisecond and the next 30 bits form a counter with a random
    start, so ids of one call sort in the order they were made.
    """
    milliseconds = f"{time.time_ns() // 1_000_000:012x}"
    counter = int.from_bytes(os.urandom(6), "big") >> 7  # 41 random bits leave the 42-bit counter room to count up
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
