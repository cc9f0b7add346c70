"""Editing: an order becomes what its new form says, or stays as it is and is told why."""

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import release_holds
from orderwright.business.orders.commands import CancelOrder, LineUnits, ReleaseHold
from orderwright.business.orders.form import CustomerForm, LineForm, PaymentForm, PolicyForm
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal
from tests.edit.editing import Desk, replace
from tests.floor import refused
from tests.shop import HOME, NO_SPLIT, REFUSE

BRISTOL = AddressForm(name="A. Buyer", lines=["2 Low St"], city="Bristol", postal_code="BS1 1AA", country="GB")


def test_an_edit_that_changes_nothing_is_answered_and_writes_nothing(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    before = desk.floor.counts()
    answer = desk.edit(number)
    assert (answer.repeated, answer.fields, answer.version) == (True, [], 1)
    assert desk.floor.counts() == before


def test_fewer_units_free_their_stock_and_lower_the_total(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 3})
    [fulfilment] = desk.floor.fulfilments(number)
    answer = desk.edit(number, {"MUG": 1})
    assert [(line.position, line.before, line.after) for line in answer.lines] == [(1, 3, 1)]
    assert [(each.site, each.sku, each.quantity) for each in answer.given_back] == [("LEEDS", "MUG", 2)]
    assert (answer.before.total, answer.after.total, answer.version) == ("22.50", "7.50", 2)
    assert desk.floor.units(number) == [("MUG", {"allocated": 1})]
    assert desk.floor.free("MUG", "LEEDS") == 4
    assert desk.floor.fulfilments(number) == [fulfilment]  # what stays, stays where it was planned


def test_more_units_join_what_is_planned_in_one_parcel(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    answer = desk.edit(number, {"MUG": 4})
    assert [(each.site, each.sku, each.quantity) for each in answer.allocated] == [("LEEDS", "MUG", 2)]
    assert desk.plan(number) == [("LEEDS", "MUG", 4)]
    assert [row.state for row in desk.floor.fulfilments(number)].count("planned") == 1
    assert desk.floor.free("MUG", "LEEDS") == 1


def test_more_units_than_there_are_wait(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=3)
    number = desk.place({"MUG": 2})
    answer = desk.edit(number, {"MUG": 5})
    assert (answer.state, [(line.sku, line.quantity) for line in answer.backordered]) == (
        "partially_allocated", [("MUG", 2)],
    )  # fmt: skip
    assert desk.floor.units(number) == [("MUG", {"waiting": 2, "allocated": 3})]
    assert desk.floor.free("MUG", "LEEDS") == -2


def test_more_units_stay_behind_what_others_wait_for(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2})
    desk.place({"MUG": 4})
    desk.floor.stock("LEEDS", MUG=3)  # all of it is spoken for, though nobody has filled yet
    desk.edit(number, {"MUG": 3})
    assert desk.floor.units(number) == [("MUG", {"waiting": 1, "allocated": 2})]


def test_a_new_line_and_one_left_out(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5, HAT=5)
    number = desk.place({"MUG": 2, "TEE": 1})
    answer = desk.edit(number, {"MUG": 2, "HAT": 3})
    assert [(line.position, line.sku, line.before, line.after) for line in answer.lines] == [
        (3, "HAT", 0, 3), (2, "TEE", 1, 0),
    ]  # fmt: skip
    assert desk.floor.units(number) == [("MUG", {"allocated": 2}), ("TEE", {"cancelled": 1}), ("HAT", {"allocated": 3})]
    assert desk.floor.rows("SELECT position, quantity, amount_minor, is_removed FROM order_line ORDER BY position") == [
        (1, 2, 1500, False),
        (2, 1, 0, True),
        (3, 3, 2250, False),
    ]
    assert (desk.order(number).line_count, desk.order(number).total_minor) == (3, 3750)
    assert desk.floor.free("TEE", "LEEDS") == 5


def test_a_line_left_out_comes_back(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 2, "TEE": 1})
    desk.edit(number, {"MUG": 2})
    answer = desk.edit(number, form=desk.forms[number])
    assert (answer.after.total, answer.version) == ("22.50", 3)
    assert desk.floor.units(number) == [("MUG", {"allocated": 2}), ("TEE", {"allocated": 1})]
    assert desk.order(number).line_count == 2


