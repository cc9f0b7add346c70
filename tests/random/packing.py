"""What happens at benches: cartons come and are counted, two people want one order, checks are missing, photos sent."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.packing.checks import BeginPacking, begin_packing
from orderwright.business.deeds.packing.errors import RecordError, record_errors
from orderwright.business.deeds.reship import Reship, reship_parcels
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.deeds.track import record_tracking
from orderwright.business.shipping.forms import Pack, ParcelForm, ScaleWeight, ScannedUnits, TrackingEvent
from orderwright.business.shipping.packing.cartons import put_cartons, stock_cartons
from orderwright.business.shipping.packing.forms import CartonForm, InsertForm, PutCarton, PutInsert, StockCartons
from orderwright.business.shipping.packing.inserts import put_inserts
from orderwright.business.warehouse.sessions.forms import OpenSession, ScanForm, TakeScans
from orderwright.database.keys import SCOPES
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import Read
from orderwright.doors.api.routes import all_routes
from orderwright.doors.api.routes.packing import photo_before_closing, photo_of_parcel
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal
from tests.packing.pictures import png
from tests.random.asking import ask
from tests.random.catalogue import CONTROL
from tests.random.coverage import call_of
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.walking import LAMP, Walk, walked
from tests.random.world import NOBODY, World


def _cartons(world: World) -> None:
    for code, side in (("S", 200), ("L", 400), (f"A{CONTROL}", 100)):
        form = CartonForm(length_mm=side, width_mm=side, height_mm=side, tare_g=side // 2, cost_minor=side)
        world.one(put_cartons, PutCarton(code=code, form=form, actor="random"))


@step(3)
def cartons_come_and_go(world: World) -> None:
    _cartons(world)
    commands = [
        StockCartons(
            carton=world.pick("S", "S", "L", "XXL"), site=world.pick("LEEDS", "LEEDS", "MARS"), actor="random",
            kind=world.pick("receive", "receive", "waste", "count"), quantity=world.rng.randint(0, 30),
            reference=world.pick("", "", "D-1", "D-2"), low_at=world.pick(None, 5),
        )
        for _ in range(world.pick(1, 3))
    ]  # fmt: skip
    world.run(stock_cartons, *commands)
    world.run(stock_cartons, *commands)


@step(1)
def a_rule_says_what_goes_in(world: World) -> None:
    for form in (
        InsertForm(put="A card", first_order=True),
        InsertForm(put="A card", value_min="1.234", currency="GBP"),
    ):
        world.one(put_inserts, PutInsert(code=world.pick("card", "note"), form=form, actor="random"))


@step(2)
def a_mistake_is_found(world: World) -> None:
    row = world.some("SELECT id::text FROM parcel ORDER BY id")
    told: dict[str, Any] = {"found_at": "customer", "cause": "wrong_item", "actor": "random"}
    for more in ({"sku": LAMP}, {"sku": "NOPE"}, {"order": "OW-999999"}, {"parcel": an_id(world, row)}):
        world.one(record_errors, RecordError(**told, **more))


@step(3)
def two_people_want_one_order(world: World) -> None:
    """The second is told who; the first packs, is asked for a weight, names a carton there is not, and packs."""
    _cartons(world)
    walk = walked(world, Walk.picked)
    id_ = walk.fulfilment_id
    _look(world, "GET /v1/fulfilments/{id}/packing/picture", id_)
    for person in ("ann", "bob"):
        world.one(begin_packing, BeginPacking(fulfilment_id=id_, person=person, actor="random"))
    everything = [ScannedUnits(sku=LAMP, quantity=walk.quantity)]
    for told in (
        {"person": "bob"},
        {"person": "ann", "is_guided": True},
        {"person": "ann", "parcels": [ParcelForm(carton="XXL")]},
        {"person": "ann", "confirm": True, "is_guided": True, "checked_by": "bob", "parcels": [
            ParcelForm(carton="S", weight=ScaleWeight(value="1.2", unit=world.pick("kg", "lb")), scanned=everything)]},
        {"person": "ann"},
    ):  # fmt: skip
        world.one(pack, Pack(fulfilment_id=id_, actor="random", **told))
    world.one(begin_packing, BeginPacking(fulfilment_id=world.pick(NOBODY, id_), person="ann", actor="random"))


@step(2)
def a_lost_parcel_is_sent_again(world: World) -> None:
    lose_and_send_again(world, walked(world, Walk.handed_over))


def lose_and_send_again(world: World, walk: Walk) -> None:
    """The walk's parcel is lost on the road."""
    command = Reship(parcel_id=walk.parcel_id, actor="random")
    world.one(reship_parcels, command)  # it is not lost
    [row] = world.rows("SELECT tracking_code AS code FROM parcel WHERE id::text = %(id)s", id=walk.parcel_id)
    lost = TrackingEvent(
        carrier="practice", external_id=f"{row.code}:lost", tracking_code=row.code, milestone="lost",
        occurred_at=world.now, actor="carrier",
    )  # fmt: skip
    walk.does(record_tracking, lost)
    world.run(reship_parcels, *[command] * world.pick(1, 2))
    world.one(reship_parcels, Reship(parcel_id=world.pick(NOBODY, walk.parcel_id), actor="random"))


