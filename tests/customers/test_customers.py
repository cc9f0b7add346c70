"""Customers and the prices they buy at: kept, changed, found, and what an order of theirs costs."""

from datetime import timedelta
from typing import Any

import pytest

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import (
    CustomerCard,
    JoinCustomer,
    PriceForm,
    PriceListForm,
    PriceQuery,
    PutCustomer,
    PutPrice,
    PutPriceList,
)
from orderwright.business.customers.price_lists import put_price_lists, put_prices
from orderwright.business.customers.price_reads import list_prices
from orderwright.business.customers.reads import get_customer
from orderwright.business.deeds.customer_record import get_customer_record
from orderwright.business.deeds.previewing import preview
from orderwright.business.deeds.quoting import make_quotes, order_quotes, place_drafts
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.orders.customer_list import CustomerQuery, list_customers
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, OrderQuote, PlaceDraft
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.shop import HOME, Shop


@pytest.fixture
def desk(shop: Shop) -> Shop:
    shop.stock("LEEDS", MUG=50, TEE=50)
    return shop


def put(desk: Shop, id_: str = "", version: int | None = None, **card: Any) -> Any:
    return desk.run(
        put_customers, PutCustomer(id=id_ or new_id(), card=CustomerCard(**card), version=version, actor="ann")
    )[0]


def trade(desk: Shop, code: str = "TRADE", **changes: Any) -> None:
    told: dict[str, Any] = {"name": "Trade prices", "currency": "GBP", **changes}
    desk.run(put_price_lists, PutPriceList(code=code, form=PriceListForm(**told), actor="ann"))
    desk.run(put_prices, PutPrice(price_list=code, sku="MUG", form=PriceForm(price="2.345678"), actor="ann"))


def draft(**changes: Any) -> DraftForm:
    told: dict[str, Any] = {
        "channel": "web", "ship_to": HOME, "payment": "on_account", "lines": [DraftLine(sku="MUG", quantity=100)],
    }  # fmt: skip
    return DraftForm(**{**told, **changes})


def found(desk: Shop, q: str) -> list[str]:
    with desk.store.read() as tx:
        return [each.name for each in list_customers(tx, CustomerQuery(q=q)).items]


def test_a_customer_is_written_down_changed_and_every_change_is_kept(desk: Shop):
    id_ = new_id()
    address = AddressForm(lines=["1 High St"], city="Leeds", postal_code="ls11aa", country="GB")
    saved = put(desk, id_, name=" Ada ", email="Ada@Example.org", addresses=[address, AddressForm(country="GB")])
    assert (saved.version, saved.is_new) == (1, True)
    assert put(desk, id_, version=1, name="Ada", phone="+441134960000").version == 2
    with desk.store.read() as tx:
        record = get_customer_record(tx, id_)
    assert record.customer.card == CustomerCard(name="Ada", phone="+441134960000")
    assert [(each.before is None, each.actor) for each in record.changes] == [(False, "ann"), (True, "ann")]
    assert record.changes[0].before["email"] == "Ada@Example.org"
    assert record.changes[0].after["email"] == ""


def test_another_usual_address_is_a_change_that_is_kept_with_who_made_it(desk: Shop):
    id_ = new_id()
    leeds, york, hull = (AddressForm(city=city, country="GB") for city in ("Leeds", "York", "Hull"))
    put(desk, id_, name="Ada", addresses=[leeds, york])
    assert put(desk, id_, name="Ada", addresses=[york, leeds]).version == 2
    assert put(desk, id_, name="Ada", addresses=[hull, york, leeds]).version == 3
    assert put(desk, id_, name="Ada", addresses=[hull, york, leeds]).version == 4
    with desk.store.read() as tx:
        changes = get_customer_record(tx, id_).changes
    told = [
        [[each["city"] for each in side["addresses"]] for side in (change.before, change.after)]
        for change in changes[:-1]
    ]
    assert told == [[["York", "Leeds"], ["Hull", "York", "Leeds"]], [["Leeds", "York"], ["York", "Leeds"]]]
    assert [(set(change.after), change.actor) for change in changes[:-1]] == [({"addresses"}, "ann")] * 2


