"""Links to pay: made, followed, paid once or not at all, and told of twice."""

from datetime import timedelta
from typing import Any

from orderwright.business.billing.ports import CheckoutRequest
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.paying.checkouts import (
    BeginCheckout,
    CheckoutPaid,
    begin_checkouts,
    key_of,
    record_checkouts,
)
from orderwright.business.deeds.paying.following import ask_gateway
from orderwright.business.deeds.paying.giving_back import GiveBack, give_links_back
from orderwright.business.deeds.paying.links import MakePayLink, WithdrawPayLink, make_pay_links, withdraw_pay_links
from orderwright.business.deeds.paying.showing import FOLLOW, look_at_link
from orderwright.business.deeds.quoting import make_quotes
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.quotes.actions import withdraw_quotes
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, WithdrawQuote
from orderwright.database import tasks
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.random.steps import step
from tests.random.world import NOBODY, World
from tests.shop import HOME


def _a_link(world: World) -> str:
    row = world.some("SELECT id::text FROM pay_link ORDER BY made_at, id")
    return NOBODY if row is None or world.chance(0.1) else str(row.id)


def _made(world: World, **about: Any) -> Any:
    """A link, and what its customer sees."""
    command = MakePayLink(actor="random", days=world.pick(None, 1, 30), **about)
    link = world.run(make_pay_links, *[command] * world.pick(1, 2))[0]
    if not isinstance(link, Refusal):
        world.seen_by(look_at_link, link.path.removeprefix("/pay/"))
    return link


@step(3)
def a_link_to_pay_is_made(world: World) -> None:
    row = world.some("SELECT number FROM orders ORDER BY number")
    _made(world, order="OW-NONE" if row is None or world.chance(0.05) else row.number)
    quote = world.some("SELECT number FROM quote ORDER BY number")
    _made(world, quote="Q-NONE" if quote is None else quote.number)


@step(3)
def a_customer_pays_by_a_link(world: World) -> None:
    """They go to the gateway's page, perhaps pay, perhaps come back; the worker asks in any case."""
    id_ = _a_link(world)
    begun = world.one(begin_checkouts, BeginCheckout(id=id_, gateway="practice", actor="customer"))
    if isinstance(begun, Refusal):
        return
    world.gateway.open_checkout(CheckoutRequest(*begun[:4], "/pay/x", world.now))
    if world.chance(0.7):
        world.gateway.pay(begun.key)
    if world.chance(0.5):
        _told(world, id_)
    world.pass_time(timedelta(minutes=world.pick(1, 1, 45)))


@step(1)
def what_was_paid_is_told_again(world: World) -> None:
    _told(world, _a_link(world))


def _told(world: World, id_: str) -> None:
    seen = world.gateway.look_at_checkout(key_of(id_))
    if seen is None or seen.state != "paid":
        return
    command = CheckoutPaid(
        id=id_, gateway="practice", reference=seen.reference, amount_minor=seen.amount_minor, actor="customer"
    )
    world.run(record_checkouts, *[command] * world.pick(1, 2))


@step(1)
def a_link_is_taken_back(world: World) -> None:
    world.run(withdraw_pay_links, *[WithdrawPayLink(id=_a_link(world), actor="random")] * world.pick(1, 2))


@step(1)
def an_unpaid_order_and_a_quote_are_paid_by_links(world: World) -> None:
    """Surely: one is paid, one is not and is over, and one is asked for while it is not the amount any more."""
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, customer=CustomerForm(email="links@example.org")
    )
    until = (world.now + timedelta(days=3)).date()
    quote = world.one(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="random"))
    placed = world.shop.place({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    for about in ({"order": getattr(placed, "number", "OW-NONE")}, {"quote": getattr(quote, "number", "Q-NONE")}):
        link = _made(world, **about)
        if isinstance(link, Refusal):
            continue
        begun = world.one(begin_checkouts, BeginCheckout(id=link.id, gateway="practice", actor="customer"))
        if isinstance(begun, Refusal):
            continue
        world.gateway.open_checkout(CheckoutRequest(*begun[:4], "/pay/x", world.now))
        world.gateway.pay(begun.key)
        _told(world, link.id)
        world.one(begin_checkouts, BeginCheckout(id=link.id, gateway="practice", actor="customer"))
        world.one(make_pay_links, MakePayLink(actor="random", **about))


@step(1)
def what_was_paid_for_a_quote_that_is_gone_does_not_go_back_by_itself(world: World) -> None:
    """Surely: the gateway gives nothing back, until somebody does it another way, and says so."""
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, customer=CustomerForm(email="gone@example.org")
    )
    until = (world.now + timedelta(days=3)).date()
    quote = world.one(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="random"))
    link = _made(world, quote=getattr(quote, "number", "Q-NONE"))
    if isinstance(link, Refusal):
        return
    begun = world.one(begin_checkouts, BeginCheckout(id=link.id, gateway="practice", actor="customer"))
    world.gateway.open_checkout(CheckoutRequest(*begun[:4], "/pay/x", world.now))
    world.gateway.pay(begun.key)
    world.one(withdraw_quotes, WithdrawQuote(number=link.quote, actor="random"))
    _told(world, link.id)
    world.pass_time(timedelta(minutes=1))
    for _ in range(2):  # a look, and the refund
        with world.store.begin() as tx:
            for task in tasks.claim(tx, [FOLLOW], 100):
                tasks.fail(tx, task, "the gateway gives nothing back: declined", final=task.subject == link.id)
    world.run(give_links_back, *[GiveBack(id=link.id, actor="random")] * 2)


@step(1)
def an_amount_changes_after_its_link_was_made(world: World) -> None:
    placed = world.shop.place({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    if isinstance(placed, Refusal):
        return
    link = _made(world, order=placed.number)
    world.one(record_payments, RecordPayment(
        number=placed.number, state="paid", amount="1.00", gateway="stripe", reference=f"part-{placed.number}",
        actor="random",
    ))  # fmt: skip
    id_ = getattr(link, "id", NOBODY)
    world.one(begin_checkouts, BeginCheckout(id=id_, gateway="practice", actor="customer"))
    world.one(withdraw_pay_links, WithdrawPayLink(id=id_, actor="random"))


@step(1)
def a_gateway_does_not_answer_a_customer(world: World) -> None:
    def deaf(_: str) -> str:
        raise ConnectionError("no answer")

    try:
        ask_gateway(deaf, "")
    except Refusal as no:
        world.note(no)
