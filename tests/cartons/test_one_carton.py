"""The cheapest carton that holds everything, and why not another."""

import pytest

from orderwright.business.warehouse.cartons.model import Considered, PackingRules, Rate
from orderwright.business.warehouse.cartons.prices import billed_g, price_by_steps
from tests.cartons.boxes import carton, codes, finding_of, item, plan_of, verdicts

SMALL = carton("S", (200, 100, 100), 40)
LARGE = carton("L", (300, 200, 200), 90)


def test_the_cheapest_carton_that_holds_everything_is_taken():
    plan = plan_of([item(quantity=2)], [LARGE, SMALL])
    assert (codes(plan), plan.cost_minor, plan.lower_bound_minor) == (["S"], 40, 40)
    assert plan.cartons[0].fill_permille == 1000
    assert plan.cartons[0].void_mm3 == 0


def test_places_are_told_in_the_order_of_filling():
    plan = plan_of([item("FLAT", (200, 100, 50), quantity=2)], [SMALL])
    assert [(p.step, p.x_mm, p.y_mm, p.z_mm, p.turned) for p in plan.cartons[0].placements] == [
        (1, 0, 0, 0, "lwh"),
        (2, 0, 0, 50, "lwh"),
    ]


def test_each_carton_that_was_looked_at_says_what_became_of_it():
    plan = plan_of(
        [item("LONG", (260, 40, 40)), item("CUBE")],
        [
            SMALL,
            LARGE,
            carton("FLAT", (400, 300, 30), 10),
            carton("WEAK", (300, 300, 300), 20, weight_max_g=199),
            carton("TUBE", (260, 100, 110), 30),
            carton("HUGE", (900, 900, 900), 95),
        ],
    )
    assert plan.cartons[0].considered == (
        Considered("FLAT", 10, "unit_too_large"),
        Considered("WEAK", 20, "too_heavy"),
        Considered("TUBE", 30, "units_collide"),
        Considered("S", 40, "unit_too_large"),
        Considered("L", 90, "chosen"),
        Considered("HUGE", 95, "dearer"),
    )


def test_sides_that_add_up_to_less_than_the_carton_are_counted_as_what_they_reach():
    """By volume four cubes of 60 would do, but across and upwards there is room for one."""
    plan = plan_of([item(sizes=(60, 60, 60), quantity=3)], [carton("ODD", (120, 119, 61), 10), LARGE])
    assert verdicts(plan.cartons[0].considered)["ODD"] == "too_little_room"


def test_the_billed_weight_counts_and_not_the_carton_alone():
    """The dearer carton is flatter, and its dimensional weight a step cheaper."""
    cube, flat = carton("CUBE", (300, 300, 300), 50), carton("FLAT", (300, 300, 150), 80)
    goods = [item(sizes=(290, 290, 100), weight_g=900)]
    steps = price_by_steps([(1000, 400), (3000, 600), (6000, 900)])
    assert codes(plan_of(goods, [cube, flat], Rate(steps))) == ["CUBE"]
    plan = plan_of(goods, [cube, flat], Rate(steps, divisor_cm3_per_kg=5000))
    assert (codes(plan), plan.cartons[0].billed_g, plan.cost_minor) == (["FLAT"], 2700, 80 + 600)


@pytest.mark.parametrize(
    ("gross", "mm3", "divisor", "expected"),
    [
        (900, 27_000_000, 5000, 5400),
        (6000, 27_000_000, 5000, 6000),
        (900, 27_000_000, 0, 900),
        (0, 5001, 5000, 2),  # rounded up
    ],
)
def test_the_greater_of_scale_and_dimensional_weight_is_billed(gross, mm3, divisor, expected):
    assert billed_g(gross, mm3, Rate(lambda weight_g: 0, divisor)) == expected


def test_outer_sizes_are_billed_and_inner_ones_filled():
    thick = carton("THICK", (200, 100, 100), 40, outer_length_mm=220, outer_width_mm=120, outer_height_mm=120)
    plan = plan_of([item(quantity=2)], [thick], Rate(lambda weight_g: 0, 5000))
    assert (plan.cartons[0].billed_g, plan.cartons[0].fill_permille) == (634, 1000)


def test_a_weight_table_takes_its_limits_and_nothing_above():
    price = price_by_steps([(1000, 400), (2000, 500)])
    assert [price(g) for g in (0, 1000, 1001, 2000, 2001)] == [400, 400, 500, 500, None]
    for wrong in ([(1000, 400), (1000, 500)], [(2000, 1), (1000, 2)], [(1000, 400), (2000, 300)]):
        with pytest.raises(ValueError, match="ascend"):
            price_by_steps(wrong)


