"""The gate: how long it keeps orders, by which rule it lets work out, and what is taken back from the floor."""

from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.catalog.forms import EVERY_WORKDAY
from orderwright.business.catalog.sale_events import PutSaleEvent, SaleEventForm, put_sale_events
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.recall import recall_fulfilments
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.warehouse.forms import Pick, Recall, Release
from orderwright.business.warehouse.release_policy import (
    PutReleasePolicy,
    ReleasePolicyForm,
    TruckForm,
    ZoneLimitForm,
    put_release_policies,
)
from tests.random.catalogue import CONTROL, a_site
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.walking import Walk, walked
from tests.random.world import World
from tests.shop import SITES


@step(2)
def a_sale_is_announced(world: World) -> None:
    now = world.now
    told: dict[str, Any] = {
        "name": "Sale", "starts_at": now, "ends_at": now + timedelta(hours=world.pick(1, 6)),
        "cancel_minutes": world.pick(0, 5, 60), "channels": world.pick([], ["web"], ["market"]),
        "skus": world.pick([], [], ["MUG", "TEE"]),
    }  # fmt: skip
    changes = world.pick(
        {}, {}, {}, {"ends_at": now}, {"skus": ["NOPE-2"]}, {"channels": ["nobody"]}, {"name": CONTROL}
    )
    version = world.pick(None, None, None, 99)
    form = SaleEventForm(**told | changes)
    world.one(put_sale_events, PutSaleEvent(code=world.pick("flash", "friday"), form=form, version=version, actor="r"))


@step(4)
def the_rule_of_a_gate_is_changed(world: World) -> None:
    trucks = [
        TruckForm(leaves_at=world.pick("11:00", "15:30"), service=world.pick("", "express"), weekdays=days)
        for days in world.pick([], [EVERY_WORKDAY], [("mon", "sat"), ("fri",)])
    ]
    zones = [ZoneLimitForm(zone=zone, units_max=world.pick(2, 9)) for zone in world.pick([], ["A"], ["", "A"])]
    told: dict[str, Any] = {"orders_max": world.pick(None, None, None, 4), "zones": zones, "trucks": trucks}
    told |= world.pick({}, {}, {}, {"zones": [ZoneLimitForm(zone="A", units_max=1)] * 2}, {"lead_minutes": 0})
    version = world.pick(None, None, None, 99)
    form = ReleasePolicyForm(**told)
    world.one(put_release_policies, PutReleasePolicy(site=a_site(world), form=form, version=version, actor="r"))


@step(3)
def the_gate_is_open_wide(world: World) -> None:
    """So that what a tight rule keeps does not stand there for ever."""
    commands = [PutReleasePolicy(site=site, form=ReleasePolicyForm(), actor="r") for site in SITES]
    world.run(put_release_policies, *commands)


@step(6)
def work_is_taken_back_from_the_floor(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 3)):
        state = world.pick("released", "released", "released", "")
        row = world.some(
            "SELECT id::text FROM fulfilment WHERE %(state)s = '' OR state = %(state)s ORDER BY id", state=state
        )
        commands.append(Recall(fulfilment_id=an_id(world, row), actor="lead"))
    world.run(recall_fulfilments, *commands)


@step(4)
def an_order_waits_behind_each_limit(world: World) -> None:
    """A released order, half picked, cannot be taken back; the next finds the floor and its zone full, or waits."""
    walk = walked(world, Walk.placed)
    id_ = walk.fulfilment_id
    site = world.rows("SELECT site FROM fulfilment WHERE id::text = %(id)s", id=id_)[0].site
    release = Release(fulfilment_id=id_, actor="r")
    closed = [ZoneLimitForm(zone=zone, units_max=0) for zone in ("", "A", "B")]
    for told in ({"orders_max": 0}, {"zones": closed}, {}):
        form = ReleasePolicyForm(**told)
        world.one(put_release_policies, PutReleasePolicy(site=site, form=form, actor="r"))
        world.one(release_fulfilments, release)
    for task in world.rows("SELECT id::text FROM pick_task WHERE fulfilment_id = %(id)s ORDER BY walk", id=id_):
        world.one(pick, Pick(task_id=task.id, quantity=1, actor="pia"))
        break
    world.one(recall_fulfilments, Recall(fulfilment_id=id_, actor="lead"))


@step(2)
def an_order_can_be_cancelled_for_nothing(world: World) -> None:
    """While it can, nobody gets it onto a floor."""
    event = SaleEventForm(
        name="Now", starts_at=world.now - timedelta(hours=1), ends_at=world.now + timedelta(hours=1), cancel_minutes=30
    )
    world.one(put_sale_events, PutSaleEvent(code="now", form=event, actor="r"))
    walk = walked(world, Walk.placed, service="standard", priority=0, placed_at=None)
    for row in world.rows(
        "SELECT f.id::text FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE o.number = %(n)s", n=walk.number
    ):
        world.one(release_fulfilments, Release(fulfilment_id=row.id, actor="r"))
    if world.chance(0.5):
        world.one(cancel_orders, CancelOrder(number=walk.number, reason="changed_mind", actor="buyer"))
    over = msgspec.structs.replace(event, cancel_minutes=0)
    world.one(put_sale_events, PutSaleEvent(code="now", form=over, actor="r"))
