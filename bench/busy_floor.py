"""A made-up site with 2,000 released orders, the same from the same seed: what the carts are planned for."""

import random
from datetime import UTC, datetime, timedelta

from orderwright.business.warehouse.batching.work import Cart, PickStop, Work
from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point

AISLES, BAYS, LEVELS = 24, 40, 4
AISLE_APART_MM, BAY_MM, END_MM = 3_000, 1_000, 1_500
BEGINS_AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
CUT_OFFS_H = (3, 5, 7, 9)
"""Hours after the beginning at which the trucks leave."""

CART = Cart("twelve totes", 12, 15_000, 40_000, 120_000, 420_000)


def layout() -> Layout:
    """One block of 24 aisles, the desk at the front left; zones A, B and C of eight aisles each."""
    length = 2 * END_MM + (BAYS - 1) * BAY_MM
    bays = {bay: END_MM + (bay - 1) * BAY_MM for bay in range(1, BAYS + 1)}
    aisles = tuple(
        Aisle(_zone(number), number, (number - 1) * AISLE_APART_MM, 0, length, "both", bays)
        for number in range(1, AISLES + 1)
    )
    width = (AISLES - 1) * AISLE_APART_MM
    return Layout(aisles, (CrossAisle(0, 0, width), CrossAisle(length, 0, width)), Point(0, 0), Point(0, 0))


def _zone(aisle: int) -> str:
    return "ABC"[(aisle - 1) * 3 // AISLES]


def works(count: int = 2_000, seed: int = 7) -> list[Work]:
    """Orders in order of arrival: 1-6 lines (mean 2.2), 1-3 units a line, four cut-offs, one in ten urgent.

    40 % of the lines lie in the first fifth of the aisles, 35 % in the next third; one line in fifty has no sizes.
    """
    chance = random.Random(seed)
    goods = {}
    orders = []
    for number in range(count):
        lines = 1
        while lines < 6 and chance.random() < 0.55:
            lines += 1
        stops: dict[str, PickStop] = {}
        for _ in range(lines):
            at, level = _bin(chance), chance.randrange(LEVELS)
            code = f"{at.zone}-{at.aisle:02d}-{at.bay:02d}-{level}"
            if code not in goods:
                goods[code] = (chance.randrange(50, 2_000), chance.randrange(100, 6_000))
            units = chance.choice((1, 1, 1, 1, 2, 3))
            weight, volume = goods[code]
            is_sized = chance.random() > 0.02
            stops[code] = (
                PickStop(code, at, units, weight * units, volume * units) if is_sized else PickStop(code, at, units)
            )
        ship_by = BEGINS_AT + timedelta(hours=chance.choice(CUT_OFFS_H))
        orders.append(Work(f"f-{number:04d}", tuple(stops.values()), ship_by, int(chance.random() < 0.1)))
    return orders


def _bin(chance: random.Random) -> Bin:
    where = chance.random()
    if where < 0.4:
        aisle = chance.randrange(1, 6)
    elif where < 0.75:
        aisle = chance.randrange(6, 14)
    else:
        aisle = chance.randrange(14, AISLES + 1)
    return Bin(_zone(aisle), aisle, chance.randrange(1, BAYS + 1))
