"""What may share a carton, and which carton may hold it. Pure rules."""

from orderwright.business.warehouse.cartons.model import Carton, Item, PackingRules, Verdict


def may_share(one: Item, other: Item) -> bool:
    """Whether two different products may lie in one carton; the answer is the same either way round.

    Dangerous goods share with their own class alone, each storage class with itself alone, and what is to be kept
    apart from a group never lies with it.
    """
    return (
        one.hazard == other.hazard
        and one.storage == other.storage
        and not set(one.apart_from) & set(other.groups)
        and not set(other.apart_from) & set(one.groups)
    )


def missing_of(carton: Carton, item: Item, rules: PackingRules) -> Verdict | None:
    """What a carton lacks for a product, whatever its size; None when nothing."""
    if item.hazard and not carton.hazard_rated:
        return "not_hazard_rated"
    if item.storage in rules.insulated_storages and not carton.insulated:
        return "not_insulated"
    return None


def bears_g(item: Item, rules: PackingRules) -> int | None:
    """How much may rest on one unit, in g; None without limit."""
    if item.bears_g is not None:
        return item.bears_g
    return rules.fragile_bears_g if item.fragile else None
