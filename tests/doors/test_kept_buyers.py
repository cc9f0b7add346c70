"""Guests kept as customers over HTTP, by who may write customers and sees the order."""

from typing import Any

import pytest

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PutCustomer
from orderwright.business.orders.form import CustomerForm
from orderwright.values.ids import new_id
from tests.client import Client
from tests.doors.conftest import Served


@pytest.fixture
def number(served: Served) -> str:
    """A guest's order."""
    served.shop.stock("LEEDS", MUG=9)
    form = served.shop.form({"MUG": 1}, reference=f"G-{new_id()}", customer=CustomerForm(phone="+441134960123"))
    [placed] = served.shop.place_all([form])
    return str(placed.number)


@pytest.fixture
def call(served: Served) -> Client:
    return served.at("orders:read", "orders:write")


def owner_of(call: Client, number: str) -> Any:
    return call("GET", f"/v1/orders/{number}").json["customer_id"]


def test_a_guest_is_kept_once_and_the_order_says_whose_it_is(call: Client, number: str) -> None:
    assert owner_of(call, number) is None
    made, again = (call("POST", f"/v1/orders/{number}/customer") for _ in range(2))
    assert (made.status, made.json["is_new"], again.status) == (201, True, 200)
    assert made.json["key"] == again.json["key"] == owner_of(call, number)
    record = call("GET", f"/v1/customers/{made.json['key']}").json
    assert (record["customer"]["card"]["phone"], record["order_count"]) == ("+441134960123", 1)


def test_who_may_only_read_keeps_nobody(served: Served, call: Client, number: str) -> None:
    reply = served.at("orders:read")("POST", f"/v1/orders/{number}/customer")
    assert (reply.status, owner_of(call, number)) == (403, None)
    assert call("POST", "/v1/orders/OW-999999/customer").code == "not_found"
    assert call("POST", f"/v1/orders/{number}/customer", {"customer": 7}).code == "malformed"


def test_a_limited_key_keeps_neither_others_guests_nor_gives_orders_to_customers_it_does_not_see(
    served: Served, call: Client, number: str
) -> None:
    """A customer whose order one may see is seen from then on, with their address: so it cannot be anybody."""
    stranger = new_id()
    served.shop.run(put_customers, PutCustomer(id=stranger, card=CustomerCard(name="A. Stranger"), actor="test"))
    path, named = f"/v1/orders/{number}/customer", {"customer": stranger}
    for limits in ({"channels": ["market"]}, {"sites": ["KENT"]}):
        elsewhere = served.at("orders:read", "orders:write", **limits)
        assert [elsewhere("POST", path).code, elsewhere("POST", path, named).code] == ["forbidden"] * 2
    mine = served.at("orders:read", "orders:write", channels=["web"], sites=["LEEDS"])
    assert mine("POST", path, named).code == "forbidden"
    assert owner_of(call, number) is None
    assert mine("POST", path).status == 201
    assert call("POST", path, named).code == "order_step"