def test_what_packers_chose_for_the_basket_before_goes_first():
    plan = plan_of([item(quantity=2)], [SMALL, LARGE], preferred=["GONE", "L"])
    assert codes(plan) == ["L"]
    assert verdicts(plan.cartons[0].considered) == {"S": "passed_over", "L": "packers_choice"}
    assert (plan.cost_minor, plan.lower_bound_minor) == (90, 40)


def test_what_packers_chose_before_does_not_count_when_it_is_too_small_now():
    plan = plan_of([item(quantity=3)], [SMALL, LARGE], preferred=["S"])
    assert codes(plan) == ["L"]
    assert verdicts(plan.cartons[0].considered) == {"S": "too_little_room", "L": "chosen"}


def test_products_without_sizes_or_weight_are_packed_by_hand_and_named():
    finding = finding_of([item(), item("VASE", (0, 10, 10)), item("CARD", weight_g=0)], [LARGE])
    assert (finding.code, finding.skus) == ("packed_by_hand", ("CARD", "VASE"))


def test_a_product_no_carton_holds_is_named():
    finding = finding_of([item(), item("SKI", (1700, 100, 50)), item("OAR", (2000, 90, 90))], [SMALL, LARGE])
    assert (finding.code, finding.skus) == ("too_large", ("OAR", "SKI"))


def test_a_product_too_heavy_for_every_carton_is_named():
    finding = finding_of([item("LEAD", weight_g=30_000)], [carton("L", (300, 200, 200), weight_max_g=25_000)])
    assert (finding.code, finding.skus) == ("too_heavy", ("LEAD",))


def test_a_product_the_carrier_does_not_take_is_too_heavy():
    finding = finding_of([item("LEAD", weight_g=30_000)], [LARGE], Rate(price_by_steps([(25_000, 900)])))
    assert (finding.code, finding.skus) == ("too_heavy", ("LEAD",))


def test_what_is_too_large_ships_in_its_own_packing_when_it_may():
    goods = [item(), item("SKI", (1700, 100, 50), quantity=2, weight_g=4000, own_packing=True)]
    plan = plan_of(goods, [SMALL, LARGE], Rate(price_by_steps([(1000, 400), (5000, 700)]), 5000))
    assert [(own.sku, own.billed_g, own.cost_minor) for own in plan.own_parcels] == [("SKI", 4000, 700)] * 2
    assert (codes(plan), plan.cost_minor) == (["S"], 40 + 400 + 1400)


def test_own_packing_is_not_used_where_a_carton_does():
    plan = plan_of([item(own_packing=True)], [SMALL])
    assert (codes(plan), plan.own_parcels) == (["S"], ())


def test_more_units_than_a_search_takes_are_packed_by_hand():
    finding = finding_of([item(quantity=6)], [LARGE], rules=PackingRules(units_max=5))
    assert (finding.code, finding.skus) == ("too_many_units", ("CUBE",))


def test_without_cartons_every_product_is_named():
    finding = finding_of([item()], [])
    assert (finding.code, finding.skus) == ("no_carton", ("CUBE",))


def test_nothing_to_pack_needs_no_carton():
    for goods in ([], [item(quantity=0)]):
        plan = plan_of(goods, [SMALL])
        assert (plan.cartons, plan.cost_minor, plan.lower_bound_minor) == ((), 0, 0)


@pytest.mark.parametrize(
    ("goods", "cartons"),
    [
        ([item(quantity=-1)], [SMALL]),
        ([item(sizes=(-1, 1, 1))], [SMALL]),
        ([item(sizes=(1, 1, 100_001))], [SMALL]),
        ([item(weight_g=-1)], [SMALL]),
        ([item(weight_g=1_000_001)], [SMALL]),
        ([item()], [carton("S", (0, 1, 1))]),
        ([item()], [carton("S", (1, 1, 1), cost_minor=-1)]),
        ([item()], [SMALL, SMALL]),
        ([item(), item(weight_g=200)], [SMALL]),  # one sku described in two ways
    ],
)
def test_what_is_no_size_weight_or_price_is_an_error(goods, cartons):
    with pytest.raises(ValueError, match=r"mm|weigh|two"):
        finding_of(goods, cartons)


def test_a_sku_may_stand_on_two_lines():
    plan = plan_of([item(quantity=1), item(quantity=1)], [SMALL, LARGE])
    assert codes(plan) == ["S"]
