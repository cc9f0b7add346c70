"""Pay links on the pages of staff: what a gateway keeps is given back by hand, a dearer exchange is paid by one."""

from datetime import timedelta

from orderwright.business.deeds.paying.checkouts import CheckoutPaid, record_checkouts
from orderwright.business.deeds.paying.links import MakePayLink, make_pay_links
from orderwright.business.deeds.paying.showing import FOLLOW
from orderwright.business.deeds.quoting import make_quotes
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.actions import withdraw_quotes
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, WithdrawQuote
from orderwright.database import tasks
from orderwright.links.carriers.practice import PracticeCarrier
from orderwright.values.ids import new_id
from tests.billing.test_exchanging import ask, shipped, take_back
from tests.console.conftest import Console
from tests.floor import Floor, done
from tests.shop import HOME


def stuck(console: Console) -> tuple[str, str]:
    """A quote that was withdrawn, whose money its gateway does not give back; and the id of its link."""
    shop = console.shop
    shop.stock("LEEDS", MUG=5)
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, customer=CustomerForm(email="q@example.org")
    )
    with shop.store.read() as tx:
        until = (tx.now + timedelta(days=7)).date()
    [quote] = done(shop.run(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="ann")))
    [link] = done(shop.run(make_pay_links, MakePayLink(quote=quote.number, actor="ann")))
    done(shop.run(withdraw_quotes, WithdrawQuote(number=quote.number, actor="ann")))
    done(shop.run(record_checkouts, CheckoutPaid(
        id=link.id, gateway="practice", reference="pay:1", amount_minor=700, actor="customer"
    )))  # fmt: skip
    with shop.begin() as tx:
        for task in tasks.claim(tx, [FOLLOW], 10):
            tasks.fail(tx, task, "RuntimeError: the gateway gives nothing back: declined", final=True)
    return f"/quotes/{quote.number}", link.id


def test_what_does_not_go_back_by_itself_is_given_back_and_said_so(console: Console) -> None:
    page, id_ = stuck(console)
    clerk = console.visit(console.person("clerk", name="Clara"))
    seen = clerk.get(page)
    assert "It did not go back by itself: the gateway gives nothing back: declined." in seen.words
    assert "Came in £7.00" in seen.words
    assert "It was given back" not in seen.words  # money is not a clerk's
    visit = console.visit(console.owner())
    assert visit.submit(page, f"{page}/pay-link/{id_}/given-back").location == page
    seen = visit.get(page)
    assert "It is noted that the money was given back." in seen.words
    assert "Money went back" in seen.words
    assert "did not go back by itself" not in seen.words
    assert console.shop.value("SELECT returned_by FROM pay_link") == "staff:Olivia Owner"


def test_the_difference_of_a_dearer_exchange_is_asked_for_from_the_page_of_the_return(console: Console) -> None:
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    for size, price in (("S", "7.50"), ("L", "9.00")):
        floor.product(f"TEE-{size}", price=price, family="TEES", options={"size": size})
    floor.stock("LEEDS", **{"TEE-S": 5, "TEE-L": 5})
    number = shipped(floor, {"TEE-S": 1})
    back = ask(floor, number, (1, 1, "TEE-L"))
    other = back.exchange.order
    visit = console.visit(console.owner())
    there = f'href="/orders/{other}#pay-link"'
    assert there not in visit.get(f"/orders/{number}").text
    take_back(floor, back)
    assert there in visit.get(f"/orders/{number}").text
    assert visit.submit(f"/orders/{other}", f"/orders/{other}/pay-link").location == f"/orders/{other}"
    seen = visit.get(f"/orders/{other}")
    assert 'id="pay-link"' in seen.text
    assert console.shop.value("SELECT amount_minor FROM pay_link") == 150
