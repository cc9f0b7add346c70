"""How often a key may call: a token bucket per key, in this process's memory."""

import time

from orderwright.values.refusal import Refusal

BURST_S = 2
"""The bucket holds what a key may do in so many seconds."""


class Buckets:
    """The buckets of all keys seen; one key costs about 200 bytes."""

    def __init__(self) -> None:
        self._buckets: dict[str, list[float]] = {}

    def take(self, key_id: str, requests_per_second: int) -> None:
        """Take one token; a rate of 0 has no limit. Refuses too_many_requests when there is none left."""
        if requests_per_second == 0:
            return
        now = time.monotonic()
        full = float(requests_per_second * BURST_S)
        bucket = self._buckets.get(key_id)
        if bucket is None:
            bucket = self._buckets[key_id] = [full, now]
        tokens = min(full, bucket[0] + (now - bucket[1]) * requests_per_second)
        bucket[1] = now
        if tokens < 1.0:
            bucket[0] = tokens
            raise Refusal("too_many_requests", requests_per_second=requests_per_second)
        bucket[0] = tokens - 1.0
