"""Orders that are wrong in ways that are easily forgotten: each is refused or held, and none breaks placing."""

import msgspec
import pytest

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.form import LineForm, NewOrder, PaymentForm
from orderwright.business.truth.check import check_store
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal
from tests.shop import Shop


@pytest.mark.parametrize("change", [{"tax": "-1.00"}, {"amount": "0.01"}])
def test_a_channels_order_with_a_wrong_line_amount_is_kept_and_held(shop: Shop, change: dict[str, str]) -> None:
    shop.stock("LEEDS", MUG=5)
    line = LineForm(sku="MUG", quantity=1, unit_price="7.50", reference="1", **change)
    answer = shop.place({"MUG": 1}, lines=[line], total="7.50", door="channel")
    assert (answer.state, answer.holds) == ("held", ["totals"])
    assert shop.place({"MUG": 1}, lines=[line], total="7.50").code == "order_refused"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
@pytest.mark.parametrize("field", ["channel", "reference", "sku"])
def test_what_no_database_can_hold_is_refused_wherever_it_stands(shop: Shop, field: str, text: str) -> None:
    shop.stock("LEEDS", MUG=5)
    bad = shop.form({"MUG": 1})
    if field == "sku":
        bad = msgspec.structs.replace(bad, lines=[LineForm(sku=text, quantity=1, unit_price="7.50")])
    else:
        bad = msgspec.structs.replace(bad, **{field: text})
    before = shop.counts()
    refused, taken = shop.place_all([bad, shop.form({"MUG": 1})])
    assert refused.code == "order_refused"
    assert "bad_text" in [finding.code for finding in refused.facts["findings"]]
    assert taken.state == "allocated"
    assert shop.counts()["orders"] == before["orders"] + 1


@pytest.mark.parametrize("door", ["api", "channel"])
def test_lines_that_come_to_more_than_any_money_are_refused(shop: Shop, door: str) -> None:
    lines = [LineForm(sku="MUG", quantity=1_000_000, unit_price="9000000000.00") for _ in range(12)]
    refused = shop.place({"MUG": 1}, lines=lines, total="1.00", door=door)
    assert isinstance(refused, Refusal)
    assert [(each.code, each.pointer) for each in refused.facts["findings"]] == [("bad_money", "/lines")]


def placed(shop: Shop, orders: list[NewOrder]) -> list[object]:
    """As the doors place: a group that breaks at a unique key is run again."""
    writer = Writer(shop.store, threads=1)
    try:
        return writer.run(place_orders, [PlaceOrder(order, "test") for order in orders])
    finally:
        writer.stop()


def test_a_payment_that_is_anothers_holds_the_order_and_counts_once(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    payment = PaymentForm(state="paid", amount="7.50", reference="pi_1")
    first, twin = placed(shop, [shop.form({"MUG": 1}, payment=payment), shop.form({"MUG": 1}, payment=payment)])
    [later] = placed(shop, [shop.form({"MUG": 1}, payment=payment)])
    assert not isinstance(first, Refusal)
    assert [each.holds for each in (first, twin, later)] == [[], ["payment_differs"], ["payment_differs"]]
    assert later.findings[0].facts == {"gateway": "practice", "reference": "pi_1"}
    assert shop.rows("SELECT captured_minor FROM payment") == [(750,)]
    assert [each.name for each in check_store(shop.store, full=True) if not each.holds] == []


def test_a_service_nobody_offers_is_refused_at_the_api_and_held_from_a_channel_until_it_is_mended(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    refused = shop.place({"MUG": 1}, service="teleport")
    assert [(each.code, each.pointer) for each in refused.facts["findings"]] == [("service_unknown", "/service")]
    held = shop.place({"MUG": 1}, service="teleport", reference="held-1", door="channel")
    assert (held.state, held.holds, held.fulfilments) == ("held", ["service"], [])
    mended = msgspec.structs.replace(shop.form({"MUG": 1}), reference="held-1", service="express")
    [answer] = shop.run(edit_orders, EditOrder(number=held.number, form=mended, actor="sue"))
    assert (answer.state, answer.holds) == ("allocated", [])
