"""Days are told while everything goes on: what was told must go with what happens after."""

from orderwright.business.reports.days.telling import tell_all, tell_stale, zone_of
from tests.random.steps import step
from tests.random.world import World


@step(3)
def days_are_told(world: World) -> None:
    with world.store.begin() as tx:
        if world.pick(True, True, False):
            tell_all(tx)
        else:
            tell_stale(tx, zone_of(tx), 2)
