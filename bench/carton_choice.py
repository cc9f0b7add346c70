"""Benchmark of carton choice: `python -m bench.carton_choice [--orders N] [--repeat N]`.

Prints one JSON line per (class of orders, method). Gaps are per cent above optima proven beforehand; every packing is
checked against the raw sizes before its gap counts. The optima know no rule of support, so the search is shown
without it, and once more with it, as the product packs. The time of an order is the median of its repeats, choosing
and verifying included; `cpu_ms` counts the processor's alone, for a machine that is busy. Exit code 3 if a packing is
none or "better" than a proven optimum: then something is broken.
"""

import argparse
import hashlib
import importlib.util
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from orderwright.business.warehouse.cartons.choose import choose_cartons
from orderwright.business.warehouse.cartons.model import Carton, Item, PackingPlan, PackingRules, Rate
from orderwright.business.warehouse.cartons.verify import faults

FOLDER = Path(__file__).parent / "instances" / "carton_choice"
FREE = Rate(lambda weight_g: 0)  # the instances' costs hold carriage already
FLOATING = PackingRules(support_percent=0)
CLASSES = {"catalogue": "catalogue", "random": "rand", "planted": "plant", "planted 90 % and fuller": "plant0.9"}

SMALL_CARTONS = 5
SPLITS = {"one carton after another": PackingRules(support_percent=0, splits_max=1), "every split": FLOATING}

Order = Mapping[str, Any]
Sizes = tuple[int, ...]


class Answer(NamedTuple):
    """The cartons chosen, by id, and what lies where: corner and sizes in mm; None for a rule that only guesses."""

    cartons: list[int]
    places: list[list[tuple[Sizes, Sizes]]] | None


Method = Callable[[Sequence[Item], Sequence[Carton]], Answer]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every method on every class and print its line."""
    parser = argparse.ArgumentParser(description="Benchmark of carton choice.")
    parser.add_argument("--orders", type=int, default=300, help="how many of a class, spread over it")
    parser.add_argument("--repeat", type=int, default=3, help="timings per order; the median counts")
    chosen = parser.parse_args(arguments)
    costs, cartons = read_cartons()
    orders = read_orders()
    calibration_ms = statistics.median(_calibration_ms() for _ in range(5))
    broken = False
    for name, kind in CLASSES.items():
        of_class = [order for order in orders if order["kind"].startswith(kind)]
        of_class = of_class[:: max(1, len(of_class) // chosen.orders)][: chosen.orders]
        for label, method in methods().items():
            figures = measure(of_class, costs, cartons, method, max(1, chosen.repeat))
            is_search = label != RULE_OF_THUMB
            broken |= is_search and bool(figures["infeasible"] or figures["below_optimum"])
            told = {"calibration_ms": round(calibration_ms, 1), "sha256": _hash()}
            print(json.dumps({"suite": f"cartons, {name}", "method": label, **figures, **told}), flush=True)
    threes = list(three_in_one(orders, cartons[:SMALL_CARTONS]))[:40]
    for label, rules in SPLITS.items():
        figures = measure_splits(threes, cartons[:SMALL_CARTONS], rules)
        print(json.dumps({"suite": "cartons, several", "method": label, **figures}), flush=True)
    if importlib.util.find_spec("numba") is None:
        print(json.dumps({"skipped": "with numba: it is not installed (pip install orderwright[fast])"}), flush=True)
        print("SKIPPED: carton choice with numba; it is not installed", file=sys.stderr)
    return 3 if broken else 0


def read_cartons() -> tuple[dict[int, int], list[Carton]]:
    """Costs by id, in 1e-5 of a unit of money so that they are whole, and the cartons; see SOURCE.txt beside them."""
    listed = json.loads((FOLDER / "cartons.json").read_text())
    costs = {each["id"]: round(each["cost"] * 100_000) for each in listed}
    cartons = []
    for each in listed:
        length, width, height = each["inner_mm"]
        cartons.append(Carton(str(each["id"]), length, width, height, costs[each["id"]]))
    return costs, cartons


def read_orders() -> list[Order]:
    """The orders with their proven optima, as described in SOURCE.txt beside them."""
    return [json.loads(line) for line in (FOLDER / "carton_choice.jsonl").read_text().splitlines()]


def measure(
    orders: Sequence[Order], costs: Mapping[int, int], cartons: Sequence[Carton], method: Method, repeat: int
) -> dict[str, int | float]:
    """What one method costs above the optimum, its milliseconds, and what went wrong."""
    method(items_of(orders[0]), cartons)  # numba compiles before the clock starts
    gaps: list[float] = []
    times: list[float] = []
    cpu_times: list[float] = []
    infeasible = below = 0
    for order in orders:
        items = items_of(order)
        taken, cpu_taken = [], []
        for _ in range(repeat):
            begin, cpu_begin = time.perf_counter(), time.thread_time()
            answer = method(items, cartons)
            cpu_taken.append((time.thread_time() - cpu_begin) * 1000)
            taken.append((time.perf_counter() - begin) * 1000)
        times.append(statistics.median(taken))
        cpu_times.append(statistics.median(cpu_taken))
        cost, optimum = sum(costs[carton] for carton in answer.cartons), costs[order["opt_carton"]]
        if not is_packed(order, answer, cartons):
            infeasible += 1
            continue
        below += cost < optimum
        gaps.append(100 * (cost - optimum) / optimum)
    return {
        "orders": len(orders),
        "gap_mean_pct": round(statistics.mean(gaps), 2),
        "gap_worst_pct": round(max(gaps), 1),
        "optimal": sum(gap == 0 for gap in gaps),
        "infeasible": infeasible,
        "below_optimum": below,
        "ms_mean": round(statistics.mean(times), 2),
        "ms_p95": round(_p95(times), 2),
        "cpu_ms_p95": round(_p95(cpu_times), 2),
        "ms_max": round(max(times), 1),
    }


def three_in_one(orders: Sequence[Order], cartons: Sequence[Carton]) -> Iterator[list[Item]]:
    """Three catalogue orders as one, at most 10 units, that no one of the smaller cartons holds."""
    small = [order for order in orders if order["kind"] == "catalogue" and order["opt_carton"] < len(cartons)]
    small = [order for order in small if len(order["items"]) < 5]
    for three in zip(small, small[7:], small[19:], strict=False):
        items = items_of({"items": [sizes for order in three for sizes in order["items"]]})
        if sum(item.quantity for item in items) <= 10:
            plan = choose_cartons(items, cartons, FREE, FLOATING)
            if isinstance(plan, PackingPlan) and len(plan.cartons) > 1:
                yield items


def measure_splits(
    orders: Sequence[Sequence[Item]], cartons: Sequence[Carton], rules: PackingRules
) -> dict[str, int | float]:
    """Cost above the lower bound by every split, where volume, sizes and pairs alone are known; and milliseconds."""
    excess, times, faulty = [], [], 0
    for items in orders:
        bound = choose_cartons(items, cartons, FREE, FLOATING).lower_bound_minor  # type: ignore[union-attr]
        begin = time.perf_counter()
        plan = choose_cartons(items, cartons, FREE, rules)
        times.append((time.perf_counter() - begin) * 1000)
        if not isinstance(plan, PackingPlan) or faults(plan, items, rules):
            faulty += 1
            continue
        excess.append(100 * (plan.cost_minor - bound) / bound)
    return {
        "orders": len(orders),
        "over_bound_mean_pct": round(statistics.mean(excess), 2),
        "over_bound_worst_pct": round(max(excess), 1),
        "infeasible": faulty,
        "ms_mean": round(statistics.mean(times), 2),
        "ms_max": round(max(times), 1),
    }


def items_of(order: Order) -> list[Item]:
    """An order's lines; equal sizes are one product."""
    return [
        Item(f"{length}x{width}x{height}", pieces, length, width, height, weight_g=1)
        for (length, width, height), pieces in Counter(map(tuple, order["items"])).items()
    ]


