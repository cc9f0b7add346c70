"""Guests without an e-mail address are kept as customers, with all that replaced something of theirs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from orderwright.business.billing.reads import get_paper
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, JoinCustomer, PutCustomer
from orderwright.business.customers.reads import get_customer
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.erase_customers import EraseCustomer, erase_customers, look_at_erasing
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.keep_buyers import KeepBuyer, keep_buyers
from orderwright.business.deeds.quoting import make_quotes, order_quotes
from orderwright.business.deeds.reship import Reship, reship_parcels
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.deeds.settle import settle_orders
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.desk import form_of
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, OrderQuote
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.database.changes import ChangeQuery, list_changes
from orderwright.database.tasks import Task
from orderwright.settings import PutSettings, put_settings
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.customers.test_erasing import EMAIL, MARK, THEIRS, arrived, erase, left_of
from tests.floor import Floor, done, new_floor, refused
from tests.meeting import while_open

GUEST = CustomerForm(name=f"{MARK} Q", phone="+441134960123", reference=f"{MARK}-7")


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=50)
        yield floor


def guest(floor: Floor, **changes: Any) -> str:
    """The number of an order by nobody we know."""
    told = {"customer": GUEST, "ship_to": THEIRS, "bill_to": THEIRS, "gift_note": f"Dear {MARK}", **changes}
    number = floor.place({"MUG": 2}, **told).number
    assert buyer_of(floor, number) == ""
    return str(number)


def buyer_of(floor: Floor, number: str) -> str:
    """The id of the customer whose order it is, '' for nobody's."""
    sql = "SELECT coalesce(customer_id::text, '') FROM orders WHERE number = %(number)s"
    return str(floor.value(sql, number=number))


def keep(floor: Floor, number: str, customer: str = "") -> Any:
    return floor.one(keep_buyers, KeepBuyer(number=number, customer=customer, actor="ann"))


def card_of(floor: Floor, id_: str) -> CustomerCard:
    with floor.store.read() as tx:
        return get_customer(tx, id_).card


def changes_of(floor: Floor, id_: str) -> list[tuple[Any, Any]]:
    """What the history says of a customer: before and after, the first change first."""
    with floor.store.read() as tx:
        kept = list_changes(tx, ChangeQuery(kind="customer", name=id_)).items
    assert {each.actor for each in kept} <= {"ann"}
    return [(each.before, each.after) for each in reversed(kept)]


def written(floor: Floor, **card: Any) -> str:
    """A customer who was written down; their id."""
    id_ = new_id()
    done(floor.run(put_customers, PutCustomer(id=id_, card=CustomerCard(**card), actor="ann")))
    return id_


def lost(floor: Floor, number: str) -> Reship:
    """The order's parcel was lost; what sends it again."""
    parcel = floor.shipped(number)
    with floor.store.begin() as tx:
        tx.write("UPDATE parcel SET state = 'lost' WHERE id = %(id)s", id=parcel.id)
    return Reship(parcel_id=parcel.id, actor="test")


def sent_again(floor: Floor, number: str) -> str:
    """The order's parcel was lost; the number of the order that sends it again."""
    return str(done([floor.one(reship_parcels, lost(floor, number))])[0].order)


def exchanged(floor: Floor, **changes: Any) -> tuple[str, str]:
    """A guest's order and the one that goes out in exchange."""
    for sku in ("TOP-M", "TOP-S"):
        floor.product(sku, family="TOPS", options={"size": sku[-1]})
    floor.stock("LEEDS", **{"TOP-M": 5, "TOP-S": 5})
    number = floor.place({"TOP-S": 1}, customer=GUEST, ship_to=THEIRS, **changes).number
    arrived(floor, number)
    lines = [AskedLine(position=1, quantity=1, exchange="TOP-M")]
    [back] = done(floor.run(ask_returns, AskReturn(number=number, lines=lines, actor="ann")))
    return number, str(back.exchange.order)