@step(3)
def an_order_is_packed_by_scans(world: World) -> None:
    """The packer does what they are told, or something odd now and then."""
    _cartons(world)
    id_ = walked(world, Walk.picked).fulfilment_id
    command = OpenSession(kind="pack", site="LEEDS", person=world.pick("ann", "bob"), subject=id_, actor="random",
                          device=world.pick("", "bench-9"))  # fmt: skip
    session = world.one(open_sessions, command)
    if isinstance(session, Refusal):
        return
    for n in range(session.next_n, session.next_n + 12):
        right: dict[str, Any] = {
            "item": {"code": LAMP}, "carton": {"code": "S"}, "weight": {"code": "=0.7kg"}, "person": {"code": "S:zoe"},
            "done": {"command": "done"},
        }[session.instruction.expects]  # fmt: skip
        odd = world.pick(
            {"code": "TEE"}, {"command": "full"}, {"command": "back"}, {"command": "done"}, {"code": "=1lb"}
        )
        scan = ScanForm(n=n, **(odd if world.chance(0.25) else right))
        session = world.one(take_scans, TakeScans(session_id=session.id, scans=[scan], actor="random"))
        if isinstance(session, Refusal):
            return


@step(2)
def photos_are_taken(world: World) -> None:
    walk = walked(world, Walk.picked)
    send_picture(world, photo_before_closing, walk.fulfilment_id, png(world.rng.randint(1, 9), 3))
    walk.packed()
    for content in (png(), png(), b"GIF89a", b""):
        send_picture(world, photo_of_parcel, walk.parcel_id, content)
    row = world.some("SELECT id::text FROM photo ORDER BY id")
    _look(world, "GET /v1/photos/{id}", an_id(world, row))


def _look(world: World, name: str, id_: str) -> None:
    find = {call_of(each): each for each in all_routes()}[name]
    assert isinstance(find, Read)
    access = Access("key", "random", "random", frozenset(SCOPES))
    question = Question(access, {"id": id_}, find.query() if find.query else None)
    world.told = [f"{name} {id_}"]
    with world.store.read() as tx:
        ask(world, name, partial(find.find, tx, question))


def send_picture(world: World, route: Any, id_: str, content: bytes) -> None:
    access = Access("key", world.store.name, "random", frozenset(SCOPES))
    world.told = [f"{call_of(route)} {id_} {content!r}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo"
        path.write_bytes(content)
        try:
            route.take(Shop(world.store, world.writer), Question(access, {"id": id_}, None), path, lambda _: None)
        except Refusal as no:
            world.note(no)
            return
    world.seen.count("calls", call_of(route))
    world.has_changed = True
