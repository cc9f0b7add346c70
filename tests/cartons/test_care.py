"""Each rule of care, beside the same order without it: the answer differs."""

from itertools import combinations

from orderwright.business.warehouse.cartons.engine import engine
from orderwright.business.warehouse.cartons.filling import Pile
from orderwright.business.warehouse.cartons.model import PackingRules
from orderwright.business.warehouse.cartons.search import may_stand
from orderwright.business.warehouse.cartons.units import units_of
from tests.cartons.boxes import FLOATING, carton, codes, finding_of, item, plan_of, skus, verdicts

TALL = carton("TALL", (100, 100, 200), 40)
WIDE = carton("WIDE", (200, 150, 150), 90)


def test_nothing_rests_on_what_bears_nothing():
    heavy = item("BRICK", weight_g=2000)
    assert codes(plan_of([heavy, item("GLASS", weight_g=2000)], [TALL, WIDE])) == ["TALL"]
    plan = plan_of([heavy, item("GLASS", weight_g=2000, bears_g=0)], [TALL])
    assert [p.sku for p in plan.cartons[0].placements] == ["BRICK", "GLASS"]
    both = [item("BRICK", weight_g=2000, bears_g=0), item("GLASS", weight_g=2000, bears_g=0)]
    assert codes(plan_of(both, [TALL, WIDE])) == ["WIDE"]


def test_a_fragile_unit_bears_little_when_nobody_says_how_much():
    def order(weight_g, **more):
        return [item("BRICK", weight_g=weight_g, bears_g=0), item("GLASS", weight_g=weight_g, **more)]

    assert codes(plan_of(order(301), [TALL, WIDE])) == ["TALL"]
    assert codes(plan_of(order(301, fragile=True), [TALL, WIDE])) == ["WIDE"]
    assert codes(plan_of(order(300, fragile=True), [TALL, WIDE])) == ["TALL"]
    assert codes(plan_of(order(301, fragile=True, bears_g=500), [TALL, WIDE])) == ["TALL"]
    assert codes(plan_of(order(301, fragile=True), [TALL, WIDE], rules=PackingRules(fragile_bears_g=301))) == ["TALL"]


def test_a_load_counts_through_what_lies_between():
    """Three plates of 200 g: the lowest carries both others."""
    stack = carton("STACK", (100, 100, 150), 10)
    plates = item("PLATE", (100, 100, 50), quantity=3, weight_g=200, bears_g=400, this_side_up=True)
    assert codes(plan_of([plates], [stack, WIDE])) == ["STACK"]
    weaker = item("PLATE", (100, 100, 50), quantity=3, weight_g=200, bears_g=399, this_side_up=True)
    assert codes(plan_of([weaker], [stack, WIDE])) == ["WIDE"]


def test_this_side_stays_up():
    flat = carton("FLAT", (200, 200, 100), 10)
    bottle = (100, 100, 200)
    assert codes(plan_of([item("OIL", bottle)], [flat, TALL])) == ["FLAT"]
    plan = plan_of([item("OIL", bottle, this_side_up=True)], [flat, TALL])
    assert codes(plan) == ["TALL"]
    assert verdicts(plan.cartons[0].considered)["FLAT"] == "unit_too_large"


def test_a_unit_stands_on_something():
    """A short post in the middle of nothing else: the board would hang over it on both sides."""
    goods = [item("POST", (40, 40, 60), this_side_up=True), item("BOARD", (200, 100, 40), this_side_up=True)]
    low = carton("LOW", (200, 100, 100), 10)
    assert codes(plan_of(goods, [low, WIDE], rules=FLOATING)) == ["LOW"]
    # With support the board goes to the bottom and the post on it, in the same carton.
    plan = plan_of(goods, [low])
    assert [(p.sku, p.z_mm) for p in plan.cartons[0].placements] == [("BOARD", 0), ("POST", 40)]
    goods[1] = item("BOARD", (200, 100, 40), this_side_up=True, bears_g=0)
    assert codes(plan_of(goods, [low, WIDE])) == ["WIDE"]


def test_dangerous_goods_travel_with_their_own_class_in_a_rated_carton():
    rated = carton("RATED", (200, 100, 100), 120, hazard_rated=True)
    plain = carton("PLAIN", (200, 100, 100), 40)
    paint, book = item("PAINT", hazard="3"), item("BOOK")
    assert codes(plan_of([item("PAINT"), book], [plain, rated])) == ["PLAIN"]
    plan = plan_of([paint, book], [plain, rated])
    assert sorted((each.carton.code, *skus(each)) for each in plan.cartons) == [("PLAIN", "BOOK"), ("RATED", "PAINT")]
    assert codes(plan_of([paint, item("GLUE", hazard="3")], [plain, rated])) == ["RATED"]
    assert codes(plan_of([paint, item("ACID", hazard="8")], [plain, rated])) == ["RATED", "RATED"]
    assert finding_of([paint, book], [plain]).skus == ("PAINT",)
    assert finding_of([paint, book], [plain]).code == "no_carton"


