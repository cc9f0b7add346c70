"""The order in which the bins of one pick list are walked: that of the shortest way over the site's floor."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.warehouse.floors import SiteFloor
from orderwright.business.warehouse.walking.layout import Bin
from orderwright.business.warehouse.walking.walks import walk_of


def in_walking_order(floor: SiteFloor, places: Sequence[Any]) -> list[int]:
    """Indices of places (zone, aisle, bay, level, code) in the order of the shortest way past them.

    In a bay from the floor up, then by code.
    """
    ranked = sorted(range(len(places)), key=lambda i: (places[i].level, places[i].code, i))
    walk = walk_of(floor.layout, [Bin(places[i].zone, places[i].aisle, places[i].bay) for i in ranked])
    return [ranked[at] for at in walk.order]
