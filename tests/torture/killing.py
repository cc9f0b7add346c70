"""kill -9 at random moments: the whole server, one of its processes, or one of PostgreSQL's."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bench.server import Server
from tests.torture.crowd import Crowd
from tests.torture.postgres import kill_in_recovery, kill_in_vacuum

WHOLE, SERVING, WORKER = "the whole server", "a serving process", "the worker"
BACKEND, POSTMASTER = "a PostgreSQL backend", "PostgreSQL itself"
IMMEDIATE, RECOVERY, VACUUM = "PostgreSQL stopped at once", "PostgreSQL in recovery", "PostgreSQL in a vacuum"
DEEDS_BETWEEN = (5, 60)
MOMENT_S = 0.1


class Killed(NamedTuple):
    """What was killed, how often, and how long it took until an order could be taken again, in seconds."""

    what: Counter[str]
    seconds: list[float]

    def figures(self) -> dict[str, object]:
        """For the report."""
        back = sorted(self.seconds)
        return {"kills": len(back), "killed": dict(self.what), "back_after_s_median": round(back[len(back) // 2], 2),
                "back_after_s_most": round(back[-1], 2)}  # fmt: skip


def kill_at_random(server: Server, rng: random.Random, plan: Sequence[str], crowd: Crowd) -> Killed:
    """Kill each of the plan at a random moment among the callers' deeds; the server is back before the next."""
    killed = Killed(Counter(), [])
    for kind in plan:
        crowd.await_deeds(rng.randint(*DEEDS_BETWEEN), 60)
        time.sleep(rng.uniform(0, MOMENT_S))
        killed.what[kind] += 1
        begun = time.perf_counter()
        _kill(server, kind, rng)
        if server.process.poll() is not None:
            killed.what["given up by its parent"] += kind != WHOLE
            server.restart()
        else:
            server.await_ready()
        killed.seconds.append(time.perf_counter() - begun)
    return killed


def _kill(server: Server, kind: str, rng: random.Random) -> None:
    if kind == WHOLE:
        return server.kill()
    if kind == RECOVERY:
        return kill_in_recovery(server)
    if kind == VACUUM:
        return kill_in_vacuum(server)
    if kind in (POSTMASTER, IMMEDIATE):
        return os.kill(server.postmaster(), signal.SIGKILL if kind == POSTMASTER else signal.SIGQUIT)
    if kind == BACKEND:
        server.database.pool.check()
        with server.store.read() as tx:
            rows = tx.rows("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                           " AND pid <> pg_backend_pid() ORDER BY pid")  # fmt: skip
        victims = [row.pid for row in rows]
    else:
        word = b"worker" if kind == WORKER else b"_api"
        victims = [pid for pid in server.pids()[1:] if word in server.words(pid)]
    if victims:
        os.kill(rng.choice(victims), signal.SIGKILL)
    return None
