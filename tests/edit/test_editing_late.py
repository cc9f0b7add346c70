"""Once work on an order has begun, only money and what nobody on the floor reads can change."""

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder, LineUnits
from orderwright.business.orders.form import CustomerForm
from tests.edit.editing import Desk, replace
from tests.floor import refused
from tests.shop import HOME


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"gift_note": "late"}, ["/gift_note"]),
        ({"service": "express"}, ["/service"]),
        ({"ship_to": replace(HOME, country="IE")}, ["/ship_to/country"]),
    ],
)
def test_what_the_floor_works_by_is_refused_and_the_picker_not_disturbed(desk: Desk, changes, fields) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.floor.release(number)
    [task] = desk.floor.tasks(number)
    before = desk.floor.counts()
    assert refused(desk.edit(number, **changes)) == ("order_step", {"state": "allocated", "fields": fields})
    assert (desk.floor.counts(), desk.floor.tasks(number)) == (before, [task])


def test_quantities_and_lines_are_refused_once_released(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 2})
    desk.floor.release(number)
    code, facts = refused(desk.edit(number, {"MUG": 1}))
    assert (code, facts["fields"]) == ("order_step", ["/lines/0/quantity"])
    code, facts = refused(desk.edit(number, {"MUG": 2, "TEE": 1}))
    assert (code, facts["fields"]) == ("order_step", ["/lines"])
    assert desk.order(number).version == 1


def test_money_and_the_buyer_can_change_late(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 2})
    desk.floor.pick_all(number)
    buyer = CustomerForm(email="right@example.org")
    answer = desk.edit(number, customer=buyer, customer_reference="PO-7", tags=["vip"])
    assert (answer.state, answer.version) == ("picking", desk.order(number).version)
    assert desk.floor.units(number) == [("MUG", {"picked": 2})]


def test_an_address_is_refused_while_a_part_is_held_apart(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"MUG": 4})
    desk.floor.run(hold_orders, HoldOrder(number=number, actor="sue", kind="fraud", lines=[LineUnits(1, 2)]))
    code, facts = refused(desk.edit(number, service="express"))
    assert (code, facts["fields"]) == ("order_step", ["/service"])


def test_what_is_held_apart_stays_apart_when_the_order_grows_or_shrinks(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 4})
    desk.floor.run(hold_orders, HoldOrder(number=number, actor="sue", kind="fraud", lines=[LineUnits(1, 2)]))
    desk.edit(number, {"MUG": 6})
    apart = (
        "SELECT a.allocated FROM hold h JOIN allocation a ON a.fulfilment_id = h.fulfilment_id"
        " WHERE h.released_at IS NULL"
    )
    assert desk.floor.rows(apart) == [(2,)]
    desk.edit(number, {"MUG": 2})
    assert desk.floor.rows(apart) == [(2,)]
    desk.edit(number, {"MUG": 1})
    assert desk.floor.rows(apart) == [(1,)]
