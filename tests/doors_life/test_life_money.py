"""Money over HTTP: told, captured, invoiced, paid back; every amount to the cent."""

from typing import Any

import pytest

from orderwright.business.orders.form import PaymentForm, ShippingForm
from tests.doors_life.conftest import Life


def authorised(life: Life, units: dict[str, int], total: str) -> str:
    """An order with shipping at 3.95, authorised at a gateway."""
    payment = PaymentForm(state="authorised", gateway="stripe", reference=f"pi-{total}-{id(units)}", amount=total)
    return life.place(units, shipping=ShippingForm(price="3.95"), total=total, payment=payment)


def figures(balance: dict[str, Any]) -> dict[str, str]:
    names = ("worth", "invoiced", "credited", "authorised", "captured", "refunded", "due")
    return {name: balance[name] for name in names if balance[name] != "0.00"}


def test_what_was_authorised_is_captured_when_it_leaves(life: Life) -> None:
    number = authorised(life, {"MUG": 2, "TEE": 1}, "26.45")
    path = f"/v1/orders/{number}/balance"
    assert figures(life.get(path)) == {"worth": "26.45", "authorised": "26.45", "due": "26.45"}
    parcel = life.labelled(number)
    life.done(f"/v1/parcels/{parcel['id']}/hand-over", {})
    life.work()
    balance = life.get(path)
    assert figures(balance) == {"worth": "26.45", "invoiced": "26.45", "authorised": "26.45", "captured": "26.45"}
    [payment] = balance["payments"]
    assert (payment["gateway"], payment["state"]) == ("stripe", "captured")
    assert payment["pending"] == {"capture": "0.00", "refund": "0.00", "void": "0.00"}
    [paper] = balance["papers"]
    assert (paper["kind"], paper["total"]) == ("invoice", "26.45")
    printed = life.get(f"/v1/invoices/{paper['number']}")
    assert (printed["order"], printed["goods"], printed["shipping"], printed["tax"]) == (
        number, "22.50", "3.95", "0.00",
    )  # fmt: skip
    assert [(each["position"], each["sku"], each["title"], each["units"], each["goods"]) for each in printed["lines"]
            ] == [(1, "MUG", "Mug", 2, "15.00"), (2, "TEE", "Tee", 1, "7.50")]  # fmt: skip


def test_what_a_gateway_has_not_answered_yet_is_pending(life: Life) -> None:
    number = life.place({"MUG": 2})
    life.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
    life.done(f"/v1/orders/{number}/refunds", {"amount": "1.00", "reason": "x", "reference": "1"})
    balance = life.get(f"/v1/orders/{number}/balance")
    [payment] = balance["payments"]
    # The order is worth nothing any more, so all of it goes back at once; the credit is part of that.
    assert (payment["captured"], payment["refunded"], payment["pending"]["refund"]) == ("15.00", "0.00", "15.00")
    life.work()
    balance = life.get(f"/v1/orders/{number}/balance")
    assert (balance["payments"][0]["state"], balance["refunded"]) == ("refunded", "15.00")


def test_a_payment_covers_an_order_once(life: Life) -> None:
    number = life.place({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    path = f"/v1/orders/{number}/payments"
    body = {"state": "paid", "amount": "10.00", "gateway": "bank", "reference": f"T-{number}"}
    first = life.post(path, body)
    assert (first.status, first.json) == (201, {"number": number, "covered": "10.00", "missing": "5.00"})
    before = life.snapshot()
    again = life.post(path, body)
    assert (again.status, again.json["repeated"], life.snapshot()) == (200, True, before)
    facts = {"gateway": "bank", "reference": f"T-{number}"}
    assert life.refused(path, {**body, "amount": "11.00"}) == (409, "payment_differs", facts)
    assert life.state(number) == "held"
    rest = life.done(path, {**body, "amount": "5.00", "reference": f"U-{number}"})
    assert (rest["missing"], life.state(number)) == ("0.00", "allocated")


def test_goodwill_is_credited_and_paid_back_once(life: Life) -> None:
    number = life.place({"MUG": 2})
    path = f"/v1/orders/{number}/refunds"
    body = {"amount": "5.00", "reason": "Late delivery", "reference": "G-1"}
    first = life.post(path, body)
    assert (first.status, first.json["amount"]) == (201, "5.00")
    note = life.get(f"/v1/invoices/{first.json['credit_note']}")
    assert (note["kind"], note["total"], [line["title"] for line in note["lines"]]) == (
        "credit_note", "5.00", ["Late delivery"],
    )  # fmt: skip
    life.work()
    before = life.snapshot()
    again = life.post(path, body)
    assert (again.status, again.json, life.snapshot()) == (200, {**first.json, "repeated": True}, before)
    assert life.refused(path, {**body, "amount": "6.00"}) == (
        409, "refund_differs", {"reference": "G-1", "amount": "5.00"},
    )  # fmt: skip
    more = life.refused(path, {**body, "amount": "10.01", "reference": "G-2"})
    assert more == (422, "refund_too_much", {"possible": "10.00"})
    assert figures(life.get(f"/v1/orders/{number}/balance")) == {
        "worth": "15.00", "credited": "5.00", "authorised": "15.00", "captured": "15.00", "refunded": "5.00",
    }  # fmt: skip


@pytest.mark.parametrize("amount", ["-1.00", "1e3", "NaN", "", "1,00", 5])
def test_an_amount_that_is_none_is_refused(life: Life, amount: object) -> None:
    number = life.place({"MUG": 1})
    bodies = {
        "payments": {"state": "paid", "amount": amount, "gateway": "bank", "reference": "1"},
        "refunds": {"amount": amount, "reason": "x", "reference": "1"},
    }
    for deed, body in bodies.items():
        status, code, facts = life.refused(f"/v1/orders/{number}/{deed}", body)
        assert (status, code, facts["findings"][0]["pointer"]) == (422, "malformed", "/amount")


@pytest.mark.parametrize("amount", ["0.00", "1.005"])
def test_an_amount_the_currency_does_not_have_is_refused(life: Life, amount: str) -> None:
    number = life.place({"MUG": 1})
    for deed, body in (
        ("payments", {"state": "paid", "amount": amount, "gateway": "bank", "reference": "1"}),
        ("refunds", {"amount": amount, "reason": "x", "reference": "1"}),
    ):
        assert life.refused(f"/v1/orders/{number}/{deed}", body) == (422, "bad_amount", {"given": amount})


@pytest.mark.parametrize("number", ["INV-999999", "INV-", "INV", "XX-000001", "INV-" + "9" * 40, "INV-1.5"])
def test_a_paper_there_is_none_of(life: Life, number: str) -> None:
    assert life.call("GET", f"/v1/invoices/{number}").code == "not_found"


def test_money_of_an_order_there_is_none_of(life: Life) -> None:
    assert life.call("GET", "/v1/orders/OW-0/balance").code == "not_found"
    body = {"state": "paid", "amount": "1.00", "gateway": "bank", "reference": "1"}
    assert life.refused("/v1/orders/OW-0/payments", body)[:2] == (404, "not_found")
    body = {"amount": "1.00", "reason": "x", "reference": "1"}
    assert life.refused("/v1/orders/OW-0/refunds", body)[:2] == (404, "not_found")
