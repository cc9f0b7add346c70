"""Identifiers made by us: UUID version 7, so that rows written together lie together."""

import os
import time
from uuid import UUID


def new_ids(count: int) -> list[str]:
    """`count` fresh UUIDv7 texts, in ascending order (RFC 9562, section 5.7).

    The 12 bits after the millisecond and the next 30 bits form a counter with a random
    start, so ids of one call sort in the order they were made.
    """
    milliseconds = time.time_ns() // 1_000_000
    seed = int.from_bytes(os.urandom(10), "big")
    counter = seed >> 39  # 41 random bits leave the 42-bit counter room to count up
    tail = os.urandom(4 * count)
    return [
        _text(milliseconds, counter + i, int.from_bytes(tail[4 * i : 4 * i + 4], "big")) for i in range(count)
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


def _text(milliseconds: int, counter: int, tail: int) -> str:
    high, low = counter >> 30, counter & 0x3FFFFFFF
    digits = f"{milliseconds:012x}7{high:03x}{0x8000 | (low >> 16):04x}{low & 0xFFFF:04x}{tail:08x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
