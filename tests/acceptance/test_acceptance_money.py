"""Step 4, by calls and commands alone: money and returns, to the cent at every step."""

from typing import Any

import pytest

from tests.acceptance.conftest import House, until

LINES = [
    {"reference": "a", "sku": "MUG", "quantity": 3, "unit_price": "3.3333", "tax": "2.00"},
    {"reference": "b", "sku": "TEE", "quantity": 1, "unit_price": "5.00", "tax": "1.00"},
]


def balance(house: House, number: str) -> dict[str, str]:
    told = house.get(f"/v1/orders/{number}/balance")
    names = ("worth", "invoiced", "credited", "authorised", "captured", "refunded", "due")
    return {name: told[name] for name in names if told[name] != "0.00"}


def settled(house: House, number: str, **amounts: str) -> None:
    """Wait until the worker brought an order's money to this."""
    until(lambda: balance(house, number) == amounts, f"{amounts}, not {balance(house, number)}")


def ordered(house: House, state: str, reference: str) -> str:
    """An order of 10.00 + 5.00 goods, 1.00 discount, 4.99 shipping, 4.00 tax: 22.99."""
    house.stock("LEEDS", MUG=3, TEE=1)
    payment = {"state": state, "gateway": "stripe", "reference": reference, "amount": "22.99"}
    return str(house.place(
        {"MUG": 1}, lines=LINES, discounts=[{"amount": "1.00"}], shipping={"price": "4.99", "tax": "1.00"},
        total="22.99", payment=payment,
    )["number"])  # fmt: skip


def shipped(house: House, number: str) -> None:
    """Walk an order of one fulfilment out of the door."""
    id_ = house.get(f"/v1/orders/{number}")["fulfilments"][0]["id"]
    house.done(f"/v1/fulfilments/{id_}/release")
    for task in house.get(f"/v1/fulfilments/{id_}/pick-list")["tasks"]:
        house.done(f"/v1/pick-tasks/{task['id']}/pick", {"quantity": task["quantity"]})
    [parcel] = house.done(f"/v1/fulfilments/{id_}/pack", {})["parcels"]
    house.done(f"/v1/parcels/{parcel['id']}/label")
    house.done(f"/v1/parcels/{parcel['id']}/hand-over", {})


def papers(house: House, number: str) -> list[tuple[str, str]]:
    return [(each["number"], each["total"]) for each in house.get(f"/v1/orders/{number}/balance")["papers"]]


@pytest.fixture(scope="module", autouse=True)
def prices(house: House) -> None:
    house.product("MUG", "3.33")
    house.product("TEE", "5.00")


def test_capture_return_and_refund_add_up_to_the_cent(house: House) -> None:
    number = ordered(house, "authorised", "pi_1")
    assert balance(house, number) == {"worth": "22.99", "authorised": "22.99", "due": "22.99"}
    shipped(house, number)
    paid = {"worth": "22.99", "invoiced": "22.99", "authorised": "22.99", "captured": "22.99"}
    settled(house, number, **paid)
    [(invoice, _)] = papers(house, number)
    assert invoice == "INV-000001"
    printed = house.get(f"/v1/invoices/{invoice}")
    # The discount is shared 0.67 to 0.33, by what the lines come to.
    assert [(each["sku"], each["units"], each["goods"], each["tax"]) for each in printed["lines"]] == [
        ("MUG", 3, "9.33", "2.00"), ("TEE", 1, "4.67", "1.00"),
    ]  # fmt: skip
    assert (printed["goods"], printed["shipping"], printed["tax"], printed["total"]) == (
        "14.00", "4.99", "4.00", "22.99",
    )  # fmt: skip

    # One mug comes back, is restocked and credited; then the other two, of which one is scrap.
    stock = house.level("MUG")
    ask = {"order": number, "lines": [{"reference": "a", "quantity": 1, "reason": "damaged"}]}
    told = house.done("/v1/returns", ask)
    path = f"/v1/returns/{told['id']}"
    assert house.refused(f"{path}/settle", {}) == (409, "return_step")
    house.done(f"{path}/receive", {})
    assert house.refused(f"{path}/inspect", {"lines": [{"line": 1, "restock": 2}]}) == (422, "inspection_differs")
    house.done(f"{path}/inspect", {"lines": [{"line": 1, "restock": 1}]})
    done = house.done(f"{path}/settle", {})
    assert (done["refund"], done["credit_note"]) == ("3.78", "CN-000001")
    assert house.done(f"{path}/settle", {})["repeated"]
    settled(house, number, **paid, credited="3.78", refunded="3.78")
    assert house.level("MUG")[0] == stock[0] + 1

    assert house.refused("/v1/returns", {**ask, "lines": [{"reference": "a", "quantity": 3}]}) == (
        422, "return_too_much",
    )  # fmt: skip
    told = house.done("/v1/returns", {**ask, "lines": [{"reference": "a", "quantity": 2}]})
    path = f"/v1/returns/{told['id']}"
    house.done(f"{path}/receive", {})
    house.done(f"{path}/inspect", {"lines": [{"line": 1, "restock": 1, "scrap": 1}]})
    assert house.done(f"{path}/settle", {"refund_shipping": True})["refund"] == "13.54"  # 7.55 + 4.99 + 1.00
    settled(house, number, **paid, credited="17.32", refunded="17.32")
    assert papers(house, number) == [("INV-000001", "22.99"), ("CN-000001", "3.78"), ("CN-000002", "13.54")]
    assert house.get(f"/v1/orders/{number}")["state"] == "partially_returned"
    rows = house.get(f"/v1/returns?order={number}")["items"]
    assert [(row["state"], row["refund"]) for row in rows] == [("settled", "13.54"), ("settled", "3.78")]


