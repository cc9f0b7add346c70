"""A person's data erased: what goes, what stays, and what stands in the way."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.billing.reads import get_paper
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, JoinCustomer, PutCustomer
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.erase_customers import EraseCustomer, erase_customers, look_at_erasing
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.inbox.forms import Message
from orderwright.business.deeds.inbox.keeping import store_messages
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.quoting import place_drafts
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.deeds.settle import PaymentCalls, settle_orders
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.commands import CancelOrder, HoldOrder
from orderwright.business.orders.contacts import ContactForm, RecordContact, record_contacts
from orderwright.business.orders.customer_links import find_linked, get_link
from orderwright.business.orders.form import CustomerForm
from orderwright.business.orders.notes import WriteNote, write_notes
from orderwright.business.quotes.actions import save_drafts
from orderwright.business.quotes.forms import DraftForm, DraftLine, PlaceDraft, SaveDraft
from orderwright.business.quotes.rows import lock_drafts
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.business.returns.labels import BUY, BuyReturnLabels, WantReturnLabel, want_return_labels
from orderwright.business.truth.canaries import find_texts
from orderwright.database.retention import forget_old
from orderwright.database.tasks import Task
from orderwright.database.writer import Writer
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from orderwright.settings import PutSettings, put_settings
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, new_floor, refused
from tests.meeting import while_open

MARK = "Zebedee"
THEIRS = AddressForm(
    country="GB", name=f"{MARK} Q", company=f"{MARK} Ltd", lines=[f"1 {MARK} Row"], city="Leeds", postal_code="LS1 1AA"
)
EMAIL = f"{MARK}@example.org"


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=50)
        yield floor


def ordered(floor: Floor, email: str = EMAIL, **changes: Any) -> tuple[str, str]:
    """An order with words of its buyer everywhere; its number, and its customer's id."""
    buyer = CustomerForm(email=email, name=f"{MARK} Q", phone="+441134960123", reference=f"{MARK}-7")
    told = {"ship_to": THEIRS, "bill_to": THEIRS, "gift_note": f"Dear {MARK}", "tags": [MARK], **changes}
    number = floor.place({"MUG": 2}, customer=buyer, customer_reference=MARK, **told).number
    id_ = floor.value("SELECT customer_id::text FROM orders WHERE number = %(number)s", number=number)
    return number, str(id_)


def arrived(floor: Floor, number: str) -> None:
    """The order is with its buyer, invoiced and paid."""
    parcel = floor.shipped(number)
    with floor.store.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", parcel.id, 1, "running", {})])
    code = floor.parcel(parcel.id).tracking_code
    with floor.store.read() as tx:
        now = tx.now
    done([floor.scan(code, "delivered", now, detail=f"left with {MARK}", raw=MARK)])
    with floor.store.begin() as tx:  # what follows from it is done by tasks this test does not need
        tx.write("UPDATE task SET state = 'done', ended_at = %(now)s WHERE state = 'open'", now=tx.now)


def came_back(floor: Floor, number: str, tmp_path: Path) -> tuple[str, str]:
    """A unit of the order came back under a label and is settled; the return's id, and the label's tracking code."""
    back = floor.one(ask_returns, AskReturn(number=number, lines=[AskedLine(1, 1, "unwanted")], actor="customer"))
    floor.one(want_return_labels, WantReturnLabel(return_id=back.id, actor="customer"))
    desk = BuyReturnLabels({"practice": floor.carrier})
    floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))
    done(floor.run(receive_returns, ReceiveReturn(return_id=back.id, actor="test")))
    verdict = [InspectedLine(1, scrap=1)]
    done(floor.run(inspect_returns, InspectReturn(return_id=back.id, lines=verdict, actor="test")))
    done(floor.run(settle_returns, SettleReturn(return_id=back.id, actor="test")))
    with floor.store.begin() as tx:
        settle_orders(tx, [floor.order_id(number)])
    pay = PaymentCalls(PracticeGateway(tmp_path / "gateway"))
    floor.call(CallKind("call_payment", pay.start, pay.call, pay.finish, pay.ask, pay.give_up))
    with floor.store.begin() as tx:
        tx.write("UPDATE task SET state = 'done', ended_at = %(now)s WHERE state = 'open'", now=tx.now)
    code = floor.value("SELECT tracking_code FROM return_label WHERE return_id = %(id)s", id=back.id)
    return str(back.id), str(code)


