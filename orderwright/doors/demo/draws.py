"""Chance that can be repeated: every draw follows from the seed and what it is about, in whatever order they come."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

WHOLE = 100_000
"""Rates are in hundred-thousandths."""

Item = TypeVar("Item")


class Draws:
    """The draws of one seed. The same words draw the same number, always."""

    def __init__(self, seed: int) -> None:
        self._key = seed.to_bytes(8, "big", signed=True)

    def number(self, *words: object) -> int:
        """A number from 0 to 2**64 - 1."""
        told = "\n".join(map(str, words)).encode()
        return int.from_bytes(blake2b(told, digest_size=8, key=self._key).digest(), "big")

    def happens(self, rate: int, *words: object) -> bool:
        """True for `rate` of WHOLE sets of words."""
        return rate > 0 and self.number(*words) % WHOLE < rate

    def between(self, least: int, most: int, *words: object) -> int:
        """A number from `least` to `most`, both possible."""
        return least + self.number(*words) % (most - least + 1)

    def one_of(self, items: Sequence[Item], *words: object) -> Item:
        """One of the items, all as likely."""
        return items[self.number(*words) % len(items)]