def test_a_line_of_another_product_is_another_line(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 2})
    lines = [LineForm(sku="TEE", quantity=2, unit_price="7.50", reference="1")]
    desk.edit(number, lines=lines)
    assert desk.floor.units(number) == [("MUG", {"cancelled": 2}), ("TEE", {"allocated": 2})]


def test_lines_without_references_go_by_their_place(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 2, "TEE": 1})
    lines = [replace(line, reference="") for line in desk.forms[number].lines]
    lines[1] = replace(lines[1], quantity=3)
    desk.edit(number, lines=lines, total="37.50")
    assert desk.floor.units(number) == [("MUG", {"allocated": 2}), ("TEE", {"allocated": 3})]


def test_a_kit_grows_by_whole_kits(desk: Desk) -> None:
    desk.floor.product("GIFT", parts={"MUG": 2, "TEE": 1})
    desk.floor.stock("LEEDS", MUG=9, TEE=2)
    number = desk.place({"GIFT": 1})
    desk.edit(number, {"GIFT": 3})
    assert desk.floor.units(number) == [
        ("MUG", {"waiting": 2, "allocated": 4}), ("TEE", {"waiting": 1, "allocated": 2}),
    ]  # fmt: skip


def test_units_cancelled_before_count_towards_a_reduction(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 5})
    desk.floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(1, 2)]))
    desk.edit(number, {"MUG": 3})
    assert desk.floor.units(number) == [("MUG", {"allocated": 3})]
    desk.edit(number, {"MUG": 4})
    assert desk.floor.units(number) == [("MUG", {"allocated": 4})]


def test_other_words_move_nothing(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    [fulfilment] = desk.floor.fulfilments(number)
    answer = desk.edit(number, gift_note="Happy birthday", tags=["gift"], priority=7, customer_reference="PO-1")
    assert answer.fields == ["/customer_reference", "/gift_note", "/priority", "/tags"]
    assert desk.floor.fulfilments(number) == [fulfilment]
    assert (desk.order(number).priority, desk.order(number).version) == (7, 2)


def test_another_address_sends_it_from_the_site_next_door(desk: Desk) -> None:
    for site in ("LEEDS", "BRISTOL"):
        desk.floor.stock(site, MUG=5)
    number = desk.place({"MUG": 2})
    answer = desk.edit(number, ship_to=BRISTOL)
    assert desk.plan(number) == [("BRISTOL", "MUG", 2)]
    assert (desk.floor.free("MUG", "LEEDS"), desk.floor.free("MUG", "BRISTOL")) == (5, 3)
    assert [(each.site, each.quantity) for each in answer.given_back] == [("LEEDS", 2)]
    assert desk.order(number).postal_code == "BS1 1AA"


def test_another_house_of_the_same_postcode_moves_nothing(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    [fulfilment] = desk.floor.fulfilments(number)
    desk.edit(number, ship_to=replace(HOME, lines=["99 High St"]))
    assert desk.floor.fulfilments(number) == [fulfilment]


def test_another_service_is_planned_anew(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.edit(number, service="express")
    assert desk.floor.rows("SELECT service FROM fulfilment WHERE state = 'planned'") == [("express",)]


def test_an_order_keeps_what_it_held_when_it_is_planned_anew(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2})
    desk.place({"MUG": 5})  # waits, and has a claim on whatever comes free
    desk.edit(number, ship_to=BRISTOL)
    assert desk.floor.units(number) == [("MUG", {"allocated": 2})]


def test_a_never_split_order_moves_as_a_whole_when_it_grows(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    desk.floor.stock("GLASGOW", MUG=5, TEE=5)
    number = desk.place({"MUG": 2}, policy=NO_SPLIT)
    desk.edit(number, {"MUG": 2, "TEE": 1})
    assert desk.plan(number) == [("GLASGOW", "MUG", 2), ("GLASGOW", "TEE", 1)]


def test_a_ship_complete_order_that_grows_out_of_stock_waits_whole_and_takes_nothing(desk: Desk) -> None:
    # Edge case 41: it may not drain stock it cannot use yet.
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2}, policy=PolicyForm(ship_complete=True))
    desk.edit(number, {"MUG": 3})
    assert desk.floor.units(number) == [("MUG", {"waiting": 3})]
    assert desk.floor.free("MUG", "LEEDS") == 2


def test_under_refuse_an_edit_that_is_short_changes_nothing(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2}, policy=REFUSE)
    before = desk.floor.counts()
    code, facts = refused(desk.edit(number, {"MUG": 3}))
    assert (code, facts["lines"]) == ("short_stock", [{"position": 1, "sku": "MUG", "wanted": 1}])
    assert (desk.floor.counts(), desk.order(number).version) == (before, 1)
    assert desk.floor.units(number) == [("MUG", {"allocated": 2})]


