"""Random commands against the actions: whatever comes, in whatever order, what must always be true stays true.

One seed stands for one script; a script that fails is made short and told with its seed. The commands come from
tests/random/*.py, each step a function; what there is to reach is derived from the code (coverage.py).
"""

import os

import pytest

from tests.random.asking import everything_is_looked_at
from tests.random.coverage import Seen
from tests.random.doors import knock
from tests.random.driver import Turn, new_world, play, report, run_seed, script_of, shrink
from tests.random.steps import STEPS, Step
from tests.random.world import World

STEPS_A_WORLD = 220
WORLDS_MIN, WORLDS_MAX = 2, 9
OTHER_PLANS = " options='-c enable_nestloop=off -c enable_indexscan=off -c enable_bitmapscan=off'"
"""What PostgreSQL knows of a table changes how it reads it, and rows nobody ordered come in another order then."""


def test_random_commands_break_nothing_and_reach_every_action_and_every_refusal(
    postgres: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = Seen()
    for seed in range(1, WORLDS_MAX + 1):
        failure = run_seed(postgres, seed, STEPS_A_WORLD, seen, after=knock if seed == 1 else _look_at_everything)
        assert failure is None, failure
        if seed >= WORLDS_MIN and not seen.missing():
            break
    with capsys.disabled():
        print(f"\nrandom commands, seeds 1 to {seed}, {STEPS_A_WORLD} steps each\n{seen.table()}")
    assert seen.missing() == [], seen.missing()


def _look_at_everything(world: World, _dsn: str) -> None:
    """Where all has happened there is most to look at."""
    for _ in range(2):
        everything_is_looked_at(world)


def test_a_seed_stands_for_one_outcome(postgres: str) -> None:
    script = script_of(7, 50)
    assert script == script_of(7, 50) != script_of(8, 100)
    outcomes = []
    for otherwise in ("", OTHER_PLANS):
        with new_world(postgres + otherwise, 7, Seen()) as world:
            assert play(world, script, lambda _: False) is None
            outcomes.append(world.contents())
    one, other = outcomes
    assert one["fact"]
    assert {table: (set(one[table]) - set(rows), set(rows) - set(one[table]))
            for table, rows in other.items() if one[table] != rows} == {}  # fmt: skip


def _a_unit_appears(world: World) -> None:
    """What no action may do."""
    with world.store.begin() as tx:
        tx.write("UPDATE availability SET on_hand = on_hand + 1 WHERE sku = 'MUG' AND site = 'LEEDS'")
    world.has_changed = True


def test_what_breaks_is_found_and_told_by_the_shortest_script(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEPS, "a_unit_appears", Step("a_unit_appears", 1, _a_unit_appears))
    names = ("put_a_site", "a_unit_appears", "settings_change")
    script = [Turn(number, name, number) for number, name in enumerate(names, 1)]
    with new_world(postgres, 1, Seen()) as world:
        failure = play(world, script, lambda _: True)
    assert failure is not None
    assert failure.after == 2
    short, failure = shrink(postgres, 1, script, failure)
    assert short == [script[1]]
    assert "Turn(2, 'a_unit_appears', 2)" in report(1, short, failure)


@pytest.mark.torture
def test_many_seeds_of_long_scripts(postgres: str, capsys: pytest.CaptureFixture[str]) -> None:
    """ORDERWRIGHT_RANDOM_SEED: the first; ORDERWRIGHT_RANDOM_SEEDS: how many; ORDERWRIGHT_RANDOM_STEPS: of each."""
    first = int(os.environ.get("ORDERWRIGHT_RANDOM_SEED", "1000"))
    count = int(os.environ.get("ORDERWRIGHT_RANDOM_SEEDS", "20"))
    steps = int(os.environ.get("ORDERWRIGHT_RANDOM_STEPS", "1000"))
    seen = Seen()
    failures = []
    for seed in range(first, first + count):
        failure = run_seed(postgres, seed, steps, seen)
        if failure is not None:
            failures.append(failure)
        with capsys.disabled():
            print(f"\nseed {seed}, {steps} steps: {'all holds' if failure is None else failure}", flush=True)
    with capsys.disabled():
        print(seen.table())
    assert not failures, "\n\n".join(failures)
