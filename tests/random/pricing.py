"""Customers as the shop keeps them, and the prices they agreed."""

from datetime import timedelta

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import (
    CustomerCard,
    JoinCustomer,
    PriceForm,
    PriceListForm,
    PutCustomer,
    PutPrice,
    PutPriceList,
)
from orderwright.business.customers.price_lists import put_price_lists, put_prices
from orderwright.business.deeds.erase_customers import EraseCustomer, erase_customers
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.random.catalogue import CONTROL, PLAIN
from tests.random.steps import step
from tests.random.world import World

BUYERS = ("buyer1@example.org", "buyer2@example.org", "buyer3@example.org", "quoted@example.org")


def a_customer(world: World) -> str:
    """A customer there is, or one there will be."""
    row = world.some("SELECT id::text FROM customer ORDER BY first_at, email, name")
    return new_id() if row is None or world.chance(0.2) else str(row.id)


@step(2)
def a_customer_is_written_down(world: World) -> None:
    card = CustomerCard(
        name=world.pick("Corner Shop", "Stall", "", CONTROL), email=world.pick(*BUYERS, "", "no address"),
        phone=world.pick("", "+441134960000", "+44 1"), price_list=world.pick("", "TRADE", "NONE"),
        pays_within_days=world.pick(None, 0, 30),
        addresses=[] if world.chance(0.4) else [AddressForm(country=world.pick("GB", "GB", ""), postal_code="ls11aa")],
    )  # fmt: skip
    id_ = world.pick(a_customer(world), a_customer(world), "no-id")
    command = PutCustomer(id=id_, card=card, version=world.pick(None, None, 0, 1), actor="random")
    world.run(put_customers, *[command] * world.pick(1, 2))


@step(2)
def two_customers_are_one(world: World) -> None:
    id_, into = a_customer(world), a_customer(world)
    world.run(join_same_customers, *[JoinCustomer(id=id_, into=into, actor="random")] * 2)


@step(2)
def somebody_is_erased(world: World) -> None:
    """Also once all of theirs is settled; by their name, or by one that is not theirs."""
    rows = world.rows(
        "SELECT id::text, coalesce(nullif(name, ''), nullif(email, ''), nullif(phone, ''), id::text) AS name"
        " FROM customer WHERE erased_at IS NULL AND merged_into IS NULL ORDER BY first_at, email, name"
    )
    chosen = [world.rng.choice(rows) for _ in range(world.pick(1, 2))] if rows else []
    commands = [EraseCustomer(id=row.id, name=world.pick(row.name, row.name, "?"), actor="random") for row in chosen]
    world.run(erase_customers, *commands, EraseCustomer(id=a_customer(world), name="?", actor="random"))
    new = new_id()
    world.one(put_customers, PutCustomer(id=new, card=CustomerCard(name="Short Stay"), actor="random"))
    world.one(erase_customers, EraseCustomer(id=new, name="Short Stay", actor="random"))


@step(2)
def prices_are_agreed(world: World) -> None:
    day = world.now.date()
    form = PriceListForm(
        name=world.pick("Trade", CONTROL), currency=world.pick("GBP", "GBP", "EUR", "ZZZ"),
        valid_from=world.pick(None, None, day + timedelta(days=1)),
        valid_until=world.pick(None, None, day - timedelta(days=1)),
    )  # fmt: skip
    world.one(put_price_lists, PutPriceList(code="TRADE", form=form, version=world.pick(None, None, 9), actor="random"))
    prices = [
        PutPrice(
            price_list=world.pick("TRADE", "TRADE", "NONE"), sku=world.pick(*PLAIN, "NOPE"),
            form=PriceForm(price=world.pick("2.345678", "6", None)), actor="random",
        )
        for _ in range(3)
    ]  # fmt: skip
    world.run(put_prices, *prices)


@step(1)
def somebody_gets_the_prices_of_the_list(world: World) -> None:
    form = PriceListForm(name="Trade", currency="GBP")
    world.one(put_price_lists, PutPriceList(code="TRADE", form=form, actor="random"))
    card = CustomerCard(name="Quoted", email="quoted@example.org", price_list="TRADE", pays_within_days=30)
    [known] = world.rows("SELECT max(id::text) AS id FROM customer WHERE email_key = 'quoted@example.org'")
    world.one(put_customers, PutCustomer(id=known.id or new_id(), card=card, actor="random"))
