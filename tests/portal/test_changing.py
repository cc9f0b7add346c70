"""What customers may still change, and what they are told when it is too late."""

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import PaymentForm
from tests.floor import done
from tests.portal.conftest import Counter
from tests.portal.scene import EMAIL

CANCEL, ADDRESS = "/track/cancel", "/track/address"
NEW = {
    "ship_to/name": "Ada L.",
    "ship_to/lines/0": "2 New St",
    "ship_to/city": "Leeds",
    "ship_to/postal_code": "LS1 1AA",
}


def refunds(counter: Counter) -> list[tuple[str, int]]:
    return [tuple(row) for row in counter.floor.rows("SELECT kind, amount_minor FROM intent ORDER BY kind")]


def test_cancelling_shows_what_comes_back_and_that_is_what_comes_back(counter: Counter):
    number = counter.scene.placed({"MUG": 3})
    visit = counter.visit(number)
    assert "You get back £22.50" in visit.get(CANCEL).words
    assert visit.submit(CANCEL, CANCEL).location == "/track"
    counter.scene.settle()
    assert counter.floor.state(number) == "cancelled"
    assert refunds(counter) == [("refund", 2250)]
    assert "Your order is cancelled." in visit.get("/track").words
    assert [row.actor for row in counter.floor.rows("SELECT actor FROM fact WHERE type = 'order_cancelled'")] == [
        "customer"
    ]


def test_money_that_was_only_set_aside_is_let_go(counter: Counter):
    number = counter.scene.placed(
        {"MUG": 2}, payment=PaymentForm(state="authorised", gateway="g", reference="a1", amount="15.00")
    )
    visit = counter.visit(number)
    assert "let go £15.00" in visit.get(CANCEL).words
    visit.submit(CANCEL, CANCEL)
    counter.scene.settle()
    assert refunds(counter) == [("void", 1500)]