def test_a_guest_becomes_a_customer_who_says_what_the_order_says(floor: Floor) -> None:
    billed = AddressForm(country="GB", name="The Office", lines=["2 High St"], city="York", postal_code="YO1 1AA")
    number = guest(floor, bill_to=billed)
    before = floor.rows("SELECT * FROM fact ORDER BY 1, 2")
    saved = keep(floor, number)
    assert (saved.version, saved.is_new, buyer_of(floor, number)) == (1, True, saved.key)
    card = card_of(floor, saved.key)
    assert (card.name, card.phone, card.email, card.reference) == (f"{MARK} Q", "+441134960123", "", f"{MARK}-7")
    assert card.addresses == [THEIRS, billed]
    assert (card.price_list, card.pays_within_days) == ("", None)
    [(nothing, as_new), (_, orders)] = changes_of(floor, saved.key)
    assert (nothing, as_new["name"], orders) == (None, f"{MARK} Q", {"orders": [number]})
    assert floor.value("SELECT postal_code FROM customer WHERE id = %(id)s", id=saved.key) == "LS1 1AA"
    assert floor.rows("SELECT * FROM fact ORDER BY 1, 2") == before
    assert floor.broken() == []


def test_twice_is_once(floor: Floor) -> None:
    number = guest(floor)
    twice = [KeepBuyer(number=number, actor="ann")] * 2
    first, second = floor.run(keep_buyers, *twice)
    later = keep(floor, number, first.key)
    assert [each.is_new for each in (first, second, later)] == [True, False, False]
    assert {each.key for each in (first, second, later)} == {buyer_of(floor, number)}
    assert (floor.value("SELECT count(*) FROM customer"), len(changes_of(floor, first.key))) == (1, 2)


@pytest.mark.parametrize("named", [0, 1, 2])
def test_what_was_sent_again_is_theirs_too_whichever_order_is_named(floor: Floor, named: int) -> None:
    first = guest(floor)
    second = sent_again(floor, first)
    orders = [first, second, sent_again(floor, second)]
    stranger = guest(floor)
    saved = keep(floor, orders[named])
    assert [buyer_of(floor, each) for each in [*orders, stranger]] == [saved.key] * 3 + [""]
    assert changes_of(floor, saved.key)[1][1] == {"orders": orders}


@pytest.mark.parametrize("named", [0, 1])
def test_what_goes_out_in_exchange_is_theirs_too(floor: Floor, named: int) -> None:
    both = exchanged(floor)
    assert [buyer_of(floor, each) for each in both] == ["", ""]
    saved = keep(floor, both[named])
    assert [buyer_of(floor, each) for each in both] == [saved.key] * 2


def test_an_order_is_made_that_of_a_customer_who_is_known(floor: Floor) -> None:
    known = written(floor, name="Corner Shop", phone="+441134960000", pays_within_days=30)
    number = guest(floor)
    amounts = floor.rows("SELECT * FROM order_line ORDER BY 1, 2"), floor.value("SELECT total_minor FROM orders")
    saved = keep(floor, number, known)
    assert (saved.key, saved.is_new, buyer_of(floor, number)) == (known, False, known)
    assert card_of(floor, known) == CustomerCard(name="Corner Shop", phone="+441134960000", pays_within_days=30)
    assert changes_of(floor, known)[1] == ({}, {"orders": [number]})
    assert (floor.rows("SELECT * FROM order_line ORDER BY 1, 2"), floor.value("SELECT total_minor FROM orders")) == (
        amounts
    )
    assert refused(keep(floor, number, written(floor, name="Other"))) == ("order_step", {"customer": known})
    assert keep(floor, number).key == known


def test_an_invoice_that_was_issued_keeps_the_day_it_says(floor: Floor) -> None:
    number = guest(floor)
    arrived(floor, number)
    with floor.store.read() as tx:
        before = get_paper(tx, "INV-000001")
    done([keep(floor, number, written(floor, name="Corner Shop", pays_within_days=30))])
    with floor.store.read() as tx:
        assert (get_paper(tx, "INV-000001"), before.due_on) == (before, None)


