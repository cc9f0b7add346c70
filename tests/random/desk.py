"""At the desk: many orders changed at once and changed back; views kept."""

from datetime import timedelta

import msgspec

from orderwright.business.deeds.bulk import ChangeMany, UndoMany, change_many, undo_many
from orderwright.business.deeds.dials import accept_decisions, override_decisions, turn_dials
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.resolve import ResolveException, resolve_exceptions
from orderwright.business.deeds.snooze import SnoozeException, snooze_exceptions
from orderwright.business.orders.contacts import (
    ContactForm,
    RecordContact,
    WithdrawContact,
    record_contacts,
    withdraw_contacts,
)
from orderwright.business.orders.dials import AcceptDecision, OverrideDecision, SetDial, set_dials
from orderwright.business.orders.notes import SeeMentions, WriteNote, see_mentions, write_notes
from orderwright.business.orders.procedures import ProcedureRead, WriteProcedure, write_procedures
from orderwright.business.staff.views import (
    VIEWS_MAX,
    ChangeView,
    DropView,
    SaveView,
    change_views,
    drop_views,
    save_views,
)
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal
from tests.random.floor import an_id
from tests.random.selling import a_number, sound_order
from tests.random.steps import step
from tests.random.world import World


@step(3)
def many_orders_are_changed(world: World) -> None:
    deed = world.pick("hold", "hold", "release", "cancel")
    told = ChangeMany(
        deed=deed, orders=[a_number(world) for _ in range(world.pick(1, 3))],
        kind=world.pick("manual", "fraud", "address"), actor="sue",
    )  # fmt: skip
    world.run(change_many, *[told] * world.pick(1, 1, 2))
    row = world.some("SELECT id::text FROM bulk_run ORDER BY id")
    world.run(undo_many, *[UndoMany(id=an_id(world, row), actor="pia")] * world.pick(1, 2))


@step(3)
def views_are_kept(world: World) -> None:
    by = world.pick(frozenset({"staff:write"}), frozenset())
    told = SaveView(
        list=world.pick("orders", "exceptions"), name=world.pick("Late", "Held", "Peak", " "), query="state=held",
        actor=world.pick("staff:Kim", "staff:Max"), is_shared=world.chance(0.4), is_first=world.chance(0.4), by=by,
    )  # fmt: skip
    world.run(save_views, *[told] * world.pick(1, 2))
    own = SaveView(list="orders", name="Own", actor="staff:Kim")
    for saved in world.run(save_views, own, own):
        if not isinstance(saved, Refusal):
            world.one(change_views, ChangeView(id=saved.id, name="Own", actor="staff:Kim", is_first=True))
            world.one(drop_views, DropView(id=saved.id, actor="staff:Kim"))
    world.one(save_views, SaveView(list="orders", name="All", actor="staff:Kim", is_shared=True))
    row = world.some("SELECT id::text, name, owner FROM saved_view ORDER BY list, owner, name")
    actor = "staff:Kim" if row is None or row.owner == "" else row.owner
    change = ChangeView(
        id=an_id(world, row), name=world.pick("Late", "Other"), actor=actor, is_shared=world.chance(0.4),
        is_first=world.chance(0.4), place=world.pick(0, 1, 3), by=by,
    )  # fmt: skip
    world.run(change_views, *[change] * world.pick(1, 2))
    if world.chance(0.5):
        world.run(drop_views, *[DropView(id=an_id(world, row), actor=actor, by=by)] * world.pick(1, 2))


@step(1)
def views_become_too_many(world: World) -> None:
    for number in range(VIEWS_MAX + 1):
        told = SaveView(list="orders", name=f"View {number}", actor="staff:Zoe")
        if isinstance(world.one(save_views, told), Refusal):
            break
    for row in world.rows("SELECT id::text FROM saved_view WHERE owner = 'staff:Zoe' ORDER BY place"):
        world.one(drop_views, DropView(id=row.id, actor="staff:Zoe"))


@step(3)
def notes_and_contacts_are_written(world: World) -> None:
    told = WriteNote(number=a_number(world), text=world.pick("@Kim, call.", "@olive @max", " ", "a\0b"), actor="sue")
    world.run(write_notes, *[told] * world.pick(1, 2))
    row = world.some("SELECT id::text FROM staff_account ORDER BY name_key")
    note = world.some("SELECT id::text FROM order_note ORDER BY id")
    notes = world.pick([], [an_id(world, note)], ["nonsense"])
    world.run(see_mentions, *[SeeMentions(account_id=an_id(world, row), notes=notes, actor="sue")] * world.pick(1, 2))
    _contacts_are_written_down(world)


