"""Killed at a named moment of a command: the caller asks again with the same key, and it is done once."""

import re

import pytest

from orderwright.database.crash import POINTS
from tests.tidy import ROOT
from tests.torture.deeds import DEEDS
from tests.torture.stage import Stage

MOMENTS = ("before begin", "after stock", "before commit", "after commit", "before reply", "after reply")
PAIRS = [(deed, at) for deed, each in DEEDS.items() for at in MOMENTS if at != "after stock" or each.moves_stock]
SOURCES = ROOT / "orderwright"
SLICE = [
    ("place", "after stock"), ("place", "after commit"), ("cancel", "after commit"), ("pick", "after stock"),
    ("hand over", "before commit"), ("refund", "before reply"), ("inbox", "after commit"),
]  # fmt: skip


def test_every_moment_is_named_and_every_name_is_a_moment():
    text = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    assert set(re.findall(r'crash\.point\("([^"]+)"\)', text)) == set(POINTS)


@pytest.fixture(scope="module")
def undisturbed(stage: Stage) -> dict[str, tuple[int, dict[str, int]]]:
    """Status and effect of each command when nobody dies; filled as they are asked for."""
    return {}


def crashed(stage: Stage, name: str, moment: str, undisturbed: dict[str, tuple[int, dict[str, int]]]) -> None:
    """Let the server die at a moment of a command, ask again, and compare with how it is without."""
    stage.serve()
    if name not in undisturbed:
        path, body = DEEDS[name].scene(stage)
        before = stage.weighed()
        reply = stage.post(path, body, f"calm-{name}")
        assert reply is not None
        assert reply.status in (200, 201), reply.content
        undisturbed[name] = reply.status, stage.gained(before)
    path, body = DEEDS[name].scene(stage)
    stage.kill()  # a caller's connection never meets the process before
    before, key = stage.weighed(), f"{name} {moment}"
    stage.serve(moment)
    first = stage.post(path, body, key)
    assert stage.ended(), f"{moment} was not passed: {first} {stage.log()}"
    assert (first is not None) == (moment == "after reply")
    stage.serve()
    again = [stage.post(path, body, key) for _ in range(2)]
    stage.kill()
    told = {(each.status, each.content) for each in [*again, first or again[0]] if each is not None}
    assert None not in again, stage.log()
    assert len(told) == 1, told
    assert (again[0].status, stage.gained(before)) == undisturbed[name]


@pytest.mark.parametrize(("deed", "moment"), SLICE)
def test_a_command_whose_server_dies_is_done_once(stage, undisturbed, deed, moment):
    crashed(stage, deed, moment, undisturbed)


@pytest.mark.torture
@pytest.mark.parametrize(("deed", "moment"), PAIRS)
def test_every_command_at_every_moment(stage, undisturbed, deed, moment):
    crashed(stage, deed, moment, undisturbed)
