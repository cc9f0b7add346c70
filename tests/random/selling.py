"""What buyers and clerks do: orders come in, right and wrong in every way, and are held, cancelled, paid."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.at_version import AtVersion, at_version, order_versions
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits, ReleaseHold
from orderwright.business.orders.form import (
    CustomerForm,
    DiscountForm,
    LineForm,
    NewOrder,
    PaymentForm,
    PolicyForm,
    ShippingForm,
)
from orderwright.values import money
from orderwright.values.forms import AddressForm
from tests.random.catalogue import CONTROL, KITS, LATER, LOTTED, PLAIN
from tests.random.steps import step
from tests.random.world import World
from tests.shop import HOME

PRICES = {"SET": "20.00", "BOX": "20.00"}
GLASGOW = AddressForm(name="G. Buyer", lines=["2 Low St"], city="Glasgow", postal_code="G1 1AA", country="GB")
STATES = ("paid", "paid", "authorised", "authorised", "on_account", "unpaid")


def sound_order(world: World) -> NewOrder:
    """An order nobody could object to."""
    lines = [_line(world, i + 1) for i in range(world.pick(1, 1, 2, 3))]
    number = world.rng.randint(1, 10**9)
    gross = world.chance(0.3)
    discounts = [DiscountForm(amount="1.00")] if world.chance(0.15) else []
    shipping = ShippingForm(price=world.pick("0", "3.95"), tax=world.pick("0", "0.66"))
    total = total_of(lines, discounts, shipping, gross)
    payment = PaymentForm(state=world.pick(*STATES), amount=world.pick(None, total), reference=_reference(world))
    return NewOrder(
        channel=world.pick("web", "web", "market", "picky", "bulk"), reference=f"W-{number}", currency="GBP",
        ship_to=world.pick(HOME, GLASGOW), lines=lines, total=total, payment=payment, shipping=shipping,
        prices_include_tax=gross, discounts=discounts, customer=_customer(world, number),
        priority=world.pick(0, 0, 5), service=world.pick("standard", "standard", "express", "teleport"),
        policy=PolicyForm(
            shortage=world.pick(None, "backorder", "refuse", "hold"), split=world.pick(None, "never", "cheapest"),
            ship_complete=world.pick(None, None, True, False),
        ),
    )  # fmt: skip


def _customer(world: World, number: int) -> CustomerForm:
    if world.chance(0.2):
        return CustomerForm(phone="+441134960000", name="Phone Only")
    return CustomerForm(email=f"buyer{number if world.chance(0.7) else number % 3}@example.org", name="A. Buyer")


def _reference(world: World) -> str:
    return f"pi_{world.rng.randint(1, 30 if world.chance(0.1) else 10**9)}"


def _used_reference(world: World) -> str:
    row = world.some("SELECT reference FROM payment WHERE gateway = 'practice' ORDER BY reference")
    return "pi_1" if row is None else str(row.reference)


def _line(world: World, position: int) -> LineForm:
    sku = world.pick(*PLAIN, *PLAIN, LOTTED, *KITS, "MUG-ALIAS")
    quantity = world.pick(1, 1, 2, 3, 5, 9)
    return LineForm(
        sku=sku, quantity=quantity, unit_price=world.pick(PRICES.get(sku, "7.50"), PRICES.get(sku, "7.3333")),
        reference=world.pick(str(position), str(position), ""), tax=world.pick("0", "0.53"),
        discount=world.pick("0", "0", "0.20"),
    )  # fmt: skip


def total_of(
    lines: Sequence[LineForm], discounts: Sequence[DiscountForm], shipping: ShippingForm, gross: bool, to: str = "GBP"
) -> str:
    def minor(text: str) -> int:
        return money.parse_minor(text, to)

    goods = sum(
        money.line_amount_minor(line.quantity, money.parse_micro(line.unit_price), to) - minor(line.discount)
        for line in lines
    )
    tax = 0 if gross else sum(minor(line.tax) for line in lines) + minor(shipping.tax)
    off = sum(minor(each.amount) for each in discounts)
    return money.format_minor(goods - off + minor(shipping.price) + tax, to)


def flaws_of(world: World, order: NewOrder) -> list[dict[str, Any]]:
    """Changes that each make an order wrong, or at least strange, in one way."""
    address, line = order.ship_to, order.lines[0]
    payment, customer = order.payment, order.customer
    replace = msgspec.structs.replace

    def first(**changes: Any) -> dict[str, Any]:
        lines = [replace(line, **changes), *order.lines[1:]]
        try:
            total = total_of(lines, order.discounts, order.shipping, order.prices_include_tax)
        except ValueError:
            total = order.total
        return {"lines": lines, "total": total}

    def at(**changes: Any) -> dict[str, Any]:
        return {"ship_to": replace(address, **changes)}

    return [
        first(sku=world.pick("NOPE", *LATER)), first(sku="OLD"), first(unit_price="99.00"), first(unit_price="7.5.0"),
        first(unit_price="-7.50"), first(discount="0.001"), first(amount="0.01"), first(quantity=50_000),
        first(title=CONTROL), first(tax="-1.00"), first(unit_price="999999999999", quantity=1_000_000_000),
        first(quantity=1_000_000_000, unit_price="900000000.00"),
        {"total": "1.00"}, {"currency": "EUR"}, {"currency": "ZZZ"}, {"channel": "nobody"}, {"channel": "closed"},
        {"channel": CONTROL}, {"discounts": [DiscountForm(amount="5000.00")], "total": "-1.00"},
        {"payment": replace(payment, state="paid", reference=_used_reference(world))},
        {"payment": replace(payment, state="unpaid")}, {"payment": replace(payment, amount="1.23")},
        {"payment": replace(payment, amount="0.00", state="paid")},
        {"placed_at": world.now + timedelta(days=1)}, {"placed_at": datetime(2026, 11, 20, 9)},
        {"placed_at": world.now - timedelta(days=3)}, {"ship_before": world.now + timedelta(days=1)},
        {"customer": CustomerForm()}, {"customer": replace(customer, email="no at sign")},
        {"customer": replace(customer, phone="12")},
        {"customer": replace(customer, name="\u05d3\u05e0\u05d9 \U0001f381")},
        at(lines=[]), at(city=""), at(postal_code="LS1"), at(postal_code=""), at(country="ZZ"),
        at(country="FR"), {"channel": "picky", **at(country="FR")},
        at(country="US", region="", city="Boise", postal_code="83702"), at(country="US", region="QQ", city="Boise"),
        at(country="US", region="CA", city="Boise", postal_code="83702"),
        {"reference": "W\ud800"}, {"tags": ["a\x00"]},
    ]  # fmt: skip


def _foreign(world: World) -> NewOrder:
    """An order in a currency without decimals, or with three."""
    channel, currency, price, tax = world.pick(("yen", "JPY", "1100", "110"), ("dinar", "KWD", "2.755", "0.137"))
    lines = [LineForm(sku="MUG", quantity=world.pick(1, 2, 3), unit_price=price, tax=tax, reference="1")]
    total = total_of(lines, [], ShippingForm(), False, currency)
    return msgspec.structs.replace(
        sound_order(world), channel=channel, currency=currency, lines=lines, total=total, discounts=[],
        shipping=ShippingForm(), prices_include_tax=False, payment=PaymentForm(state="paid"),
    )  # fmt: skip


def any_order(world: World) -> NewOrder:
    """An order, every third one with something wrong."""
    order = _foreign(world) if world.chance(0.05) else sound_order(world)
    if world.chance(0.35):
        order = msgspec.structs.replace(order, **world.pick(*flaws_of(world, order)))
    return order


def _place(world: World, orders: Sequence[NewOrder]) -> list[Any]:
    door = world.pick("api", "api", "channel", "file")
    return world.run(place_orders, *[PlaceOrder(order, "random", door) for order in orders])


@step(24)
def an_order_comes(world: World) -> None:
    _place(world, [any_order(world)])


@step(6)
def orders_come_together(world: World) -> None:
    orders = [any_order(world) for _ in range(world.rng.randint(2, 6))]
    if world.chance(0.3):
        orders.append(orders[0])
    if world.chance(0.3):
        orders.append(msgspec.structs.replace(orders[-1], gift_note="in blue"))
    _place(world, orders)


@step(5)
def an_order_comes_again(world: World) -> None:
    row = world.some("SELECT form FROM orders ORDER BY number")
    if row is None:
        return
    order = msgspec.json.decode(row.form, type=NewOrder)
    changes = world.pick({}, {"gift_note": "differs"}, {"reference": f"{order.reference}-B"})
    _place(world, [msgspec.structs.replace(order, **changes)])


def a_number(world: World, state: str = "") -> str:
    """The number of an order, seldom one there is not; `state`: a pattern its state should match."""
    row = world.some("SELECT number FROM orders WHERE %(state)s = '' OR state ~ %(state)s ORDER BY number", state=state)
    return "OW-999999" if row is None or world.chance(0.03) else str(row.number)


def _some_lines(world: World, number: str) -> list[LineUnits]:
    row = world.some(
        "SELECT l.position, l.quantity FROM order_line l JOIN orders o ON o.id = l.order_id"
        " WHERE o.number = %(number)s ORDER BY l.position",
        number=number,
    )
    if row is None or world.chance(0.08):
        return [LineUnits(position=77, quantity=1)]
    return [LineUnits(position=row.position, quantity=min(row.quantity, world.pick(1, 1, 2, 3)) + world.pick(0, 0, 1))]


@step(9)
def an_order_is_cancelled(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 1, 2)):
        number = a_number(world, world.pick("", "held|waiting|allocated", "picking|packed"))
        lines = _some_lines(world, number) if world.chance(0.6) else None
        version = world.pick(None, None, None, 1)
        command = CancelOrder(number=number, reason="unwanted", actor="random", lines=lines)
        commands.append(AtVersion(number, version, command))
    world.run(at_version(order_versions, cancel_orders), *commands)


@step(7)
def an_order_is_held(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 2)):
        number = a_number(world, world.pick("", "allocated|waiting", "allocated"))
        kind = world.pick("manual", "manual", "fraud", "address", "vip", "parcel_lost")
        lines = _some_lines(world, number) if world.chance(0.5) else None
        commands.append(HoldOrder(number=number, actor="random", kind=kind, note="look", lines=lines))
    world.run(hold_orders, *commands)


@step(10)
def a_hold_is_released(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 3)):
        row = world.some(
            "SELECT o.number, h.kind FROM hold h JOIN orders o ON o.id = h.order_id WHERE h.released_at IS NULL"
            " ORDER BY o.number, h.kind, h.id"
        )
        number, kind = (a_number(world), "manual") if row is None or world.chance(0.1) else (row.number, row.kind)
        commands.append(ReleaseHold(number=number, actor=world.pick("random", "other"), kind=kind))
    world.run(release_holds, *commands)


@step(5)
def money_comes(world: World) -> None:
    number = a_number(world, world.pick("", "held"))
    amount = world.pick("7.50", "3.00", "100.00", "0.00", "-1", "a lot", "0.001", "999999999999999999")
    reference = world.pick("pi_1", "pi_2", _reference(world))
    state = world.pick("paid", "authorised")
    payment = RecordPayment(
        number=number, state=state, amount=amount, gateway="practice", reference=reference, actor="random"
    )
    world.run(record_payments, *[payment] * world.pick(1, 1, 2))


@step(5)
def money_is_given_back(world: World) -> None:
    amount = world.pick("1.00", "2.50", "7.50", "5000.00", "0", "much")
    refund = RefundOrder(
        number=a_number(world), amount=amount, reason="goodwill", reference=f"G-{world.rng.randint(1, 3)}",
        actor="random",
    )  # fmt: skip
    world.run(refund_orders, *[refund] * world.pick(1, 1, 2))
