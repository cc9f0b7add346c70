"""kill -9 under load: what was acknowledged is there once, what nobody was told is there once or not at all."""

import random
from pathlib import Path

import pytest

from bench.server import serving
from bench.shopfront import furnish
from tests.torture.crowd import PRODUCTS, Crowd
from tests.torture.history import judge
from tests.torture.killing import BACKEND, POSTMASTER, SERVING, WHOLE, WORKER, kill_at_random
from tests.torture.report import SEED, SOUND, asked, judged


def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(in_memory: Path) -> None:
    with serving(in_memory) as server:
        furnish(server.store, PRODUCTS, 60)
        rng = random.Random(SEED)
        plan = rng.sample([WHOLE, SERVING, WORKER, POSTMASTER], 4)
        with Crowd(server.port, server.key, SEED, callers=6) as crowd:
            killed = kill_at_random(server, rng, plan, crowd)
        verdict = judge(server.store, crowd.history)
        assert verdict.figures() == SOUND, verdict
        # It was worth something only if there was work, and if it was disturbed.
        assert killed.what.total() == 4
        assert len(crowd.history.of("place", "ok")) > 5
        assert crowd.history.met["broken"] > 0


@pytest.mark.torture
def test_kills_at_random(on_disk: Path) -> None:
    with serving(on_disk) as server:
        furnish(server.store, PRODUCTS, 20_000)
        rng = random.Random(SEED)
        plan = rng.choices(
            [WHOLE, SERVING, WORKER, BACKEND, POSTMASTER], weights=[5, 2, 2, 1, 1], k=asked("KILLS", 100)
        )
        with Crowd(server.port, server.key, SEED, callers=8) as crowd:
            killed = kill_at_random(server, rng, plan, crowd)
        assert judged("F1 kill -9 at random", server, crowd.history, **killed.figures()) == SOUND