def erase(floor: Floor, id_: str, name: str = f"{MARK} Q") -> Any:
    return floor.run(erase_customers, EraseCustomer(id=id_, name=name, actor="ann"))[0]


def left_of(floor: Floor) -> set[str]:
    with floor.store.read() as tx:
        return {f"{each.table}.{each.column}" for each in find_texts(tx, [MARK, MARK.lower(), "1134960123"])}


FIGURES = ("stock_move", "ledger_entry", "payment", "paper", "demand", "order_line", "fact", "report_day")


def test_of_somebody_erased_no_word_is_left_and_all_figures_stay(floor: Floor) -> None:
    number, id_ = ordered(floor)
    card = CustomerCard(name=f"{MARK} Q", email=EMAIL, phone="+441134960123", note=MARK, addresses=[THEIRS])
    done(floor.run(put_customers, PutCustomer(id=id_, card=card, actor="ann")))
    twin = new_id()
    done(floor.run(put_customers, PutCustomer(id=twin, card=CustomerCard(name=f"{MARK} Twin"), actor="ann")))
    done(floor.run(join_same_customers, JoinCustomer(id=twin, into=id_, actor="ann")))
    done(floor.run(write_notes, WriteNote(number=number, text=f"{MARK} called", actor="ann")))
    asked = ContactForm(channel="phone", reason="where_is_it", words=f"{MARK} wants it")
    done(floor.run(record_contacts, RecordContact(number=number, form=asked, actor="ann")))
    line = DraftLine(sku="MUG", quantity=1)
    form = DraftForm(channel="web", ship_to=THEIRS, lines=[line], customer=CustomerForm(name=MARK, email=EMAIL))
    done(floor.run(save_drafts, SaveDraft(id=new_id(), form=form, actor="ann")))
    arrived(floor, number)
    with floor.store.read() as tx:
        token = get_link(tx, number).token
    before = [floor.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in FIGURES]
    assert len(left_of(floor)) > 9
    assert len(before[FIGURES.index("paper")]) == 1
    assert floor.run(put_settings, PutSettings(values={"retention.invoice_days": 0}, actor="ann"))
    assert not isinstance(erase(floor, id_), Refusal)
    assert left_of(floor) == set()
    assert [floor.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in FIGURES] == before
    with floor.store.read() as tx:
        assert find_linked(tx, token) is None
    assert erase(floor, id_).code == erase(floor, twin).code == "customer_step"
    # Whoever orders with the address from then on is somebody else.
    assert ordered(floor)[1] not in (id_, twin)


def test_what_carriers_told_of_the_way_back_goes_and_of_other_parcels_stays(floor: Floor, tmp_path: Path) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    back, code = came_back(floor, number, tmp_path)
    made_at = floor.value("SELECT made_at FROM return_label WHERE return_id = %(id)s", id=back)
    for hours, milestone in ((-20, "accepted"), (2, "in_transit")):
        floor.scan(code, milestone, made_at + timedelta(hours=hours), detail=f"from {MARK}", raw=MARK)
    floor.scan(code, "lost", made_at - timedelta(days=30), detail="before it was theirs")
    floor.scan(code, "failed", made_at, carrier="acme", detail="another carrier's")
    assert "tracking_event.detail" in left_of(floor)
    assert floor.run(put_settings, PutSettings(values={"retention.invoice_days": 0}, actor="ann"))
    done([erase(floor, id_)])
    assert left_of(floor) == set()
    others = floor.rows("SELECT detail FROM tracking_event WHERE detail <> '' ORDER BY occurred_at")
    assert [row.detail for row in others] == ["before it was theirs", "another carrier's"]


