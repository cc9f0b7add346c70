"""Three ways: what the shop's people changed stays, unless the channel changed it too."""

import pytest

from orderwright.business.deeds.reconcile import reconcile
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm, ShippingForm
from tests.inbox.channel import Web, replace
from tests.shop import HOME

BRISTOL = replace(HOME, city="Bristol", postal_code="BS1 1AA")
ONE = LineForm(sku="MUG", quantity=2, unit_price="7.50", reference="1")
TWO = LineForm(sku="TEE", quantity=1, unit_price="7.50", reference="2")
BASE = NewOrder(
    channel="web", reference="R", currency="GBP", ship_to=HOME, lines=[ONE, TWO], total="22.50",
    customer=CustomerForm(email="a@example.org", name="A"),
)  # fmt: skip


def merged(theirs: NewOrder, ours: NewOrder) -> tuple[NewOrder, list[str]]:
    result = reconcile(BASE, theirs, ours)
    return result.form, result.overruled


def test_what_only_we_changed_stays_and_what_only_they_changed_comes() -> None:
    ours = replace(BASE, ship_to=BRISTOL, tags=["vip"])
    theirs = replace(BASE, gift_note="Happy birthday")
    assert merged(theirs, ours) == (replace(ours, gift_note="Happy birthday"), [])


def test_where_both_changed_the_channel_counts_and_it_is_told() -> None:
    ours = replace(BASE, service="express")
    theirs = replace(BASE, service="overnight")
    assert merged(theirs, ours) == (theirs, ["/service"])


def test_both_changing_it_alike_is_no_conflict() -> None:
    both = replace(BASE, service="express")
    assert merged(both, both) == (both, [])


def test_a_buyer_is_taken_part_by_part_and_an_address_as_one_thing() -> None:
    ours = replace(BASE, customer=CustomerForm(email="right@example.org", name="A"), ship_to=BRISTOL)
    theirs = replace(BASE, customer=CustomerForm(email="a@example.org", name="Anna"),
                     ship_to=replace(HOME, lines=["9 High St"]))  # fmt: skip
    form, overruled = merged(theirs, ours)
    assert form.customer == CustomerForm(email="right@example.org", name="Anna")
    assert (form.ship_to, overruled) == (theirs.ship_to, ["/ship_to"])


def test_lines_are_taken_field_by_field_and_the_total_added_up_anew() -> None:
    ours = replace(BASE, lines=[replace(ONE, unit_price="7.00"), TWO], total="21.50")
    theirs = replace(BASE, lines=[replace(ONE, quantity=3), TWO], total="30.00")
    form, overruled = merged(theirs, ours)
    assert form.lines == [replace(ONE, quantity=3, unit_price="7.00"), TWO]
    assert (form.total, overruled) == ("28.50", [])


def test_a_line_added_here_stays_and_one_they_took_out_goes() -> None:
    gift = LineForm(sku="HAT", quantity=1, unit_price="0.00", reference="gift")
    ours = replace(BASE, lines=[ONE, TWO, gift])
    theirs = replace(BASE, lines=[ONE], total="15.00")
    form, overruled = merged(theirs, ours)
    assert ([line.sku for line in form.lines], form.total, overruled) == (["MUG", "HAT"], "15.00", [])


def test_a_line_taken_out_here_stays_out_until_they_change_it() -> None:
    ours = replace(BASE, lines=[ONE], total="15.00")
    assert merged(replace(BASE, tags=["x"]), ours)[0].lines == [ONE]
    theirs = replace(BASE, lines=[ONE, replace(TWO, quantity=2)], total="30.00")
    assert merged(theirs, ours) == (theirs, ["/lines/1"])


def test_lines_without_references_are_told_apart_by_product() -> None:
    plain = [replace(ONE, reference=""), replace(TWO, reference="")]
    base = replace(BASE, lines=plain)
    ours = replace(base, lines=[plain[0], replace(plain[1], note="wrap it")])
    theirs = replace(base, lines=[plain[1]], total="7.50")
    assert reconcile(base, theirs, ours).form.lines == [replace(plain[1], note="wrap it")]


def test_a_total_of_theirs_that_does_not_add_up_is_not_made_to() -> None:
    theirs = replace(BASE, total="99.00")
    assert merged(theirs, replace(BASE, tags=["vip"]))[0].total == "99.00"


@pytest.mark.parametrize("changes", [{}, {"shipping": ShippingForm(price="3.95"), "total": "26.45"}])
def test_without_changes_here_the_channel_is_taken_at_its_word(changes) -> None:
    theirs = replace(BASE, payment=PaymentForm(state="paid", amount="22.50"), **changes)
    assert merged(theirs, BASE) == (theirs, [])


def test_staff_changes_survive_the_next_message_of_the_channel(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    web.floor.stock("BRISTOL", MUG=9)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.staff_edits(ship_to=BRISTOL)
    web.tell("order.updated", web.sell(form, {"MUG": 3}))
    assert (web.form().ship_to, web.form().lines[0].quantity, web.row().version) == (BRISTOL, 3, 3)
    assert web.floor.exceptions() == []


def test_the_first_message_again_does_not_undo_what_staff_changed(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.staff_edits(tags=["vip"])
    assert web.tell("order.updated", form) == "unchanged"
    assert (web.form().tags, web.row().version) == (["vip"], 2)


def test_a_change_of_staff_that_the_channel_overrules_is_told_to_a_person(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.staff_edits(service="express")
    web.tell("order.updated", replace(form, service="standard", gift_note="x"))
    assert (web.form().service, web.floor.exceptions()) == ("express", [])  # the channel had left it alone
    web.tell("order.updated", replace(form, gift_note="y"))
    web.staff_edits(gift_note="z")
    web.tell("order.updated", replace(form, gift_note="w"))
    assert (web.form().gift_note, web.floor.exceptions()) == ("w", ["channel_differs"])
