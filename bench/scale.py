"""What a million orders cost: pages, searches, one order, intake and check, beside the same at 10,000.

`python -m bench.scale [--orders 1000000] [--small 10000]` fills two stores on one server (bench/million.py), asks
both over HTTP in turn, and prints one JSON line per figure with the ratio. Filling takes minutes.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from bench.cpu import proportional_memory_mb
from bench.load import Load, request_bytes, run_load
from bench.million import fill
from bench.server import Server, serving
from bench.shopfront import orders, stock_up
from orderwright.business.truth.check import check_store

ASKS = 400
PRODUCTS = 2_000


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    asked = parser.parse_args()
    figures: dict[int, dict[str, float]] = {}
    for count in (asked.small, asked.orders):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
            begun = time.perf_counter()
            fill(server.store, count)
            stock_up(server.store, PRODUCTS, 10**6)
            print(
                json.dumps({"figure": "filled", "orders": count, "s": round(time.perf_counter() - begun)}), flush=True
            )
            figures[count] = measure(server)
    small, large = figures[asked.small], figures[asked.orders]
    for name, value in large.items():
        told = {"figure": name, f"at_{asked.small}": small[name], f"at_{asked.orders}": value}
        print(json.dumps(told | {"ratio": round(value / small[name], 2)}))


def measure(server: Server) -> dict[str, float]:
    """Figures of one store: milliseconds for asks (median), orders a second, seconds for check, MB."""
    with server.store.read() as tx:
        rows = tx.rows(
            "SELECT number, reference, email_key, postal_code FROM orders"
            " WHERE email_key <> '' AND postal_code <> '' ORDER BY number DESC LIMIT %(asks)s",
            asks=ASKS,
        )
    asks = {
        "list page, ms": ["/v1/orders?limit=50"] * ASKS,
        "list page by state, ms": ["/v1/orders?state=delivered&limit=50"] * ASKS,
        "search by reference, ms": [f"/v1/orders?q={row.reference}" for row in rows],
        "search by e-mail, ms": [f"/v1/orders?q={row.email_key}" for row in rows],
        "search by postcode, ms": [f"/v1/orders?q={row.postal_code.replace(' ', '%20')}" for row in rows],
        "order, ms": [f"/v1/orders/{row.number}" for row in rows],
    }
    found = {}
    for name, paths in asks.items():
        load = run_load(server.port, iter([request_bytes("GET", path, server.key, b"") for path in paths]), 1)
        if set(load.statuses()) != {200}:
            raise RuntimeError(f"{name}: {load.statuses()}")
        found[name] = round(load.latency_ms(0.5), 2)
    found["intake, ms an order"] = round(1000 / statistics.median(_intake(server, run).rate() for run in range(3)), 3)
    begun = time.perf_counter()
    broken = [each.name for each in check_store(server.store, full=True) if not each.holds]
    if broken:
        raise RuntimeError(f"check: {broken}")
    found["check --full, s"] = round(time.perf_counter() - begun, 1)
    found["server memory, MB"] = round(proportional_memory_mb(server.pids()))
    return found


def _intake(server: Server, run: int) -> Load:
    forms = orders(5_000, PRODUCTS, seed=9_000 + run)
    requests = [request_bytes("POST", "/v1/orders", server.key, msgspec.json.encode(form)) for form in forms]
    return run_load(server.port, iter(requests), 64)


if __name__ == "__main__":
    main()
