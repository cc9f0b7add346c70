"""Clerks who write orders down: drafts, quotes, and what becomes of them."""

from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.previewing import preview
from orderwright.business.deeds.quoting import make_quotes, order_quotes, place_drafts
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.actions import drop_drafts, save_drafts, withdraw_quotes
from orderwright.business.quotes.forms import (
    DraftForm,
    DraftLine,
    DropDraft,
    MakeQuote,
    OrderQuote,
    PlaceDraft,
    SaveDraft,
    WithdrawQuote,
)
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.random.steps import step
from tests.random.world import NOBODY, World
from tests.shop import HOME

CLERKS = ("random", "random", "bob")


def _written(world: World) -> DraftForm:
    lines = [
        DraftLine(sku=world.pick("MUG", "tee", "MUG-ALIAS", "SET", "NOPE"), quantity=world.pick(1, 1, 2, 30))
        for _ in range(world.pick(0, 1, 1, 2))
    ]
    return DraftForm(
        channel=world.pick("web", "web", "market", "yen", "nobody"), lines=lines, shipping=world.pick(None, "3.95"),
        ship_to=world.pick(HOME, HOME, AddressForm(country="GB", postal_code="75001")),
        customer=CustomerForm(email=f"buyer{world.rng.randint(1, 3)}@example.org"),
        payment=world.pick("unpaid", "on_account"), discount=world.pick(None, None, "0.50"),
    )  # fmt: skip


def _a_draft(world: World) -> str:
    row = world.some("SELECT id::text FROM order_draft ORDER BY made_at, id")
    return NOBODY if row is None or world.chance(0.1) else str(row.id)


@step(3)
def an_order_is_written_down(world: World) -> None:
    id_ = world.pick(new_id(), new_id(), _a_draft(world))
    for version in (None, world.pick(None, 1, 9)):
        command = SaveDraft(id=id_, form=_written(world), version=version, actor=world.pick(*CLERKS))
        world.one(save_drafts, command)


@step(3)
def a_draft_is_placed(world: World) -> None:
    sure = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, payment="on_account",
        customer=CustomerForm(email="quoted@example.org"),
    )  # fmt: skip
    world.one(place_drafts, PlaceDraft(id=new_id(), form=sure, anyway=True, actor="random"))
    id_, form = _a_draft(world), world.pick(None, _written(world))
    if form is not None:
        world.seen_by(preview, form, "TEL-1", "random")
    command = PlaceDraft(id=id_, form=form, anyway=world.chance(0.5), actor="random")
    world.run(place_drafts, *[command] * world.pick(1, 1, 2))


@step(3)
def a_quote_is_made(world: World) -> None:
    until = (world.now + timedelta(days=world.pick(0, 1, 7, 7, -3))).date()
    told: dict[str, Any] = {"id": _a_draft(world), "actor": "random", "valid_until": until}
    form = _written(world)
    world.run(make_quotes, MakeQuote(**told, form=form), MakeQuote(**told, form=world.pick(form, _written(world))))


@step(3)
def a_quote_is_ordered_or_taken_back(world: World) -> None:
    row = world.some("SELECT number FROM quote ORDER BY number")
    number = "Q-999999" if row is None else str(row.number)
    if world.chance(0.2):
        world.one(withdraw_quotes, WithdrawQuote(number=number, actor="random"))
    command = OrderQuote(number=number, anyway=world.chance(0.6), actor="random")
    world.run(order_quotes, *[command] * world.pick(1, 2))


@step(1)
def a_quote_expires(world: World) -> None:
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOME, payment="on_account",
        customer=CustomerForm(email="quoted@example.org"),
    )  # fmt: skip
    until = (world.now + timedelta(days=1)).date()
    told: dict[str, Any] = {"form": form, "valid_until": until, "actor": "random"}
    ids = [new_id() for _ in range(3)]
    made = world.run(make_quotes, *[MakeQuote(id=id_, **told) for id_ in ids])
    two = msgspec.structs.replace(form, lines=[DraftLine(sku="MUG", quantity=2)])
    world.one(make_quotes, MakeQuote(id=ids[0], **told | {"form": two}))
    one, other, kept = (getattr(each, "number", "Q-NONE") for each in made)  # refused while mugs are retired
    world.one(order_quotes, OrderQuote(number=kept, anyway=True, actor="random"))
    world.run(withdraw_quotes, *[WithdrawQuote(number=one, actor="random")] * 2)
    world.one(save_drafts, SaveDraft(id=new_id(), form=form, actor="random"))
    world.pass_time(timedelta(days=3))
    world.one(order_quotes, OrderQuote(number=other, actor="random"))


@step(1)
def a_draft_is_thrown_away(world: World) -> None:
    world.one(drop_drafts, DropDraft(id=_a_draft(world), actor=world.pick(*CLERKS)))


@step(1)
def somebody_never_finishes_a_draft(world: World) -> None:
    ids = [f"{NOBODY[:-12]}{n:012}" for n in range(1, 102)]
    world.run(save_drafts, *[SaveDraft(id=id_, form=DraftForm(), actor="hoarder") for id_ in ids])
    world.run(drop_drafts, *[DropDraft(id=id_, actor="hoarder") for id_ in ids])
