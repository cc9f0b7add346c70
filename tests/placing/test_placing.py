"""Taking an order: the answer already says who ships what, or what stops it."""

import msgspec

from orderwright.business.orders.form import CustomerForm, LineForm, PaymentForm
from orderwright.values.refusal import Refusal
from tests.shop import HOME, NO_SPLIT, REFUSE, Shop, shipping_from

PAID = PaymentForm(state="paid")


def test_a_sound_order_is_allocated_at_the_nearest_site(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    shop.stock("GLASGOW", MUG=5)
    answer = shop.place({"MUG": 2})
    assert (answer.state, answer.holds, answer.backordered) == ("allocated", [], [])
    assert shipping_from(answer) == [("LEEDS", [("MUG", 2)])]
    assert shop.free("MUG", "LEEDS") == 3


def test_the_same_order_again_answers_as_it_stands(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    form = shop.form({"MUG": 2})
    [first] = shop.place_all([form])
    before = shop.counts()
    [again] = shop.place_all([form])
    assert again == msgspec.structs.replace(first, repeated=True)
    assert shop.counts() == before
    assert shop.free("MUG", "LEEDS") == 3


def test_an_order_that_differs_from_the_one_taken_is_refused_with_the_fields(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    form = shop.form({"MUG": 2})
    shop.place_all([form])
    before = shop.counts()
    [answer] = shop.place_all([msgspec.structs.replace(form, service="express")])
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts["fields"]) == ("order_differs", ["/service"])
    assert shop.counts() == before


def test_a_whole_parcel_goes_before_a_split(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    shop.stock("GLASGOW", MUG=1, TEE=1)
    answer = shop.place({"MUG": 1, "TEE": 1})
    assert shipping_from(answer) == [("GLASGOW", [("MUG", 1), ("TEE", 1)])]


def test_an_order_no_site_has_whole_is_split(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    shop.stock("GLASGOW", TEE=1)
    answer = shop.place({"MUG": 1, "TEE": 1})
    assert shipping_from(answer) == [("LEEDS", [("MUG", 1)]), ("GLASGOW", [("TEE", 1)])]


def test_a_never_split_order_waits_whole_and_takes_nothing(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    shop.stock("GLASGOW", TEE=1)
    answer = shop.place({"MUG": 1, "TEE": 1}, policy=NO_SPLIT)
    assert (answer.state, shipping_from(answer)) == ("waiting", [])
    assert (shop.free("MUG", "LEEDS"), shop.free("TEE", "GLASGOW")) == (1, 1)


def test_what_is_short_waits_and_keeps_new_orders_behind_it(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=3)
    answer = shop.place({"MUG": 5})
    assert answer.state == "partially_allocated"
    assert [(line.sku, line.quantity) for line in answer.backordered] == [("MUG", 2)]
    assert shop.free("MUG", "LEEDS") == -2


def test_under_refuse_a_short_order_leaves_nothing_behind(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    before = shop.counts()
    answer = shop.place({"MUG": 2}, policy=REFUSE)
    assert isinstance(answer, Refusal)
    assert answer.code == "short_stock"
    assert answer.facts["lines"] == [{"reference": "1", "sku": "MUG", "wanted": 2}]
    assert shop.counts() == before
    assert shop.free("MUG", "LEEDS") == 1


def test_two_lines_of_one_sku_that_exceed_stock_together_are_short(shop: Shop) -> None:
    # Edge case 13: each line fits alone, both do not.
    shop.stock("LEEDS", MUG=3)
    answer = shop.place([("MUG", 2), ("MUG", 2)], policy=REFUSE)
    assert isinstance(answer, Refusal)
    assert answer.code == "short_stock"
    assert shop.free("MUG", "LEEDS") == 3


def test_one_bad_order_of_a_batch_spoils_no_other(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=9)
    good, bad, also_good = (
        shop.form({"MUG": 1}),
        shop.form({"MUG": 1}, total="1.00", payment=PAID),
        shop.form({"MUG": 1}),
    )
    answers = shop.place_all([good, bad, also_good])
    assert [getattr(each, "state", None) for each in answers] == ["allocated", None, "allocated"]
    assert [finding.code for finding in answers[1].facts["findings"]] == ["total_differs"]
    assert shop.free("MUG", "LEEDS") == 7


def test_all_findings_come_at_once(shop: Shop) -> None:
    order = shop.form(
        {"NOPE": 1}, total="3.00", payment=PaymentForm(state="unpaid"),
        ship_to=msgspec.structs.replace(HOME, country="XX"), customer=CustomerForm(email="not an address"),
    )  # fmt: skip
    [answer] = shop.place_all([order])
    assert isinstance(answer, Refusal)
    codes = {finding.code for finding in answer.facts["findings"]}
    assert {"unknown_sku", "total_differs", "country_unknown", "payment_missing", "email_form"} <= codes


def test_an_unpaid_order_holds_stock_and_waits_for_the_money(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    answer = shop.place({"MUG": 1}, payment=PaymentForm(state="unpaid"))
    assert (answer.state, answer.holds) == ("held", ["payment"])
    assert shop.free("MUG", "LEEDS") == 0
    assert shop.rows("SELECT kind, severity, owner FROM exception WHERE closed_at IS NULL") == [
        ("payment", "low", "accounts")
    ]


def test_a_channel_order_with_an_unknown_sku_is_kept_and_held(shop: Shop) -> None:
    answer = shop.place({"NOPE": 1}, door="channel")
    assert (answer.state, answer.holds) == ("held", ["product"])
    assert shop.rows("SELECT sku, sku_given FROM order_line") == [(None, "NOPE")]


def test_a_kit_takes_its_components_from_one_site(shop: Shop) -> None:
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=9)
    shop.stock("BRISTOL", MUG=4, TEE=2)
    answer = shop.place({"GIFT": 2})
    assert shipping_from(answer) == [("BRISTOL", [("GIFT", 2)])]
    assert (shop.free("MUG", "BRISTOL"), shop.free("TEE", "BRISTOL"), shop.free("MUG", "LEEDS")) == (0, 0, 9)


def test_a_kit_with_a_missing_component_waits_whole(shop: Shop) -> None:
    # Edge case 21.
    shop.product("GIFT", parts={"MUG": 2, "TEE": 1})
    shop.stock("LEEDS", MUG=9)
    answer = shop.place({"GIFT": 1})
    assert (answer.state, [(line.sku, line.quantity) for line in answer.backordered]) == ("waiting", [("GIFT", 1)])
    assert shop.free("MUG", "LEEDS") == 7  # what it waits for is kept for it


def test_a_component_sold_alone_and_in_two_kits_is_never_sold_twice(shop: Shop) -> None:
    # Edge case 22.
    shop.product("PAIR", parts={"MUG": 2})
    shop.product("SET", parts={"MUG": 1, "TEE": 1})
    shop.stock("LEEDS", MUG=4, TEE=4)
    answers = shop.place_all(
        [shop.form({"PAIR": 1}), shop.form({"SET": 1}), shop.form({"MUG": 1}), shop.form({"MUG": 1}, policy=REFUSE)]
    )
    assert [getattr(each, "state", "refused") for each in answers] == ["allocated"] * 3 + ["refused"]
    assert shop.free("MUG", "LEEDS") == 0


def test_several_holds_stand_at_once(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=9)
    lines = [LineForm(sku="MUG", quantity=1, unit_price="1.00", reference="1")]
    answer = shop.place({"MUG": 1}, lines=lines, total="1.00", payment=PaymentForm(state="unpaid"))
    assert sorted(answer.holds) == ["payment", "price"]
    assert shop.value("SELECT count(*) FROM exception") == 2


def test_a_50_000_unit_line_is_taken_and_held_as_unusual(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=60_000)
    answer = shop.place({"MUG": 50_000})
    assert (answer.state, answer.holds) == ("held", ["quantity"])
    assert shop.free("MUG", "LEEDS") == 10_000


def test_emoji_and_right_to_left_names_are_taken_and_nul_is_refused(shop: Shop) -> None:
    # Edge case 71.
    shop.stock("LEEDS", MUG=2)
    home = msgspec.structs.replace(HOME, name="مريم 🎁 O'Neil")
    assert shop.place({"MUG": 1}, ship_to=home).state == "allocated"
    bad = shop.place({"MUG": 1}, ship_to=msgspec.structs.replace(HOME, name="a\x00b"))
    assert [finding.code for finding in bad.facts["findings"]] == ["bad_text"]


def test_the_same_basket_of_the_same_buyer_is_held_as_probable_duplicate(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=9)
    buyer = CustomerForm(email="Twice@Example.org")
    first = shop.place({"MUG": 1}, customer=buyer)
    second = shop.place({"MUG": 1}, customer=buyer)
    assert (first.holds, second.holds) == ([], ["duplicate"])
    assert second.findings[0].facts["number"] == first.number


def test_a_probable_duplicate_that_comes_beside_the_first_names_it_too(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=9)
    buyer = CustomerForm(email="Twice@Example.org")
    forms = [shop.form({"MUG": 1}, customer=buyer) for _ in range(3)]
    first, *later = shop.place_all(forms, door="file")
    assert [each.holds for each in later] == [["duplicate"]] * 2
    assert [each.findings[0].facts for each in later] == [{"number": first.number, "reference": "W-1"}] * 2
    kept = shop.rows("SELECT document::jsonb->'findings'->0->2->>'number' AS twin FROM exception")
    assert [row.twin for row in kept] == [first.number] * 2
