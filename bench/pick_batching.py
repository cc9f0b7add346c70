"""Benchmark of carts: `python -m bench.pick_batching [--every N] [--no-plan]`.

28 instances of order batching with their optima (24 proven, else a bound): one JSON line per (set, method) with the
gap to the best known and the time of an instance. The work is fixed and not the time, so the gaps are the same on
every machine; `s` is wall time, `cpu_s` the time of one core. Every answer is checked against the raw instance: each
order once, within the capacity, as long as the shortest walks of its carts found by another program (`walk_of`, which
shares no code with the lengths the search sees). Then 2,000 released orders of a made-up site (`busy_floor`) are
planned in a process of their own, each way to pick beside first-come carts walked in an S. Exit code 3 if an answer
is infeasible or better than a proven bound.
"""

import argparse
import gzip
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import busy_floor
from orderwright.business.warehouse.batching.carts import plan_carts
from orderwright.business.warehouse.batching.claiming import fill_cart
from orderwright.business.warehouse.batching.figures import Figures, figures
from orderwright.business.warehouse.batching.first_come import first_come_trips
from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.strategies import trips_by
from orderwright.business.warehouse.batching.trips import Part, Picking, picks_of, trip_of
from orderwright.business.warehouse.batching.work import (
    STRATEGIES,
    Cart,
    Effort,
    PickPolicy,
    PickStop,
    Strategy,
    Trip,
    Work,
    by_urgency,
)
from orderwright.business.warehouse.walking.baselines import s_shape_mm
from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point
from orderwright.business.warehouse.walking.walks import WorkPace, walk_of

SUITE = "batching"
INSTANCES = Path(__file__).parent / "instances" / "order_batching" / "batching.jsonl.gz"
UNIT_MM = 1_000
PICKERS = 20
CANDIDATES = 500

ECOM_1_S = Effort(moves=100_000, columns=300)
ECOM_5_S = Effort(moves=150_000, columns=600, rounds=3)
HENN_1_S = Effort(moves=100_000, columns=80, rounds=4)
"""Large carts: many batches are equally good, so few columns and more rounds."""

