"""Builders: products, cartons and a rate, with the boring parts filled in."""

from orderwright.business.warehouse.cartons.choose import choose_cartons
from orderwright.business.warehouse.cartons.model import Carton, Item, PackingFinding, PackingPlan, PackingRules, Rate

FREE = Rate(lambda weight_g: 0)
FLOATING = PackingRules(support_percent=0)


def item(sku="CUBE", sizes=(100, 100, 100), quantity=1, weight_g=100, **more):
    return Item(sku, quantity, *sizes, weight_g=weight_g, **more)


def carton(code, sizes, cost_minor=100, **more):
    return Carton(code, *sizes, cost_minor=cost_minor, **more)


def plan_of(items, cartons, rate=FREE, **more) -> PackingPlan:
    answer = choose_cartons(items, cartons, rate, **more)
    assert isinstance(answer, PackingPlan), answer
    return answer


def finding_of(items, cartons, rate=FREE, **more) -> PackingFinding:
    answer = choose_cartons(items, cartons, rate, **more)
    assert isinstance(answer, PackingFinding), answer
    return answer


def codes(plan):
    """Carton codes in the plan, in order."""
    return [each.carton.code for each in plan.cartons]


def skus(packed):
    """What lies in one carton, by name."""
    return sorted(place.sku for place in packed.placements)


def verdicts(considered):
    return {each.code: each.verdict for each in considered}
