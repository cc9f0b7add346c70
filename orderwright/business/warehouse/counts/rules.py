"""When a count is believed, and when somebody else must count again. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Key = tuple[str, str]
"""(sku, lot)."""
Verdict = Literal["post", "recount", "dispute"]
ROUNDS_MAX = 3
A_PERMILLE, B_PERMILLE = 200, 300
"""Shares of a site's products, by how often they are picked: the first fifth is class A, the next three tenths B."""


class Tolerance(NamedTuple):
    """What a count may be off by and is believed at once: so many units, or so many thousandths of what is booked."""

    units: int
    permille: int

    def holds(self, difference: int, booked: int) -> bool:
        """Whether a difference (either sign) from that many booked units is small."""
        return abs(difference) <= self.units or abs(difference) * 1000 <= self.permille * booked


class Counted(NamedTuple):
    """What was found of a lot (0 or more units), and what the books said of that very moment."""

    counted: int
    booked: int

    @property
    def difference(self) -> int:
        """How many units more there are than the books say."""
        return self.counted - self.booked


def verdict(
    round_: int, found: Mapping[Key, Counted], before: Sequence[Mapping[Key, int]], tolerance: Tolerance
) -> Verdict:
    """What becomes of a round of a count.

    round_: 1 to 3. before: the differences that the rounds before found. The first is believed when it is off by little
    and else somebody else counts again; the second when it says what the first said, and else a third decides, which is
    believed whatever it says. Differences are compared, not units: goods move between two rounds.
    """
    if round_ >= ROUNDS_MAX:
        return "post"
    if round_ == 1:
        return "post" if all(tolerance.holds(each.difference, each.booked) for each in found.values()) else "recount"
    return "post" if agrees(found, before[-1], tolerance) else "dispute"


def agrees(found: Mapping[Key, Counted], other: Mapping[Key, int], tolerance: Tolerance) -> bool:
    """Whether two rounds say the same of every lot; what a round does not name is as the books say."""
    for key in found.keys() | other.keys():
        mine = found.get(key, Counted(0, 0))
        if not tolerance.holds(mine.difference - other.get(key, 0), mine.booked):
            return False
    return True


def correction(counted: Counted, now: int) -> int:
    """By how much the books of now are to change. now: what they say lies there, 0 or more; it never falls below 0."""
    return max(counted.difference, -now)
