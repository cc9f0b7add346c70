"""One carton for all units: the cheapest that holds them, and why not another."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orderwright.business.warehouse.cartons.bounds import exclusion
from orderwright.business.warehouse.cartons.filling import Pile
from orderwright.business.warehouse.cartons.model import (
    OPEN_VERDICTS,
    Carton,
    Considered,
    PackedCarton,
    PackingRules,
    Placement,
    Rate,
    Verdict,
)
from orderwright.business.warehouse.cartons.prices import billed_g, gross_g, parcel_minor
from orderwright.business.warehouse.cartons.units import Unit, protection_minor, volume_mm3, weight_g


class Trial(NamedTuple):
    """What came of looking for one carton. bound_minor: no carton costs less; None when none can do."""

    packed: PackedCarton | None
    bound_minor: int | None
    considered: tuple[Considered, ...]


class Filled(NamedTuple):
    """Some of an order's units, and the carton they are in."""

    units: Sequence[Unit]
    carton: PackedCarton


def cost_minor(units: Sequence[Unit], carton: Carton, rate: Rate, rules: PackingRules) -> int | None:
    """What a parcel of these units in this carton costs; None when the carrier does not take it."""
    return parcel_minor(carton, weight_g(units), volume_mm3(units), protection_minor(units), rate, rules)


def one_carton(pile: Pile, cartons: Sequence[Carton], rate: Rate, preferred: Sequence[str] = ()) -> Trial:
    """Try the cartons packers chose for this basket, then all by what the parcel would cost; ties by code."""
    units, rules = pile.units, pile.rules
    verdicts: dict[str, Verdict] = {}
    prices: dict[str, int] = {}
    for carton in cartons:
        price = cost_minor(units, carton, rate, rules)
        if price is None:
            verdicts[carton.code] = "no_price"
            continue
        prices[carton.code] = price
    known = {carton.code: carton for carton in cartons if carton.code in prices}
    by_cost = sorted(known, key=lambda code: (prices[code], code))
    wanted = [code for code in dict.fromkeys(preferred) if code in known]
    chosen: tuple[Carton, tuple[Placement, ...]] | None = None
    for code in [*wanted, *by_cost]:
        if code in verdicts:
            continue
        if chosen is not None and prices[code] >= prices[chosen[0].code]:
            verdicts[code] = "dearer"
        elif excluded := exclusion(units, known[code], rules):
            verdicts[code] = excluded
        elif chosen is not None:
            verdicts[code] = "passed_over"
        elif (placements := pile.fill(known[code])) is None:
            verdicts[code] = "no_way_found"
        else:
            verdicts[code] = "packers_choice" if code in wanted else "chosen"
            chosen = known[code], placements
    considered = _by_price(Considered(code, prices.get(code), verdict) for code, verdict in verdicts.items())
    bound = min((prices[code] for code in by_cost if verdicts[code] in OPEN_VERDICTS), default=None)
    if chosen is None:
        return Trial(None, bound, considered)
    return Trial(packed(units, *chosen, prices[chosen[0].code], rate, rules, considered), bound, considered)


def considered_for(
    units: Sequence[Unit], chosen: Carton, cartons: Sequence[Carton], rate: Rate, rules: PackingRules
) -> tuple[Considered, ...]:
    """Why these units are in that carton, when it is known that the search fills no cheaper one."""
    price_chosen = cost_minor(units, chosen, rate, rules) or 0
    found: list[Considered] = []
    for carton in cartons:
        price = cost_minor(units, carton, rate, rules)
        verdict: Verdict
        if price is None:
            verdict = "no_price"
        elif carton == chosen:
            verdict = "chosen"
        elif price >= price_chosen:
            verdict = "dearer"
        else:
            verdict = exclusion(units, carton, rules) or "no_way_found"
        found.append(Considered(carton.code, price, verdict))
    return _by_price(found)


def _by_price(considered: Iterable[Considered]) -> tuple[Considered, ...]:
    """The cheapest first; those without a price last."""
    return tuple(sorted(considered, key=lambda each: (each.cost_minor is None, each.cost_minor or 0, each.code)))


def packed(
    units: Sequence[Unit],
    carton: Carton,
    placements: tuple[Placement, ...],
    price_minor: int,
    rate: Rate,
    rules: PackingRules,
    considered: tuple[Considered, ...],
) -> PackedCarton:
    """A filled carton with its figures."""
    goods_mm3 = volume_mm3(units)
    gross = gross_g(carton, weight_g(units), goods_mm3, rules)
    return PackedCarton(
        carton=carton,
        placements=placements,
        fill_permille=goods_mm3 * 1000 // carton.inner_mm3,
        void_mm3=carton.inner_mm3 - goods_mm3,
        gross_g=gross,
        billed_g=billed_g(gross, carton.outer_mm3, rate),
        cost_minor=price_minor,
        considered=considered,
    )
