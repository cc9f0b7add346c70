"""What changes an order after it came: clerks edit it, its channel writes again, exceptions are worked on."""

from typing import Any

import msgspec

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.inbox.forms import TOPICS, Message, RetryMessage
from orderwright.business.deeds.inbox.keeping import retry_messages, store_messages
from orderwright.business.deeds.resolve import (
    AssignException,
    ResolveException,
    assign_exceptions,
    resolve_exceptions,
)
from orderwright.business.orders.form import NewOrder, PolicyForm
from orderwright.business.orders.usual import refresh_usual
from tests.random.floor import an_id
from tests.random.selling import GLASGOW, flaws_of, sound_order, total_of
from tests.random.steps import step
from tests.random.world import World

replace = msgspec.structs.replace
encode = msgspec.json.encode


def changed(world: World, order: NewOrder) -> NewOrder:
    """The order as somebody wants it now: more, less, other lines, elsewhere; or wrong."""
    lines, line = list(order.lines), order.lines[0]
    other = sound_order(world)
    changes: list[dict[str, Any]] = [
        {"lines": [replace(line, quantity=max(1, line.quantity + world.pick(-2, -1, 1, 3))), *lines[1:]]},
        {"lines": [*lines, replace(other.lines[0], reference=f"new-{world.rng.randint(1, 3)}")]},
        {"lines": lines[1:] or lines}, {"lines": [replace(line, unit_price="7.25"), *lines[1:]]},
        {"ship_to": GLASGOW}, {"service": "express"}, {"gift_note": "in blue"}, {"priority": 7},
        {"policy": PolicyForm(split=world.pick("never", "cheapest"), ship_complete=world.pick(None, True))},
        {"shipping": other.shipping}, {"discounts": other.discounts}, {"payment": other.payment}, {},
        {"reference": "another"}, {"channel": "web"}, world.pick(*flaws_of(world, order)),
    ]  # fmt: skip
    form = replace(order, **world.pick(*changes))
    try:
        total = total_of(form.lines, form.discounts, form.shipping, form.prices_include_tax, form.currency)
    except ValueError:
        return form
    return replace(form, total=world.pick(total, total, total, form.total))


@step(14)
def orders_are_edited(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 1, 2)):
        row = world.some(
            "SELECT number, form FROM orders WHERE state ~ %(state)s ORDER BY number",
            state=world.pick("", "held|waiting|allocated", "held|waiting|allocated", "picking|packed|shipped"),
        )
        if row is None:
            return
        form = changed(world, msgspec.json.decode(row.form, type=NewOrder))
        number = row.number if world.chance(0.97) else "OW-999999"
        commands.append(
            EditOrder(
                number=number, form=form, actor="sue", version=world.pick(None, None, None, 1),
                dry_run=world.chance(0.2), door=world.pick("api", "api", "channel"),
            )
        )  # fmt: skip
    world.run(edit_orders, *commands)


@step(10)
def a_channel_writes(world: World) -> None:
    """Of an order new or known, in any order, sometimes twice, sometimes nonsense."""
    row = world.some("SELECT form FROM orders ORDER BY number") if world.chance(0.6) else None
    order = sound_order(world) if row is None else msgspec.json.decode(row.form, type=NewOrder)
    if row is None and world.chance(0.5):
        order = replace(order, reference=f"C-{world.rng.randint(1, 6)}", channel="web")
    topic = world.pick(*TOPICS, "order.created", "order.updated", "order.lost")
    form: Any = changed(world, order) if world.chance(0.6) else order
    body = {
        "order.paid": encode({"reference": order.reference, "payment": {"state": "paid", "reference": "pi_3"}}),
        "order.cancelled": encode({"reference": order.reference, "reason": "changed my mind"}),
    }.get(topic, encode(form) if "\ud800" not in form.reference else b"{}")
    body = world.pick(body, body, body, body, b"not JSON", body[:-3])
    channel = order.channel if world.chance(0.95) else "nobody"
    message = Message(channel=channel, topic=topic, external_id=order.reference, body=body, actor="hook")
    world.run(store_messages, *[message] * world.pick(1, 1, 2))


@step(2)
def a_parked_message_is_read_again(world: World) -> None:
    row = world.some("SELECT id::text FROM inbox WHERE %(any)s OR state = 'parked' ORDER BY id", any=world.chance(0.3))
    world.one(retry_messages, RetryMessage(message_id=an_id(world, row), actor="sue"))


def _an_exception(world: World) -> Any:
    return world.some(
        "SELECT id::text FROM exception WHERE %(any)s OR closed_at IS NULL ORDER BY id", any=world.chance(0.2)
    )


@step(7)
def exceptions_are_resolved(world: World) -> None:
    commands = [
        ResolveException(
            id=an_id(world, _an_exception(world)), resolution="looked_at", release=world.chance(0.6),
            actor=world.pick("sue", "pia"),
        )
        for _ in range(world.pick(1, 1, 3))
    ]  # fmt: skip
    world.run(resolve_exceptions, *commands)
    world.one(resolve_exceptions, commands[0])


@step(3)
def exceptions_are_given_on(world: World) -> None:
    commands = [
        AssignException(id=an_id(world, _an_exception(world)), owner=world.pick("manager", "sue"), actor="pia")
        for _ in range(world.pick(1, 2))
    ]
    world.run(assign_exceptions, *commands)


@step(2)
def what_is_usual_is_learnt(world: World) -> None:
    with world.store.begin() as tx:
        refresh_usual(tx)
    world.has_changed = True
