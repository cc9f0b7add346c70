"""At the desk: many orders changed at once and changed back."""

from orderwright.business.deeds.bulk import ChangeMany, UndoMany, change_many, undo_many
from tests.random.floor import an_id
from tests.random.selling import a_number
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
