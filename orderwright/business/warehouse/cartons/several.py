"""Several cartons where one will not do, by looking at every way to split a small order.

The cost of a part order starts as that of the cheapest carton no proof excludes. The best split by these costs is
then packed; a part that finds no way into its carton gets its next dearer one, and the best split is looked for again.
Until the packing search gives up on a part, a split's cost is a lower bound on any packing; the last is the cheapest
that the search can fill.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from operator import mul
from typing import NamedTuple

from orderwright.business.warehouse.cartons.bounds import are_colliding, exclusion, least_sizes, turns_within
from orderwright.business.warehouse.cartons.engine import Engine
from orderwright.business.warehouse.cartons.filling import Pile
from orderwright.business.warehouse.cartons.model import Carton, PackingRules, Rate
from orderwright.business.warehouse.cartons.prices import gross_g, parcel_minor
from orderwright.business.warehouse.cartons.single import Filled, considered_for, packed
from orderwright.business.warehouse.cartons.together import may_share, missing_of
from orderwright.business.warehouse.cartons.units import Unit

Counts = tuple[int, ...]
TRIALS_MAX = 400
NEVER = 1 << 60


class Split(NamedTuple):
    """Filled cartons, and what no packing costs less than."""

    filled: tuple[Filled, ...]
    bound_minor: int

    @property
    def cost_minor(self) -> int:
        """All cartons together."""
        return sum(each.carton.cost_minor for each in self.filled)


class Stack(NamedTuple):
    """Units that are all alike."""

    unit: Unit
    pieces: int


def stacks_of(units: Sequence[Unit]) -> list[Stack]:
    """Equal units together, in order of their first."""
    kinds: dict[int, list[Unit]] = {}
    for unit in units:
        kinds.setdefault(unit.kind, []).append(unit)
    return [Stack(each[0], len(each)) for each in kinds.values()]


def splits(stacks: Sequence[Stack]) -> int:
    """How many different part orders there are, the empty one included."""
    return prod(stack.pieces + 1 for stack in stacks)


class Cheapest:
    """For each part order the cheapest carton that may still hold it."""

    def __init__(self, stacks: Sequence[Stack], cartons: Sequence[Carton], rate: Rate, rules: PackingRules) -> None:
        self.stacks = stacks
        self.rate = rate
        self.rules = rules
        self.cartons = cartons
        self._weights = [stack.unit.item.weight_g for stack in stacks]
        self._volumes = [stack.unit.volume_mm3 for stack in stacks]
        self._protections = [stack.unit.item.protection_minor for stack in stacks]
        self._clashing = self._pairs(self._is_clash)
        self._takes = [self._kinds_for(carton) for carton in cartons]
        self._colliding = [self._pairs(self._collision_in(at)) for at in range(len(cartons))]
        self._failed: list[list[Counts]] = [[] for _ in cartons]

    def of(self, counts: Counts) -> tuple[int, int]:
        """Cost in minor units and the carton's index; (NEVER, -1) when none may do."""
        wanted = frozenset(kind for kind, count in enumerate(counts) if count)
        if any(one in wanted and other in wanted for one, other in self._clashing if one != other):
            return NEVER, -1
        weight, volume = sum(map(mul, counts, self._weights)), sum(map(mul, counts, self._volumes))
        protection = sum(map(mul, counts, self._protections))
        best, chosen = NEVER, -1
        for at, carton in enumerate(self.cartons):
            if volume > carton.inner_mm3 or not wanted <= self._takes[at]:
                continue
            if carton.weight_max_g and gross_g(carton, weight, volume, self.rules) > carton.weight_max_g:
                continue
            price = parcel_minor(carton, weight, volume, protection, self.rate, self.rules)
            if price is not None and price < best and not self._is_excluded(at, counts):
                best, chosen = price, at
        return best, chosen

    def strike(self, counts: Counts, at: int) -> None:
        """No way was found to put these into this carton, and so for all that is more."""
        self._failed[at].append(counts)

    def units(self, counts: Counts) -> list[Unit]:
        """The units of a part order."""
        return [stack.unit for stack, count in zip(self.stacks, counts, strict=True) for _ in range(count)]

    def _is_excluded(self, at: int, counts: Counts) -> bool:
        for one, other in self._colliding[at]:
            if counts[one] and counts[other] and (one != other or counts[one] > 1):
                return True
        return any(all(map(int.__le__, failed, counts)) for failed in self._failed[at])

    def _pairs(self, is_wrong: Callable[[int, int], bool]) -> list[tuple[int, int]]:
        kinds = range(len(self.stacks))
        return [(one, other) for one in kinds for other in range(one + 1) if is_wrong(one, other)]

    def _is_clash(self, one: int, other: int) -> bool:
        return one != other and not may_share(self.stacks[one].unit.item, self.stacks[other].unit.item)

    def _kinds_for(self, carton: Carton) -> frozenset[int]:
        return frozenset(
            kind
            for kind, (unit, _) in enumerate(self.stacks)
            if missing_of(carton, unit.item, self.rules) is None and turns_within(unit, carton)
        )

    def _collision_in(self, at: int) -> Callable[[int, int], bool]:
        carton = self.cartons[at]
        least = {kind: least_sizes(turns_within(self.stacks[kind].unit, carton)) for kind in self._takes[at]}

        def is_collision(one: int, other: int) -> bool:
            return one in least and other in least and are_colliding(least[one], least[other], carton.sizes)

        return is_collision