def test_what_a_carrier_tells_late_of_somebody_erased_is_kept_without_its_words(floor: Floor, tmp_path: Path) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    back, code = came_back(floor, number, tmp_path)
    out = floor.value("SELECT tracking_code FROM parcel WHERE order_id = %(id)s", id=floor.order_id(number))
    made_at = floor.value("SELECT made_at FROM return_label WHERE return_id = %(id)s", id=back)
    other = floor.parcel(floor.shipped(ordered(floor, "somebody@example.org")[0]).id).tracking_code
    done([erase(floor, id_)])
    for each in (code, out, other):
        done([floor.scan(each, "in_transit", made_at + timedelta(hours=3), detail=f"by {MARK}", raw=MARK)])
    late = floor.rows("SELECT tracking_code, detail, raw FROM tracking_event WHERE milestone = 'in_transit'")
    assert {row.tracking_code: (row.detail, row.raw) for row in late} == {
        code: ("", "{}"), out: ("", "{}"), other: (f"by {MARK}", MARK),
    }  # fmt: skip


def test_what_is_not_finished_keeps_a_person_and_is_named(floor: Floor) -> None:
    number, id_ = ordered(floor)
    before = [floor.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("customer", "orders", "house_change")]
    assert refused(erase(floor, id_)) == ("customer_under_way", {"orders": [{"number": number, "why": ["goods"]}]})
    assert refused(erase(floor, id_, name="Somebody"))[0] == "malformed"
    assert refused(erase(floor, new_id()))[0] == "not_found"
    with floor.store.read() as tx:
        seen = look_at_erasing(tx, id_)
    assert (seen.name, seen.orders, [each.number for each in seen.under_way]) == (f"{MARK} Q", 1, [number])
    arrived(floor, number)
    done(floor.run(hold_orders, HoldOrder(number=ordered(floor, "")[0], kind="other", actor="ann")))  # nobody's
    mine = ordered(floor)[0]
    assert [each["number"] for each in refused(erase(floor, id_))[1]["orders"]] == [mine]
    done(floor.run(cancel_orders, CancelOrder(number=mine, reason="unwanted", actor="ann")))
    with floor.store.begin() as tx:
        settle_orders(tx, [floor.order_id(mine)])
    assert refused(erase(floor, id_))[1]["orders"] == [{"number": mine, "why": ["money"]}]
    kept = [floor.rows(f"SELECT * FROM {table} WHERE id = %(id)s", id=id_) for table in ("customer",)]
    assert kept == [[each for each in before[0] if str(each.id) == id_]]


def test_an_invoice_names_its_buyer_as_long_as_the_law_asks(floor: Floor) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    invoice = "INV-000001"
    with floor.store.read() as tx:
        before, seen = get_paper(tx, invoice), look_at_erasing(tx, id_)
        now = tx.now
    assert (seen.invoices_of, seen.kept_until is not None and (seen.kept_until - now).days) == (1, 3649)
    done([erase(floor, id_)])
    assert left_of(floor) == {"kept_buyer.name", "kept_buyer.address"}
    with floor.store.read() as tx:
        assert get_paper(tx, invoice) == before
        assert before.buyer is not None
        assert before.buyer.name == f"{MARK} Q"
    floor.at(now + timedelta(days=3651))
    with floor.store.begin() as tx:
        forget_old(tx)
        assert get_paper(tx, invoice).buyer is None
    assert left_of(floor) == set()


