"""What was sent in place of something is exchanged too: paid for as the first order was, by whom it was for."""

from datetime import timedelta
from typing import Any

import pytest

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PutCustomer
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.customer_view import preview_open_return
from orderwright.business.deeds.exchanging import ending
from orderwright.business.deeds.exchanging.ending import end_exchanges, lapse_exchanges
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.reship import Reship, reship_parcels
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.returns.forms import EndExchange, ReceiveReturn
from orderwright.business.returns.reads import returns_by_id
from orderwright.values.ids import new_id
from tests.billing.test_exchanging import ask, invoice, money, shipped, state, take_back
from tests.floor import Floor, done, refused

ON_ACCOUNT = PaymentForm(state="on_account")


@pytest.fixture
def shop(floor: Floor) -> Floor:
    """Tees of one family, one of them of gold."""
    for size, price in (("S", "7.50"), ("M", "7.50"), ("GOLD", "900.00")):
        floor.product(f"TEE-{size}", price=price, family="TEES", options={"size": size})
    floor.stock("LEEDS", **{"TEE-S": 5, "TEE-M": 5, "TEE-GOLD": 5})
    return floor


def exchanged(shop: Floor, number: str, sku: str) -> str:
    """An order of one is exchanged for something; the number of what goes out."""
    back = ask(shop, number, (1, 1, sku))
    take_back(shop, back)
    return str(back.exchange.order)


def sent(shop: Floor, number: str) -> str:
    shop.shipped(number)
    invoice(shop)
    return number


def reshipped(shop: Floor, number: str) -> str:
    """The only parcel of an order is lost and sent again; the number of what goes again."""
    parcel = shop.shipped(number)
    invoice(shop)
    with shop.store.read() as tx:
        at = tx.now + timedelta(hours=1)
    shop.at(at)
    done([shop.scan(shop.parcel(parcel.id).tracking_code, "lost", at)])
    return str(done(shop.run(reship_parcels, Reship(parcel_id=parcel.id, actor="test")))[0].order)


def holds(shop: Floor, number: str) -> list[str]:
    rows = shop.rows(
        "SELECT h.kind FROM hold h JOIN orders o ON o.id = h.order_id WHERE o.number = %(number)s"
        " AND h.released_at IS NULL",
        number=number,
    )
    return [row.kind for row in rows]


def test_an_exchange_of_what_came_in_exchange_waits_for_the_difference_as_the_first_did(shop: Floor) -> None:
    second = sent(shop, exchanged(shop, shipped(shop, {"TEE-S": 1}), "TEE-M"))
    gold = exchanged(shop, second, "TEE-GOLD")
    assert (state(shop, gold), holds(shop, gold)) == ("held", ["payment"])
    assert shop.broken() == []


def test_an_exchange_of_what_was_sent_again_waits_for_the_difference_too(shop: Floor) -> None:
    again = sent(shop, reshipped(shop, shop.place({"TEE-S": 1}).number))
    gold = exchanged(shop, again, "TEE-GOLD")
    assert (state(shop, gold), holds(shop, gold)) == ("held", ["payment"])
    third = sent(shop, reshipped(shop, exchanged(shop, shipped(shop, {"TEE-S": 1}), "TEE-M")))
    assert holds(shop, exchanged(shop, third, "TEE-GOLD")) == ["payment"]
    assert shop.broken() == []


def test_what_was_on_account_first_stays_on_account_however_often_it_is_replaced(shop: Floor) -> None:
    first = shipped(shop, {"TEE-S": 1}, payment=ON_ACCOUNT)
    gold = exchanged(shop, sent(shop, exchanged(shop, first, "TEE-M")), "TEE-GOLD")
    assert (state(shop, gold), holds(shop, gold)) == ("allocated", [])
    again = sent(shop, reshipped(shop, shop.place({"TEE-S": 1}, payment=ON_ACCOUNT).number))
    assert holds(shop, exchanged(shop, again, "TEE-GOLD")) == []
    assert shop.broken() == []


def customer_of(shop: Floor, number: str) -> Any:
    return shop.value("SELECT customer_id::text FROM orders WHERE number = %(number)s", number=number)


def test_what_replaces_an_order_is_of_whom_the_order_is(shop: Floor) -> None:
    who = new_id()
    done(shop.run(put_customers, PutCustomer(id=who, card=CustomerCard(name="A. Lee"), actor="test")))
    forms = [shop.form({"TEE-S": 1}, customer=CustomerForm(name="A. Lee")) for _ in range(2)]
    first, second = done(shop.run(place_orders, *[PlaceOrder(each, "test", customer=who) for each in forms]))
    sent(shop, first.number)
    assert customer_of(shop, exchanged(shop, first.number, "TEE-M")) == who
    assert customer_of(shop, reshipped(shop, second.number)) == who


def test_who_changed_their_address_meanwhile_is_no_second_person(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    who = customer_of(shop, number)
    card = CustomerCard(name="A. Buyer", email="elsewhere@example.org")
    done(shop.run(put_customers, PutCustomer(id=who, card=card, actor="test")))
    before = shop.value("SELECT count(*) FROM customer")
    assert customer_of(shop, exchanged(shop, number, "TEE-M")) == who
    assert shop.value("SELECT count(*) FROM customer") == before


def expected(shop: Floor, number: str, back: Any) -> Any:
    with shop.store.read() as tx:
        [now] = returns_by_id(tx, [back.id]).values()
        return preview_open_return(tx, shop.order_id(number), now)


def cancelled(shop: Floor, number: str, *lines: LineUnits) -> None:
    done(shop.run(cancel_orders, CancelOrder(number=number, reason="x", lines=list(lines) or None, actor="test")))


def test_nobody_is_promised_what_was_cancelled_in_between(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back = ask(shop, number, (1, 2, "TEE-M"))
    cancelled(shop, back.exchange.order, LineUnits(1, 1))
    preview = expected(shop, number, back)
    assert ([(each.sku, each.quantity) for each in preview.exchanges], preview.refund) == ([("TEE-M", 1)], "7.50")
    cancelled(shop, back.exchange.order)
    preview = expected(shop, number, back)
    assert (preview.exchanges, preview.refund) == ([], "15.00")
    now = take_back(shop, back)
    assert (now.refund, now.exchange.state, money(shop, number)) == ("15.00", "over", (1500, 1500))
    assert shop.broken() == []


def test_a_parcel_booked_in_while_exchanges_lapse_keeps_its_exchange(shop: Floor, monkeypatch: Any) -> None:
    back = ask(shop, shipped(shop, {"TEE-S": 1}), (1, 1, "TEE-M"))
    done(shop.run(receive_returns, ReceiveReturn(return_id=back.id, actor="test")))
    late = EndExchange(return_id=back.id, reason="nothing_came", if_nothing_came=True, actor="worker")
    assert refused(shop.one(end_exchanges, late)) == ("return_step", {"state": "received"})
    # The hourly task found it before the bench booked the parcel.
    monkeypatch.setattr(ending, "lapsed_exchanges", lambda tx, limit: [back.id])
    with shop.begin() as tx:
        lapse_exchanges(tx, [])
    assert (state(shop, back.exchange.order), shop.counters("TEE-M", "LEEDS")) == ("held", (5, 1))
    assert shop.run(end_exchanges, EndExchange(return_id=back.id, actor="test"))[0].exchange.state == "over"
