"""What pickers do: work is let out, picked, comes short, and is put back."""

from datetime import timedelta
from typing import Any

from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.deeds.put_back import put_back
from orderwright.business.deeds.release import release_due, release_fulfilments
from orderwright.business.warehouse.forms import Pick, PutBack, Release, ReleaseDue, ShortPick
from tests.random.catalogue import CONTROL, a_site
from tests.random.steps import step
from tests.random.world import NOBODY, World


def an_id(world: World, row: Any) -> str:
    """The row's id, seldom one there is not."""
    return str(world.pick(NOBODY, "mist")) if row is None or world.chance(0.03) else str(row.id)


@step(9)
def work_is_let_out(world: World) -> None:
    state = world.pick("planned", "planned", "planned", "")
    commands = []
    for _ in range(world.pick(1, 1, 3)):
        row = world.some(
            "SELECT id::text FROM fulfilment WHERE %(state)s = '' OR state = %(state)s ORDER BY id", state=state
        )
        commands.append(Release(fulfilment_id=an_id(world, row), actor="random"))
    world.run(release_fulfilments, *commands)


@step(4)
def what_is_due_is_let_out(world: World) -> None:
    due_by = world.pick(None, world.now + timedelta(days=1))
    world.one(release_due, ReleaseDue(site=a_site(world), limit=world.pick(1, 20), due_by=due_by, actor="random"))


_TASKS = (
    "SELECT t.id::text, t.sku, t.lot, t.quantity, t.picked FROM pick_task t"
    " WHERE %(state)s = '' OR t.state = %(state)s ORDER BY t.id"
)


@step(22)
def units_are_picked(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 2, 4)):
        row = world.some(_TASKS, state=world.pick("open", "open", "open", "open", ""))
        told: dict[str, Any] = {"quantity": row.quantity if row else 1}
        if row is not None and world.chance(0.35):
            told |= world.pick(
                {"quantity": max(1, row.quantity - 1)}, {"quantity": row.quantity + 1}, {"sku": row.sku},
                {"sku": "OTHER"}, {"lot": row.lot}, {"lot": "L-OTHER"}, {"quantity": 1},
                {"occurred_at": world.now - timedelta(minutes=5)},
            )  # fmt: skip
        commands.append(Pick(task_id=an_id(world, row), actor=world.pick("pia", "paul"), **told))
    world.run(pick, *commands)


@step(5)
def units_are_not_there(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 1, 2)):
        row = world.some(_TASKS, state=world.pick("open", "open", "open", ""))
        found = world.rng.randint(0, row.quantity) if row else 0
        reason = world.pick("missing", "missing", "damaged", "expired")
        commands.append(ShortPick(task_id=an_id(world, row), found=found, reason=reason, actor="pia"))
    world.run(report_short, *commands)


@step(5)
def units_go_back(world: World) -> None:
    row = world.some("SELECT site, sku, lot, quantity - placed AS left FROM put_back WHERE state = 'open' ORDER BY id")
    told: dict[str, Any] = {"site": a_site(world), "sku": "MUG", "quantity": 1}
    if row is not None:
        told = {"site": row.site, "sku": row.sku, "lot": row.lot, "quantity": world.rng.randint(1, row.left + 1)}
    told["place"] = world.pick("STOCK", "STOCK", "A-1", "QUARANTINE", CONTROL) if world.chance(0.4) else "STOCK"
    world.run(put_back, *[PutBack(**told, actor="random")] * world.pick(1, 1, 2))
