"""Tours through one block against every order of their stops."""

import random
from itertools import permutations

import pytest

from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point, Spot
from orderwright.business.warehouse.walking.one_block import OneBlock


def one_block(aisles: int = 4, bays: int = 6, start: Point | None = None, way: str = "both") -> Layout:
    """Aisles 3 m apart, bays 1 m apart, the first 1 m behind the front cross aisle."""
    length = (bays + 1) * 1000
    door = start or Point(0, 0)
    return Layout(
        tuple(Aisle("A", n + 1, n * 3000, 0, length, way, {b + 1: (b + 1) * 1000 for b in range(bays)})
              for n in range(aisles)),
        (CrossAisle(0, 0, (aisles - 1) * 3000), CrossAisle(length, 0, (aisles - 1) * 3000)),
        door, door,
    )  # fmt: skip


def between(layout: Layout, one: Spot, other: Spot) -> int:
    """Walking distance of two spots of one block."""
    if one.aisle == other.aisle:
        return abs(one.y_mm - other.y_mm)
    low, high = layout.rows
    across = abs(layout.point(one).x_mm - layout.point(other).x_mm)
    return across + min(one.y_mm + other.y_mm - 2 * low, 2 * high - one.y_mm - other.y_mm)


def shortest_by_hand(layout: Layout, stops: list[Spot]) -> int:
    """The best of all orders. The start must stand at the end of an aisle."""
    home = next(Spot(i, layout.start.y_mm) for i, a in enumerate(layout.aisles) if a.x_mm == layout.start.x_mm)
    return min(
        sum(between(layout, a, b) for a, b in zip([home, *order], [*order, home], strict=True))
        for order in permutations(stops)
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_tour_through_one_block_is_the_shortest_of_all(seed):
    dice = random.Random(seed)
    layout = one_block(start=Point(dice.randrange(4) * 3000, dice.choice([0, 7000])))
    stops = list({Spot(dice.randrange(4), 1000 * dice.randint(1, 6)) for _ in range(dice.randint(1, 6))})
    block = OneBlock(layout)
    assert block.length_mm(block.key_of(stops)) == shortest_by_hand(layout, stops)


def test_no_stops_no_walk():
    assert OneBlock(one_block()).length_mm(0) == 0


def test_the_key_of_a_cart_is_the_or_of_its_orders_keys():
    block = OneBlock(one_block())
    one, other = [Spot(0, 1000), Spot(2, 4000)], [Spot(2, 4000), Spot(3, 6000)]
    assert block.key_of(one) | block.key_of(other) == block.key_of([*one, *other])


def test_the_way_from_a_start_outside_counts_twice():
    near, far = OneBlock(one_block(start=Point(0, 0))), OneBlock(one_block(start=Point(0, -2500)))
    stops = [Spot(1, 3000)]
    assert far.length_mm(far.key_of(stops)) == near.length_mm(near.key_of(stops)) + 2 * 2500


def test_a_start_between_aisles_is_reached_along_its_cross_aisle():
    block = OneBlock(one_block(start=Point(4000, 0)))
    assert block.length_mm(block.key_of([Spot(0, 1000)])) == 2 * (4000 + 1000)


def test_one_way_aisles_are_no_plain_block():
    with pytest.raises(ValueError, match="not one block"):
        OneBlock(one_block(way="up"))


def test_a_bay_the_layout_lacks_is_reached_from_the_nearest_and_an_aisle_it_lacks_not_at_all():
    layout = one_block()
    assert layout.find_spot(Bin("A", 2, 9)) == Spot(1, 6000)
    assert layout.find_spot(Bin("A", 9, 1)) is None
    assert layout.find_spot(Point(3100, 2500)) == Spot(1, 2500)
