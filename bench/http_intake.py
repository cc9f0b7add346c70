"""Orders over HTTP, one per POST, authenticated, 64 connections, against the same server that decides nothing.

`python -m bench.http_intake [--orders 20000] [--processes 1]` prints one JSON line per figure. The baseline is
the same program, decoding, grouping and COPYing the same rows, with no rule in between (bench/rule_free/).
"""

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path

import msgspec
import psycopg

from bench.cpu import proportional_memory_mb, read_cpu
from bench.load import Load, request_bytes, run_load
from bench.server import Server, serving
from bench.shopfront import furnish, orders

CONNECTIONS = 64
ROOT = Path(__file__).resolve().parent.parent
PRODUCTS = 2_000


def main() -> None:
    """Measure both, in turn, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--zipf", type=float, default=0.0)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    rates: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "rules", asked.processes) as server,
        serving(Path(folder) / "bare", asked.processes, f"{ROOT}{os.pathsep}{ROOT / 'bench' / 'rule_free'}") as bare,
    ):
        furnish(server.store, PRODUCTS, 10**7)
        furnish(bare.store, 1, 1)
        for run in range(asked.runs + 1):
            for name, measured in (("HTTP intake", server), ("rule-free baseline", bare)):
                load, cpu_ms = measure(measured, run, asked.orders, asked.zipf)
                if run:  # the first run warms caches and plans
                    rates.setdefault(name, []).append(load.rate())
                    print(json.dumps(_told(name, asked, measured, load, cpu_ms)), flush=True)
    medians = {name: statistics.median(each) for name, each in rates.items()}
    ratio = medians["HTTP intake"] / medians["rule-free baseline"]
    print(json.dumps({"figure": "HTTP intake / rule-free", "ratio": round(ratio, 2), "bar": 0.5}))


def _told(
    name: str, asked: argparse.Namespace, server: Server, load: Load, cpu_ms: tuple[float, float]
) -> dict[str, object]:
    return {
        "figure": name, "processes": asked.processes, "zipf": asked.zipf, "orders_per_s": round(load.rate()),
        "p50_ms": round(load.latency_ms(0.5), 1), "p99_ms": round(load.latency_ms(0.99), 1),
        "statuses": load.statuses(), "server_cpu_ms_per_order": round(cpu_ms[0], 3),
        "database_cpu_ms_per_order": round(cpu_ms[1], 3),
        "server_memory_mb": round(proportional_memory_mb(server.pids())),
    }  # fmt: skip


def measure(server: Server, run: int, count: int, zipf: float) -> tuple[Load, tuple[float, float]]:
    """One run: the load, and CPU-ms an order of (server, database)."""
    requests = [
        request_bytes("POST", "/v1/orders", server.key, msgspec.json.encode(form))
        for form in orders(count, PRODUCTS, seed=run, zipf=zipf)
    ]
    postmaster = postmaster_of(server.cluster.dsn)
    before = read_cpu(server.pids(), postmaster)
    load = run_load(server.port, iter(requests), CONNECTIONS)
    used = read_cpu(server.pids(), postmaster).since(before)
    return load, (used.python_s * 1000 / count, used.database_s * 1000 / count)


def postmaster_of(dsn: str) -> int:
    """The process id of the server that all backends are children of."""
    with psycopg.connect(dsn) as connection:
        pid = connection.info.backend_pid
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


if __name__ == "__main__":
    main()
