"""Orders of stops for floors the sweep does not take: exact for a few stops, else a local search. Pure.

Distances are a square table in mm, from row to column, with the start as its first place and the end as its last;
they need not be the same both ways.
"""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

Distances = Sequence[Sequence[int]]


def tour_mm(order: Sequence[int], distances: Distances) -> int:
    """The length of a walk through places in this order."""
    return sum(distances[a][b] for a, b in pairwise(order))


def exact_order(distances: Distances) -> list[int]:
    """The shortest order from the first place through all others to the last (Held & Karp 1962).

    Work grows as stops^2 * 2^stops: 10 stops take some ten milliseconds.
    """
    last = len(distances) - 1
    stops = range(1, last)
    best = {(1 << stop, stop): (distances[0][stop], 0) for stop in stops}
    full = sum(1 << stop for stop in stops)
    for size in range(2, last):
        for visited, here in [key for key in best if key[0].bit_count() == size - 1]:
            so_far = best[visited, here][0]
            for stop in stops:
                if visited >> stop & 1:
                    continue
                key = visited | 1 << stop, stop
                length = so_far + distances[here][stop]
                if key not in best or length < best[key][0]:
                    best[key] = length, here
    if not full:
        return [0, last]
    here = min(stops, key=lambda stop: best[full, stop][0] + distances[stop][last])
    order, visited = [last], full
    while here:
        order.append(here)
        visited, here = visited ^ 1 << here, best[visited, here][1]
    return [*order, 0][::-1]


def good_order(distances: Distances, kicks: int) -> list[int]:
    """A short order: nearest neighbour, then 2-opt and Or-opt, then as many kicks as allowed, the best kept.

    Always the same answer for the same table. A kick swaps two neighbouring stretches (double bridge, Martin,
    Otto & Felten 1991) and improves again.
    """
    dice = Random(len(distances))
    order = _improved(_nearest(distances), distances)
    length = tour_mm(order, distances)
    for _ in range(kicks if len(order) > 5 else 0):
        a, b, c = sorted(dice.sample(range(1, len(order)), 3))
        tried = _improved([*order[:a], *order[b:c], *order[a:b], *order[c:]], distances)
        tried_length = tour_mm(tried, distances)
        if tried_length <= length:
            order, length = tried, tried_length
    return order


def _nearest(distances: Distances) -> list[int]:
    last = len(distances) - 1
    left = set(range(1, last))
    order = [0]
    while left:
        here = order[-1]
        onward = min(left, key=lambda stop: (distances[here][stop], stop))
        left.remove(onward)
        order.append(onward)
    return [*order, last]


def _improved(order: list[int], distances: Distances) -> list[int]:
    """Moves stretches of up to three stops and turns stretches round until neither helps."""
    while _move_stretch(order, distances) or _turn_stretch(order, distances):
        pass
    return order


def _move_stretch(order: list[int], distances: Distances) -> bool:
    """Or-opt: the first stretch of one to three stops that lies better elsewhere is moved there."""
    count = len(order)
    for size in (1, 2, 3):
        for i in range(1, count - size):
            before, first, last, after = order[i - 1], order[i], order[i + size - 1], order[i + size]
            saved = distances[before][first] + distances[last][after] - distances[before][after]
            if saved <= 0:
                continue
            from_last = distances[last]
            for j in range(count - 1):
                if i - 1 <= j < i + size:
                    continue
                one, other = order[j], order[j + 1]
                if distances[one][first] + from_last[other] - distances[one][other] < saved:
                    stretch = order[i : i + size]
                    del order[i : i + size]
                    at = j + 1 if j < i else j + 1 - size
                    order[at:at] = stretch
                    return True
    return False


def _turn_stretch(order: list[int], distances: Distances) -> bool:
    """2-opt: the first stretch that is shorter walked the other way round is turned."""
    count = len(order)
    for i in range(1, count - 2):
        before, first = order[i - 1], order[i]
        change = 0
        for j in range(i + 1, count - 1):
            change += distances[order[j]][order[j - 1]] - distances[order[j - 1]][order[j]]
            last, after = order[j], order[j + 1]
            bridged = distances[before][last] + distances[first][after]
            if bridged + change < distances[before][first] + distances[last][after]:
                order[i : j + 1] = order[i : j + 1][::-1]
                return True
    return False
