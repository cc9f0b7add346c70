"""A customer pays by a link: what they see, over to the gateway and back, and what every other state says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.paying.links import MakePayLink, WithdrawPayLink, make_pay_links, withdraw_pay_links
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.doors.console import cookies
from orderwright.values.forms import AddressForm
from tests.portal.conftest import Counter

IF_PAID = "If you paid already, we learn of it within the hour; what is too much goes back to you."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))


def link_of(counter: Counter, **about: Any) -> Any:
    return counter.floor.one(make_pay_links, MakePayLink(actor="ann", **about))


def unpaid(counter: Counter) -> str:
    return counter.scene.placed({"MUG": 2}, payment=PaymentForm(state="unpaid"))


def test_an_order_is_paid_on_the_gateways_page_and_goes_on(counter: Counter) -> None:
    number = unpaid(counter)
    path = link_of(counter, order=number).path
    visit = counter.visit()
    seen = visit.get(path)
    assert seen.title == "£15.00"
    assert f"Order {number}" in seen.words
    assert "Mug 2 ×" in seen.words
    assert "LS1 1AA" not in seen.words  # a link can be passed on
    assert visit.submit(path, path).location == f"{counter.address}{path}/practice"
    back = visit.submit(f"{path}/practice", f"{path}/practice").location
    assert back == f"{path}?back=1"
    assert visit.get(back).title == "Did you pay?"
    assert visit.submit(back, f"{path}/look").location == path
    assert visit.get(path).title == "Paid. Thank you!"
    assert counter.floor.state(number) == "allocated"
    form = visit.get(f"{path}?back=1")
    assert form.title == "Paid. Thank you!"
    assert visit.post(path, {}).status == 409
    assert counter.floor.value("SELECT count(*) FROM payment") == 1


def test_an_order_that_says_nothing_of_its_buyer_is_paid_by_a_link_too(counter: Counter) -> None:
    nobody = {"customer": CustomerForm(), "ship_to": AddressForm(country="GB"), "door": "channel"}
    number = counter.floor.place({"MUG": 2}, payment=PaymentForm(state="unpaid"), **nobody).number
    assert counter.visit().get(link_of(counter, order=number).path).title == "£15.00"


def test_who_comes_back_without_paying_may_try_again(counter: Counter) -> None:
    path = link_of(counter, order=unpaid(counter)).path
    visit = counter.visit()
    for _ in range(2):
        visit.submit(path, path)
        assert f'href="{path}?back=1"' in visit.get(f"{path}/practice").text
        visit.submit(f"{path}?back=1", f"{path}/look")
        seen = visit.get(path)
        assert "Nothing was paid yet." in seen.words
        assert seen.title == "£15.00"
    assert counter.floor.rows("SELECT 1 FROM payment") == []


def test_other_links_say_clearly_why_nothing_can_be_paid(counter: Counter) -> None:
    number = unpaid(counter)
    link = link_of(counter, order=number)
    visit = counter.visit()
    visit.submit(link.path, link.path)
    counter.floor.one(
        cancel_orders, CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(position=1, quantity=1)])
    )
    seen = visit.get(link.path)
    assert seen.title == "The amount has changed"
    assert IF_PAID in seen.words  # they were on the payment page, and nobody asked yet what became of it
    assert "Nothing was charged" not in seen.words
    assert visit.post(link.path, {}).status == 409
    counter.floor.one(cancel_orders, CancelOrder(number=number, reason="x", actor="test"))
    assert visit.get(link.path).title == "There is nothing left to pay"
    gone = link_of(counter, order=unpaid(counter))
    counter.floor.one(withdraw_pay_links, WithdrawPayLink(id=gone.id, actor="ann"))
    seen = visit.get(gone.path)
    assert seen.title == "This link was taken back"
    assert "Nothing was charged." in seen.words
    assert IF_PAID not in seen.words
    over = link_of(counter, order=unpaid(counter), days=1)
    with counter.floor.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + timedelta(days=2))
    seen = visit.get(over.path)
    assert seen.title == "This link is over"
    assert "It was to be paid until" in seen.words


def test_what_was_cancelled_is_not_in_the_sum_a_link_shows(counter: Counter) -> None:
    number = counter.scene.placed({"MUG": 2, "TEE": 1}, payment=PaymentForm(state="unpaid"))
    before = link_of(counter, order=number).path
    counter.floor.one(cancel_orders, CancelOrder(number=number, reason="other", actor="t", lines=[LineUnits(1, 1)]))
    seen = counter.visit().get(before)
    assert seen.title == "The amount has changed"
    assert "Mug 1 × Tee 1 × Total £15.00" in seen.words
    seen = counter.visit().get(link_of(counter, order=number).path)
    assert seen.title == "£15.00"
    assert "of it now" not in seen.words


def test_the_last_moment_to_pay_is_told_by_the_shops_clock_on_the_first_visit(counter: Counter) -> None:
    link = link_of(counter, order=unpaid(counter))
    counter.floor.site("BRISTOL", time_zone="Asia/Tokyo")
    first = counter.visit().get(link.path).words
    assert first == counter.visit().get(link.path, cookie=f"{cookies.ZONE}=Asia/Tokyo").words
    assert first != counter.visit().get(link.path, cookie=f"{cookies.ZONE}=UTC").words


def test_a_link_that_is_none_opens_nothing(counter: Counter) -> None:
    path = link_of(counter, order=unpaid(counter)).path
    visit = counter.visit()
    for wrong, status in ((path[:-3] + "AAA", 410), (f"/pay/{counter.floor.store.name}.AAAA", 410), ("/pay/x", 404)):
        assert visit.get(wrong).status == status
        assert visit.post(wrong, {}).status == status


def test_a_page_of_another_site_hands_nobody_over(counter: Counter) -> None:
    path = link_of(counter, order=unpaid(counter)).path
    assert counter.visit().post(path, {}, sec_fetch_site="cross-site").status == 403
    assert counter.floor.rows("SELECT 1 FROM pay_link WHERE handed_at IS NOT NULL") == []
