"""Slotting: exchanges chosen on three weeks of walks shorten the fourth, which they have not seen."""

import random
from collections.abc import Sequence

import pytest

from orderwright.business.warehouse.slotting.swapping import Goods, Slot, Suggestion, suggest, walked_mm
from orderwright.business.warehouse.walking.derived import PlaceRow, layout_of_places
from orderwright.business.warehouse.walking.layout import Bin
from orderwright.business.warehouse.walking.walks import Lengths, lengths_for

AISLES, BAYS = 8, 12


def floor(rooms_cm3: int = 0) -> tuple[Lengths, list[Slot]]:
    """8 aisles of 12 bays, a slot at each."""
    names = [Bin("A", aisle, bay) for aisle in range(1, AISLES + 1) for bay in range(1, BAYS + 1)]
    layout = layout_of_places([PlaceRow(name.zone, name.aisle, name.bay, 0, 0) for name in names])
    lengths = lengths_for(layout)
    slots = []
    for name in names:
        spot = layout.find_spot(name)
        assert spot is not None
        slots.append(Slot(f"A-{name.aisle:02}-{name.bay:02}", lengths.key_of([spot]), rooms_cm3))
    return lengths, slots


def four_weeks(seed: int, goods: Sequence[Goods]) -> list[list[set[str]]]:
    """Walks of four weeks: few products are picked often, and families are picked together."""
    rng = random.Random(seed)
    skus = [each.sku for each in goods]
    rng.shuffle(skus)
    weights = [1 / (rank + 2) for rank in range(len(skus))]
    family = {sku: skus[(i // 3) * 3 : (i // 3) * 3 + 3] for i, sku in enumerate(skus)}
    weeks = []
    for _ in range(4):
        walks = []
        for _ in range(120):
            chosen = set(rng.choices(skus, weights, k=rng.randint(1, 6)))
            for sku in sorted(chosen):
                if rng.random() < 0.4:
                    chosen.add(rng.choice(family[sku]))
            walks.append(chosen)
        weeks.append(walks)
    return weeks


@pytest.mark.parametrize("seed", range(5))
def test_what_three_weeks_chose_shortens_the_fourth(seed: int) -> None:
    lengths, slots = floor()
    goods = [Goods(f"P{i}", i) for i in range(len(slots))]
    *seen, unseen = four_weeks(seed, goods)
    chosen = suggest(lengths, slots, goods, [walk for week in seen for walk in week], exchanges_max=15, worth_mm=20_000)
    before = walked_mm(lengths, slots, {each.sku: each.slot for each in goods}, unseen)
    after = walked_mm(lengths, slots, chosen.homes, unseen)
    assert len(chosen.exchanges) <= 15
    assert after < before * 92 // 100
    assert chosen.after_mm < chosen.before_mm


def one(goods: Sequence[Goods], slots: list[Slot], lengths: Lengths, baskets: list[set[str]]) -> Suggestion:
    return suggest(lengths, slots, goods, baskets, exchanges_max=1, worth_mm=1)


def test_the_far_one_that_is_picked_most_takes_the_place_of_the_near_one_nobody_wants() -> None:
    lengths, slots = floor()
    chosen = suggest(
        lengths, [slots[0], slots[-1]], [Goods("RARE", 0), Goods("STAR", 1)], [{"STAR"}] * 9 + [{"RARE"}],
        exchanges_max=3, worth_mm=1,
    )  # fmt: skip
    [exchange] = chosen.exchanges
    assert (exchange.sku, exchange.target, exchange.back) == ("STAR", "A-01-01", "RARE")
    assert chosen.before_mm - chosen.after_mm == exchange.saved_mm > 0


def test_nothing_moves_that_is_not_worth_the_work() -> None:
    lengths, slots = floor()
    two = [slots[0], slots[-1]]
    chosen = suggest(lengths, two, [Goods("A", 0), Goods("B", 1)], [{"B"}], exchanges_max=9, worth_mm=10**9)
    assert chosen.exchanges == []
    assert chosen.after_mm == chosen.before_mm


@pytest.mark.parametrize(
    ("near", "star", "moves"),
    [
        (Slot("NEAR", 0, room_cm3=100), Goods("STAR", 1, need_cm3=101), False),
        (Slot("NEAR", 0, room_cm3=101), Goods("STAR", 1, need_cm3=101), True),
        (Slot("NEAR", 0, kind=""), Goods("STAR", 1, kind="cold"), False),
        (Slot("NEAR", 0, kind="cold"), Goods("STAR", 1, kind="cold"), True),
    ],
)
def test_a_product_only_goes_where_it_fits_and_may_lie(near: Slot, star: Goods, moves: bool) -> None:
    lengths, slots = floor()
    two = [near._replace(key=slots[0].key), slots[-1]._replace(kind=near.kind)]
    chosen = suggest(lengths, two, [Goods("RARE", 0), star], [{"STAR"}] * 5, exchanges_max=1, worth_mm=1)
    assert bool(chosen.exchanges) is moves


def test_bins_of_several_products_stay_as_they_are() -> None:
    lengths, slots = floor()
    goods = [Goods("A", 0), Goods("B", 0), Goods("STAR", 1)]
    chosen = suggest(lengths, [slots[0], slots[-1]], goods, [{"STAR"}] * 5, exchanges_max=5, worth_mm=1)
    assert chosen.exchanges == []


def test_an_exchange_says_whether_the_sizes_were_known() -> None:
    lengths, slots = floor(rooms_cm3=500)
    goods = [Goods("RARE", 0, need_cm3=10), Goods("STAR", 1, need_cm3=10)]
    [known] = one(goods, [slots[0], slots[-1]], lengths, [{"STAR"}] * 5).exchanges
    [unknown] = one([goods[0]._replace(need_cm3=0), goods[1]], [slots[0], slots[-1]], lengths, [{"STAR"}] * 5).exchanges
    assert (known.is_measured, unknown.is_measured) == (True, False)