def _contacts_are_written_down(world: World) -> None:
    asked_at = world.pick(None, None, *[world.now - timedelta(hours=hours) for hours in (-1, 3, 24 * 40)])
    form = ContactForm(
        channel=world.pick("phone", "email"), reason=world.pick("where_is_it", "wrong_or_damaged", "question"),
        words=world.pick("", "Where is it?", "a\0b"), asked_at=asked_at,
    )  # fmt: skip
    told = RecordContact(number=a_number(world), form=form, actor="sue")
    world.run(record_contacts, *[told] * world.pick(1, 2))
    row = world.some("SELECT c.id::text, o.number FROM contact c JOIN orders o ON o.id = c.order_id ORDER BY c.id")
    number = a_number(world) if row is None else row.number
    back = WithdrawContact(number=number, id=an_id(world, row), actor="sue")
    world.run(withdraw_contacts, *[back] * world.pick(1, 2))


def _an_exception(world: World) -> str:
    return an_id(world, world.some("SELECT id::text FROM exception WHERE closed_at IS NULL ORDER BY id"))


@step(3)
def exceptions_are_put_off(world: World) -> None:
    _doubtful(world)
    gone_by = SnoozeException(id=_an_exception(world), until=world.now - timedelta(hours=1), actor="sue")
    world.one(snooze_exceptions, gone_by)
    until = world.pick(None, *[world.now + timedelta(hours=hours) for hours in (-1, 2, 30, 24 * 40)])
    told = SnoozeException(id=_an_exception(world), until=until, actor="sue")
    world.run(snooze_exceptions, *[told] * world.pick(1, 2))


@step(3)
def procedures_are_written_and_read(world: World) -> None:
    told = WriteProcedure(
        kind=world.pick("manual", "address", "manual", "nonsense"), stage=world.pick("any", "planned", "moon"),
        text=world.pick("1. Call.", "1. Write.", ""), version=world.pick(None, None, 0, 7), actor="sue",
    )  # fmt: skip
    world.run(write_procedures, *[told] * world.pick(1, 2))
    _doubtful(world)
    unwritten = ProcedureRead(stage="any", version=9_000)
    told_wrong = ResolveException(
        id=_an_exception(world), resolution="looked_at", note="x", release=True, procedure=unwritten, actor="sue"
    )
    world.one(resolve_exceptions, told_wrong)
    read = ProcedureRead(stage=world.pick("any", "planned"), version=world.pick(1, 1, 2, 90))
    told_so = ResolveException(
        id=_an_exception(world), resolution="looked_at", release=world.chance(0.7), procedure=read, actor="sue"
    )  # fmt: skip
    world.run(resolve_exceptions, *[told_so] * world.pick(1, 2))


TYPO = AddressForm(name="Bea", lines=["1 High St"], city="Leeds", postal_code="LS1 IAA", country="GB")


def _turned(world: World) -> None:
    with world.store.begin() as tx:
        turn_dials(tx, [])
    world.has_changed = True


def _doubtful(world: World) -> None:
    """An order whose postcode was mistyped."""
    form = msgspec.structs.replace(sound_order(world), ship_to=TYPO)
    world.one(place_orders, PlaceOrder(form, "random", "channel"))


@step(4)
def dials_are_turned(world: World) -> None:
    """And the system does what it may; somebody looks at it, or decides otherwise."""
    _doubtful(world)
    for kind in ("address", world.pick("duplicate", "price", "colour")):
        told = SetDial(kind=kind, setting=world.pick("tell", "silent", "tell"), actor="sue")
        world.run(set_dials, *[told] * world.pick(1, 2))
    _turned(world)
    row = world.some("SELECT exception_id::text AS id FROM suggestion WHERE done_at IS NOT NULL ORDER BY exception_id")
    world.run(accept_decisions, *[AcceptDecision(id=an_id(world, row), actor="sue")] * world.pick(1, 2))
    for reason in (" ", "Wrong."):
        wrong = OverrideDecision(id=an_id(world, row), reason=reason, actor="sue")
        world.run(override_decisions, wrong, wrong)
    world.one(set_dials, SetDial(kind="address", setting="suggest", actor="sue"))


@step(2)
def a_suggestion_is_not_taken(world: World) -> None:
    """Which somebody says why, or has to."""
    _doubtful(world)
    _turned(world)
    row = world.some(
        "SELECT e.id::text FROM exception e JOIN suggestion s ON s.exception_id = e.id WHERE e.closed_at IS NULL"
        " AND s.digest <> '' AND s.came = '' ORDER BY e.id"
    )
    for note in ("", "By phone."):
        told = ResolveException(id=an_id(world, row), resolution="looked_at", note=note, release=True, actor="sue")
        world.one(resolve_exceptions, told)
