"""Runs random steps one after the other, asks whether all still holds, and makes a failure short."""

import os
import random
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import NamedTuple

from structlog.testing import capture_logs

from tests.random.catalogue import furnish
from tests.random.coverage import Seen
from tests.random.steps import STEPS, Stopped
from tests.random.world import FRIDAY_NOON, World, repeatable_ids
from tests.shop import new_shop

for _name in ("asking", "buying", "carrying", "catalogue", "changing", "counting", "customers", "damaging", "desk",
              "files", "floor", "house", "packing", "paying", "people", "pricing", "printing", "provoking", "quoting",
              "releasing", "reports", "returning", "road", "scanning", "selling", "staffing", "stocking", "surely",
              "transferring", "walking", "walks", "weather"):  # fmt: skip
    import_module(f"tests.random.{_name}")  # which registers its steps

CHECK_EVERY = 20
SHRINK_S = float(os.environ.get("ORDERWRIGHT_SHRINK_S", "60"))
"""How long a failing script is made shorter."""


class Turn(NamedTuple):
    """One step of a script: its place in it, its name, and the seed its choices follow from."""

    number: int
    name: str
    seed: int


class Failure(NamedTuple):
    """What went wrong after how many turns. `kind` is the same when it is the same fault."""

    after: int
    kind: str
    words: str
    told: list[str]
    idle: set[int]  # numbers of turns that changed nothing


def script_of(seed: int, length: int) -> list[Turn]:
    """The steps a seed stands for: each there is at least once, if there is room, and the rest by their weights."""
    rng = random.Random(seed)
    names = sorted(STEPS)
    chosen = names + rng.choices(names, [STEPS[name].weight for name in names], k=max(0, length - len(names)))
    rng.shuffle(chosen)
    return [Turn(number, name, rng.randrange(2**32)) for number, name in enumerate(chosen[:length], 1)]


@contextmanager
def new_world(dsn: str, seed: int, seen: Seen) -> Iterator[World]:
    """A furnished world in a store of its own.

    The store may be one used before, with rows from then: its shop opens before ids begin that come in each world.
    """
    with capture_logs(), new_shop(dsn) as shop, repeatable_ids() as ids:
        with shop.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=FRIDAY_NOON)
        world = World(shop, seed, ids, seen)
        try:
            furnish(world)
            yield world
        finally:
            world.close()
            with shop.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=shop.store.name)


def play(world: World, script: Sequence[Turn], look: Callable[[int], bool]) -> Failure | None:
    """Do the steps. The first failure: of a step, or found when looking after step n (`look(n)`) and at the end."""
    idle: set[int] = set()
    for count, turn in enumerate(script, 1):
        world.rng = random.Random(turn.seed)
        world.ids.start(turn.number, turn.seed)
        world.told, world.has_changed = [], False
        try:
            with suppress(Stopped):
                STEPS[turn.name].act(world)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            words = "".join(traceback.format_exception(error)[-3:])
            return Failure(count, _kind_of(error), words, world.told, idle)
        if not world.has_changed:
            idle.add(turn.number)
        if (count == len(script) or look(count)) and (broken := world.broken()):
            words = "\n".join(f"{each.name}: {each.violations}, as {each.rows[:3]}" for each in broken)
            return Failure(count, broken[0].name, words, world.told, idle)
    return _curtain(world, len(script), idle)


def _curtain(world: World, count: int, idle: set[int]) -> Failure | None:
    """Let the shop come to rest, and look once more."""
    world.ids.start(count + 1_000, 0)
    try:
        world.come_to_rest()
    except Exception as error:  # noqa: BLE001 - as above
        return Failure(count, _kind_of(error), "".join(traceback.format_exception(error)[-3:]), [], idle)
    broken = [f"{each.name}: {each.violations}, as {each.rows[:3]}" for each in world.broken()]
    if found := broken + world.left_undone():
        return Failure(count, "at rest: " + found[0].split()[0], "\n".join(found), [], idle)
    return None


def _kind_of(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.filename}:{frame.name}"


def run_seed(
    dsn: str, seed: int, length: int, seen: Seen, after: Callable[[World, str], None] | None = None
) -> str | None:
    """Play a seed's script; None, or a report of the failure with a script made as short as is easy.

    after: what else is to be done in that world, before it is looked at for the last time.
    """
    script = script_of(seed, length)
    with new_world(dsn, seed, seen) as world:
        failure = play(world, script, lambda count: count % CHECK_EVERY == 0)
        if failure is None and after is not None:
            after(world, dsn)
            assert world.broken() == []
    if failure is None:
        return None
    short, failure = shrink(dsn, seed, script[: failure.after], failure)
    return report(seed, short, failure)


def shrink(dsn: str, seed: int, script: list[Turn], failure: Failure) -> tuple[list[Turn], Failure]:
    """Leave out what the same failure can do without: ever smaller pieces, for at most SHRINK_S."""
    give_up_at = time.monotonic() + SHRINK_S

    def again(turns: Sequence[Turn], look: Callable[[int], bool] = lambda _: False) -> Failure | None:
        with new_world(dsn, seed, Seen()) as world:
            found = play(world, turns, look)
        return found if found is not None and found.kind == failure.kind else None

    exact = again(script, lambda count: count > len(script) - CHECK_EVERY)
    if exact is None:
        return script, failure
    script, failure = script[: exact.after], exact
    busy = [turn for turn in script if turn.number not in failure.idle]
    if (found := again(busy)) is not None:
        script, failure = busy[: found.after], found
    size = max(1, len(script) // 2)
    while size:
        start = 0
        while start + size < len(script) and time.monotonic() < give_up_at:
            shorter = script[:start] + script[start + size :]
            found = again(shorter)
            if found is None:
                start += size
            else:
                script, failure = shorter[: found.after], found
        size //= 2
    return script, failure


def report(seed: int, script: Sequence[Turn], failure: Failure) -> str:
    """The failure in words, with what it takes to see it again."""
    turns = "\n".join(f"    Turn({turn.number}, {turn.name!r}, {turn.seed})," for turn in script)
    told = "\n".join(failure.told)
    return f"seed {seed}: {failure.kind}\n{failure.words}\nscript:\n{turns}\nlast step:\n{told}"
