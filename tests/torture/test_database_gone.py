"""PostgreSQL killed or stopped at once under load: callers wait a little, and nothing is lost or done twice."""

import random
from pathlib import Path

import pytest

from bench.server import serving
from bench.shopfront import furnish
from tests.torture.crowd import PRODUCTS, Crowd
from tests.torture.killing import BACKEND, IMMEDIATE, POSTMASTER, RECOVERY, VACUUM, kill_at_random
from tests.torture.report import SEED, SOUND, asked, judged

AWAY_S_MAX = 10.0


@pytest.mark.torture
def test_postgres_dies_and_the_shop_goes_on(on_disk: Path) -> None:
    with serving(on_disk) as server:
        furnish(server.store, PRODUCTS, 20_000)
        rng = random.Random(SEED)
        plan = rng.choices([BACKEND, POSTMASTER, IMMEDIATE, RECOVERY, VACUUM], k=asked("DATABASE_KILLS", 20))
        with Crowd(server.port, server.key, SEED, callers=8) as crowd:
            killed = kill_at_random(server, rng, plan, crowd)
        assert judged("F10 PostgreSQL gone", server, crowd.history, **killed.figures()) == SOUND
        assert crowd.history.longest_silence_s < AWAY_S_MAX
