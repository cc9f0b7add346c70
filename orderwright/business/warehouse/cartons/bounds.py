"""What excludes a carton before anything is packed into it. Each is a proof, none a guess."""

from collections.abc import Sequence

from orderwright.business.warehouse.cartons.model import Carton, PackingRules, Verdict
from orderwright.business.warehouse.cartons.prices import gross_g
from orderwright.business.warehouse.cartons.together import missing_of
from orderwright.business.warehouse.cartons.units import Turn, Unit, volume_mm3, weight_g


def exclusion(units: Sequence[Unit], carton: Carton, rules: PackingRules) -> Verdict | None:
    """Why a carton cannot hold these units; None when nothing proves it.

    too_little_room: by volume, where each side of the carton counts only as far as sides of units can add up to.
    units_collide: two units fit beside, behind and above each other in no way.
    """
    for kind in {unit.kind: unit for unit in units}.values():
        if lack := missing_of(carton, kind.item, rules):
            return lack
    volume = volume_mm3(units)
    if carton.weight_max_g and gross_g(carton, weight_g(units), volume, rules) > carton.weight_max_g:
        return "too_heavy"
    if volume > carton.inner_mm3:
        return "too_little_room"
    turns = [turns_within(unit, carton) for unit in units]
    if not all(turns):
        return "unit_too_large"
    if _is_any_pair_colliding(units, turns, carton):
        return "units_collide"
    length, width, height = (_filled_side(turns, axis, side) for axis, side in enumerate(carton.sizes))
    return "too_little_room" if volume > length * width * height else None


def turns_within(unit: Unit, carton: Carton) -> list[Turn]:
    """The ways a unit may stand in a carton by its sizes alone."""
    length, width, height = carton.sizes
    return [turn for turn in unit.turns if turn[0] <= length and turn[1] <= width and turn[2] <= height]


def least_sizes(turns: Sequence[Turn]) -> tuple[int, int, int]:
    """The least a unit takes of each axis, over the ways it may stand."""
    return min(turn[0] for turn in turns), min(turn[1] for turn in turns), min(turn[2] for turn in turns)


def are_colliding(one: tuple[int, int, int], other: tuple[int, int, int], sizes: tuple[int, int, int]) -> bool:
    """Whether two units' least sizes exceed the carton on every axis: whatever lies apart does so along some axis."""
    return all(one[axis] + other[axis] > sizes[axis] for axis in range(3))


def _is_any_pair_colliding(units: Sequence[Unit], turns: Sequence[Sequence[Turn]], carton: Carton) -> bool:
    sizes = carton.sizes
    # Two of a kind stand for all pairs of that kind.
    kept: dict[int, list[tuple[int, int, int]]] = {}
    for unit, ways in zip(units, turns, strict=True):
        of_kind = kept.setdefault(unit.kind, [])
        if len(of_kind) < 2:
            of_kind.append(least_sizes(ways))
    least = [each for of_kind in kept.values() for each in of_kind]
    return any(are_colliding(one, other, sizes) for i, one in enumerate(least) for other in least[:i])


def _filled_side(turns: Sequence[Sequence[Turn]], axis: int, side: int) -> int:
    """The longest that sides of units in a row can be within a carton's side."""
    reachable = 1  # bit n: n mm can be reached
    within = (1 << (side + 1)) - 1
    for ways in turns:
        grown = reachable
        for size in {int(turn[axis]) for turn in ways}:
            grown |= reachable << size
        reachable = grown & within
        if reachable >> side:
            return side
    return reachable.bit_length() - 1