def is_packed(order: Order, answer: Answer, cartons: Sequence[Carton]) -> bool:
    """Whether the places are a packing of exactly these sizes; for a guess, whether a packing may exist at all."""
    inside = {int(carton.code): carton.sizes for carton in cartons}
    if answer.places is None:
        return answer.cartons[0] >= int(
            order["opt_carton"]
        )  # ids ascend with cost, and a cheaper one is proven too small
    packed = Counter(tuple(sorted(sizes)) for places in answer.places for _, sizes in places)
    if packed != Counter(tuple(sorted(sizes)) for sizes in order["items"]):
        return False
    for carton, places in zip(answer.cartons, answer.places, strict=True):
        for corner, sizes in places:
            if any(c < 0 or c + s > room for c, s, room in zip(corner, sizes, inside[carton], strict=True)):
                return False
        for (at, size), (other_at, other_size) in combinations(places, 2):
            if all(at[i] < other_at[i] + other_size[i] and other_at[i] < at[i] + size[i] for i in range(3)):
                return False
    return True


def seventy_per_cent(items: Sequence[Item], cartons: Sequence[Carton]) -> Answer:
    """The rule of thumb: the cheapest carton that is at most 70 % full and holds each product alone."""
    volume = sum(each.quantity * each.length_mm * each.width_mm * each.height_mm for each in items)
    sizes = [sorted((each.length_mm, each.width_mm, each.height_mm)) for each in items]
    largest = [max(each[axis] for each in sizes) for axis in range(3)]
    able = [
        each
        for each in cartons
        if volume * 10 <= each.inner_mm3 * 7 and all(map(int.__le__, largest, sorted(each.sizes)))
    ]
    by_cost = sorted(able or cartons, key=lambda each: each.cost_minor)
    return Answer([int((by_cost[0] if able else by_cost[-1]).code)], None)


def searched(rules: PackingRules, compiled: bool) -> Method:
    """The product's own choice."""

    def method(items: Sequence[Item], cartons: Sequence[Carton]) -> Answer:
        plan = choose_cartons(items, cartons, FREE, rules, compiled=compiled)
        if not isinstance(plan, PackingPlan):
            return Answer([], [])
        places: list[list[tuple[Sizes, Sizes]]] = [
            [((p.x_mm, p.y_mm, p.z_mm), (p.length_mm, p.width_mm, p.height_mm)) for p in each.placements]
            for each in plan.cartons
        ]
        return Answer([int(each.carton.code) for each in plan.cartons], places)

    return method


RULE_OF_THUMB = "70 % fill and product sizes"


def methods() -> dict[str, Method]:
    """The rule of thumb, the search in plain Python, and compiled where numba is."""
    found = {
        RULE_OF_THUMB: seventy_per_cent,
        "search, plain Python": searched(FLOATING, False),
        "search, plain Python, units supported": searched(PackingRules(), False),
    }
    if importlib.util.find_spec("numba") is not None:
        found["search, numba"] = searched(FLOATING, True)
        found["search, numba, units supported"] = searched(PackingRules(), True)
    return found


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[-(-len(times) * 95 // 100) - 1]


def _hash() -> str:
    return hashlib.sha256((FOLDER / "carton_choice.jsonl").read_bytes()).hexdigest()[:16]


def _calibration_ms() -> float:
    begin = time.perf_counter()
    total = 0
    for i in range(1_000_000):
        total += i & 7
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
