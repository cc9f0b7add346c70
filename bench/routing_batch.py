"""Benchmark of the batch re-optimiser: `python -m bench.routing_batch [--instances N] [--repeat N]`.

Prints one JSON line per (suite, method). Gaps are per cent above optima proven beforehand; every answer is
checked against the raw instance before its gap counts. The time of an instance is the median of its repeats;
beside it stands a fixed loop of plain Python, timed in the same run, so that machines can be compared.
Exit code 3 if an answer is infeasible or "better" than a proven optimum: then something is broken.
"""

import argparse
import gzip
import hashlib
import importlib.util
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from orderwright.business.routing.reoptimise import LineToRoute, OrderToRoute, Snapshot, reoptimise

SUITE = "routing500x5"
INSTANCES = Path(__file__).parent / "instances" / "order_routing" / f"{SUITE}.jsonl.gz"

Instance = Mapping[str, Any]
Stock = dict[str, dict[str, int]]
Sites = Sequence[Sequence[str | None]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every method on the instances and print its line."""
    parser = argparse.ArgumentParser(description="Benchmark of the batch re-optimiser of order routing.")
    parser.add_argument("--instances", type=int, default=20, help="how many, spread over the classes")
    parser.add_argument("--repeat", type=int, default=3, help="timings per instance; the median counts")
    chosen = parser.parse_args(arguments)
    instances = list(read_instances())
    instances = instances[:: max(1, len(instances) // chosen.instances)][: chosen.instances]
    calibration_ms = statistics.median(_calibration_ms() for _ in range(5))
    broken = False
    for name, method in METHODS.items():
        figures = measure(instances, method, max(1, chosen.repeat))
        broken |= bool(figures["infeasible"] or figures["below_optimum"])
        calibration = {
            "calibration_ms": round(calibration_ms, 1),
            "ms_over_calibration": round(figures["ms_mean"] / calibration_ms, 2),
            "numba": importlib.util.find_spec("numba") is not None,
            "sha256": hashlib.sha256(INSTANCES.read_bytes()).hexdigest(),
        }
        print(json.dumps({"suite": SUITE, "method": name, **figures, **calibration}), flush=True)
    return 3 if broken else 0


def read_instances() -> Iterator[Instance]:
    """The instances with their proven optima, as described in SOURCE.txt beside them."""
    with gzip.open(INSTANCES, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def measure(instances: Sequence[Instance], method: Callable[[Snapshot], Sites], repeat: int) -> dict[str, int | float]:
    """What one method costs, in money above the optimum and in milliseconds, and what went wrong."""
    method(snapshot_of(instances[0]))  # libraries load, and numba compiles, before the clock starts
    times: list[float] = []
    gaps: list[float] = []
    open_lines = infeasible = below = 0
    for instance in instances:
        snapshot = snapshot_of(instance)
        taken: list[float] = []
        for _ in range(repeat):
            begin = time.perf_counter()
            sites = method(snapshot)
            taken.append((time.perf_counter() - begin) * 1000)
        times.append(statistics.median(taken))
        cost = verified_cost(instance, sites)
        if cost is None:
            infeasible += 1
            continue
        below += cost < instance["opt"]
        gaps.append(100 * (cost - instance["opt"]) / instance["opt"])
        open_lines += sum(site is None for order in sites for site in order)
    return {
        "instances": len(instances),
        "gap_mean_pct": round(statistics.mean(gaps), 3) if gaps else -1,
        "gap_worst_pct": round(max(gaps), 3) if gaps else -1,
        "optimal": sum(gap == 0 for gap in gaps),
        "open_lines": open_lines,
        "infeasible": infeasible,
        "below_optimum": below,
        "ms_mean": round(statistics.mean(times), 1),
        "ms_p95": round(sorted(times)[-(-len(times) * 95 // 100) - 1], 1),
        "ms_max": round(max(times), 1),
    }


def snapshot_of(instance: Instance) -> Snapshot:
    """An instance in the shop's words; its lines stand order by order."""
    lines = [
        (
            order,
            LineToRoute(str(number), str(sku), quantity, {str(w): c for w, c in enumerate(cost)}, instance["penalty"]),
        )
        for number, (order, sku, quantity, *cost) in enumerate(instance["lines"])
    ]
    of_order = {order: [line for _, line in group] for order, group in itertools.groupby(lines, lambda at: at[0])}
    return Snapshot(
        orders=[
            OrderToRoute(str(order), {str(w): c for w, c in enumerate(costs)}, of_order.get(order, []))
            for order, costs in enumerate(instance["parcel_cost"])
        ],
        stock={str(w): {str(sku): units for sku, units in enumerate(row)} for w, row in enumerate(instance["stock"])},
    )


def verified_cost(instance: Instance, sites: Sites) -> int | None:
    """The cost of an answer, recomputed from the raw instance; None when it is no answer at all."""
    flat = [site for order in sites for site in order]
    if len(flat) != len(instance["lines"]):
        return None
    left = [list(row) for row in instance["stock"]]
    parcels: set[tuple[int, int]] = set()
    cost = 0
    for site, (order, sku, quantity, *line_cost) in zip(flat, instance["lines"], strict=True):
        if site is None:
            cost += instance["penalty"]
            continue
        left[int(site)][sku] -= quantity
        if left[int(site)][sku] < 0:
            return None
        parcels.add((order, int(site)))
        cost += line_cost[int(site)]
    parcel_cost: int = sum(instance["parcel_cost"][order][site] for order, site in parcels)
    return cost + parcel_cost


def nearest(snapshot: Snapshot) -> Sites:
    """The nearest site (cheapest parcel) that holds the whole order; if none does, the nearest line by line."""
    left: Stock = {site: dict(units) for site, units in snapshot.stock.items()}
    sites: list[list[str | None]] = []
    for order in snapshot.orders:
        near = sorted(order.parcel_minor, key=lambda site: (order.parcel_minor[site], site))
        whole = (site for site in near if all(_is_there(left, site, line) for line in order.lines))
        one = next(whole, None)
        chosen: list[str | None] = []
        for line in order.lines:
            site = one or next((site for site in near if _is_there(left, site, line)), None)
            chosen.append(site)
            if site is not None:
                left[site][line.sku] -= line.quantity
        sites.append(chosen)
    return sites


def myopic(snapshot: Snapshot) -> Sites:
    """Each order in turn at its exact optimum over all sets of sites, blind to the orders after it."""
    left: Stock = {site: dict(units) for site, units in snapshot.stock.items()}
    sites: list[list[str | None]] = []
    for order in snapshot.orders:
        best: list[str | None] = [None for _ in order.lines]
        best_cost = sum(line.open_minor for line in order.lines)
        for size in range(1, len(order.parcel_minor) + 1):
            for used in itertools.combinations(order.parcel_minor, size):
                chosen, cost = _filled_from(order, used, left)
                if cost < best_cost:
                    best, best_cost = chosen, cost
        for line, site in zip(order.lines, best, strict=True):
            if site is not None:
                left[site][line.sku] -= line.quantity
        sites.append(best)
    return sites


def _filled_from(order: OrderToRoute, used: tuple[str, ...], left: Stock) -> tuple[list[str | None], int]:
    cost = sum(order.parcel_minor[site] for site in used)
    chosen: list[str | None] = []
    for line in order.lines:
        there = [(line.cost_minor[site], site) for site in used if _is_there(left, site, line)]
        line_cost, site = min(there, default=(line.open_minor, None))
        chosen.append(site)
        cost += line_cost
    return chosen, cost


def _is_there(left: Stock, site: str, line: LineToRoute) -> bool:
    return left[site].get(line.sku, 0) >= line.quantity


def _calibration_ms() -> float:
    begin = time.perf_counter()
    total = 0
    for i in range(1_000_000):
        total += i & 7
    return (time.perf_counter() - begin) * 1000


METHODS: Mapping[str, Callable[[Snapshot], Sites]] = {
    "nearest whole, else line by line": nearest,
    "exact per order, in arrival order": myopic,
    "reoptimise": lambda snapshot: reoptimise(snapshot).sites,
}

if __name__ == "__main__":
    raise SystemExit(main())
