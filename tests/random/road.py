"""What packers, label desks and carriers do."""

from datetime import timedelta
from typing import Any

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack, unpack
from orderwright.business.deeds.track import record_tracking
from orderwright.business.shipping.actions import void_labels, want_labels, weigh
from orderwright.business.shipping.forms import (
    HandOver,
    Pack,
    PackedLine,
    ParcelForm,
    TrackingEvent,
    Unpack,
    VoidLabel,
    WantLabel,
    Weigh,
)
from orderwright.business.shipping.rules import MILESTONES
from tests.random.catalogue import CONTROL
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.world import World


@step(16)
def parcels_are_packed(world: World) -> None:
    row = world.some(
        "SELECT f.id::text FROM fulfilment f WHERE %(any)s OR EXISTS (SELECT 1 FROM allocation a"
        " WHERE a.fulfilment_id = f.id AND a.picked > 0) ORDER BY f.id",
        any=world.chance(0.1),
    )
    fulfilment_id = an_id(world, row)
    parcels = _parcels(world, fulfilment_id)
    pack_it = Pack(fulfilment_id=fulfilment_id, parcels=parcels, confirm=world.chance(0.3), actor="paul")
    for packed in world.run(pack, *[pack_it] * world.pick(1, 1, 1, 2)):
        world.tokens += [each.tracking_token for each in getattr(packed, "parcels", ()) if each.tracking_token]


def _parcels(world: World, fulfilment_id: str) -> list[ParcelForm]:
    if world.chance(0.45):
        return [ParcelForm(weight_g=world.pick(None, None, 1, 650, 100_000))] * world.pick(1, 1, 1, 2)
    rows = world.rows(
        "SELECT coalesce(nullif(l.reference, ''), l.position::text) AS reference, d.sku, d.per_unit, a.picked,"
        " count(*) OVER (PARTITION BY d.position) AS parts FROM allocation a JOIN demand d ON d.id = a.demand_id"
        " JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position"
        " WHERE a.fulfilment_id::text = %(id)s AND a.picked > 0 ORDER BY d.position, d.sku",
        id=fulfilment_id,
    )
    parcels = []
    for row in rows:
        sku = row.sku if row.parts > 1 or world.chance(0.2) else ""
        units = row.picked if sku else row.picked // row.per_unit
        lines = [PackedLine(reference=row.reference, sku=sku, quantity=max(1, units) + world.pick(0, 0, 0, 1))]
        if world.chance(0.3) and units > 1:
            parcels.append(ParcelForm(lines=[PackedLine(reference=row.reference, sku=sku, quantity=1)]))
            lines = [PackedLine(reference=row.reference, sku=sku, quantity=units - 1)]
        parcels.append(ParcelForm(lines=lines, weight_g=world.pick(None, None, None, 7)))
    if world.chance(0.1):
        parcels.append(ParcelForm(lines=[PackedLine(reference="77", quantity=1)]))
    return parcels


def a_parcel(world: World, state: str) -> Any:
    """A parcel in a state, or now and then in any."""
    return world.some(
        "SELECT id::text, number, weight_g, expected_weight_g, tracking_code, state FROM parcel"
        " WHERE %(any)s OR state = %(state)s ORDER BY id",
        any=world.chance(0.2), state=state,
    )  # fmt: skip


@step(4)
def a_parcel_is_opened(world: World) -> None:
    command = Unpack(parcel_id=an_id(world, a_parcel(world, "packed")), actor="paul")
    world.run(unpack, *[command] * world.pick(1, 1, 2))


@step(4)
def a_parcel_is_weighed(world: World) -> None:
    row = a_parcel(world, "packed")
    weight_g = world.pick(row.expected_weight_g if row else 1, 300, 620, 5, 90_000) or 1
    command = Weigh(parcel_id=an_id(world, row), weight_g=weight_g, confirm=world.chance(0.3), actor="paul")
    world.run(weigh, *[command] * world.pick(1, 1, 2))


@step(4)
def a_label_is_wanted(world: World) -> None:
    command = WantLabel(parcel_id=an_id(world, a_parcel(world, "packed")), actor="paul")
    world.run(want_labels, *[command] * world.pick(1, 1, 2))


@step(4)
def a_label_is_taken_back(world: World) -> None:
    command = VoidLabel(
        parcel_id=an_id(world, a_parcel(world, world.pick("labelled", "labelled", "packed"))), actor="p"
    )
    world.run(void_labels, *[command] * world.pick(1, 1, 2))


@step(14)
def parcels_leave(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 3)):
        row = a_parcel(world, "labelled")
        at = world.pick(None, None, world.now - timedelta(minutes=20))
        commands.append(HandOver(parcel_id=an_id(world, row), actor="tom", occurred_at=at))
    world.run(hand_over, *commands)


@step(8)
def a_carrier_tells(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 3)):
        row = world.some(
            "SELECT tracking_code FROM label ORDER BY tracking_code" if world.chance(0.3)
            else "SELECT tracking_code FROM parcel WHERE tracking_code IS NOT NULL ORDER BY number"
        )  # fmt: skip
        code = row.tracking_code if row is not None and world.chance(0.95) else "PX-NEVER-SEEN"
        milestone = world.pick(*MILESTONES, "delivered", "delivered")
        commands.append(
            TrackingEvent(
                carrier="practice", external_id=f"{code}:{milestone}:{world.pick(8, 9)}", tracking_code=code,
                milestone=milestone, occurred_at=world.now + timedelta(hours=world.rng.randint(-60, 3)),
                detail=world.pick("", "at the door", CONTROL) if world.chance(0.2) else "", actor="carrier",
            )
        )  # fmt: skip
    world.run(record_tracking, *commands)