Instance = Mapping[str, Any]
Method = Callable[[Picking], list[Trip]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every method on the instances, then the plan of the busy floor, and print their lines."""
    parser = argparse.ArgumentParser(description="Benchmark of carts.")
    parser.add_argument("--every", type=int, default=1, help="take each Nth instance only")
    parser.add_argument("--no-plan", action="store_true", help="leave the busy floor out")
    parser.add_argument("--plan-alone", action="store_true", help="the busy floor alone, in this process")
    chosen = parser.parse_args(arguments)
    if chosen.plan_alone:
        plan_busy_floor()
        return 0
    instances = list(read_instances())
    head = {"suite": SUITE, "sha256": hashlib.sha256(INSTANCES.read_bytes()).hexdigest()}
    print(json.dumps({**head, "calibration_ms": round(_calibration_ms(), 1)}), flush=True)
    broken = 0
    for kind, methods in METHODS.items():
        some = [each for each in instances if each["name"].startswith(kind)][:: chosen.every]
        for name, (effort, method) in methods.items():
            found = measure(some, effort, method)
            broken += found["infeasible"] + found["below_bound"]
            print(json.dumps({"set": kind, "method": name, **found}), flush=True)
    if not chosen.no_plan:
        alone = [sys.executable, "-m", "bench.pick_batching", "--plan-alone"]
        broken += subprocess.run(alone, cwd=Path(__file__).parent.parent, check=False).returncode
    return 3 if broken else 0


def read_instances() -> Iterator[Instance]:
    """The instances with their optima, as described in SOURCE.txt beside them."""
    with gzip.open(INSTANCES, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def picking_of(instance: Instance, effort: Effort) -> Picking:
    """An instance in the floor's words. Where the capacity is in lines, a line weighs a gram and the cart is light."""
    first, step = int(instance["bottom"] * UNIT_MM), int(instance["dc"] * UNIT_MM)
    bays = {cell: first + cell * step for cell in range(instance["cells"])}
    back, pitch = max(bays.values()) + int(instance["top"] * UNIT_MM), int(instance["dx"] * UNIT_MM)
    aisles = tuple(Aisle("", n, n * pitch, 0, back, "both", bays) for n in range(instance["aisles"]))
    cross_aisles = tuple(CrossAisle(y, 0, (instance["aisles"] - 1) * pitch) for y in (0, back))
    start = Point(instance["depot_aisle"] * pitch, 0)
    capacity, far = instance["capacity"], 10**6
    by_orders = instance["capacity_unit"] == "orders"
    cart = Cart("instance", capacity if by_orders else far, far, far, far if by_orders else capacity, far)
    works = [
        Work(
            str(number),
            tuple(PickStop(f"{aisle}-{cell}", Bin("", aisle, cell), 1, 1, 1) for aisle, cell in lines),
            datetime(2026, 11, 27, tzinfo=UTC),
        )
        for number, lines in enumerate(instance["orders"])
    ]
    policy = PickPolicy(tops_up=False, effort=effort)
    return Picking(works, Floor(Layout(aisles, cross_aisles, start, start)), cart, policy, WorkPace(setup_s=0))


def measure(instances: Sequence[Instance], effort: Effort, method: Method) -> dict[str, Any]:
    """How far above the best known one method is, and how long it takes."""
    method(picking_of(instances[0], Effort(moves=256)))  # libraries load before the clock starts
    gaps, times, cpu = list[float](), list[float](), list[float]()
    infeasible = below = optimal = 0
    for instance in instances:
        picking = picking_of(instance, effort)
        began, cpu_began = time.perf_counter(), time.process_time()
        trips = method(picking)
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
        length = verified_length(instance, picking, trips)
        if length is None:
            infeasible += 1
            continue
        below += length < instance["lower_bound"] - 1e-6
        optimal += instance["proven"] and length <= instance["best"]
        gaps.append(100 * (length / instance["best"] - 1))
    return {
        "instances": len(instances),
        "gap_mean_pct": round(statistics.mean(gaps), 3),
        "gap_worst_pct": round(max(gaps), 2),
        "proven_optimal": optimal,
        "infeasible": infeasible,
        "below_bound": below,
        "s_mean": round(statistics.mean(times), 3),
        "s_max": round(max(times), 3),
        "cpu_s_mean": round(statistics.mean(cpu), 3),
        "cpu_s_max": round(max(cpu), 3),
    }


def verified_length(instance: Instance, picking: Picking, trips: Sequence[Trip]) -> float | None:
    """The length of an answer in the instance's units, recomputed; None when it is no answer."""
    seen = sorted(work for trip in trips for work in trip.works)
    if seen != list(range(len(instance["orders"]))):
        return None
    length = 0
    for trip in trips:
        lines = [line for work in trip.works for line in instance["orders"][work]]
        used = len(trip.works) if instance["capacity_unit"] == "orders" else len(lines)
        if used > instance["capacity"]:
            return None
        bins = [Bin("", *line) for line in lines]
        layout = picking.floor.layout
        if trip.length_mm not in (walk_of(layout, bins).length_mm, s_shape_mm(layout, bins)):
            return None
        length += trip.length_mm
    return length / UNIT_MM


def plan_busy_floor() -> None:
    """Carts for the busy floor's orders by every way to pick, beside first come, and the memory all of it took."""
    plan_carts(
        Picking(busy_floor.works(50), Floor(busy_floor.layout()), busy_floor.CART, PickPolicy())
    )  # libraries load
    works = busy_floor.works()
    picking = Picking(works, Floor(busy_floor.layout()), busy_floor.CART, PickPolicy())
    for name, strategy, method in ways_to_pick():
        began, cpu_began = time.perf_counter(), time.process_time()
        trips = method(picking)
        spent = {"s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu_began}
        missing = units_left_out(works, trips)
        told = figures_of(strategy, trips, picking)
        line = {"method": name, **told, **{key: round(value, 2) for key, value in spent.items()}}
        line |= {"peak_mb": _peak_mb(), "units_left_out": missing}
        print(json.dumps({"orders": len(works), **line}), flush=True)
    print(json.dumps({"method": f"fill_cart from {CANDIDATES}", **claim_times(works[:CANDIDATES])}), flush=True)


def ways_to_pick() -> list[tuple[str, Strategy, Method]]:
    """What is compared on the busy floor; carts planned come first, so that their memory is theirs."""
    others = [strategy for strategy in STRATEGIES if strategy != "batch"]
    return [
        ("batch, planned", "batch", plan_carts),
        ("batch, filled when asked", "batch", filled_when_asked),
        ("batch, first come, S-shape", "batch", first_come_trips),
        ("batch, first come, shortest walks", "batch", lambda picking: first_come_trips(picking, None)),
        *((f"{each}, planned", each, lambda picking, each=each: trips_by(each, picking)) for each in others),
    ]


def filled_when_asked(picking: Picking) -> list[Trip]:
    """Carts filled one after the other, each from the most urgent orders that are left, as pickers ask for work."""
    left = by_urgency(picking.works, picking.policy)
    trips = []
    while left:
        waiting = left[:CANDIDATES]
        some = replace(picking, works=[picking.works[index] for index in waiting])
        taken = [waiting[index] for index in fill_cart(some)]
        parts = [Part(index, tuple(range(len(picking.works[index].stops)))) for index in taken]
        trips.append(trip_of(picking, picks_of(picking.works, parts)))
        left = [index for index in left if index not in taken]
    return trips


def figures_of(strategy: Strategy, trips: Sequence[Trip], picking: Picking) -> dict[str, int]:
    """The figures of a plan that are compared."""
    told: Figures = figures(
        strategy, picking.cart.kind, trips, picking.works, PICKERS, picking.pace, picking.policy, busy_floor.BEGINS_AT
    )
    return {
        "trips": told.trips,
        "metres": told.metres,
        "minutes": told.minutes,
        "picks_per_hour": told.picks_per_hour,
        "makespan_minutes": told.makespan_s // 60,
        "late_orders": told.late_orders,
    }


def units_left_out(works: Sequence[Work], trips: Sequence[Trip]) -> int:
    """How many units are on no trip, or on more than one; 0 for a plan."""
    wanted = {(at, line): stop.units for at, work in enumerate(works) for line, stop in enumerate(work.stops)}
    for trip in trips:
        for pick in trip.picks:
            wanted[pick.work, pick.stop] -= pick.units
    return sum(map(abs, wanted.values()))


def claim_times(works: Sequence[Work]) -> dict[str, float | int]:
    """How long a picker who asks waits for a cart: the plan's question put again and again."""
    picking = Picking(works, Floor(busy_floor.layout()), busy_floor.CART, PickPolicy())
    times = []
    for first in range(0, len(works), 10):
        began = time.perf_counter()
        chosen = fill_cart(picking, first)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {"orders": len(chosen), "ms_median": round(times[len(times) // 2], 1), "ms_max": round(times[-1], 1)}


def _peak_mb() -> int:
    # The most this process ever held, libraries and all; in kB on Linux.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _calibration_ms() -> float:
    began = time.perf_counter()
    total = 0
    for i in range(1_000_000):
        total += i & 7
    return (time.perf_counter() - began) * 1000


BASELINES: Mapping[str, tuple[Effort, Method]] = {
    "first come, S-shape": (Effort(), first_come_trips),
    "first come, shortest walks": (Effort(), lambda picking: first_come_trips(picking, None)),
}
METHODS: Mapping[str, Mapping[str, tuple[Effort, Method]]] = {
    "ecom": {
        **BASELINES,
        "savings alone": (Effort(rounds=0), plan_carts),
        "carts, work of 1 s": (ECOM_1_S, plan_carts),
        "carts, work of 5 s": (ECOM_5_S, plan_carts),
    },
    "henn": {
        **BASELINES,
        "savings alone": (Effort(rounds=0), plan_carts),
        "carts, work of 1 s": (HENN_1_S, plan_carts),
    },
}

if __name__ == "__main__":
    raise SystemExit(main())
