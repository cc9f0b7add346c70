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
    return [
        f"{begin}{n >> 30:03x}-{0x8000 | (n >> 16 & 0x3FFF):04x}-{n & 0xFFFF:04x}{tails[8 * i : 8 * i + 8]}"
        for i, n in enumerate(range(counter, counter + count))
    ]


def new_id() -> str:
    """One fresh UUIDv7 text."""
    return new_ids(1)[0]


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in its usual written form."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