def test_what_was_paid_before_goes_back_when_the_order_shrinks(house: House) -> None:
    number = ordered(house, "paid", "pi_2")
    assert balance(house, number) == {"worth": "22.99", "authorised": "22.99", "captured": "22.99"}
    house.done(f"/v1/orders/{number}/cancel", {"reason": "too_many", "lines": [{"reference": "a", "quantity": 2}]})
    # One mug is left: 3.11 and 0.67 tax, with the shirt 4.67 and 1.00, shipping 4.99 and 1.00.
    settled(house, number, worth="15.44", authorised="22.99", captured="22.99", refunded="7.55")
    house.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
    settled(house, number, authorised="22.99", captured="22.99", refunded="22.99")
    [payment] = house.get(f"/v1/orders/{number}/balance")["payments"]
    assert (payment["state"], payment["pending"]["refund"]) == ("refunded", "0.00")
    assert papers(house, number) == []


def test_what_was_only_authorised_is_let_go(house: House) -> None:
    number = ordered(house, "authorised", "pi_3")
    house.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
    payment = until(
        lambda: next((each for each in house.get(f"/v1/orders/{number}/balance")["payments"]
                      if each["state"] == "voided"), None), "the authorisation is let go",
    )  # fmt: skip
    assert (payment["voided"], payment["captured"]) == ("22.99", "0.00")


def test_goodwill_and_bank_transfers_count_once(house: House) -> None:
    house.stock("LEEDS", HAT=2)
    number = house.place({"HAT": 2}, payment={"state": "unpaid"})["number"]
    transfer = {"state": "paid", "amount": "15.00", "gateway": "bank", "reference": "T-77"}
    path = f"/v1/orders/{number}"
    first, again = house.post(f"{path}/payments", transfer), house.post(f"{path}/payments", transfer)
    assert (first.status, again.status, again.json["repeated"]) == (201, 200, True)
    assert house.refused(f"{path}/payments", {**transfer, "amount": "14.00"}) == (409, "payment_differs")
    assert house.get(path)["state"] == "allocated"
    refund = {"amount": "2.50", "reason": "Late delivery", "reference": "G-1"}
    keyed: dict[str, Any] = {"idempotency_key": "g-1"}
    told = house.post(f"{path}/refunds", refund, **keyed)
    assert (told.status, told.json["amount"]) == (201, "2.50")
    assert house.post(f"{path}/refunds", refund, **keyed).content == told.content
    assert house.done(f"{path}/refunds", refund)["repeated"]
    assert house.refused(f"{path}/refunds", {**refund, "amount": "3.00"}) == (409, "refund_differs")
    assert house.refused(f"{path}/refunds", {**refund, "amount": "12.51", "reference": "G-2"}) == (
        422, "refund_too_much",
    )  # fmt: skip
    settled(house, number, worth="15.00", credited="2.50", authorised="15.00", captured="15.00", refunded="2.50")
    note = house.told("GET", f"/v1/invoices/{told.json['credit_note']}")
    assert (note["order"], note["total"], note["lines"][0]["title"]) == (number, "2.50", "Late delivery")
