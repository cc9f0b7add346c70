"""Killed at a named moment of a command: the caller asks again with the same key, and it is done once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.doors_life.conftest import TABLES
from tests.torture.deeds import DEEDS
from tests.torture.stage import Stage, new_stage

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
MOMENTS = ("before begin", "after stock", "before commit", "after commit", "before reply", "after reply")
PAIRS = [(deed, at) for deed, each in DEEDS.items() for at in MOMENTS if at != "after stock" or each.moves_stock]
SLICE = [
    ("place", "after stock"), ("place", "after commit"), ("cancel", "after commit"), ("pick", "after stock"),
    ("hand over", "before commit"), ("refund", "before reply"), ("inbox", "after commit"),
]  # fmt: skip


@pytest.fixture(scope="module")
def stage(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with new_stage(postgres, tmp_path_factory.mktemp("crashes"), NOON) as stage:
        stage.floor.stock("LEEDS", MUG=10_000, TEE=10_000, HAT=10_000)
        yield stage


def weighed(stage: Stage) -> dict[str, int]:
    """Rows of every table a command may touch, and the sums that must come out the same."""
    counts = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES if table != "stock")
    [row] = stage.floor.rows(f"""
        SELECT {counts}, sum(on_hand) AS on_hand, sum(allocated) AS allocated_units, sum(waiting) AS waiting,
               (SELECT sum(quantity) FROM stock) AS lying, (SELECT sum(committed) FROM stock) AS committed,
               (SELECT sum(captured_minor) FROM payment) AS captured,
               (SELECT sum(refunded_minor) FROM payment) AS refunded
        FROM availability
    """)
    return {name: int(each or 0) for name, each in row._asdict().items()}


def gained(stage: Stage, before: dict[str, int]) -> dict[str, int]:
    """What came to it since."""
    return {name: each - before[name] for name, each in weighed(stage).items() if each != before[name]}


@pytest.fixture(scope="module")
def undisturbed(stage: Stage) -> dict[str, tuple[int, dict[str, int]]]:
    """Status and effect of each command when nobody dies; filled as they are asked for."""
    return {}


def crashed(stage: Stage, name: str, moment: str, undisturbed: dict[str, tuple[int, dict[str, int]]]) -> None:
    """Let the server die at a moment of a command, ask again, and compare with how it is without."""
    stage.serve()
    if name not in undisturbed:
        path, body = DEEDS[name].scene(stage)
        before = weighed(stage)
        reply = stage.post(path, body, f"calm-{name}")
        assert reply is not None
        assert reply.status in (200, 201), reply.content
        undisturbed[name] = reply.status, gained(stage, before)
    path, body = DEEDS[name].scene(stage)
    stage.kill()
    before, key = weighed(stage), f"{name} {moment}"
    stage.serve(moment)
    first = stage.post(path, body, key)
    assert stage.ended(), f"{moment} was not passed: {first}"
    assert (first is not None) == (moment == "after reply")
    stage.serve()
    again = [stage.post(path, body, key) for _ in range(2)]
    stage.kill()
    told = {(each.status, each.content) for each in [*again, first or again[0]] if each is not None}
    assert None not in again
    assert len(told) == 1, told
    assert (again[0].status, gained(stage, before)) == undisturbed[name]


@pytest.mark.parametrize(("deed", "moment"), SLICE)
def test_a_command_whose_server_dies_is_done_once(stage, undisturbed, deed, moment):
    crashed(stage, deed, moment, undisturbed)


@pytest.mark.torture
@pytest.mark.parametrize(("deed", "moment"), PAIRS)
def test_every_command_at_every_moment(stage, undisturbed, deed, moment):
    crashed(stage, deed, moment, undisturbed)
