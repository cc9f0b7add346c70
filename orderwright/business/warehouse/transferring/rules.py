"""Which site sends what to which, and which loads arriving units came with. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

State = Literal["planned", "loading", "sent", "done", "cancelled"]
STEPS: Mapping[str, frozenset[str]] = {
    "load": frozenset({"planned", "loading"}),
    "send": frozenset({"planned", "loading"}),
    "receive": frozenset({"loading", "sent"}),
    "finish": frozenset({"sent"}),
}
"""Deed -> the states a transfer may be in. What is still being loaded may arrive already: two vans, one transfer."""


class Stand(NamedTuple):
    """How a site stands with a product. wanted: units it is short of; spare: free units beyond its own need."""

    site: str
    wanted: int
    spare: int


class Share(NamedTuple):
    """Units that one site could send to another."""

    site: str
    to_site: str
    units: int


def spare_units(free: int, leaving: int, goal: int) -> int:
    """Units a site can give away: free ones that are not on their way out, beyond `goal`, its own need; never < 0.

    free: on hand, neither promised nor kept as safety stock.
    """
    return max(0, free - leaving - max(0, goal))


def even_out(stands: Sequence[Stand]) -> list[Share]:
    """Who sends how many to whom, so that few transfers help the neediest first.

    The site that is short of most comes first, ties by code. It is served by the smallest spare that is enough
    alone; where none is, by the largest, and so on. Nobody gives more than they have spare, nobody gets more than they
    are short of, and a site that is short gives nothing.
    """
    spare = {each.site: each.spare for each in stands if each.spare > 0 and each.wanted <= 0}
    shares = []
    for short in sorted(stands, key=lambda each: (-each.wanted, each.site)):
        wanted = short.wanted
        while wanted > 0 and spare:
            enough = [(units, site) for site, units in spare.items() if units >= wanted]
            giver = min(enough)[1] if enough else min((-units, site) for site, units in spare.items())[1]
            units = min(wanted, spare[giver])
            shares.append(Share(giver, short.site, units))
            wanted -= units
            spare[giver] -= units
            if not spare[giver]:
                del spare[giver]
    return shares


def split_arrival(units: int, loads: Sequence[tuple[str, int]]) -> tuple[list[tuple[str, int]], int]:
    """Which loads (name, units under way) arriving units came with, oldest first, and how many are over.

    Returns ([(load, units > 0)], units nobody sent).
    """
    parts = []
    for name, left in loads:
        part = min(units, left)
        if part > 0:
            parts.append((name, part))
            units -= part
    return parts, units