def test_what_is_wrong_with_a_card_is_told_at_its_fields_and_nothing_is_written(desk: Shop):
    put(desk, name="Ada", email="ada@example.org")
    before = desk.counts()
    wrong = [
        (put(desk), "/name"), (put(desk, email="ada"), "/email"),
        (put(desk, name="B", email="ADA@example.org"), "/email"),
        (put(desk, phone="+44 1"), "/phone"), (put(desk, name="B", price_list="NONE"), "/price_list"),
        (put(desk, name="B", addresses=[AddressForm(country="", city="X")]), "/addresses/0/country"),
        (put(desk, "no-id", name="B"), "/id"),
    ]  # fmt: skip
    assert [[each["pointer"] for each in refusal.facts["findings"]] for refusal, _ in wrong] == [
        [pointer] for _, pointer in wrong
    ]
    assert wrong[2][0].code == "email_taken"
    assert desk.counts() == before


def test_two_who_change_one_customer_are_told_apart_by_the_version(desk: Shop):
    id_ = new_id()
    assert put(desk, id_, version=0, name="Ada").version == 1
    assert put(desk, id_, version=0, name="Bob").code == "stale"
    assert put(desk, id_, version=1, name="Bob").version == 2


def test_customers_are_found_by_name_surname_e_mail_phone_and_postcode_page_by_page(desk: Shop):
    address = AddressForm(postal_code="yo19tt", city="York", country="GB")
    put(desk, name="Ada Lovelace", email="ada@example.org", phone="+44 113 496 0001", addresses=[address])
    put(desk, name="Grace Hopper", email="grace@example.org")
    for typed in ("ada", "lovel", "ada@ex", "0113 4960001", "960001", "yo1 9"):
        assert found(desk, typed) == ["Ada Lovelace"], typed
    assert (found(desk, ""), found(desk, "a"), found(desk, "a\0b")) == (["Grace Hopper", "Ada Lovelace"], [], [])
    with desk.store.read() as tx:
        first = list_customers(tx, CustomerQuery(limit=1))
        second = list_customers(tx, CustomerQuery(limit=1, after=first.next))
        assert [first.items[0].name, second.items[0].name, second.next] == ["Grace Hopper", "Ada Lovelace", None]
        assert list_customers(tx, CustomerQuery(q="ada"), channels={"web"}).items == []


def test_a_price_list_keeps_its_currency_once_it_has_prices_and_prices_come_and_go(desk: Shop):
    trade(desk)
    change = PutPriceList(code="TRADE", form=PriceListForm(name="T", currency="EUR"), actor="ann")
    assert desk.run(put_price_lists, change)[0].facts["findings"][0]["pointer"] == "/currency"
    prices = [("MUG", "2.345678"), ("MUG", "3"), ("TEE", "4"), ("MUG", None), ("NOPE", "1")]
    told = desk.run(
        put_prices, *[PutPrice(price_list="TRADE", sku=s, form=PriceForm(price=p), actor="ann") for s, p in prices]
    )
    assert [getattr(each, "what", "refused") for each in told] == ["same", "changed", "new", "gone", "refused"]
    with desk.store.read() as tx:
        assert [(each.sku, each.price) for each in list_prices(tx, "TRADE", PriceQuery()).items] == [("TEE", "4.00")]
    kept = desk.rows("SELECT name, before, after FROM house_change WHERE kind = 'price' ORDER BY id")
    assert kept[1:] == [("TRADE MUG", '"2.345678"', None), ("TRADE TEE", None, '"4"')]


def test_a_customer_s_own_prices_are_those_of_their_orders_and_hold_none(desk: Shop):
    trade(desk)
    id_ = new_id()
    put(desk, id_, name="Corner Shop", email="corner@example.org", price_list="TRADE", pays_within_days=30)
    form = draft(customer=CustomerForm(email="corner@example.org"))
    with desk.store.read() as tx:
        ahead = preview(tx, form, "TEL-1", "ann")
    assert (ahead.total, ahead.lines[0].unit_price, ahead.lines[0].is_agreed) == ("234.57", "2.345678", True)
    assert ahead.agreed is not None
    assert (ahead.agreed.name, ahead.agreed.pays_within_days) == ("Trade prices", 30)
    [placed] = desk.run(place_drafts, PlaceDraft(id=new_id(), form=form, total="234.57", anyway=True, actor="ann"))
    assert "price" not in placed.holds
    with desk.store.read() as tx:
        record = get_customer_record(tx, id_)
    assert (record.order_count, record.orders.items[0].number) == (1, placed.number)


