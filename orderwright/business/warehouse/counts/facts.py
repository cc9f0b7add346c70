"""Facts of counts, each count a chain of its own."""

from typing import ClassVar

from orderwright.database.facts import Fact


class CountBegun(Fact, frozen=True):
    """Somebody went to count."""

    TYPE: ClassVar[str] = "count_begun"
    site: str
    place_id: int
    round: int


class CountEntered(Fact, frozen=True):
    """A round told what was found. differences: (sku, lot, units more than the books say), without those that fit.

    verdict: post, recount or dispute.
    """

    TYPE: ClassVar[str] = "count_entered"
    round: int
    lots: int
    verdict: str
    differences: list[tuple[str, str, int]]


class CountPosted(Fact, frozen=True):
    """The books follow a count. changes: (sku, lot, units)."""

    TYPE: ClassVar[str] = "count_posted"
    site: str
    place_id: int
    round: int
    changes: list[tuple[str, str, int]]


class CountExplained(Fact, frozen=True):
    """Units a count missed had been picked before, as a late scan tells. changes: what is back (sku, lot, units)."""

    TYPE: ClassVar[str] = "count_explained"
    changes: list[tuple[str, str, int]]


class CountCancelled(Fact, frozen=True):
    """A count was given up: nothing changed."""

    TYPE: ClassVar[str] = "count_cancelled"
    round: int