def test_an_edit_does_not_grow_into_what_is_withheld_or_kept_safe(desk: Desk) -> None:
    from orderwright.business.catalog.forms import BufferForm

    desk.floor.channel("web", buffers=[BufferForm(sku="MUG", withheld=3)])
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.edit(number, {"MUG": 4})
    assert desk.floor.units(number) == [("MUG", {"waiting": 2, "allocated": 2})]


def test_a_new_finding_holds_and_what_a_person_judged_is_not_judged_again(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    cheap = [LineForm(sku="MUG", quantity=1, unit_price="1.00", reference="1")]
    number = desk.place({"MUG": 1}, lines=cheap, total="1.00", payment=PaymentForm(state="paid", amount="1.00"))
    desk.floor.run(release_holds, ReleaseHold(number=number, actor="sue", kind="price"))
    assert desk.edit(number, gift_note="hello").holds == []
    answer = desk.edit(number, gift_note="hello", ship_to=replace(HOME, city=""))
    assert (answer.state, answer.holds) == ("held", ["address"])
    assert desk.floor.exceptions() == ["address"]


def test_a_hold_whose_cause_is_mended_releases_itself(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 1}, ship_to=replace(HOME, city=""))
    assert desk.floor.state(number) == "held"
    answer = desk.edit(number, ship_to=HOME)
    assert (answer.state, answer.holds, desk.floor.exceptions()) == ("allocated", [], [])


def test_totals_must_add_up(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    before = desk.floor.counts()
    code, facts = refused(desk.edit(number, {"MUG": 3}, total="99.00"))
    assert (code, [each.code for each in facts["findings"]]) == ("order_refused", ["total_differs"])
    assert desk.floor.counts() == before


def test_a_form_that_cannot_be_written_is_refused_for_that(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    before = desk.floor.counts()
    code, facts = refused(desk.edit(number, gift_note="half a pair: \ud800"))
    assert (code, [(each.code, each.pointer) for each in facts["findings"]]) == (
        "order_refused", [("bad_text", "/gift_note")]
    )  # fmt: skip
    assert desk.floor.counts() == before


def test_what_makes_an_order_the_order_it_is_stays(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    code, facts = refused(desk.edit(number, reference="OTHER"))
    assert (code, facts["fields"]) == ("edit_fixed", ["/reference"])


def test_a_stale_version_and_an_unknown_number_are_refused(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    assert refused(desk.edit(number, {"MUG": 1}, version=7)) == ("stale", {"version": 1})
    assert refused(desk.edit("OW-9", form=desk.forms[number]))[0] == "not_found"


def test_a_cancelled_order_cannot_be_edited(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    assert refused(desk.edit(number, {"MUG": 1}))[0] == "order_step"


def test_the_edited_order_sent_again_is_repeated(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.edit(number, {"MUG": 1})
    [again] = desk.floor.place_all([desk.form(number, {"MUG": 1})])
    assert (again.number, again.repeated) == (number, True)
    [first] = desk.floor.place_all([desk.forms[number]])
    assert isinstance(first, Refusal)
    assert first.code == "order_differs"


def test_another_buyer_is_found_under_the_new_address(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.edit(number, customer=CustomerForm(email="Other@Example.org", name="B. Buyer"))
    assert desk.order(number).email_key == "other@example.org"
    assert desk.floor.value("SELECT email_key FROM customer WHERE id = %(id)s", id=desk.order(number).customer_id) == (
        "other@example.org"
    )


def test_an_edit_is_told_in_the_story(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.edit(number, {"MUG": 3})
    order_id = desk.floor.order_id(number)
    assert desk.floor.facts(order_id) == ["order_placed", "order_edited"]
    assert desk.floor.rows("SELECT seq, kind FROM decision ORDER BY seq") == [(1, "placed"), (2, "edited")]
