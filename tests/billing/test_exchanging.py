"""Another size instead of money: kept aside at once, let go when the return is settled, paid for to the cent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.exchanging.ending import end_exchanges, lapse_exchanges
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.paying.checkouts import CheckoutPaid, record_checkouts
from orderwright.business.deeds.paying.links import MakePayLink, make_pay_links
from orderwright.business.deeds.settle import settle_orders
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import DiscountForm, PaymentForm
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    EndExchange,
    InspectedLine,
    InspectReturn,
    ReceivedLine,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.business.returns.rules import UnitPrice, price_in_exchange
from orderwright.database.tasks import Task
from orderwright.links.payments.practice import PracticeGateway
from tests.billing.test_settling import call
from tests.floor import Floor, done, refused


@pytest.fixture
def shop(floor: Floor) -> Floor:
    """Tees in three sizes, one of them dearer, one of them cheaper."""
    for size, price in (("S", "7.50"), ("M", "7.50"), ("L", "9.00"), ("XS", "6.00")):
        floor.product(f"TEE-{size}", price=price, family="TEES", options={"size": size})
    floor.stock("LEEDS", **{"TEE-S": 5, "TEE-M": 2, "TEE-L": 5, "TEE-XS": 5, "MUG": 5})
    return floor


def shipped(shop: Floor, units: dict[str, int], **changes: Any) -> str:
    """An order that left and was invoiced."""
    number = str(shop.place(units, **changes).number)
    shop.shipped(number)
    invoice(shop)
    return number


def invoice(shop: Floor) -> None:
    with shop.begin() as tx:
        parcels = tx.rows("SELECT id::text FROM parcel WHERE shipped_at IS NOT NULL")
        issue_invoices(tx, [Task("", "issue_invoice", row.id, 1, "running", {}) for row in parcels])


def ask(shop: Floor, number: str, *lines: tuple[int, int, str]) -> Any:
    asked = [AskedLine(position, units, "unwanted", exchange=sku) for position, units, sku in lines]
    return shop.run(ask_returns, AskReturn(number=number, lines=asked, actor="test"))[0]


def take_back(shop: Floor, back: Any, came: int | None = None) -> Any:
    """Receive, inspect and settle a return; of its first line `came` units. How it stands."""
    told = [] if came is None else [ReceivedLine(1, came)]
    [now] = done(shop.run(receive_returns, ReceiveReturn(return_id=back.id, lines=told, actor="test")))
    judged = [InspectedLine(each.line, restock=each.received) for each in now.lines]
    done(shop.run(inspect_returns, InspectReturn(return_id=back.id, lines=judged, actor="test")))
    [now] = done(shop.run(settle_returns, SettleReturn(return_id=back.id, actor="test")))
    return now


def money(shop: Floor, number: str) -> Any:
    """(captured, refunded or to be) of an order's payments, in all."""
    [row] = shop.rows(
        "SELECT coalesce(sum(p.captured_minor), 0)::int, coalesce(sum(p.refunded_minor), 0)::int"
        " + coalesce((SELECT sum(i.amount_minor) FROM intent i JOIN orders n ON n.id = i.order_id"
        "             WHERE n.number = %(number)s AND i.kind = 'refund' AND i.state = 'wanted'), 0)::int AS back"
        " FROM payment p JOIN orders o ON o.id = p.order_id WHERE o.number = %(number)s",
        number=number,
    )
    return tuple(row)


def state(shop: Floor, number: str) -> str:
    return str(shop.value("SELECT state FROM orders WHERE number = %(number)s", number=number))