def test_whose_e_mail_address_the_order_tells_is_known_again(floor: Floor) -> None:
    """Such orders have a customer from the day they are placed, unless an older version took them."""
    number = floor.place({"MUG": 1}, customer=CustomerForm(name=f"{MARK} Q", email=EMAIL)).number
    known = buyer_of(floor, number)
    with floor.store.begin() as tx:
        tx.write("UPDATE orders SET customer_id = NULL")
    assert (keep(floor, number).key, floor.value("SELECT count(*) FROM customer")) == (known, 1)
    with floor.store.begin() as tx:
        tx.write("UPDATE orders SET customer_id = NULL")
    twin = written(floor, name="Twin", email="twin@example.org")
    done(floor.run(join_same_customers, JoinCustomer(id=known, into=twin, actor="ann")))
    assert keep(floor, number).key == twin


def test_what_an_edit_told_of_one_of_them_is_whose_the_rest_is(floor: Floor) -> None:
    first = guest(floor)
    again = sent_again(floor, first)
    third = sent_again(floor, again)
    with floor.store.read() as tx:
        form = form_of(tx, third)
    form = msgspec.structs.replace(form, customer=CustomerForm(name=MARK, email=EMAIL))
    done(floor.run(edit_orders, EditOrder(number=third, form=form, actor="ann")))
    theirs = buyer_of(floor, third)
    assert (theirs != "", buyer_of(floor, first), buyer_of(floor, again)) == (True, "", "")
    saved = keep(floor, first)
    assert (saved.key, saved.is_new, buyer_of(floor, first), buyer_of(floor, again)) == (theirs, False, theirs, theirs)


def test_who_is_not_there_was_erased_or_is_somebody_else_gets_no_order(floor: Floor) -> None:
    number = guest(floor)
    gone, joined, kept = (written(floor, name=f"{MARK} {each}") for each in ("A", "B", "C"))
    done([erase(floor, gone, name=f"{MARK} A")])
    done(floor.run(join_same_customers, JoinCustomer(id=joined, into=kept, actor="ann")))
    before = floor.rows("SELECT * FROM customer ORDER BY id")
    assert refused(keep(floor, number, gone)) == ("customer_step", {"merged_into": ""})
    assert refused(keep(floor, number, joined)) == ("customer_step", {"merged_into": kept})
    absent = new_id()
    assert refused(keep(floor, number, absent)) == ("not_found", {"customer": absent})
    assert refused(keep(floor, number, "nobody")) == ("not_found", {"customer": "nobody"})
    assert refused(keep(floor, "OW-999999")) == ("not_found", {"order": "OW-999999"})
    assert (buyer_of(floor, number), floor.rows("SELECT * FROM customer ORDER BY id")) == ("", before)


def test_of_whom_nothing_is_said_nobody_is_made(floor: Floor) -> None:
    nowhere = AddressForm(country="GB")
    number = guest(floor, customer=CustomerForm(reference="7"), ship_to=nowhere, bill_to=None, door="channel")
    code, facts = refused(keep(floor, number))
    assert (code, [each["code"] for each in facts["findings"]]) == ("malformed", ["nobody"])
    known = written(floor, name="Corner Shop")
    assert keep(floor, number, known).key == known
    alone = guest(floor, customer=CustomerForm(), bill_to=None, door="channel",
                  ship_to=AddressForm(country="GB", lines=["1 Row"], city="Leeds", postal_code="LS1 1AA"))  # fmt: skip
    assert card_of(floor, keep(floor, alone).key).name == ""


def test_a_phone_number_that_is_none_is_kept_as_it_was_told(floor: Floor) -> None:
    number = guest(floor, customer=CustomerForm(name=f"{MARK} Q", phone="ask at the door"), door="channel")
    assert card_of(floor, keep(floor, number).key).phone == "ask at the door"