def test_cancelling_twice_or_after_going_back_does_it_once(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    form = visit.get(CANCEL).hidden(CANCEL)
    assert [visit.post(CANCEL, form).location for _ in range(2)] == ["/track", "/track"]
    assert len(counter.floor.rows("SELECT 1 FROM fact WHERE type = 'order_cancelled'")) == 1
    assert "It is cancelled already." in visit.get(CANCEL).words


def test_an_order_that_is_packed_just_then_is_not_cancelled_and_says_why(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    form = visit.get(CANCEL).hidden(CANCEL)
    counter.floor.packed(number)
    seen = visit.post(CANCEL, {**form, "version": ""})
    assert seen.status == 409
    assert "That came a moment too late." in seen.words
    assert counter.floor.state(number) == "packed"
    assert visit.post(CANCEL, form).status in (409, 412)
    assert "/track/cancel" not in visit.get("/track").text


def test_what_left_goes_on_while_the_rest_is_cancelled(counter: Counter):
    counter.floor.stock("LEEDS", HAT=1)
    number = counter.scene.placed({"MUG": 1, "HAT": 3})
    counter.floor.shipped(number)
    visit = counter.visit(number)
    assert "You get back £15.00" in visit.get(CANCEL).words
    assert visit.submit(CANCEL, CANCEL).location == "/track"
    assert counter.floor.state(number) == "shipped"


def test_the_address_is_shown_and_changed_by_who_proved_to_be_the_buyer(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    assert visit.get(ADDRESS).location == "/track/prove"
    assert visit.post(ADDRESS, {"csrf": "0"}).status == 303
    assert visit.submit("/track/prove", "/track/prove", word="nonsense").status == 401
    assert visit.submit("/track/prove", "/track/prove", word=EMAIL).location == ADDRESS
    assert "1 High St" in visit.get(ADDRESS).text
    assert visit.submit(ADDRESS, ADDRESS, **NEW).location == "/track"
    form = counter.floor.value("SELECT form FROM orders WHERE number = %(number)s", number=number)
    assert "2 New St" in form
    assert counter.floor.units(number) == [("MUG", {"allocated": 2})]


def test_an_address_that_cannot_be_is_told_at_its_field(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    visit.submit("/track/prove", "/track/prove", word=EMAIL)
    seen = visit.submit(ADDRESS, ADDRESS, **{**NEW, "ship_to/name": "x" * 600})
    assert seen.status == 422
    assert 'aria-invalid="true"' in seen.text
    assert "2 New St" not in counter.floor.value("SELECT form FROM orders")


def test_another_country_cannot_be_smuggled_in(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    visit.submit("/track/prove", "/track/prove", word=EMAIL)
    visit.submit(ADDRESS, ADDRESS, **NEW, **{"ship_to/country": "US", "lines/0/quantity": "99"})
    row = counter.floor.rows("SELECT country, total_minor FROM orders WHERE number = %(number)s", number=number)[0]
    assert (row.country, row.total_minor) == ("GB", 1500)


def test_two_tabs_with_two_orders_do_not_act_on_each_other(counter: Counter):
    mine, other = counter.scene.placed(), counter.scene.placed()
    visit = counter.visit(mine)
    form = visit.get(CANCEL).hidden(CANCEL)
    visit.get(counter.scene.link(other))
    seen = visit.post(CANCEL, form)
    assert seen.status == 403
    assert "This page is not the newest" in seen.words
    assert [counter.floor.state(each) for each in (mine, other)] == ["allocated", "allocated"]


def test_what_changed_in_another_tab_is_looked_at_anew(counter: Counter):
    number = counter.scene.placed({"MUG": 2, "TEE": 1})
    visit = counter.visit(number)
    form = visit.get(CANCEL).hidden(CANCEL)
    form["version"] = "99"
    seen = visit.post(CANCEL, form)
    assert seen.status == 412
    assert "Your order changed meanwhile." in seen.words


def test_what_no_page_of_ours_sent_changes_nothing(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit(number)
    form = visit.get(CANCEL).hidden(CANCEL)
    assert visit.post(CANCEL, form, sec_fetch_site="cross-site").status == 403
    assert visit.post(CANCEL, form, origin="https://evil.example").status == 403
    assert visit.post(CANCEL, {"once": "1"}).status == 403
    assert counter.floor.state(number) == "allocated"


def test_staff_may_still_cancel_what_customers_may_not(counter: Counter):
    number = counter.scene.placed()
    counter.floor.release(number)
    [refusal, done_] = counter.floor.run(
        cancel_orders,
        CancelOrder(number=number, reason="other", actor="customer", by_customer=True),
        CancelOrder(number=number, reason="other", actor="staff:Olivia"),
    )
    assert refusal.code == "too_late_for_customer"
    assert done([done_])[0].state == "cancelled"


def test_who_is_overtaken_is_told_what_became_of_the_order_not_to_decide_what_nobody_can(counter: Counter):
    for deed, sent in ((CANCEL, {}), (ADDRESS, NEW)):
        gone, stopped = counter.scene.placed(), counter.scene.placed()
        for number, says in ((gone, "It is too late for that"), (stopped, "It is cancelled already.")):
            visit = counter.visit(number)
            visit.get(deed)
            email = counter.floor.value(
                "SELECT c.email FROM customer c JOIN orders o ON o.customer_id = c.id WHERE o.number = %(number)s",
                number=number,
            )
            if deed == ADDRESS:
                assert visit.submit("/track/prove", "/track/prove", word=email).location == ADDRESS
            form = {**visit.get(deed).hidden(deed), **sent}
            if number == gone:
                counter.floor.packed(number)
            else:
                done(counter.floor.run(cancel_orders, CancelOrder(number=number, reason="other", actor="test")))
            seen = visit.post(deed, form)
            assert (seen.status, says in seen.words, "decide anew" in seen.words) == (412, True, False)


def test_who_paid_nothing_is_not_promised_money_back(counter: Counter):
    paid, unpaid = counter.scene.placed(), counter.scene.placed(payment=PaymentForm(state="unpaid"))
    for number, says in ((paid, "What you paid goes back"), (unpaid, "Nothing was paid, so nothing goes back.")):
        done(counter.floor.run(cancel_orders, CancelOrder(number=number, reason="other", actor="test")))
        assert says in counter.visit(number).get("/track").words
