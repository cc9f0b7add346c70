"""Customers at their pages: links, photos, and what they come too late for."""

from functools import partial

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, PutCustomer
from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.keep_buyers import KeepBuyer, keep_buyers
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.customer_links import RenewLink, renew_links
from orderwright.business.orders.form import CustomerForm
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.database.keys import SCOPES
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.routes.customer_pages import photo_of_return, return_photo, return_preview
from orderwright.settings import PutSettings, put_settings
from orderwright.values.ids import new_id
from tests.random.asking import ask
from tests.random.coverage import call_of
from tests.random.floor import an_id
from tests.random.packing import lose_and_send_again, png, send_picture
from tests.random.selling import a_number
from tests.random.steps import step
from tests.random.walking import Walk, walked
from tests.random.world import NOBODY, World


@step(2)
def a_customers_link_is_made_anew(world: World) -> None:
    world.run(renew_links, *[RenewLink(number=a_number(world), actor="sue")] * world.pick(1, 1, 2))


@step(2)
def customers_show_what_they_send_back(world: World) -> None:
    row = world.some("SELECT id::text FROM return_request ORDER BY id")
    for content in (png(world.rng.randint(1, 9), 3), png(), png(), b"GIF89a"):
        send_picture(world, photo_of_return, an_id(world, row), content)
    shown = world.some("SELECT id::text, return_id::text FROM return_photo ORDER BY id")
    if shown is not None:
        look(world, return_photo, {"id": shown.return_id, "photo": shown.id}, None)


@step(2)
def a_customer_comes_too_late(world: World) -> None:
    """To cancel what is on a floor, and to send back what arrived too long ago; what it would have been worth."""
    walk = walked(world, Walk.released)
    world.one(cancel_orders, CancelOrder(number=walk.number, reason="unwanted", actor="customer", by_customer=True))
    walk = walked(world, Walk.delivered)
    assert return_preview.query is not None
    look(world, return_preview, {"number": walk.number}, return_preview.query(lines="1x1"))
    world.one(put_settings, PutSettings(values={"returns.days": 0}, actor="random"))
    lines = [AskedLine(position=1, quantity=1)]
    world.one(ask_returns, AskReturn(number=walk.number, lines=lines, actor="customer", by_customer=True))
    world.one(put_settings, PutSettings(values={}, actor="random"))


@step(3)
def guests_are_kept_as_customers(world: World) -> None:
    """As somebody new, as somebody known, and once more; whosever the order is by then."""
    guest = world.some("SELECT number FROM orders WHERE customer_id IS NULL ORDER BY number")
    known = world.some("SELECT id::text FROM customer ORDER BY id")
    number = guest.number if guest is not None and world.chance(0.8) else a_number(world)
    customer = an_id(world, known) if world.chance(0.3) else ""
    keeps = [KeepBuyer(number=number, customer=each, actor="sue") for each in world.pick([customer], [customer, ""])]
    world.run(keep_buyers, *keeps)


@step(1)
def a_guest_surely_is_kept_with_what_was_sent_again(world: World) -> None:
    """As whom nobody knows, as somebody new, and as somebody else, whose it is not."""
    walk = walked(world, Walk.handed_over, customer=CustomerForm(name="Only A. Name"))
    lose_and_send_again(world, walk)
    other = new_id()
    world.one(put_customers, PutCustomer(id=other, card=CustomerCard(name="Somebody Else"), actor="sue"))
    for customer in (NOBODY, "", other, ""):
        world.one(keep_buyers, KeepBuyer(number=walk.number, customer=customer, actor="sue"))


def look(world: World, route, at: dict[str, str], query) -> None:  # type: ignore[no-untyped-def]
    """Ask one thing of the shop, as somebody who may ask everything."""
    question = Question(Access("key", "random", "random", frozenset(SCOPES)), at, query)
    world.told = [f"{call_of(route)} {at}"]
    with world.store.read() as tx:
        ask(world, call_of(route), partial(route.find, tx, question))
