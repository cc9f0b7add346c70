"""Order to cash, and back: one order's whole life through the actions and the worker, nothing skipped."""

from datetime import timedelta
from typing import Any

import pytest

from orderwright.app import wiring
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.form import PaymentForm, ShippingForm
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.business.shipping.forms import HandOver, Pack
from orderwright.business.warehouse.forms import Pick, ShortPick
from orderwright.doors.worker.loop import Worker
from orderwright.values.refusal import Refusal
from tests.shop import Shop


class Floor:
    """People at work: they take what the worker laid out, and time passes when they say so."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        wired = wiring()
        self.worker = Worker(shop.store, wired.kinds, wired.timetable)

    def pass_time(self, **span: int) -> None:
        with self.shop.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + timedelta(**span))
        self.worker.run_until_idle()

    def tasks(self) -> list[Any]:
        return self.shop.rows(
            "SELECT id::text, sku, quantity, picked FROM pick_task WHERE state = 'open' ORDER BY fulfilment_id, walk"
        )

    def pick_all(self) -> None:
        self.shop.run(pick, *[Pick(task_id=t.id, quantity=t.quantity, actor="pia") for t in self.tasks()])

    def pack_all(self) -> None:
        ready = self.shop.rows("SELECT id::text FROM fulfilment WHERE state = 'picked'")
        for result in self.shop.run(pack, *[Pack(fulfilment_id=row.id, actor="paul") for row in ready]):
            assert not isinstance(result, Refusal), (result.code, result.facts)
        self.worker.run_until_idle()

    def hand_over_all(self) -> None:
        parcels = self.shop.rows("SELECT id::text FROM parcel WHERE state = 'labelled'")
        for result in self.shop.run(hand_over, *[HandOver(parcel_id=row.id, actor="tom") for row in parcels]):
            assert not isinstance(result, Refusal), (result.code, result.facts)
        self.worker.run_until_idle()

    def ship(self) -> None:
        self.pass_time(minutes=6)
        self.pick_all()
        self.pack_all()
        self.hand_over_all()


@pytest.fixture
def floor(shop: Shop, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Floor:
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))
    return Floor(shop)


def money(shop: Shop) -> dict[str, int]:
    rows = shop.rows("SELECT account, sum(amount_minor)::bigint AS total FROM ledger_entry GROUP BY account")
    return {row.account: row.total for row in rows if row.total}


def test_order_to_cash(shop: Shop, floor: Floor) -> None:
    shop.stock("LEEDS", MUG=5, TEE=5)
    answer = shop.place({"MUG": 2, "TEE": 1}, shipping=ShippingForm(price="3.95"), total="26.45",
                        payment=PaymentForm(state="authorised", reference="pi_1"))  # fmt: skip
    floor.ship()
    assert shop.state(answer.number) == "shipped"
    assert shop.units(answer.number) == [("MUG", {"shipped": 2}), ("TEE", {"shipped": 1})]
    assert shop.rows("SELECT on_hand, allocated FROM availability WHERE sku = 'MUG' AND site = 'LEEDS'") == [(3, 0)]
    assert shop.rows("SELECT series, number, total_minor FROM paper") == [("INV", 1, 2645)]
    assert shop.rows("SELECT state, captured_minor FROM payment") == [("captured", 2645)]
    assert money(shop) == {"cash": 2645, "sales": -2250, "shipping": -395}
    for _ in range(10):
        floor.pass_time(days=1)
    assert shop.state(answer.number) == "delivered"
    assert shop.value("SELECT count(*) FROM exception WHERE closed_at IS NULL") == 0


def test_return_to_refund(shop: Shop, floor: Floor) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 3}, shipping=ShippingForm(price="3.95"), total="26.45",
                        payment=PaymentForm(state="authorised", reference="pi_1")).number  # fmt: skip
    floor.ship()
    [asked] = shop.run(ask_returns, AskReturn(
        number=number, actor="sue", lines=[AskedLine(position=1, quantity=2, reason="damaged")]))  # fmt: skip
    [came] = shop.run(receive_returns, ReceiveReturn(return_id=asked.id, actor="rita"))
    [judged] = shop.run(inspect_returns, InspectReturn(
        return_id=asked.id, actor="rita", lines=[InspectedLine(line=1, restock=1, scrap=1)]))  # fmt: skip
    [settled] = shop.run(settle_returns, SettleReturn(return_id=asked.id, actor="rita"))
    assert [each.state for each in (asked, came, judged, settled)] == ["asked", "received", "inspected", "settled"]
    assert (settled.refund, settled.credit_note) == ("15.00", "CN-000001")
    floor.worker.run_until_idle()
    assert shop.state(number) == "partially_returned"
    assert shop.rows("SELECT state, captured_minor, refunded_minor FROM payment") == [("partly_refunded", 2645, 1500)]
    assert shop.free("MUG", "LEEDS") == 3
    assert money(shop) == {"cash": 1145, "sales": -750, "shipping": -395}
    [again] = shop.run(settle_returns, SettleReturn(return_id=asked.id, actor="rita"))
    assert again.repeated
    [too_much] = shop.run(ask_returns, AskReturn(
        number=number, actor="sue", lines=[AskedLine(position=1, quantity=2)]))  # fmt: skip
    assert isinstance(too_much, Refusal)
    assert (too_much.code, too_much.facts["possible"]) == ("return_too_much", 1)


def test_an_empty_box_and_a_foreign_thing_come_back(shop: Shop, floor: Floor) -> None:
    # Edge case 55.
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}, payment=PaymentForm(state="authorised", reference="pi_1")).number
    floor.ship()
    ask = AskReturn(number=number, actor="sue", lines=[AskedLine(position=1, quantity=2)])
    [asked] = shop.run(ask_returns, ask)
    told = ReceiveReturn(return_id=asked.id, actor="rita", lines=[_received(1, 5)], unexpected=[_unexpected("HAT", 1)])
    [came] = shop.run(receive_returns, told)
    assert came.lines[0].received == 2  # never more than was asked for, so never more than was shipped
    [row] = shop.rows("SELECT document FROM exception WHERE kind = 'return_differs'")
    assert row.document == '{"lines":[[1,2,5]],"unexpected":[["HAT",1]]}'
    [other] = shop.run(ask_returns, AskReturn(number=number, actor="sue", lines=[AskedLine(position=1, quantity=1)]))
    assert isinstance(other, Refusal)


def test_a_short_pick_sends_what_another_site_has_and_backorders_the_rest(shop: Shop, floor: Floor) -> None:
    # Edge case 23: two of five are missing, the other site has one.
    shop.stock("LEEDS", MUG=5)
    shop.stock("GLASGOW", MUG=1)
    number = shop.place({"MUG": 5}).number
    floor.pass_time(minutes=6)
    [task] = floor.tasks()
    shop.run(report_short, ShortPick(task_id=task.id, found=3, actor="pia"))
    assert shop.units(number) == [("MUG", {"waiting": 1, "allocated": 1, "picked": 3})]
    assert shop.rows(
        "SELECT f.site, a.allocated, a.picked FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id"
        " ORDER BY f.id"
    ) == [("LEEDS", 0, 3), ("GLASGOW", 1, 0)]
    assert shop.rows("SELECT on_hand, allocated FROM availability WHERE sku = 'MUG' AND site = 'LEEDS'") == [(3, 3)]


def _received(line: int, quantity: int) -> Any:
    from orderwright.business.returns.forms import ReceivedLine

    return ReceivedLine(line=line, quantity=quantity)


def _unexpected(sku: str, quantity: int) -> Any:
    from orderwright.business.returns.forms import UnexpectedLine

    return UnexpectedLine(sku=sku, quantity=quantity)
