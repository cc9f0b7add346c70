"""A worker killed at a named moment of its tasks: the next one goes on, and what was to follow follows once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import pytest

from orderwright.business.shipping.actions import void_labels
from orderwright.business.shipping.forms import VoidLabel
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.database.schedules import subject_of
from orderwright.values.ids import new_id
from tests.torture.deeds import DEEDS, placed
from tests.torture.stage import Stage

MOMENTS = ("task claimed", "before begin", "after stock", "before commit", "after commit", "before call", "after call")
PASSES_MAX = 60


def after(deed: str) -> Callable[[Stage], None]:
    """What follows a command."""

    def scene(stage: Stage) -> None:
        path, body = DEEDS[deed].scene(stage)
        reply = stage.post(path, body, new_id())
        assert reply is not None
        assert reply.status in (200, 201), reply.content

    return scene


def void_label(stage: Stage) -> None:
    parcel = stage.floor.labelled(placed(stage))
    stage.floor.one(void_labels, VoidLabel(parcel_id=parcel.id, actor="test"))


def backorder(stage: Stage) -> None:
    """Somebody waits for a product of its own, and it arrives."""
    sku = f"RARE-{new_id()[-12:].upper()}"
    stage.floor.product(sku)
    stage.floor.place({sku: 3}, reference=new_id())
    lines = [{"sku": sku, "quantity": 2}]
    assert stage.call("POST", "/v1/stock/receipts", {"site": "LEEDS", "lines": lines}).status == 201


def expiry(stage: Stage) -> None:
    """A lot is past its date."""
    lines = [ReceiptLine(sku="MILK", quantity=4, lot=new_id(), expires_on=date(2026, 11, 16))]
    stage.floor.one(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="test"))
    due(stage, "expire_lots")


def letting_out(stage: Stage) -> None:
    due(stage, "release_sites")
    stage.settle()  # what lies there from other scenes
    placed(stage)
    due(stage, "release_sites")


def due(stage: Stage, schedule: str) -> None:
    with stage.floor.begin() as tx:
        tx.enqueue(schedule, subject_of(schedule))


SCENES: Mapping[str, Callable[[Stage], None]] = {
    **{name: after(name) for name in ("cancel", "pack", "hand over", "settle return", "refund", "inbox", "edit")},
    "void label": void_label,
    "backorder": backorder,
    "expiry": expiry,
    "letting out": letting_out,
}
NEVER: Mapping[str, tuple[str, ...]] = {
    # Nothing outside is called for these, or no stock is moved.
    "inbox": ("before call", "after call"), "backorder": ("before call", "after call"),
    "expiry": ("before call", "after call"), "letting out": ("before call", "after call"),
    "edit": ("before call", "after call", "after stock"), "cancel": ("after stock",), "pack": ("after stock",),
    "hand over": ("after stock",), "settle return": ("after stock",), "refund": ("after stock",),
    "void label": ("after stock",),
}  # fmt: skip
PAIRS = [(scene, at) for scene in SCENES for at in MOMENTS if at not in NEVER[scene]]
SLICE = [("hand over", "after call"), ("pack", "after call"), ("refund", "before call"), ("inbox", "task claimed")]


@pytest.fixture(scope="module")
def served(stage: Stage) -> Iterator[Stage]:
    stage.floor.product("MILK", tracking="lot")
    stage.serve()
    yield stage
    stage.kill()


@pytest.fixture(scope="module")
def undisturbed(served: Stage) -> dict[str, dict[str, int]]:
    """What follows each when no worker dies; filled as they are asked for."""
    return {}


def crashed(stage: Stage, scene: str, moment: str, undisturbed: dict[str, dict[str, int]]) -> bool:
    """Let a worker die at a moment of what follows, let others go on, and compare. Whether the moment was passed."""
    stage.settle()
    if scene not in undisturbed:
        SCENES[scene](stage)
        before = stage.weighed()
        stage.work()
        stage.settle()
        undisturbed[scene] = stage.gained(before)
    SCENES[scene](stage)
    before = stage.weighed()
    has_died = stage.work(moment)
    stage.settle()
    assert stage.gained(before) == undisturbed[scene]
    return has_died


@pytest.mark.parametrize(("scene", "moment"), SLICE)
def test_what_a_dead_worker_left_is_done_once(served, undisturbed, scene, moment):
    assert crashed(served, scene, moment, undisturbed)


@pytest.mark.torture
@pytest.mark.parametrize(("scene", "moment"), PAIRS)
def test_every_task_at_every_pass_of_every_moment(served, undisturbed, scene, moment):
    passes = 0
    while crashed(served, scene, f"{moment}#{passes + 1}", undisturbed):
        passes += 1
        assert passes < PASSES_MAX
    assert passes > 0, "the moment was never passed"
