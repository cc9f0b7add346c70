"""Loads as one number: the same answers as comparing totes, weight and volume one by one."""

import random

import pytest

from orderwright.business.warehouse.batching.loads import Room, Size, packed, totes_for, totes_shared
from orderwright.business.warehouse.batching.work import Cart


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_loads_fits_when_totes_weight_and_volume_do(seed):
    chance = random.Random(seed)
    for _ in range(200):
        cart = Cart("any", chance.randint(1, 9), 5_000, 8_000, chance.randrange(1, 30_000), chance.randrange(1, 50_000))
        sizes = [Size(chance.randrange(9_000), chance.randrange(12_000)) for _ in range(chance.randint(1, 8))]
        expected = (
            sum(totes_for(size, cart) for size in sizes) <= cart.totes
            and sum(size.weight_g for size in sizes) <= cart.weight_g
            and sum(size.volume_cm3 for size in sizes) <= cart.volume_cm3
        )
        room = Room(cart)
        assert room.fits(sum(room.load_of(size) for size in sizes)) == expected


def test_the_limits_themselves_fit_and_one_more_of_anything_does_not():
    room = Room(Cart("c", 3, 100, 100, 70, 80))
    assert room.fits(packed(3, Size(70, 80)))
    for more in (packed(4, Size(70, 80)), packed(3, Size(71, 80)), packed(3, Size(70, 81))):
        assert not room.fits(more)


def test_absurd_sizes_fit_nowhere_and_spill_into_no_other_field():
    room = Room(Cart("c", 3, 100, 100, 70, 80))
    assert not room.fits(packed(1, Size(10**30, 1)) + packed(1, Size(1, 1)))
    assert packed(1, Size(10**30, 0)) >> 88 == 0


@pytest.mark.parametrize(
    ("volumes", "per_tote", "totes"),
    [
        ([600, 600, 600], 3, 3),
        ([600, 400, 500, 500], 3, 2),
        ([100] * 5, 2, 3),  # room for more, but not for more orders
        ([2_500, 500, 500], 3, 4),  # an order of several totes shares none of them
        ([], 3, 0),
    ],
)
def test_totes_shared_by_orders(volumes, per_tote, totes):
    cart = Cart("c", 9, 10_000, 1_000, 10**6, 10**6, per_tote)
    assert totes_shared([Size(1, volume) for volume in volumes], cart) == totes


def test_weight_fills_totes_as_well_as_volume():
    cart = Cart("c", 9, 1_000, 10**6, 10**6, 10**6, 5)
    assert totes_shared([Size(600, 1), Size(600, 1), Size(400, 1)], cart) == 2
    assert totes_for(Size(2_001, 1), cart) == 3
