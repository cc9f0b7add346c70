"""Several cartons for larger orders: fill one after another, then look again at every two of them."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from msgspec import structs

from orderwright.business.warehouse.cartons.bounds import exclusion
from orderwright.business.warehouse.cartons.engine import Engine
from orderwright.business.warehouse.cartons.filling import Pile
from orderwright.business.warehouse.cartons.model import Carton, PackingRules, Rate
from orderwright.business.warehouse.cartons.prices import billed_g, heaviest_g
from orderwright.business.warehouse.cartons.several import NEVER, Split, every_split, splits, stacks_of
from orderwright.business.warehouse.cartons.single import Filled, one_carton
from orderwright.business.warehouse.cartons.together import missing_of
from orderwright.business.warehouse.cartons.units import (
    Unit,
    clashes,
    protection_minor,
    volume_mm3,
    weight_g,
)

CANDIDATES = 4  # cartons filled on trial for each that is used
PAIRS_MAX = 40  # pairs of cartons looked at again
STARTS_MAX = 24  # each first order with each score
FILL_WORK = 40_000  # starts times squared units, for one trial
PAIR_SPLITS_MAX = 200  # part orders of a pair, up to which every split of it is looked at
FINE = 1_000_000_000  # so that costs per mm3 compare as whole numbers


def one_after_another(
    units: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine
) -> Split:
    """Fill carton after carton with what costs least for the room it uses; then pair by pair, cheaper if it can be.

    Every unit fits some carton alone. The bound is the best of those by volume, weight and class of goods.
    """
    left = list(units)
    filled: list[Filled] = []
    while left:
        one = _next_carton(left, cartons, rate, rules, engine)
        filled.append(one)
        left = _without(left, one.units)
    filled = _pair_by_pair(filled, cartons, rate, rules, engine)
    return Split(tuple(filled), lower_bound_minor(units, cartons, rate, rules))


def _without(units: Sequence[Unit], gone: Sequence[Unit]) -> list[Unit]:
    counts = Counter(unit.kind for unit in gone)
    left = []
    for unit in units:
        if counts[unit.kind]:
            counts[unit.kind] -= 1
        else:
            left.append(unit)
    return left


def _next_carton(
    left: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine
) -> Filled:
    room = volume_mm3(left)
    ranked = sorted(cartons, key=lambda each: (_base_minor(each, rate) * FINE // min(each.inner_mm3, room), each.code))
    best: tuple[int, str, Filled] | None = None
    looked_at = 0
    for carton in ranked:
        if best is not None and looked_at >= CANDIDATES:
            break
        able = [unit for unit in left if missing_of(carton, unit.item, rules) is None]
        if not able:
            continue
        starts = max(2, FILL_WORK // len(able) ** 2)
        inside, _ = Pile(able, rules, engine).fill_most(_within(carton, rate), min(starts, STARTS_MAX))
        if not inside:
            continue
        looked_at += 1
        chosen = [able[unit] for unit in inside]
        # The same units may do with a smaller carton, as the last ones of an order mostly do.
        trial = one_carton(Pile(chosen, rules, engine), cartons, rate).packed
        if trial is None:
            continue
        share = trial.cost_minor * FINE // volume_mm3(chosen)
        if best is None or (share, trial.carton.code) < best[:2]:
            best = share, trial.carton.code, Filled(chosen, trial)
    if best is not None:
        return best[2]
    for unit in left:
        if alone := one_carton(Pile([unit], rules, engine), cartons, rate).packed:
            return Filled([unit], alone)
    raise RuntimeError("a unit that fits a carton alone fits none")


def _within(carton: Carton, rate: Rate) -> Carton:
    """A carton that is not filled beyond what the carrier takes."""
    limits = [limit for limit in (carton.weight_max_g, heaviest_g(rate)) if limit]
    return structs.replace(carton, weight_max_g=min(limits, default=0))


def _pair_by_pair(
    filled: list[Filled], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine
) -> list[Filled]:
    looked_at = 0
    improved = True
    while improved and looked_at < PAIRS_MAX:
        improved = False
        # The emptiest first: they have most to gain.
        filled.sort(key=lambda each: (each.carton.fill_permille, each.carton.carton.code))
        for one, other in combinations(filled, 2):
            looked_at += 1
            if looked_at > PAIRS_MAX:
                break
            better = _repacked([*one.units, *other.units], cartons, rate, rules, engine)
            cost = one.carton.cost_minor + other.carton.cost_minor
            if better and sum(each.carton.cost_minor for each in better) < cost:
                filled = [each for each in filled if each is not one and each is not other] + better
                improved = True
                break
    return filled


def _repacked(
    units: list[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine
) -> list[Filled]:
    if splits(stacks_of(units)) <= PAIR_SPLITS_MAX:
        split = every_split(units, cartons, rate, rules, engine)
        return list(split.filled) if split else []
    if not any(map(any, clashes(units))):
        trial = one_carton(Pile(units, rules, engine), cartons, rate).packed
        if trial is not None:
            return [Filled(units, trial)]
    return []


def lower_bound_minor(units: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules) -> int:
    """No packing costs less. Goods of different hazard or storage classes never share, so their bounds add up.

    Each class: by volume, by weight, and by the unit with the dearest least carton. Source: covering relaxations.
    """
    classes: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        classes.setdefault((unit.item.hazard, unit.item.storage), []).append(unit)
    return sum(_class_bound(alike, cartons, rate, rules) for alike in classes.values())


def _class_bound(units: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules) -> int:
    bases = [
        (_base_minor(carton, rate), carton) for carton in cartons if missing_of(carton, units[0].item, rules) is None
    ]
    goods_g, goods_mm3 = weight_g(units), volume_mm3(units)
    by_volume = min(-(-base * goods_mm3 // carton.inner_mm3) for base, carton in bases)
    by_weight = 0
    if all(carton.weight_max_g > carton.tare_g for _, carton in bases):
        by_weight = min(-(-base * goods_g // (carton.weight_max_g - carton.tare_g)) for base, carton in bases)
    by_unit = max(
        min(base for base, carton in bases if exclusion([unit], carton, rules) is None)
        for unit in {unit.kind: unit for unit in units}.values()
    )
    return protection_minor(units) + max(by_volume, by_weight, by_unit)


def _base_minor(carton: Carton, rate: Rate) -> int:
    """The least a parcel in this carton costs, whatever is in it; out of reach when no carrier takes even that."""
    carriage = rate.price_minor(billed_g(carton.tare_g, carton.outer_mm3, rate))
    return NEVER if carriage is None else carton.cost_minor + carriage
