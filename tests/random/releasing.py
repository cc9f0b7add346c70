"""The gate: how long it keeps orders."""

from datetime import timedelta
from typing import Any

from orderwright.business.catalog.sale_events import PutSaleEvent, SaleEventForm, put_sale_events
from tests.random.catalogue import CONTROL
from tests.random.steps import step
from tests.random.world import World


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
