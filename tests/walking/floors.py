"""Floors for tests: a regular one, and odd ones drawn by lot."""

from random import Random

from orderwright.business.warehouse.walking.layout import Aisle, CrossAisle, Layout, Point, Spot, Way


def regular(aisles: int = 4, bays: int = 6, rows: int = 2, way: Way = "both", end: Point | None = None) -> Layout:
    """Aisles 3 m apart, bays 1 m apart, the first 1 m behind the front; middle cross aisles at equal distances."""
    length = (bays + 1) * 1000
    start, across = Point(0, 0), (aisles - 1) * 3000
    return Layout(
        tuple(
            Aisle("A", n + 1, n * 3000, 0, length, way, {b + 1: (b + 1) * 1000 for b in range(bays)})
            for n in range(aisles)
        ),
        tuple(CrossAisle(length * row // (rows - 1), 0, across) for row in range(rows)),
        start,
        end or start,
    )


def odd(dice: Random, *, is_one_way: bool, is_partial: bool) -> Layout:
    """Up to six aisles at odd distances, two to four cross aisles; partial: dead ends and short cross aisles too."""
    ys = sorted(y * 1000 for y in dice.sample(range(20), dice.randint(2, 4)))
    xs = sorted(x * 1000 for x in dice.sample(range(20), dice.randint(1, 6)))
    aisles = []
    for number, x in enumerate(xs):
        low, high = ys[0], ys[-1]
        if is_partial:
            low, high = dice.choice([low, low - 2000]), dice.choice([high, high + 3000, max(ys[-2], ys[0] + 1000)])
        way = dice.choice(("both", "up", "down")) if is_one_way else "both"
        aisles.append(Aisle("", number, x, low, high, way))
    cross_aisles = []
    for y in ys:
        is_short = is_partial and dice.random() < 0.4
        left, right = sorted(dice.choices(xs, k=2)) if is_short else (xs[0], xs[-1])
        cross_aisles.append(CrossAisle(y, left, right))
    start = Point(dice.choice(xs), dice.choice(ys))
    end = Point(dice.randint(xs[0], xs[-1]), dice.choice(ys) - dice.choice([0, 500]))
    return Layout(tuple(aisles), tuple(cross_aisles), start, dice.choice([start, end]))


def spots(dice: Random, layout: Layout, most: int) -> list[Spot]:
    """Up to so many spots, some of them at crossings or the same."""
    found = []
    for _ in range(dice.randint(1, most)):
        index = dice.randrange(len(layout.aisles))
        aisle = layout.aisles[index]
        found.append(Spot(index, dice.randint(aisle.from_mm // 500, aisle.to_mm // 500) * 500))
    return found
