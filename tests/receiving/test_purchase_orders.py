"""Purchase orders: drawn up, sent, answered, received in parts; and the orders that wait for them."""

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.purchasing.delivery_forms import DeliveryLineForm
from orderwright.business.purchasing.forms import ChangeForm, ChangePurchase, PurchaseLineForm, SendPurchase
from orderwright.business.purchasing.ordering import (
    cancel_purchases,
    change_purchases,
    close_purchases,
    send_purchases,
)
from orderwright.business.purchasing.papers import purchase_paper
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.papers.purchase_orders import purchase_order_pdf
from orderwright.values.refusal import Refusal
from tests.floor import done, refused
from tests.papers.reading import barcodes, pages, words
from tests.receiving.conftest import FIRST, Buying
from tests.sessions.scanner import Scanner


def test_a_draft_takes_cost_and_date_from_the_supplier(shop: Buying):
    number = shop.drafted(None, MUG=10)
    [row] = shop.rows("SELECT cost_micro, due_on FROM purchase_line")
    assert (row.cost_micro, row.due_on) == (3_100_000, date(2026, 11, 27))
    assert shop.purchase_state(number) == "draft"


def test_a_purchase_order_is_mailed_once_however_often_it_is_sent(shop: Buying, tmp_path):
    number = shop.ordered(MUG=10)
    [again] = done(shop.run(send_purchases, SendPurchase(number=number, actor="test")))
    assert again.repeated
    shop.work()
    assert (shop.mail(), shop.mail()) == (1, 0)
    [letter] = (tmp_path / "mail").glob("*.eml")
    text = letter.read_text()
    assert ("P-MUG" in text, number in text) == (True, True)
    assert shop.facts(shop.value("SELECT id::text FROM purchase_order")) == [
        "purchase_drafted", "purchase_sent", "purchase_mailed",
    ]  # fmt: skip


def test_nothing_is_ordered_any_more_of_a_supplier_who_was_put_aside_meanwhile(shop: Buying):
    number = shop.drafted(None, MUG=10)
    with shop.begin() as tx:
        tx.write("UPDATE supplier SET is_active = false")
    lines = ChangeForm(lines=[PurchaseLineForm(sku="MUG", quantity=4)])
    answers = [
        *shop.run(send_purchases, SendPurchase(number=number, actor="test")),
        *shop.run(change_purchases, ChangePurchase(number=number, form=lines, actor="test")),
    ]
    assert [refused(answer)[0] for answer in answers] == ["unknown_supplier"] * 2
    assert (shop.purchase_state(number), shop.value("SELECT quantity FROM purchase_line")) == ("draft", 10)


def test_the_order_goes_with_its_message_as_a_paper_whose_barcode_a_receiver_scans(shop: Buying, tmp_path):
    number = shop.ordered(MUG=10, TEE=5)
    shop.mail()
    [letter] = (tmp_path / "mail").glob("*.eml")
    [paper] = message_from_bytes(letter.read_bytes(), policy=default).iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == (f"{number}.pdf", "application/pdf")
    content = paper.get_content()
    [page] = pages(content, 203.2)
    assert barcodes(page) == [("]C0", number)]
    text = words(content)
    assert f"Purchase order {number}" in text
    assert "P-MUG" in text
    assert "46.50 GBP" in text
    with shop.store.read() as tx:
        assert purchase_order_pdf(purchase_paper(tx, number)).content == content
    command = OpenSession(kind="receive", site="LEEDS", person="rosa", subject=number, actor="test")
    gun = Scanner(shop, done(shop.run(open_sessions, command))[0])  # type: ignore[arg-type]
    assert gun.now.left == 15


def test_a_paper_says_what_is_left_of_an_order_and_whether_it_is_a_draft(shop: Buying):
    draft = shop.drafted(MUG=10)
    with shop.store.read() as tx:
        assert "Borrador" in words(purchase_order_pdf(purchase_paper(tx, draft), language="es").content)
        with pytest.raises(Refusal) as no:
            purchase_paper(tx, "PO-NONE")
    assert no.value.code == "not_found"
    number = shop.ordered(MUG=10, TEE=5)
    shop.answered(number, TEE=0)
    with shop.store.read() as tx:
        paper = purchase_paper(tx, number)
    assert [(line.code, line.quantity) for line in paper.lines] == [("P-MUG", 10)]


def test_a_mail_that_is_refused_goes_to_a_person(shop: Buying):
    shop.supplier(email="nobody@refused.invalid")
    shop.ordered(MUG=10)
    shop.work()
    shop.mail()
    assert shop.exceptions() == ["mail_failed"]


def test_a_supplier_without_an_address_is_not_mailed(shop: Buying):
    shop.supplier(email="")
    shop.ordered(MUG=10)
    shop.work()
    shop.mail()
    assert shop.value("SELECT count(*) FROM intent") == 0