def test_what_channels_and_files_told_goes_and_what_is_of_others_stays(floor: Floor) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    reference = floor.value("SELECT reference FROM orders WHERE number = %(number)s", number=number)
    for theirs in (reference, "R-99"):
        body = f'{{"note": "{MARK}"}}'.encode()
        done(
            floor.run(store_messages, Message(channel="web", topic="note", external_id=theirs, body=body, actor="web"))
        )
    with floor.store.begin() as tx:
        tx.write("UPDATE inbox SET state = 'parked', ended_at = received_at, outcome = 'unknown_topic: Zebedee'")
        job = new_id()
        tx.copy(
            "import_error",
            "import_id, row_number, cells, findings",
            [(job, 2, f'["{EMAIL}"]', "[]"), (job, 3, '["a@example.org"]', "[]")],
        )
    done([erase(floor, id_)])
    kept = floor.rows("SELECT external_id, body <> '' AS says, outcome FROM inbox ORDER BY id")
    assert [tuple(each) for each in kept] == [
        (reference, False, "unknown_topic"),
        ("R-99", True, "unknown_topic: Zebedee"),
    ]
    assert floor.value("SELECT string_agg(cells, '') FROM import_error") == '["a@example.org"]'


def test_who_orders_while_they_are_erased_waits_and_is_somebody_else_then(floor: Floor) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    with ThreadPoolExecutor(1) as pool:
        with floor.store.begin() as tx:
            done(erase_customers(tx, [EraseCustomer(id=id_, name=f"{MARK} Q", actor="ann")]))
            later = pool.submit(ordered, floor)
            with pytest.raises(TimeoutError):
                later.result(0.2)
        assert later.result(10)[1] != id_


def test_an_order_placed_meanwhile_is_seen_before_anything_is_erased(floor: Floor) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    writer = Writer(floor.store, threads=1)
    try:
        with floor.store.begin() as tx:
            buyer = CustomerForm(email=EMAIL, name=f"{MARK} Q")
            [placed] = done(place_orders(tx, [PlaceOrder(floor.form({"MUG": 1}, customer=buyer), "ann", "api")]))
            later = writer.submit(erase_customers, [EraseCustomer(id=id_, name=f"{MARK} Q", actor="ann")])
            with pytest.raises(TimeoutError):
                later.result(0.2)
        [result] = later.result(10)
        assert refused(result)[1]["orders"] == [{"number": placed.number, "why": ["goods"]}]
    finally:
        writer.stop()


def test_a_draft_saved_meanwhile_goes_too(floor: Floor) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    form = DraftForm(channel="web", customer=CustomerForm(name=MARK, email=EMAIL))
    with ThreadPoolExecutor(1) as pool:
        with floor.store.begin() as tx:
            done(save_drafts(tx, [SaveDraft(id=new_id(), form=form, actor="ann")]))
            erasing = pool.submit(erase, floor, id_)
            with contextlib.suppress(TimeoutError):
                erasing.result(0.3)
        done([erasing.result(10)])
    assert floor.value("SELECT count(*) FROM order_draft") == 0


@pytest.mark.parametrize("does", ["saves", "places"])
def test_who_goes_on_with_a_draft_while_its_buyer_is_erased_waits_in_no_circle(floor: Floor, does: str) -> None:
    number, id_ = ordered(floor)
    arrived(floor, number)
    name, draft = str(floor.value("SELECT name FROM customer")), new_id()
    line = DraftLine(sku="MUG", quantity=1)
    form = DraftForm(channel="web", ship_to=THEIRS, lines=[line], customer=CustomerForm(name=MARK, email=EMAIL))
    save = SaveDraft(id=draft, form=form, actor="ann")
    done(floor.run(save_drafts, save))

    def take_up(tx: Any) -> None:
        lock_drafts(tx, [draft])
        tx.write("SET LOCAL lock_timeout = '300ms'")  # a circle would be cut through after a second

    def go_on(tx: Any) -> None:
        done(
            save_drafts(tx, [save])
            if does == "saves"
            else place_drafts(tx, [PlaceDraft(id=draft, anyway=True, actor="ann")])
        )

    erasing = EraseCustomer(id=id_, name=name, actor="ann")
    while_open(floor, take_up, lambda writer: writer.submit(erase_customers, [erasing]), at_last=go_on)
    assert floor.value("SELECT count(*) FROM order_draft") == 0