def test_the_same_price_from_somebody_who_agreed_nothing_is_doubted(desk: Shop):
    trade(desk)
    line = DraftLine(sku="MUG", unit_price="2.345678")
    form = draft(customer=CustomerForm(email="other@example.org"), lines=[line])
    [refused] = desk.run(place_drafts, PlaceDraft(id=new_id(), form=form, actor="ann"))
    assert [each.code for each in refused.facts["findings"]] == ["price_off"]


@pytest.mark.parametrize("changes", [{"valid_from": 1}, {"valid_until": -1}, {"currency": "EUR"}])
def test_a_list_out_of_its_days_or_in_another_currency_prices_nothing(desk: Shop, changes: dict[str, Any]):
    with desk.store.read() as tx:
        day = tx.now.date()
    told = {name: day + timedelta(days=each) if isinstance(each, int) else each for name, each in changes.items()}
    trade(desk, **told)
    put(desk, name="Corner Shop", email="corner@example.org", price_list="TRADE")
    with desk.store.read() as tx:
        ahead = preview(tx, draft(customer=CustomerForm(email="corner@example.org")), "TEL-1", "ann")
    assert (ahead.total, ahead.lines[0].is_agreed) == ("750.00", False)


def test_a_chosen_customer_without_an_e_mail_address_keeps_their_orders_and_quotes(desk: Shop):
    trade(desk)
    id_ = new_id()
    put(desk, id_, name="Market Stall", phone="+441134960002", price_list="TRADE")
    form = draft(buyer=id_, customer=CustomerForm(phone="+441134960002"))
    [placed] = desk.run(place_drafts, PlaceDraft(id=new_id(), form=form, anyway=True, actor="ann"))
    with desk.store.read() as tx:
        until = tx.now.date()
    [quote] = desk.run(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="ann"))
    assert quote.total == "234.57"
    [ordered] = desk.run(order_quotes, OrderQuote(number=quote.number, anyway=True, actor="ann"))
    with desk.store.read() as tx:
        numbers = [each.number for each in get_customer_record(tx, id_).orders.items]
        assert numbers == [ordered.number, placed.number]
        # Somebody else's e-mail address says that the form is about them by now.
        other = draft(buyer=id_, customer=CustomerForm(email="ann@example.org"))
        assert preview(tx, other, "TEL-1", "ann").lines[0].is_agreed
    put(desk, name="Ann", email="ann@example.org")
    put(desk, id_, name="Market Stall", email="stall@example.org", price_list="TRADE")
    with desk.store.read() as tx:
        assert not preview(tx, other, "TEL-1", "ann").lines[0].is_agreed
        assert get_customer(tx, id_).version == 2


def test_two_who_are_the_same_are_one_with_all_orders_and_what_is_known_of_both(desk: Shop):
    one, other, third = new_id(), new_id(), new_id()
    put(desk, one, name="Ada Lovelace", email="ada@example.org")
    put(desk, other, name="A. Lovelace", phone="+441134960000")
    put(desk, third, name="Augusta")
    numbers = [desk.place({"MUG": 1}, customer=CustomerForm(email="ada@example.org")).number]
    kept = [f"SELECT * FROM {table} ORDER BY 1, 2" for table in ("stock_move", "ledger_entry", "demand", "fact")]
    before = [desk.rows(sql) for sql in kept]
    refused = desk.run(
        join_same_customers,
        JoinCustomer(id=one, into=one, actor="ann"),
        JoinCustomer(id=one, into=new_id(), actor="ann"),
        JoinCustomer(id=one, into=other, actor="ann"),
        JoinCustomer(id=one, into=third, actor="ann"),
        JoinCustomer(id=other, into=third, actor="ann"),
    )
    codes = [getattr(each, "code", "joined") for each in refused]
    assert codes == ["customer_step", "not_found", "joined", "customer_step", "joined"]
    assert [desk.rows(sql) for sql in kept] == before
    # Who ordered as the one of before is the one who was kept, also while an order is open.
    numbers.insert(0, desk.place({"MUG": 2}, customer=CustomerForm(email="ada@example.org")).number)
    with desk.store.read() as tx:
        record = get_customer_record(tx, third)
        assert get_customer(tx, one).merged_into == get_customer(tx, other).merged_into == third
    card = record.customer.card
    assert (card.name, card.email, card.phone) == ("Augusta", "ada@example.org", "+441134960000")
    assert [each.number for each in record.orders.items] == numbers
    assert found(desk, "lovelace") == ["Augusta"]
    assert put(desk, one, name="Ada").code == "customer_step"
