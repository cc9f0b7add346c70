"""What a million orders cost: pages, searches, one order, intake, check and start, beside the same at 10,000.

`python -m bench.scale [--orders 1000000] [--small 10000] [--keep FOLDER]` fills two stores (bench/million.py), asks
both in turn, and prints one JSON line per figure with its bar. Filling takes minutes; a kept store is used again.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from bench.cpu import proportional_memory_mb, read_cpu
from bench.hot import ONCE_A_DAY, SHARE_MAX, hot_asks, rows_touched
from bench.kept import PRODUCTS, filled_server
from bench.load import request_bytes, run_load
from bench.server import Server
from bench.shopfront import orders
from orderwright.business.truth.check import check_store

ASKS = 80
ROUNDS = 5
RATIO_MAX = 1.3
Measure = Callable[[Server], float]


def main() -> None:
    """Fill, ask, print; the exit code is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, default=os.environ.get("ORDERWRIGHT_BENCH_STORES"))
    asked = parser.parse_args()
    kept_in = Path(asked.keep) if asked.keep else None
    with filled_server(asked.small, kept_in) as (small, _), filled_server(asked.orders, kept_in) as (large, filled_s):
        print(json.dumps({"figure": "filled", "orders": asked.orders, "s": round(filled_s)}), flush=True)
        both = {f"at_{asked.small}": small, f"at_{asked.orders}": large}
        holds = [
            *(tell(name, both, measure, ratio_max=RATIO_MAX) for name, measure in http_measures().items()),
            *tell_hot(small, large),
            *(tell(name, both, measure, bar=bar, rounds=1) for name, (measure, bar) in WHOLE.items()),
        ]
    sys.exit(0 if all(holds) else 1)


def tell(
    name: str, servers: Mapping[str, Server], measure: Measure, *, ratio_max: float | None = None,
    bar: float | None = None, rounds: int = ROUNDS,
) -> bool:  # fmt: skip
    """Measure all servers in turn, `rounds` times; print medians, ratio and bar. False: the bar is missed.

    The ratio is that of the medians; bar: the most the largest store's figure may be.
    """
    measured = [[measure(server) for server in servers.values()] for _ in range(rounds)]
    small, large = (statistics.median(each) for each in zip(*measured, strict=True))
    told = {"figure": name} | dict(zip(servers, (round(small, 3), round(large, 3)), strict=True))
    ratio = large / small if small else 1.0
    holds = (ratio_max is None or ratio <= ratio_max) and (bar is None or large <= bar)
    told |= {"ratio": round(ratio, 2), "bar": bar if ratio_max is None else f"{ratio_max} x", "holds": holds}
    print(json.dumps(told), flush=True)
    return holds


def tell_hot(small: Server, large: Server) -> list[bool]:
    """Print how many rows each hot question touches: small and large, and the part of the largest table touched."""
    asks, holds = hot_asks(large.store), []
    for name, ask in hot_asks(small.store).items():
        few, many = rows_touched(small.store, ask), rows_touched(large.store, asks[name])
        bar = None if name in ONCE_A_DAY else SHARE_MAX
        holds.append(bar is None or many.share <= bar)
        told = {"figure": f"rows touched, {name}", "small": few.rows, "large": many.rows, "table": many.table}
        print(json.dumps(told | {"share": round(many.share, 5), "bar": bar, "holds": holds[-1]}), flush=True)
    return holds


def http_measures() -> dict[str, Measure]:
    """Median milliseconds of one ask over one connection, and of one order over 64."""
    return {
        "list page, ms": _asking(lambda row: "/v1/orders?limit=50"),
        "list page by state, ms": _asking(lambda row: "/v1/orders?state=delivered&limit=50"),
        "search by reference, ms": _asking(lambda row: f"/v1/orders?q={row.reference}"),
        "search by e-mail, ms": _asking(lambda row: f"/v1/orders?q={row.email_key}"),
        "search by postcode, ms": _asking(lambda row: f"/v1/orders?q={row.postal_code.replace(' ', '%20')}"),
        "order, ms": _asking(lambda row: f"/v1/orders/{row.number}"),
        "intake, ms an order": _intake,
    }


def _asking(path_of: Callable[[Any], str]) -> Measure:
    def measure(server: Server) -> float:
        with server.store.read() as tx:
            rows = tx.rows(
                "SELECT number, reference, email_key, postal_code FROM orders WHERE channel <> 'web'"
                " AND email_key <> '' AND postal_code <> '' ORDER BY placed_at DESC LIMIT %(asks)s",
                asks=ASKS,
            )
        requests = [request_bytes("GET", path_of(row), server.key, b"") for row in rows]
        load = run_load(server.port, iter(requests), 1)
        if set(load.statuses()) != {200}:
            raise RuntimeError(f"{path_of(rows[0])}: {load.statuses()}")
        return load.latency_ms(0.5)

    return measure


def _intake(server: Server) -> float:
    forms = orders(2_000, PRODUCTS, seed=time.time_ns())
    requests = [request_bytes("POST", "/v1/orders", server.key, msgspec.json.encode(form)) for form in forms]
    load = run_load(server.port, iter(requests), 64)
    if set(load.statuses()) != {201}:
        raise RuntimeError(f"intake: {load.statuses()}")
    return 1000 / load.rate()


def _check(server: Server) -> float:
    """Seconds of a full check; prints the processor time it took, which is not the neighbours' doing."""
    pid = int((server.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    before, begun = read_cpu([os.getpid()], pid), time.perf_counter()
    broken = [each.name for each in check_store(server.store, full=True) if not each.holds]
    took, used = time.perf_counter() - begun, read_cpu([os.getpid()], pid).since(before)
    if broken:
        raise RuntimeError(f"check: {broken}")
    told = {"figure": "check --full, processor s", "orders": int(server.folder.name)}
    print(json.dumps(told | {"s": round(used.python_s + used.database_s, 1)}), flush=True)
    return took


def _command(*words: str) -> Measure:
    def measure(server: Server) -> float:
        begun = time.perf_counter()
        environment = {**os.environ, "ORDERWRIGHT_DATA": str(server.folder)}
        command = [sys.executable, "-m", "orderwright", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 3):  # 3: doctor found something to mend
            raise RuntimeError(f"{words}: {done.stderr}")
        return time.perf_counter() - begun

    return measure


def _memory(server: Server) -> float:
    return proportional_memory_mb(server.pids())


def _restart(server: Server) -> float:
    server.kill()
    return server.restart()


WHOLE: dict[str, tuple[Measure, float | None]] = {
    "server memory, MB": (_memory, 400),
    "doctor, s": (_command("doctor"), 10),
    "report figures of four weeks, s": (_command("report", "figures"), 5),
    "report figures of three years, s": (_command("report", "figures", "--days", "1100"), 60),
    "start to first answered request after kill -9, s": (_restart, 5),
    "start to first answered request, PostgreSQL too, s": (Server.start_whole, 5),
    "check --full, s": (_check, 60),
}

if __name__ == "__main__":
    main()
