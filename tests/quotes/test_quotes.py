"""Orders written down: kept as drafts, placed once, quoted until a day, ordered from a quote."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from orderwright.business.deeds.previewing import preview
from orderwright.business.deeds.quoting import make_quotes, order_quotes, place_drafts
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.actions import drop_drafts, save_drafts, withdraw_quotes
from orderwright.business.quotes.forms import (
    DraftForm,
    DraftLine,
    DraftQuery,
    DropDraft,
    MakeQuote,
    OrderQuote,
    PlaceDraft,
    QuoteQuery,
    SaveDraft,
    WithdrawQuote,
)
from orderwright.business.quotes.reads import get_draft, list_drafts, list_quotes
from orderwright.business.quotes.rules import expires_at, is_sensible_end, state_of
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.shop import HOME, Shop

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def desk(shop: Shop) -> Shop:
    shop.stock("LEEDS", MUG=5, TEE=1)
    return shop


def written(*lines: DraftLine, **changes: Any) -> DraftForm:
    told: dict[str, Any] = {
        "channel": "web", "customer": CustomerForm(email="ann@example.org", name="Ann"), "ship_to": HOME,
        "lines": list(lines) or [DraftLine(sku="MUG", quantity=2)], "payment": "on_account",
    }  # fmt: skip
    return DraftForm(**{**told, **changes})


def place(desk: Shop, form: DraftForm | None = None, id_: str = "", **changes: Any) -> Any:
    command = PlaceDraft(id=id_ or new_id(), form=form, actor="ann", **changes)
    return desk.run(place_drafts, command)[0]


def day(desk: Shop, days: int) -> date:
    with desk.store.read() as tx:
        return (tx.now + timedelta(days=days)).date()


def quote(desk: Shop, form: DraftForm | None = None, id_: str = "", **changes: Any) -> Any:
    told = {"valid_until": day(desk, 7), **changes}
    return desk.run(make_quotes, MakeQuote(id=id_ or new_id(), form=form or written(), actor="ann", **told))[0]


def test_a_draft_is_its_writers_alone_and_comes_and_goes(desk: Shop):
    id_ = new_id()
    kept = desk.run(save_drafts, SaveDraft(id=id_, form=DraftForm(lines=[DraftLine(sku="M")]), actor="ann"))[0]
    assert (kept.version, kept.order.lines[0].sku) == (1, "M")
    with desk.store.read() as tx:
        assert [row.id for row in list_drafts(tx, DraftQuery(), "ann").items] == [id_]
        assert list_drafts(tx, DraftQuery(), "bob").items == []
        with pytest.raises(Refusal):
            get_draft(tx, id_, "bob")
    refused = desk.run(
        save_drafts,
        SaveDraft(id=id_, form=DraftForm(), actor="bob"),
        SaveDraft(id=id_, form=DraftForm(), actor="ann", version=7),
        SaveDraft(id="x", form=DraftForm(), actor="ann"),
    )
    assert [each.code for each in refused] == ["not_found", "stale", "malformed"]
    assert desk.run(drop_drafts, DropDraft(id=id_, actor="bob"))[0].code == "not_found"
    assert desk.run(drop_drafts, DropDraft(id=id_, actor="ann"))[0].id == id_
    assert desk.value("SELECT count(*) FROM order_draft") == 0


def test_a_hundred_drafts_are_enough_for_one_person(desk: Shop):
    desk.run(save_drafts, *[SaveDraft(id=new_id(), form=DraftForm(), actor="ann") for _ in range(100)])
    (refused,) = desk.run(save_drafts, SaveDraft(id=new_id(), form=DraftForm(), actor="ann"))
    assert (refused.code, refused.facts) == ("too_many_drafts", {"most": 100})


def test_a_draft_becomes_one_order_however_often_it_is_placed(desk: Shop):
    id_ = new_id()
    desk.run(save_drafts, SaveDraft(id=id_, form=written(), actor="ann"))
    first, again = place(desk, written(), id_), place(desk, written(), id_)
    assert (first.state, first.repeated) == ("allocated", False)
    assert (again.number, again.repeated) == (first.number, True)
    other = place(desk, written(DraftLine(sku="TEE")), id_, anyway=True)
    assert other.code == "order_differs"
    assert desk.value("SELECT count(*) FROM orders") == 1
    assert desk.value("SELECT count(*) FROM order_draft") == 0


def test_products_are_found_as_they_are_called_and_cost_what_the_list_says(desk: Shop):
    desk.product("CUP", "3.20", codes=[{"code": "4006381333931"}])
    desk.stock("LEEDS", CUP=4)
    form = written(
        DraftLine(sku="mug", quantity=2), DraftLine(sku="4006381333931"), DraftLine(sku="TEE", unit_price="7.00")
    )
    placed = place(desk, form, total="25.20")
    lines = desk.rows("SELECT sku, unit_price_micro FROM order_line ORDER BY position")
    assert [tuple(line) for line in lines] == [("MUG", 7_500_000), ("CUP", 3_200_000), ("TEE", 7_000_000)]
    assert placed.state == "allocated"


@pytest.mark.parametrize(
    ("form", "code", "findings"),
    [
        (written(DraftLine(sku="NOPE")), "order_refused", [("unknown_sku", "/lines/0/sku")]),
        (written(lines=[]), "malformed", [("missing", "/lines")]),
        (written(channel="nobody"), "order_refused", [("unknown_channel", "/channel")]),
        (written(service="teleport"), "order_refused", [("service_unknown", "/service")]),
        (
            written(ship_to=AddressForm(country="GB", postal_code="75001")), "would_be_held",
            [("line_missing", "/ship_to/lines"), ("city_missing", "/ship_to/city"),
             ("postal_code_form", "/ship_to/postal_code")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_before_anything_is_placed(desk: Shop, form, code, findings):
    before = desk.counts()
    refused = place(desk, form)
    told = [each if isinstance(each, dict) else msgspec.to_builtins(each) for each in refused.facts["findings"]]
    assert (refused.code, [(each["code"], each["pointer"]) for each in told]) == (code, findings)
    assert desk.counts() == before


def test_what_would_be_held_is_placed_when_somebody_means_it(desk: Shop):
    place(desk, written())
    assert place(desk, written()).code == "would_be_held"
    assert place(desk, written(), anyway=True).holds == ["duplicate"]


def test_an_order_not_paid_yet_waits_for_its_money_without_being_asked_twice(desk: Shop):
    assert place(desk, written(payment="unpaid")).holds == ["payment"]


def test_a_total_that_is_not_what_was_told_is_refused(desk: Shop):
    refused = place(desk, written(), total="14.00")
    assert [each.code for each in refused.facts["findings"]] == ["total_differs"]


def test_looking_ahead_prices_and_promises_and_writes_nothing(desk: Shop):
    before = desk.counts()
    form = written(DraftLine(sku="MUG", quantity=3), DraftLine(sku="TEE", quantity=4), DraftLine(sku="NOPE"))
    with desk.store.read() as tx:
        seen = preview(tx, form, "R", "ann")
    mug, tee, nope = seen.lines
    assert (mug.free, mug.amount, mug.waiting, [part.site for part in mug.parts]) == (5, "22.50", 0, ["LEEDS"])
    assert (tee.free, tee.waiting, tee.parts[0].quantity, nope.sku) == (1, 3, 1, None)
    assert (seen.total, [each.code for each in seen.findings]) == ("52.50", ["unknown_sku"])
    assert desk.counts() == before


def test_a_quote_keeps_its_prices_and_becomes_one_order(desk: Shop):
    made = quote(desk)
    assert (made.state, made.total, made.name) == ("open", "15.00", "Ann")
    desk.product("MUG", "8.00")
    placed, again = (desk.run(order_quotes, OrderQuote(number=made.number, actor="bob"))[0] for _ in range(2))
    assert (again.number, again.repeated) == (placed.number, True)
    (row,) = desk.rows(
        "SELECT o.reference, o.total_minor, q.ordered_by FROM quote q JOIN orders o ON o.id = q.order_id"
    )
    assert tuple(row) == (made.number, 1500, "bob")
    assert desk.run(withdraw_quotes, WithdrawQuote(number=made.number, actor="bob"))[0].code == "quote_step"


def test_a_quote_is_made_once_of_a_draft(desk: Shop):
    id_ = new_id()
    desk.run(save_drafts, SaveDraft(id=id_, form=written(), actor="ann"))
    first, again = quote(desk, id_=id_), quote(desk, id_=id_)
    assert first == again
    refused = quote(desk, written(DraftLine(sku="TEE")), id_)
    assert (refused.code, refused.facts) == ("quote_differs", {"number": first.number})
    assert desk.value("SELECT count(*) FROM order_draft") == 0


def test_a_quote_past_its_day_and_one_taken_back_are_not_ordered(desk: Shop):
    old, taken = quote(desk, valid_until=day(desk, 1)), quote(desk, valid_until=day(desk, 30))
    assert desk.run(withdraw_quotes, WithdrawQuote(number=taken.number, actor="ann"))[0].state == "withdrawn"
    with desk.begin() as tx:
        tx.write("UPDATE quote SET expires_at = %(now)s WHERE number = %(number)s", now=tx.now, number=old.number)
    refused = desk.run(order_quotes, *[OrderQuote(number=each.number, actor="ann") for each in (old, taken)])
    assert [each.code for each in refused] == ["quote_expired", "quote_step"]
    with desk.store.read() as tx:
        states = {each.number: each.state for each in list_quotes(tx, QuoteQuery()).items}
        assert states == {old.number: "expired", taken.number: "withdrawn"}
        assert [each.number for each in list_quotes(tx, QuoteQuery(state="expired")).items] == [old.number]
    assert desk.value("SELECT count(*) FROM orders") == 0


def test_a_quote_for_yesterday_or_for_ten_years_is_refused(desk: Shop):
    for days in (-2, 3650):
        assert quote(desk, valid_until=day(desk, days)).facts["findings"][0]["pointer"] == "/valid_until"


def test_a_quote_ends_with_its_last_day_by_the_clock_on_the_wall():
    assert expires_at(date(2026, 7, 1), "Europe/London") == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert is_sensible_end(date(2026, 11, 20), NOON, None)
    assert not is_sensible_end(date(2026, 11, 19), NOON, None)
    assert state_of(NOON, NOON, False, False) == "expired"
    assert state_of(NOON, NOON, True, False) == "ordered"