def test_a_guest_is_erased_once_they_are_kept_and_no_word_is_left(floor: Floor) -> None:
    first = guest(floor)
    again = sent_again(floor, first)
    arrived(floor, again)
    with floor.store.begin() as tx:
        parcels = floor.rows("SELECT id::text FROM parcel ORDER BY number")
        issue_invoices(tx, [Task("", "issue_invoice", each.id, 1, "running", {}) for each in parcels])
        tx.write("UPDATE task SET state = 'done', ended_at = %(now)s WHERE state = 'open'", now=tx.now)
        tx.write("UPDATE exception SET closed_at = %(now)s, closed_by = 'ann' WHERE closed_at IS NULL", now=tx.now)
    done(floor.run(put_settings, PutSettings(values={"retention.invoice_days": 0}, actor="ann")))
    assert len(left_of(floor)) > 3
    id_ = keep(floor, again).key
    with floor.store.read() as tx:
        seen = look_at_erasing(tx, id_)
    assert (seen.orders, seen.under_way) == (2, [])
    done([erase(floor, id_)])
    assert left_of(floor) == set()
    assert floor.broken() == []
    assert refused(keep(floor, first)) == ("customer_step", {"merged_into": ""})


def test_a_quote_that_became_a_guests_order_is_erased_with_it(floor: Floor) -> None:
    line = DraftLine(sku="MUG", quantity=1)
    form = DraftForm(channel="web", ship_to=THEIRS, lines=[line], customer=GUEST, payment="on_account")
    with floor.store.read() as tx:
        until = tx.now.date() + timedelta(days=3)
    made = floor.one(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="ann"))
    [placed] = done(floor.run(order_quotes, OrderQuote(number=made.number, anyway=True, actor="ann")))
    done(floor.run(cancel_orders, CancelOrder(number=placed.number, reason="unwanted", actor="ann")))
    with floor.store.begin() as tx:
        settle_orders(tx, [floor.order_id(placed.number)])
        tx.write("UPDATE task SET state = 'done', ended_at = %(now)s WHERE state = 'open'", now=tx.now)
    id_ = keep(floor, placed.number).key
    assert "quote.form" in left_of(floor)
    done([erase(floor, id_)])
    assert left_of(floor) == set()
    assert floor.broken() == []


def test_an_order_that_becomes_theirs_meanwhile_is_seen_before_anything_is_erased(floor: Floor) -> None:
    number = guest(floor)
    id_ = written(floor, name=f"{MARK} Q")

    def attach(tx: Any) -> None:
        done(keep_buyers(tx, [KeepBuyer(number=number, customer=id_, actor="ann")]))

    command = EraseCustomer(id=id_, name=f"{MARK} Q", actor="ann")
    _, [result] = while_open(floor, attach, lambda writer: writer.submit(erase_customers, [command]))
    assert refused(result)[1]["orders"] == [{"number": number, "why": ["goods"]}]


def test_who_is_erased_meanwhile_gets_no_order(floor: Floor) -> None:
    number = guest(floor)
    id_ = written(floor, name=f"{MARK} Q")

    def end(tx: Any) -> None:
        done(erase_customers(tx, [EraseCustomer(id=id_, name=f"{MARK} Q", actor="ann")]))

    command = KeepBuyer(number=number, customer=id_, actor="ann")
    _, [result] = while_open(floor, end, lambda writer: writer.submit(keep_buyers, [command]))
    assert (refused(result)[0], buyer_of(floor, number)) == ("customer_step", "")


def test_what_is_sent_again_meanwhile_is_theirs_too(floor: Floor) -> None:
    number = guest(floor)
    again = lost(floor, number)
    command = KeepBuyer(number=number, actor="ann")
    [sent], [saved] = while_open(
        floor, lambda tx: done(reship_parcels(tx, [again])), lambda writer: writer.submit(keep_buyers, [command])
    )
    assert [buyer_of(floor, each) for each in (number, sent.order)] == [saved.key] * 2


def test_what_is_sent_again_once_they_are_kept_is_theirs_from_the_first(floor: Floor) -> None:
    number = guest(floor)
    again = lost(floor, number)
    command = KeepBuyer(number=number, actor="ann")
    [saved], [sent] = while_open(
        floor, lambda tx: done(keep_buyers(tx, [command])), lambda writer: writer.submit(reship_parcels, [again])
    )
    assert [buyer_of(floor, each) for each in (number, sent.order)] == [saved.key] * 2