def test_what_is_kept_cold_travels_apart_from_the_rest_in_an_insulated_carton():
    cool = carton("COOL", (200, 100, 100), 200, insulated=True)
    plain = carton("PLAIN", (200, 100, 100), 40)
    milk, tea, ice = item("MILK", storage="cold"), item("TEA"), item("ICE", storage="frozen")
    assert codes(plan_of([item("MILK"), tea], [plain, cool])) == ["PLAIN"]
    plan = plan_of([milk, tea], [plain, cool])
    assert sorted((each.carton.code, *skus(each)) for each in plan.cartons) == [("COOL", "MILK"), ("PLAIN", "TEA")]
    assert codes(plan_of([milk, ice], [plain, cool])) == ["COOL", "COOL"]
    assert finding_of([milk], [plain]).code == "no_carton"


def test_groups_that_are_kept_apart_never_share_a_carton():
    box = carton("BOX", (200, 100, 100))
    soap, cheese = item("SOAP", apart_from=("food",)), item("CHEESE", groups=("food",))
    assert len(plan_of([item("SOAP"), cheese], [box]).cartons) == 1
    for pair in ([soap, cheese], [cheese, soap]):
        assert [skus(each) for each in plan_of(pair, [box]).cartons] == [["CHEESE"], ["SOAP"]]
    both = item("BOTH", quantity=2, groups=("food",), apart_from=("food",))
    assert len(plan_of([both], [box]).cartons) == 1  # a product is never kept apart from itself
    assert len(plan_of([soap, item("TOWEL", groups=("linen",))], [box]).cartons) == 1


def test_padding_takes_room_on_all_sides_and_protection_costs():
    box, larger = carton("BOX", (200, 100, 100), 40), carton("LARGER", (230, 120, 120), 60)
    assert codes(plan_of([item(quantity=2)], [box, larger])) == ["BOX"]
    plan = plan_of([item(quantity=2, padding_mm=5, protection_minor=7)], [box, larger])
    assert (codes(plan), plan.cost_minor) == (["LARGER"], 60 + 2 * 7)
    assert [p.length_mm for p in plan.cartons[0].placements] == [110, 110]


def test_void_fill_costs_and_weighs():
    """The cheaper carton leaves three litres to be filled, the dearer one a tenth of that."""
    roomy, snug = carton("ROOMY", (200, 200, 100), 40), carton("SNUG", (200, 110, 100), 60)
    assert codes(plan_of([item(quantity=2)], [roomy, snug])) == ["ROOMY"]
    rules = PackingRules(fill_minor_per_litre=15, fill_g_per_litre=10)
    plan = plan_of([item(quantity=2)], [roomy, snug], rules=rules)
    packed = plan.cartons[0]
    assert (packed.carton.code, packed.void_mm3, packed.cost_minor, packed.gross_g) == ("SNUG", 200_000, 63, 202)


def test_the_gross_weight_stays_within_the_cartons_limit():
    goods = [item(quantity=2, weight_g=500)]
    assert codes(plan_of(goods, [carton("A", (200, 100, 100), 10, tare_g=100, weight_max_g=1100), WIDE])) == ["A"]
    assert codes(plan_of(goods, [carton("A", (200, 100, 100), 10, tare_g=101, weight_max_g=1100), WIDE])) == ["WIDE"]


def test_heavy_units_go_to_the_bottom_where_there_is_room():
    goods = [item("FOAM", (100, 100, 50), quantity=2, weight_g=20), item("IRON", (100, 100, 50), 2, weight_g=3000)]
    for order in (goods, goods[::-1]):
        places = plan_of(order, [carton("BOX", (200, 100, 100))]).cartons[0].placements
        assert [(p.sku, p.z_mm) for p in places] == [("IRON", 0), ("IRON", 0), ("FOAM", 50), ("FOAM", 50)]


def test_heavy_bottles_stand_below_what_they_bear():
    goods = [item("CORK", (50, 50, 40), 4, weight_g=70), item("WINE", (100, 100, 150), weight_g=1300, fragile=True)]
    places = plan_of(goods, [carton("BOX", (100, 100, 190))]).cartons[0].placements
    assert (places[0].sku, places[0].z_mm) == ("WINE", 0)


def test_nothing_is_pushed_under_what_stands_already_where_loads_count():
    shelf, board = (0, 0, 0, 100, 100, 50), (0, 0, 50, 130, 100, 80)
    goods = Pile(units_of([item("PART", bears_g=5)] * 3, PackingRules()), PackingRules(), engine(False)).goods
    under, beside = (100, 0, 0, 130, 100, 50), (130, 0, 0, 160, 100, 50)
    assert not may_stand(goods, [shelf, board], [0, 1], [0, 0], under, 2)
    assert may_stand(goods, [shelf, board], [0, 1], [0, 0], beside, 2)


def test_a_unit_never_goes_under_one_that_is_there_already():
    goods = [item("A", (90, 60, 30), quantity=4), item("B", (50, 50, 50), quantity=3), item("C", (120, 40, 20), 3)]
    places = plan_of(goods, [carton("BOX", (200, 150, 120))]).cartons[0].placements
    for earlier, later in combinations(places, 2):
        over = (
            earlier.x_mm < later.x_mm + later.length_mm
            and later.x_mm < earlier.x_mm + earlier.length_mm
            and earlier.y_mm < later.y_mm + later.width_mm
            and later.y_mm < earlier.y_mm + earlier.width_mm
        )
        assert not (over and earlier.z_mm >= later.z_mm + later.height_mm)
