"""Which cartons an order goes into and how they are filled; or why there is no plan."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from orderwright.business.warehouse.cartons.bounds import exclusion
from orderwright.business.warehouse.cartons.engine import Engine, engine
from orderwright.business.warehouse.cartons.filling import Pile
from orderwright.business.warehouse.cartons.many import one_after_another
from orderwright.business.warehouse.cartons.model import (
    Carton,
    Considered,
    Item,
    OwnParcel,
    PackedCarton,
    PackingFinding,
    PackingPlan,
    PackingRules,
    Rate,
    Verdict,
)
from orderwright.business.warehouse.cartons.prices import billed_g
from orderwright.business.warehouse.cartons.several import Split, every_split, splits, stacks_of
from orderwright.business.warehouse.cartons.single import cost_minor, one_carton
from orderwright.business.warehouse.cartons.units import SIZE_MAX_MM, WEIGHT_MAX_G, Unit, clashes, merged, units_of
from orderwright.business.warehouse.cartons.verify import faults

USUAL_RULES = PackingRules()


def choose_cartons(
    items: Sequence[Item],
    cartons: Sequence[Carton],
    rate: Rate,
    rules: PackingRules = USUAL_RULES,
    preferred: Sequence[str] = (),
    compiled: bool = True,
) -> PackingPlan | PackingFinding:
    """The cheapest carton that holds everything, by carton, protection, void fill and billed weight; several only
    where one will not do.

    items: all that travels together, quantities >= 0. cartons: those there are, codes distinct. preferred: codes
    packers chose for this basket before, tried first. compiled: False never uses numba. The same question always
    has the same answer; with numba more starts are tried in the same time, so it may be a cheaper one.
    Products without sizes or weight, and units no carton holds, are a finding that names them; the latter ship as
    they are when their product allows it. Raises ValueError for sizes, weights or prices that are none, and
    RuntimeError if an answer fails its own verification, which is a bug. Source: FIELD 1.8, billed weight.
    """
    _check(items, cartons, rules)
    wanted = merged(items)
    if finding := _not_for_a_search(wanted, rules):
        return finding
    units = units_of(wanted, rules)
    inside, own, finding = _apart_from_own_parcels(units, cartons, rate, rules)
    if finding:
        return finding
    packed, bound, considered = _packed(inside, cartons, rate, rules, preferred, engine(compiled))
    own_minor = sum(parcel.cost_minor for parcel in own)
    cost = sum(each.cost_minor for each in packed)
    plan = PackingPlan(packed, own, cost + own_minor, min(bound, cost) + own_minor, considered)
    if wrong := faults(plan, wanted, rules):
        raise RuntimeError(f"packing: {wrong[0]}")
    return plan


def _check(items: Sequence[Item], cartons: Sequence[Carton], rules: PackingRules) -> None:
    if len({structs.replace(item, quantity=0) for item in items}) > len({item.sku for item in items}):
        raise ValueError("one sku is described in two ways")
    for item in items:
        sizes = (item.length_mm, item.width_mm, item.height_mm, item.padding_mm)
        if min(*sizes, item.quantity, item.weight_g, item.protection_minor) < 0 or max(sizes) > SIZE_MAX_MM:
            raise ValueError(f"{item.sku}: sizes are 0 to {SIZE_MAX_MM} mm, weights and quantities are not negative")
        if item.weight_g > WEIGHT_MAX_G:
            raise ValueError(f"{item.sku}: a unit weighs at most {WEIGHT_MAX_G} g")
    for carton in cartons:
        if min(carton.sizes) <= 0 or max(carton.sizes) > SIZE_MAX_MM:
            raise ValueError(f"carton {carton.code}: inner sizes are 1 to {SIZE_MAX_MM} mm")
        if min(carton.cost_minor, carton.tare_g, carton.weight_max_g) < 0:
            raise ValueError(f"carton {carton.code}: weights and cost are not negative")
    if len({carton.code for carton in cartons}) < len(cartons):
        raise ValueError("two cartons have one code")
    if not 0 <= rules.support_percent <= 100:
        raise ValueError("support_percent is 0 to 100")


def _not_for_a_search(items: Sequence[Item], rules: PackingRules) -> PackingFinding | None:
    unknown = _skus(each for each in items if not min(each.length_mm, each.width_mm, each.height_mm, each.weight_g))
    if unknown:
        return PackingFinding("packed_by_hand", unknown, "Sizes or weight of these products are not known.")
    count = sum(item.quantity for item in items)
    if count > rules.units_max:
        words = f"{count} units are more than the {rules.units_max} a packing is searched for."
        return PackingFinding("too_many_units", _skus(items), words)
    return None


def _apart_from_own_parcels(
    units: Sequence[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules
) -> tuple[list[Unit], tuple[OwnParcel, ...], PackingFinding | None]:
    verdicts: dict[int, set[Verdict]] = {}
    parcels: dict[int, OwnParcel] = {}
    largest_first = sorted(cartons, key=lambda carton: -carton.inner_mm3)
    for unit in {unit.kind: unit for unit in units}.values():
        alone = _alone_in(unit, largest_first, rate, rules)
        if alone is None:
            continue
        verdicts[unit.kind] = alone
        own = _own_parcel(unit, rate) if unit.item.own_packing else None
        if own is None:
            continue
        parcels[unit.kind] = own
    stuck = [unit for unit in units if unit.kind in verdicts and unit.kind not in parcels]
    if stuck:
        return [], (), _stuck_finding(stuck, verdicts)
    own_parcels = tuple(parcels[unit.kind] for unit in units if unit.kind in parcels)
    return [unit for unit in units if unit.kind not in parcels], own_parcels, None


def _alone_in(unit: Unit, cartons: Sequence[Carton], rate: Rate, rules: PackingRules) -> set[Verdict] | None:
    """Why no carton takes one unit alone; None as soon as one does."""
    verdicts: set[Verdict] = set()
    for carton in cartons:
        verdict = exclusion([unit], carton, rules)
        if verdict is None:
            if cost_minor([unit], carton, rate, rules) is not None:
                return None
            verdict = "no_price"
        verdicts.add(verdict)
    return verdicts


def _own_parcel(unit: Unit, rate: Rate) -> OwnParcel | None:
    item = unit.item
    billed = billed_g(item.weight_g, item.length_mm * item.width_mm * item.height_mm, rate)
    price = rate.price_minor(billed)
    return None if price is None else OwnParcel(item.sku, item.weight_g, billed, price)


def _stuck_finding(stuck: Sequence[Unit], verdicts: dict[int, set[Verdict]]) -> PackingFinding:
    """One kind of trouble at a time: what lacks a fitting kind of carton, then weight, then size."""
    lacking, heavy = {"not_insulated", "not_hazard_rated"}, {"too_heavy", "no_price"}
    without = [unit for unit in stuck if verdicts[unit.kind] <= lacking]
    if without:
        words = "There is no carton for these products: insulated, or rated for dangerous goods."
        return PackingFinding("no_carton", _skus(unit.item for unit in without), words)
    weighty = [unit for unit in stuck if verdicts[unit.kind] & heavy]
    if weighty:
        words = "One unit of these products is too heavy for every carton, or for the carrier."
        return PackingFinding("too_heavy", _skus(unit.item for unit in weighty), words)
    words = "One unit of these products is too large for every carton."
    return PackingFinding("too_large", _skus(unit.item for unit in stuck), words)


def _packed(
    units: list[Unit],
    cartons: Sequence[Carton],
    rate: Rate,
    rules: PackingRules,
    preferred: Sequence[str],
    engine: Engine,
) -> tuple[tuple[PackedCarton, ...], int, tuple[Considered, ...]]:
    if not units:
        return (), 0, ()
    considered: tuple[Considered, ...] = ()
    if not any(map(any, clashes(units))):
        packed, bound, considered = one_carton(Pile(units, rules, engine), cartons, rate, preferred)
        if packed is not None and bound is not None:
            return (packed,), bound, ()
    split = _split(units, cartons, rate, rules, engine)
    return tuple(each.carton for each in split.filled), split.bound_minor, considered


def _split(units: list[Unit], cartons: Sequence[Carton], rate: Rate, rules: PackingRules, engine: Engine) -> Split:
    if splits(stacks_of(units)) <= rules.splits_max:
        split = every_split(units, cartons, rate, rules, engine)
        if split is not None:
            return split
    return one_after_another(units, cartons, rate, rules, engine)


def _skus(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.sku for item in items))
