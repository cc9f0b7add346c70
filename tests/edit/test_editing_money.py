"""Editing and money: what is due holds the order, what is over goes back, and back to the original is even."""

from pathlib import Path
from typing import Any

import msgspec

from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.orders.form import DiscountForm, LineForm, PaymentForm, ShippingForm
from tests.edit.editing import AUTHORISED, PAID, Desk, replace


def payments(desk: Desk) -> Any:
    [row] = desk.floor.rows("SELECT authorised_minor, captured_minor, refunded_minor, voided_minor FROM payment")
    return tuple(row)


def test_an_edit_above_what_is_authorised_holds_the_order_for_what_is_due(desk: Desk) -> None:
    # Edge case 43, raised.
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=AUTHORISED)
    answer = desk.edit(number, {"MUG": 4})
    assert (answer.state, answer.holds, answer.amount_due) == ("held", ["payment"], "15.00")
    [row] = desk.floor.rows("SELECT document FROM hold WHERE released_at IS NULL")
    assert msgspec.json.decode(row.document) == {"findings": [["payment_missing", "/payment", {"amount_due": "15.00"}]]}
    told = RecordPayment(number=number, state="authorised", amount="15.00", gateway="p", reference="pi_2", actor="sue")
    desk.floor.run(record_payments, told)
    assert desk.floor.state(number) == "allocated"


def test_a_second_raise_tells_the_new_amount_due(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=AUTHORISED)
    desk.edit(number, {"MUG": 3})
    assert desk.edit(number, {"MUG": 4}).amount_due == "15.00"
    [row] = desk.floor.rows("SELECT document FROM hold WHERE released_at IS NULL")
    assert '"amount_due":"15.00"' in row.document


def test_an_edit_that_lowers_a_paid_order_pays_back_what_is_over(desk: Desk, tmp_path: Path) -> None:
    # Edge case 43, lowered.
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=PAID)
    answer = desk.edit(number, {"MUG": 1})
    assert (answer.refund, answer.amount_due, answer.holds) == ("7.50", "0.00", [])
    desk.settle(tmp_path)
    assert payments(desk) == (1500, 1500, 750, 0)


def test_an_edit_that_lowers_an_authorised_order_captures_less(desk: Desk, tmp_path: Path) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=AUTHORISED)
    assert (desk.edit(number, {"MUG": 1}).refund, desk.edit(number, {"MUG": 1}).repeated) == ("0.00", True)
    desk.settle(tmp_path)
    assert payments(desk) == (1500, 0, 0, 0)


def test_an_edit_back_to_the_original_leaves_nothing_owed_and_pays_nothing_back(desk: Desk, tmp_path: Path) -> None:
    # Edge case 43, and back: both ways round.
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=PAID)
    for units in (4, 1):
        desk.edit(number, {"MUG": units})
        answer = desk.edit(number, form=desk.forms[number])
        assert (answer.amount_due, answer.refund, answer.holds, answer.state) == ("0.00", "0.00", [], "allocated")
    desk.settle(tmp_path)
    assert payments(desk) == (1500, 1500, 0, 0)
    assert desk.floor.exceptions() == []


def test_a_price_only_edit_of_a_shipped_order_touches_no_stock_and_is_credited(desk: Desk, tmp_path: Path) -> None:
    # Edge case 44.
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=PAID)
    desk.floor.shipped(number)
    invoice(desk)
    before = (desk.floor.lying("LEEDS"), desk.floor.counters("MUG", "LEEDS"), desk.floor.units(number))
    moves = desk.floor.counts()["stock_move"]
    answer = desk.edit(number, lines=priced("7.00"), total="14.00")
    assert (answer.state, answer.fields, answer.refund) == ("shipped", ["/total", "/lines/0/unit_price"], "1.00")
    assert (desk.floor.lying("LEEDS"), desk.floor.counters("MUG", "LEEDS"), desk.floor.units(number)) == before
    assert desk.floor.counts()["stock_move"] == moves
    assert desk.floor.rows("SELECT kind, total_minor FROM paper ORDER BY issued_at, kind") == [
        ("invoice", 1500), ("credit_note", 100),
    ]  # fmt: skip
    desk.settle(tmp_path)
    assert (payments(desk), receivable(desk)) == ((1500, 1500, 100, 0), 0)


def test_a_dearer_price_of_a_shipped_order_is_invoiced_and_owed(desk: Desk, tmp_path: Path) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=PAID)
    desk.floor.shipped(number)
    invoice(desk)
    answer = desk.edit(number, lines=priced("8.00"), total="16.00")
    assert (answer.amount_due, answer.holds) == ("1.00", [])
    desk.settle(tmp_path)
    assert (payments(desk), receivable(desk)) == ((1500, 1500, 0, 0), 100)


def test_discount_and_shipping_changed_after_shipping_are_credited_to_the_cent(desk: Desk, tmp_path: Path) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, payment=replace(PAID, amount="18.95"), shipping=ShippingForm(price="3.95"),
                        total="18.95")  # fmt: skip
    desk.floor.shipped(number)
    invoice(desk)
    desk.edit(number, shipping=ShippingForm(), discounts=[DiscountForm(amount="0.01")], total="14.99")
    desk.settle(tmp_path)
    assert (payments(desk)[2], receivable(desk)) == (396, 0)


def test_an_order_on_account_is_never_held_for_money(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2})
    answer = desk.edit(number, {"MUG": 4})
    assert (answer.holds, answer.amount_due) == ([], "30.00")


def test_a_channel_total_that_was_wrong_is_mended_by_an_edit(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9)
    number = desk.place({"MUG": 2}, total="20.00", door="channel", payment=PaymentForm(state="paid", amount="15.00"))
    assert sorted(desk.floor.exceptions()) == ["payment_differs", "totals"]
    answer = desk.edit(number, total="15.00")
    assert (answer.holds, answer.state, desk.floor.exceptions()) == ([], "allocated", [])


def invoice(desk: Desk) -> None:
    """Invoice what was shipped, as the worker does."""
    from orderwright.business.deeds.invoice import issue_invoices
    from orderwright.database.tasks import Task

    with desk.floor.begin() as tx:
        parcels = tx.rows("SELECT id::text FROM parcel WHERE state = 'shipped'")
        issue_invoices(tx, [Task("", "issue_invoice", row.id, 1, "running", {}) for row in parcels])


def receivable(desk: Desk) -> int:
    return int(desk.floor.value(
        "SELECT sum(amount_minor)::bigint FROM ledger_entry WHERE account = 'receivable'"
    ))  # fmt: skip


def priced(unit_price: str) -> list[LineForm]:
    return [LineForm(sku="MUG", quantity=2, unit_price=unit_price, reference="1")]
