"""An independent look at a packing plan, written from what the words mean and not from how the search works."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from orderwright.business.warehouse.cartons.model import Item, PackedCarton, PackingPlan, PackingRules, Placement
from orderwright.business.warehouse.cartons.together import bears_g, may_share, missing_of


def faults(plan: PackingPlan, items: Sequence[Item], rules: PackingRules) -> list[str]:
    """All that is wrong with a plan, in words; empty when it can be packed as it says.

    Every unit exactly once, inside, overlapping nothing, turned as its product allows, held from below, bearing no
    more than it may, beside nothing it is kept apart from; weights within limits; steps that can be done in turn.
    A sku that stands on several lines must be described alike on all.
    """
    of_sku = {item.sku: item for item in items}
    found = list(_miscounted(plan, items))
    for number, packed in enumerate(plan.cartons, 1):
        where = f"carton {number} ({packed.carton.code})"
        if any(place.sku not in of_sku for place in packed.placements):
            continue  # told above
        for words in _faults_inside(packed, of_sku, rules):
            found.append(f"{where}: {words}")
    total = sum(each.cost_minor for each in plan.cartons) + sum(each.cost_minor for each in plan.own_parcels)
    if total != plan.cost_minor:
        found.append(f"the plan costs {total}, not {plan.cost_minor}")
    if plan.cost_minor < plan.lower_bound_minor:
        found.append("the plan costs less than its lower bound")
    return found


def _miscounted(plan: PackingPlan, items: Sequence[Item]) -> Iterator[str]:
    wanted, packed = Counter[str](), Counter[str]()
    for item in items:
        wanted[item.sku] += item.quantity
    packed.update(place.sku for each in plan.cartons for place in each.placements)
    packed.update(parcel.sku for parcel in plan.own_parcels)
    for sku in sorted(wanted.keys() | packed.keys()):
        if wanted[sku] != packed[sku]:
            yield f"{sku}: {packed[sku]} packed of {wanted[sku]}"


def _faults_inside(packed: PackedCarton, of_sku: dict[str, Item], rules: PackingRules) -> Iterator[str]:
    places, carton = packed.placements, packed.carton
    for place in places:
        yield from _misplaced(place, packed, of_sku[place.sku])
        if lack := missing_of(carton, of_sku[place.sku], rules):
            yield f"{place.sku}: {lack}"
    for at, one in enumerate(places):
        for other in places[:at]:
            if _overlap(one, other):
                yield f"steps {other.step} and {one.step} overlap"
            if one.sku != other.sku and not may_share(of_sku[one.sku], of_sku[other.sku]):
                yield f"{one.sku} and {other.sku} may not share a carton"
    yield from _unheld(places, of_sku, rules)
    yield from _undoable(places)
    goods_g = sum(of_sku[place.sku].weight_g for place in places)
    goods_mm3 = sum(place.length_mm * place.width_mm * place.height_mm for place in places)
    inside_mm3 = carton.length_mm * carton.width_mm * carton.height_mm
    if packed.void_mm3 != inside_mm3 - goods_mm3:
        yield "the void is wrong"
    fill_g = -(-packed.void_mm3 * rules.fill_g_per_litre // 1_000_000)
    if packed.gross_g != carton.tare_g + goods_g + fill_g:
        yield "the gross weight is wrong"
    if carton.weight_max_g and packed.gross_g > carton.weight_max_g:
        yield f"{packed.gross_g} g are too heavy"


def _misplaced(place: Placement, packed: PackedCarton, item: Item) -> Iterator[str]:
    carton = packed.carton
    if (
        min(place.x_mm, place.y_mm, place.z_mm) < 0
        or place.x_mm + place.length_mm > carton.length_mm
        or place.y_mm + place.width_mm > carton.width_mm
        or place.z_mm + place.height_mm > carton.height_mm
    ):
        yield f"step {place.step} sticks out"
    sides = {"l": item.length_mm, "w": item.width_mm, "h": item.height_mm}
    if sorted(place.turned) != ["h", "l", "w"]:
        yield f"step {place.step} is turned {place.turned!r}"
        return
    turned = tuple(sides[side] + 2 * item.padding_mm for side in place.turned)
    if turned != (place.length_mm, place.width_mm, place.height_mm):
        yield f"step {place.step} has other sizes than {place.sku}"
    if item.this_side_up and place.turned[2] != "h":
        yield f"step {place.step} must stand upright"


def _along(start: int, size: int, other_start: int, other_size: int) -> int:
    return max(0, min(start + size, other_start + other_size) - max(start, other_start))


def _contact(upper: Placement, lower: Placement) -> int:
    """The area in mm2 on which one stands on the other's top, seen from above; whatever their heights."""
    return _along(upper.x_mm, upper.length_mm, lower.x_mm, lower.length_mm) * _along(
        upper.y_mm, upper.width_mm, lower.y_mm, lower.width_mm
    )


def _overlap(one: Placement, other: Placement) -> bool:
    return bool(_contact(one, other) * _along(one.z_mm, one.height_mm, other.z_mm, other.height_mm))


def _unheld(places: Sequence[Placement], of_sku: dict[str, Item], rules: PackingRules) -> Iterator[str]:
    loads = [Fraction(0)] * len(places)
    for at in sorted(range(len(places)), key=lambda at: -places[at].z_mm):
        upper = places[at]
        limit = bears_g(of_sku[upper.sku], rules)
        if limit is not None and loads[at] > limit:
            yield f"step {upper.step} bears {float(loads[at]):.0f} g and may bear {limit}"
        if upper.z_mm == 0:
            continue
        under = [
            (below, area)
            for below, lower in enumerate(places)
            if lower.z_mm + lower.height_mm == upper.z_mm and (area := _contact(upper, lower))
        ]
        total = sum(area for _, area in under)
        if total * 100 < rules.support_percent * upper.length_mm * upper.width_mm:
            yield f"step {upper.step} is not held from below"
        for below, area in under:
            loads[below] += (of_sku[upper.sku].weight_g + loads[at]) * Fraction(area, total)


def _undoable(places: Sequence[Placement]) -> Iterator[str]:
    """A unit comes in from above, so nothing that is there already may stand over its place."""
    if sorted(place.step for place in places) != list(range(1, len(places) + 1)):
        yield "the steps are not numbered 1, 2, ..."
    for one in places:
        for earlier in places:
            if earlier.step < one.step and earlier.z_mm > one.z_mm and _contact(one, earlier):
                yield f"step {one.step} goes under step {earlier.step}"