def test_an_order_that_waits_is_expected_when_the_earliest_supply_not_meant_for_others_comes(shop: Buying):
    first = shop.place({"MUG": 4})
    second = shop.place({"MUG": 4})
    shop.ordered(FIRST, MUG=6)
    shop.ordered(FIRST + timedelta(days=5), MUG=6)
    assert (shop.expected(first.number), shop.expected(second.number)) == ([FIRST], [FIRST + timedelta(days=5)])


def test_when_the_date_moves_later_the_promises_of_waiting_orders_follow(shop: Buying):
    order = shop.place({"MUG": 4})
    purchase = shop.ordered(FIRST, MUG=6)
    shop.work()
    shop.answered(purchase, FIRST + timedelta(days=9))
    shop.work()
    assert shop.expected(order.number) == [FIRST + timedelta(days=9)]
    moved = shop.rows("SELECT body FROM fact WHERE type = 'expectation_moved' ORDER BY seq")
    assert [row.body for row in moved] == [
        '{"line":1,"sku":"MUG","before":null,"now":"2026-12-01"}',
        '{"line":1,"sku":"MUG","before":"2026-12-01","now":"2026-12-10"}',
    ]


def test_when_the_date_moves_earlier_the_promises_of_waiting_orders_follow(shop: Buying):
    order = shop.place({"MUG": 4})
    purchase = shop.ordered(FIRST, MUG=6)
    shop.answered(purchase, FIRST - timedelta(days=3))
    assert shop.expected(order.number) == [FIRST - timedelta(days=3)]


def test_when_the_supplier_sends_fewer_the_last_in_the_queue_loses_its_day(shop: Buying):
    first, second = shop.place({"MUG": 4}), shop.place({"MUG": 4})
    purchase = shop.ordered(FIRST, MUG=8)
    shop.answered(purchase, MUG=7)
    assert (shop.expected(first.number), shop.expected(second.number)) == ([FIRST], [None])
    assert shop.line(purchase) == {"quantity": 8, "cancelled": 1}


def test_a_partial_receipt_leaves_the_rest_on_its_way(shop: Buying):
    purchase = shop.ordered(MUG=10)
    shop.came(purchase, MUG=4)
    assert (shop.purchase_state(purchase), shop.line(purchase)) == ("part_received", {"quantity": 10, "accepted": 4})
    shop.came(purchase, MUG=6)
    assert shop.purchase_state(purchase) == "received"


def test_a_receipt_over_the_ordered_quantity_holds_the_excess_in_quarantine(shop: Buying):
    purchase = shop.ordered(MUG=10)
    delivered = shop.came(purchase, MUG=13)
    assert [(line.accepted, line.held, line.held_for) for line in delivered.lines] == [(10, 3, "over")]
    assert shop.lying("LEEDS") == {("MUG", "RECEIVING"): (10, 0), ("MUG", "QUARANTINE"): (3, 0)}
    assert (shop.exceptions(), shop.goods()) == (["delivery_differs"], ["MUG 3 over"])
    assert shop.purchase_state(purchase) == "received"


def test_what_somebody_confirms_may_be_more_than_was_ordered(shop: Buying):
    purchase = shop.ordered(MUG=10)
    shop.come(purchase, DeliveryLineForm(sku="MUG", accepted=13, confirm_over=True))
    assert shop.line(purchase) == {"quantity": 10, "accepted": 13}
    assert (shop.exceptions(), shop.lying("LEEDS")) == ([], {("MUG", "RECEIVING"): (13, 0)})


def test_closing_short_gives_up_what_did_not_come(shop: Buying):
    purchase = shop.ordered(MUG=10)
    assert refused(shop.end(close_purchases, purchase))[0] == "purchase_step"
    shop.came(purchase, MUG=4)
    assert refused(shop.end(cancel_purchases, purchase))[0] == "purchase_step"
    done([shop.end(close_purchases, purchase)])
    assert (shop.purchase_state(purchase), shop.line(purchase)) == (
        "received", {"quantity": 10, "accepted": 4, "cancelled": 6},
    )  # fmt: skip


def test_a_cancelled_purchase_order_is_no_supply(shop: Buying):
    order = shop.place({"MUG": 4})
    purchase = shop.ordered(MUG=10)
    done([shop.end(cancel_purchases, purchase)])
    assert shop.expected(order.number) == [None]


def test_a_supplier_cannot_promise_more_than_was_ordered(shop: Buying):
    purchase = shop.ordered(MUG=10)
    assert refused(shop.answered(purchase, MUG=11)) == (
        "purchase_quantity", {"sku": "MUG", "asked": 11, "ordered": 10, "accepted": 0},
    )  # fmt: skip
    assert shop.purchase_state(purchase) == "sent"