def test_another_size_is_kept_aside_at_once_and_goes_out_once_the_return_is_settled(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back = ask(shop, number, (1, 2, "TEE-M"))
    other = back.exchange.order
    assert (back.exchange.state, state(shop, other), shop.counters("TEE-M", "LEEDS")) == ("waiting", "held", (2, 2))
    assert shop.exceptions() == []
    now = take_back(shop, back)
    assert (now.refund, now.exchange.state, now.exchange.carried) == ("15.00", "kept", "15.00")
    assert state(shop, other) == "allocated"
    assert (money(shop, number), money(shop, other)) == ((1500, 1500), (1500, 0))
    assert shop.rows("SELECT 1 FROM intent WHERE state = 'wanted'") == []
    shop.shipped(other)
    invoice(shop)
    assert shop.value("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'receivable'") == 0
    assert shop.facts(back.id) == [
        "return_asked", "exchange_wanted", "return_received", "return_inspected", "return_settled", "exchange_kept",
    ]  # fmt: skip
    assert shop.broken() == []


def test_a_cheaper_one_pays_back_what_is_left(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back = ask(shop, number, (1, 1, "TEE-XS"), (1, 1, ""))
    assert take_back(shop, back).exchange.carried == "6.00"
    assert (money(shop, number), money(shop, back.exchange.order)) == ((1500, 1500), (600, 0))
    assert shop.value("SELECT sum(amount_minor) FROM intent WHERE state = 'wanted'") == 900
    assert shop.broken() == []


def test_a_dearer_one_waits_for_the_difference(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 1})
    back = ask(shop, number, (1, 1, "TEE-L"))
    assert take_back(shop, back).exchange.carried == "7.50"
    assert state(shop, back.exchange.order) == "held"
    assert shop.rows("SELECT kind FROM hold WHERE released_at IS NULL") == [("payment",)]
    assert shop.exceptions() == ["payment"]
    assert shop.broken() == []


def test_a_discount_once_given_is_kept(shop: Floor) -> None:
    half = {"discounts": [DiscountForm(amount="7.50")], "total": "7.50"}
    number = shipped(shop, {"TEE-S": 2}, payment=PaymentForm(state="paid", amount="7.50"), **half)
    back = ask(shop, number, (1, 2, "TEE-M"))
    assert take_back(shop, back).exchange.carried == "7.50"
    assert (state(shop, back.exchange.order), money(shop, number)) == ("allocated", (750, 750))
    assert price_in_exchange(500, 100, 1, 0) == UnitPrice(600, 100)
    assert price_in_exchange(1000, 0, 3, 0) == UnitPrice(333, 0)
    assert price_in_exchange(500, 100, 1, 300) == UnitPrice(900, 150)
    assert price_in_exchange(500, 100, 1, -900) == UnitPrice(0, 0)
    assert price_in_exchange(0, 0, 2, 150) == UnitPrice(150, 0)


def test_for_what_did_not_come_nothing_goes_out(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back = ask(shop, number, (1, 2, "TEE-M"))
    now = take_back(shop, back, came=1)
    assert (now.refund, now.exchange.carried, shop.counters("TEE-M", "LEEDS")) == ("7.50", "7.50", (2, 1))
    other = shipped(shop, {"TEE-L": 1}, payment=PaymentForm(state="on_account"))
    nothing = take_back(shop, ask(shop, other, (1, 1, "TEE-XS")), came=0)
    assert (nothing.refund, nothing.exchange.state) == ("0.00", "over")
    assert shop.counters("TEE-XS", "LEEDS") == (5, 0)
    assert shop.broken() == []


def test_a_return_that_never_comes_frees_what_was_kept_aside_and_still_pays_when_it_does(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back = ask(shop, number, (1, 2, "TEE-M"))
    with shop.begin() as tx:
        lapse_exchanges(tx, [])
    assert shop.counters("TEE-M", "LEEDS") == (2, 2)
    with shop.begin() as tx:
        tx.write("UPDATE exchange SET lapses_at = %(then)s", then=tx.now - timedelta(seconds=1))
        lapse_exchanges(tx, [])
    assert (shop.counters("TEE-M", "LEEDS"), state(shop, back.exchange.order)) == ((2, 0), "cancelled")
    now = take_back(shop, back)
    assert (now.refund, now.exchange.state, money(shop, number)) == ("15.00", "over", (1500, 1500))
    assert shop.value("SELECT sum(amount_minor) FROM intent WHERE state = 'wanted'") == 1500
    assert shop.broken() == []


def test_money_instead_is_had_once_and_only_before_it_is_settled(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 2})
    back, second = ask(shop, number, (1, 1, "TEE-M")), ask(shop, number, (1, 1, ""))
    wanted = [EndExchange(return_id=each, actor="test") for each in (back.id, back.id, second.id, "x")]
    first, again, none, unknown = shop.run(end_exchanges, *wanted)
    assert (first.exchange.state, again.repeated, none.code, unknown.code) == (
        "over", True, "exchange_over", "not_found",
    )  # fmt: skip
    assert state(shop, back.exchange.order) == "cancelled"
    kept = ask(shop, shipped(shop, {"TEE-S": 1}), (1, 1, "TEE-M"))
    take_back(shop, kept)
    assert refused(shop.run(end_exchanges, EndExchange(return_id=kept.id, actor="test"))[0])[0] == "exchange_over"
    assert shop.broken() == []


def test_what_is_no_size_of_it_or_is_sold_out_is_refused_and_nothing_is_asked(shop: Floor) -> None:
    number = shipped(shop, {"TEE-S": 3})
    assert refused(ask(shop, number, (1, 1, "MUG"))) == ("not_a_variant", {"position": 1, "sku": "MUG"})
    assert refused(ask(shop, number, (1, 3, "TEE-M")))[0] == "short_stock"
    assert shop.rows("SELECT 1 FROM return_request") == []
    assert len(shop.rows("SELECT 1 FROM orders")) == 1
    assert ask(shop, number, (1, 1, "TEE-S")).exchange.lines[0].sku == "TEE-S"


def test_what_a_cancelled_replacement_had_cost_goes_back_the_way_it_came(shop: Floor, tmp_path: Path) -> None:
    paid = PaymentForm(state="paid", amount="7.50", reference="pi_tee")
    back = ask(shop, shipped(shop, {"TEE-S": 1}, payment=paid), (1, 1, "TEE-M"))
    take_back(shop, back)
    other = back.exchange.order
    done(shop.run(cancel_orders, CancelOrder(number=other, reason="x", actor="test")))
    asked: list[tuple[str, str, int]] = []

    def note(request: Any) -> None:
        asked.append((request.kind, request.reference, request.amount_minor))

    with shop.begin() as tx:
        settle_orders(tx, [shop.order_id(other)])
    assert call(shop, PracticeGateway(tmp_path / "gateway", note)) == 1
    assert asked == [("refund", "pi_tee", 750)]
    assert shop.value("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'cash'") == 0
    assert shop.broken() == []


def test_on_account_nothing_is_carried_and_it_goes_out_all_the_same(shop: Floor) -> None:
    back = ask(shop, shipped(shop, {"TEE-S": 1}, payment=PaymentForm(state="on_account")), (1, 1, "TEE-L"))
    assert state(shop, back.exchange.order) == "held"
    now = take_back(shop, back)
    assert (now.exchange.carried, state(shop, back.exchange.order)) == ("0.00", "allocated")
    assert shop.broken() == []


def test_the_difference_of_a_dearer_one_is_paid_by_a_link_once_it_is_known(shop: Floor) -> None:
    back = ask(shop, shipped(shop, {"TEE-S": 1}), (1, 1, "TEE-L"))
    other = back.exchange.order
    # Until what comes back is credited the whole price is missing, which nobody is to pay.
    too_early = refused(shop.one(make_pay_links, MakePayLink(order=other, actor="ann")))
    assert too_early == ("exchange_open", {"returned": back.number})
    assert shop.value("SELECT count(*) FROM pay_link") == 0
    take_back(shop, back)
    link = shop.one(make_pay_links, MakePayLink(order=other, actor="ann"))
    assert (link.state, link.amount, state(shop, other)) == ("open", "1.50", "held")
    paid = CheckoutPaid(id=link.id, gateway="practice", reference="pay:1", amount_minor=150, actor="customer")
    assert shop.one(record_checkouts, paid).state == "paid"
    assert (state(shop, other), money(shop, other)) == ("allocated", (900, 0))
    shop.shipped(other)
    invoice(shop)
    assert shop.value("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'receivable'") == 0
    assert shop.broken() == []
