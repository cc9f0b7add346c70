"""The verifier finds each fault when it is planted alone in a sound plan."""

import pytest
from msgspec import structs

from orderwright.business.warehouse.cartons.model import PackedCarton, PackingPlan, PackingRules, Placement
from orderwright.business.warehouse.cartons.verify import faults
from tests.cartons.boxes import carton, item

GOODS = [
    item("BASE", (200, 100, 50), weight_g=900),
    item("TOP", (200, 100, 30), weight_g=400, fragile=True, this_side_up=True),
]
RULES = PackingRules()


BASE = Placement(1, "BASE", 0, 0, 0, 200, 100, 50, "lwh")
TOP = Placement(2, "TOP", 0, 0, 50, 200, 100, 30, "lwh")
BOX = carton("BOX", (300, 200, 100))


def sound(*placements, box=BOX, gross_g=1300):
    """A plan of one carton, its figures right for both goods."""
    packed = PackedCarton(box, placements, 266, 4_400_000, gross_g, gross_g, 100, ())
    return PackingPlan((packed,), (), 100, 100)


def of_places(**places):
    return sound(*(structs.replace(place, **places.get(place.sku, {})) for place in (BASE, TOP)))


def test_a_sound_plan_has_no_faults():
    assert faults(of_places(), GOODS, RULES) == []


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"TOP": {"z_mm": 40}}, "overlap"),
        ({"TOP": {"x_mm": 101}}, "sticks out"),
        ({"TOP": {"x_mm": -1}}, "sticks out"),
        ({"TOP": {"z_mm": 71}}, "sticks out"),
        ({"TOP": {"z_mm": 60}}, "not held from below"),
        ({"TOP": {"x_mm": 51}}, "not held from below"),
        ({"TOP": {"length_mm": 199}}, "other sizes"),
        ({"TOP": {"turned": "lhw", "width_mm": 30, "height_mm": 100, "z_mm": 0, "y_mm": 100}}, "must stand upright"),
        ({"TOP": {"turned": "lwx"}}, "is turned"),
        ({"TOP": {"sku": "BASE"}}, "2 packed of 1"),
        ({"TOP": {"sku": "GHOST"}}, "1 packed of 0"),
        ({"TOP": {"z_mm": 0}, "BASE": {"z_mm": 30}}, "bears 900 g and may bear 300"),
        ({"TOP": {"step": 1}, "BASE": {"step": 2}}, "goes under step"),
        ({"TOP": {"step": 3}}, "not numbered"),
    ],
)
def test_each_wrong_place_is_found(places, expected):
    assert any(expected in words for words in faults(of_places(**places), GOODS, RULES))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"gross_g": 1299}, "gross weight"),
        ({"void_mm3": 1}, "void"),
        ({"carton": carton("BOX", (300, 200, 100), weight_max_g=1299)}, "too heavy"),
    ],
)
def test_each_wrong_figure_of_a_carton_is_found(change, expected):
    plan = of_places()
    plan = structs.replace(plan, cartons=(structs.replace(plan.cartons[0], **change),))
    assert any(expected in words for words in faults(plan, GOODS, RULES))


def test_a_unit_left_out_is_found():
    plan = of_places()
    packed = structs.replace(plan.cartons[0], placements=plan.cartons[0].placements[:1])
    assert any("0 packed of 1" in words for words in faults(structs.replace(plan, cartons=(packed,)), GOODS, RULES))


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ({"hazard": "3"}, "may not share"),
        ({"storage": "cold"}, "not_insulated"),
        ({"apart_from": ("food",)}, "may not share"),
        ({"bears_g": 399}, "may bear 399"),
    ],
)
def test_each_rule_of_care_is_looked_at(base, expected):
    goods = [structs.replace(GOODS[0], **base), structs.replace(GOODS[1], groups=("food",))]
    assert any(expected in words for words in faults(of_places(), goods, RULES))


def test_a_load_is_shared_by_the_area_of_contact():
    """700 g on two posts, 60 and 10 mm of a board's 80: six sevenths and one seventh of it."""
    posts = [item("WIDE", (60, 100, 50), bears_g=600), item("SLIM", (10, 100, 50), bears_g=100)]
    goods = [*posts, item("BOARD", (80, 100, 10), weight_g=700)]
    plan = PackingPlan((PackedCarton(BOX, (
        Placement(1, "WIDE", 0, 0, 0, 60, 100, 50, "lwh"),
        Placement(2, "SLIM", 70, 0, 0, 10, 100, 50, "lwh"),
        Placement(3, "BOARD", 0, 0, 50, 80, 100, 10, "lwh"),
    ), 71, 5_570_000, 900, 900, 100, ()),), (), 100, 100)  # fmt: skip
    assert faults(plan, goods, RULES) == []
    for at, words in ((0, "step 1 bears 600 g and may bear 599"), (1, "step 2 bears 100 g and may bear 99")):
        weaker = list(goods)
        weaker[at] = structs.replace(goods[at], bears_g=goods[at].bears_g - 1)
        assert faults(plan, weaker, RULES) == [f"carton 1 (BOX): {words}"]


def test_costs_that_do_not_add_up_are_found():
    plan = of_places()
    assert faults(structs.replace(plan, cost_minor=99), GOODS, RULES) == [
        "the plan costs 100, not 99",
        "the plan costs less than its lower bound",
    ]
