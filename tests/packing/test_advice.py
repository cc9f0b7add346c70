"""Which carton, and how to fill it: told before anything is packed."""

from datetime import date

import pytest

from orderwright.business.deeds.packing.advice import PictureQuery, packing_advice, packing_picture
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.packing.bench import Bench


def codes(advice):
    return [each.carton for each in advice.cartons]


def test_the_smallest_carton_is_advised_with_steps(bench: Bench) -> None:
    advice = bench.advice(bench.picked(MUG=2))
    [carton] = advice.cartons
    assert (advice.chosen_as, carton.carton, carton.fill_permille, carton.void_ml) == ("cheapest", "S", 250, 6_000)
    first = carton.steps[0]
    assert (first.step, first.sku, first.x_mm, first.y_mm, first.z_mm) == (1, "MUG", 0, 0, 0)
    assert carton.gross_g == 2 * 300 + 100 + 60  # mugs, carton, six litres of fill at 10 g
    # 8 litres at 5000 cm3 a kg are billed as 1.6 kg: two steps of the card's near zone.
    assert (carton.billed_g, advice.cost_minor, advice.currency) == (1600, 40 + 320 + 25, "GBP")
    assert advice.words == "By billed weight and carton: the cheapest that holds it."


def test_several_cartons_where_one_will_not_do(bench: Bench) -> None:
    bench.carton("L", (400, 400, 400), is_active=False)
    advice = bench.advice(bench.picked(MUG=12))
    assert codes(advice) == ["S", "S"]
    assert sum(len(each.steps) for each in advice.cartons) == 12


def test_what_must_stay_apart_is_packed_apart(bench: Bench) -> None:
    bench.measured("TEE", packing={"groups": ("food",)})
    bench.measured("HAT", packing={"apart_from": ("food",)})
    bench.stock("LEEDS", TEE=1, HAT=1)
    number = bench.place({"TEE": 1, "HAT": 1}).number
    assert codes(bench.advice(number)) == ["S", "S"]  # asked for before it is picked


def test_cold_goods_and_hazards_ask_for_their_cartons(bench: Bench) -> None:
    bench.measured("TEE", storage_class="cold")
    bench.measured("HAT", hazard="3")
    number = bench.picked(TEE=1)
    advice = bench.advice(number)
    assert (advice.chosen_as, advice.by_hand.code, advice.by_hand.skus) == ("by_hand", "no_carton", ["TEE"])
    bench.carton("ICE", (200, 200, 200), is_insulated=True)
    assert codes(bench.advice(number)) == ["ICE"]
    bench.carton("UN", (200, 200, 200), is_hazard_rated=True)
    assert codes(bench.advice(bench.picked(HAT=1))) == ["UN"]


def test_fragile_goods_stand_on_top_and_are_wrapped(bench: Bench) -> None:
    bench.carton("TALL", (100, 100, 300), cost_minor=1)
    bench.measured("TEE", (80, 80, 80), packing={"fragile": True, "protection_mm": 10, "this_side_up": True})
    bench.measured("MUG", weight_g=2_000)
    advice = bench.advice(bench.picked(TEE=1, MUG=2))
    [carton] = advice.cartons
    assert [each.sku for each in carton.steps] == ["MUG", "MUG", "TEE"]
    assert [(each.sku, each.protection_mm) for each in carton.protect] == [("TEE", 10)]


def test_a_product_without_sizes_is_named_and_packed_by_hand(bench: Bench) -> None:
    advice = bench.advice(bench.picked(MUG=1, TEE=1))
    assert (advice.chosen_as, advice.by_hand.skus) == ("by_hand", ["TEE"])
    assert advice.by_hand.words == "Sizes or weight of these products are not known."


def test_what_is_in_a_parcel_is_not_packed_again(bench: Bench) -> None:
    number = bench.picked(MUG=2)
    bench.pack(number)
    advice = bench.advice(number)
    assert (advice.chosen_as, advice.cartons, advice.cost_minor) == ("nothing_left", [], 0)


def test_a_carton_the_site_has_none_of_is_not_advised_while_another_does(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    assert codes(bench.advice(number)) == ["S"]  # nobody counts them there
    bench.cartons_arrive("S", 1)
    assert codes(bench.advice(number)) == ["S"]
    bench.cartons_arrive("S", 1, kind="waste")
    assert codes(bench.advice(number)) == ["L"]
    bench.carton("L", (400, 400, 400), is_active=False)
    assert codes(bench.advice(number)) == ["S"]  # better told than nothing


def test_what_goes_in_besides_follows_its_rules(bench: Bench) -> None:
    bench.insert("hello", put="A welcome card", first_order=True)
    bench.insert("gift", put="The gift card", kind="gift_note", gift_note=True)
    bench.insert("rich", put="A sample", kind="sample", value_min="15.00", currency="GBP", countries=("GB",))
    bench.insert("past", put="A flyer", ends_on=date(2020, 1, 1))
    bench.insert("mug", put="How to wash it", skus=("MUG",), channels=("web",))
    bench.insert("off", put="Nothing", is_active=False)
    bench.stock("LEEDS", MUG=4, TEE=1)
    first = bench.place({"MUG": 2}, gift_note="For Ann")
    told = bench.advice(first.number).inserts
    assert [(each.code, each.text) for each in told] == [("gift", "For Ann"), ("hello", ""), ("mug", ""), ("rich", "")]
    customer = bench.form({"TEE": 1}).customer
    bench.place({"MUG": 1}, customer=customer)
    again = bench.place({"TEE": 1}, customer=customer)
    assert [each.code for each in bench.advice(again.number).inserts] == []


def test_the_picture_shows_all_steps_or_one(bench: Bench) -> None:
    fulfilment = bench.fulfilment(bench.picked(MUG=2))
    with bench.store.read() as tx:
        strip = packing_picture(tx, fulfilment, PictureQuery())
        one = packing_picture(tx, fulfilment, PictureQuery(step=2))
        with pytest.raises(Refusal):
            packing_picture(tx, fulfilment, PictureQuery(step=3))
        with pytest.raises(Refusal):
            packing_picture(tx, fulfilment, PictureQuery(carton=2))
        with pytest.raises(Refusal):
            packing_advice(tx, new_id())
    assert (strip[:4], "Carton S: 2 steps" in strip, "step 2 of 2" in one) == ("<svg", True, True)
