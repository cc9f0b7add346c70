"""What a bulk read of tags says of the bins it was read in. Pure.

A reader hears too much (tags of other bins, of what is carried by) and too little (tags behind metal, in the middle of
a pile). Both are told from goods by reading again: the same bin several times, and the bins around it. The rule errs
towards the books, and nothing is booked on fewer than three passes.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isqrt
from typing import Literal, NamedTuple

PASSES_MIN = 3
"""Fewer passes of a bin confirm the books, or ask for a count; they never change them."""
Bin = tuple[str, str]
"""(place, sku)."""
StrayWhy = Literal["not_booked", "seldom_heard", "held_elsewhere"]


class Heard(NamedTuple):
    """A tag, the place it belongs to, and in how many of that place's passes it was heard."""

    tag: str
    sku: str
    place: str
    times: int
    passes: int

    @property
    def is_often(self) -> bool:
        """Whether it was heard in more than half of the passes."""
        return 2 * self.times > self.passes


class Stray(NamedTuple):
    """A tag that counts nowhere: its product is not booked there, it was seldom heard, or it is held elsewhere."""

    tag: str
    sku: str
    place: str
    why: StrayWhy


class Told(NamedTuple):
    """What a read says of a product in a bin. is_sure: it may be booked; otherwise somebody is to count."""

    counted: int
    is_sure: bool


def at_home(
    passes: Sequence[tuple[str, Iterable[str]]], sku_of: Mapping[str, str], booked: Mapping[Bin, int]
) -> list[Heard]:
    """Each tag once, where it was heard in the largest part of the passes.

    passes: (place, tags). sku_of: of the tags that are goods of ours; others are left out. Of places where it was heard
    alike, the one where its product is booked, then the first by name.
    """
    runs: dict[str, int] = {}
    times: dict[str, dict[str, int]] = {}
    for place, tags in passes:
        runs[place] = runs.get(place, 0) + 1
        for tag in set(tags) & sku_of.keys():
            heard = times.setdefault(tag, {})
            heard[place] = heard.get(place, 0) + 1
    found = []
    for tag, heard in sorted(times.items()):
        sku = sku_of[tag]
        place = min(heard, key=lambda at: (-1000 * heard[at] // runs[at], (at, sku) not in booked, at))
        found.append(Heard(tag, sku, place, heard[place], runs[place]))
    return found


def tell(
    heard: Iterable[Heard], booked: Mapping[Bin, int], runs: Mapping[str, int], held: Iterable[str], miss_permille: int
) -> tuple[dict[Bin, Told], list[Stray]]:
    """What was there, by (place, sku), and the tags that count nowhere.

    booked: units of the products booked in the places that were read. runs: passes of each place. held: tags of units
    that the books know in a tote or parcel. miss_permille: how many tags of a thousand one pass does not hear.

    Tags heard in more than half of the passes count. Those heard less often count only up to what is booked: a unit in
    the middle of the pile is likelier than one that was carried by. What is missing within what so many passes may miss
    is not sure; nor is any difference of a bin with fewer than three passes.
    """
    strays: list[Stray] = []
    often: dict[Bin, int] = {}
    seldom: dict[Bin, list[Heard]] = {}
    elsewhere = set(held)
    for each in heard:
        key = (each.place, each.sku)
        if each.tag in elsewhere:
            strays.append(Stray(each.tag, each.sku, each.place, "held_elsewhere"))
        elif not booked.get(key):
            strays.append(Stray(each.tag, each.sku, each.place, "not_booked"))
        elif each.is_often:
            often[key] = often.get(key, 0) + 1
        else:
            seldom.setdefault(key, []).append(each)
    told: dict[Bin, Told] = {}
    for key, units in booked.items():
        sure, doubtful = often.get(key, 0), seldom.get(key, [])
        taken = min(len(doubtful), max(0, units - sure))
        strays += [Stray(each.tag, each.sku, each.place, "seldom_heard") for each in doubtful[taken:]]
        told[key] = _told(sure + taken, units, runs[key[0]], miss_permille)
    return told, strays


def _told(counted: int, booked: int, passes: int, miss_permille: int) -> Told:
    if counted == booked:
        return Told(counted, is_sure=True)
    is_missed = 0 < booked - counted <= missed_max(booked, passes, miss_permille)
    return Told(counted, is_sure=passes >= PASSES_MIN and not is_missed)


def missed_max(units: int, passes: int, miss_permille: int) -> int:
    """How many of so many tags may well be missed by every one of so many passes, each missing independently.

    The mean and three times its root, rounded up (Poisson); 0 where even one is a matter of less than 1 in 50.
    """
    mean_millionths: int = units * 1_000_000 * miss_permille**passes // 1000**passes
    if mean_millionths < 20_000:
        return 0
    return -(-(mean_millionths + 3 * isqrt(mean_millionths * 1_000_000)) // 1_000_000)