def every_split(
    units: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine
) -> Split | None:
    """The cheapest cartons for all units, over every way to split them; None when the trials ran out or none does."""
    stacks = stacks_of(units)
    cheapest = Cheapest(stacks, cartons, rate, rules)
    parts = list(product(*(range(stack.pieces + 1) for stack in stacks)))
    costs = {counts: cheapest.of(counts) for counts in parts[1:]}
    filled: dict[tuple[Counts, int], Filled] = {}
    bound, is_proven = 0, True
    for _ in range(TRIALS_MAX):
        cost, chosen = best_split(stacks, {counts: price for counts, (price, _) in costs.items()})
        if is_proven:
            bound = cost
        if cost >= NEVER:
            return None
        waiting = [counts for counts in chosen if (counts, costs[counts][1]) not in filled]
        if not waiting:
            return Split(tuple(filled[counts, costs[counts][1]] for counts in chosen), bound)
        for counts in waiting:
            price, at = costs[counts]
            inside = cheapest.units(counts)
            placements = None
            if exclusion(inside, cartons[at], rules) is None:
                placements = Pile(inside, rules, engine).fill(cartons[at])
                is_proven &= placements is not None
            if placements is not None:
                considered = considered_for(inside, cartons[at], cartons, rate, rules)
                carton = packed(inside, cartons[at], placements, price, rate, rules, considered)
                filled[counts, at] = Filled(inside, carton)
                continue
            cheapest.strike(counts, at)
            for more in _at_least(counts, costs):
                if costs[more][1] == at:
                    costs[more] = cheapest.of(more)
    return None


def _at_least(counts: Counts, costs: dict[Counts, tuple[int, int]]) -> Iterator[Counts]:
    return (more for more in costs if all(map(int.__le__, counts, more)))


def best_split(stacks: Sequence[Stack], cost_of: dict[Counts, int]) -> tuple[int, list[Counts]]:
    """The cheapest way to make up the whole order of part orders; cost NEVER when there is none.

    A part order is one number, a field of bits for each product with a bit to spare: one subtraction takes a part
    from another for all products at once, and a spare bit that is lost tells that there was not enough.
    """
    width = max(stack.pieces for stack in stacks).bit_length() + 1
    spare = sum(1 << (width * (kind + 1) - 1) for kind in range(len(stacks)))
    # Each part holds the first product that is left, so every split is looked at once; the cheapest parts first.
    of_first: list[list[tuple[int, int]]] = [[] for _ in stacks]
    counts_of: dict[int, Counts] = {}
    for counts, cost in cost_of.items():
        if cost < NEVER:
            number = _numbered(counts, width)
            counts_of[number] = counts
            of_first[_first_of(number, width)].append((cost, number))
    for parts in of_first:
        parts.sort()
    known: dict[int, tuple[int, int]] = {0: (0, 0)}

    def cheapest(left: int) -> int:
        if left in known:
            return known[left][0]
        best, taken = NEVER, left
        enough = left | spare
        for cost, part in of_first[_first_of(left, width)]:
            if cost >= best:
                break
            if (enough - part) & spare == spare:
                total = cost + cheapest(left - part)
                if total < best:
                    best, taken = total, part
        known[left] = best, taken
        return best

    left = _numbered(tuple(stack.pieces for stack in stacks), width)
    total = cheapest(left)
    chosen = []
    while left and total < NEVER:
        taken = known[left][1]
        chosen.append(counts_of[taken])
        left -= taken
    return total, chosen


def _numbered(counts: Counts, width: int) -> int:
    return sum(count << (width * kind) for kind, count in enumerate(counts))


def _first_of(number: int, width: int) -> int:
    return ((number & -number).bit_length() - 1) // width
