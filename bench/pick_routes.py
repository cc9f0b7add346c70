"""Benchmark of pick routes: `python -m bench.pick_routes [--every N]`.

2,400 published instances with one block and the same with a cross aisle halfway, each with its proven optimum.
Prints one JSON line per (blocks, picks a tour, method): how many tours are optimal, how far above the optimum they
are, and the processor time of a tour (what it takes on a core of its own, whatever else the machine does). Every
walk is checked against the raw instance: it goes along aisles and cross aisles only, comes past every pick, and is
as long as it says. Exit code 3 if one does not, or is shorter than an optimum.
The rules of thumb beside the shortest walk are those of `walking.baselines`.
"""

import argparse
import gzip
import hashlib
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from orderwright.business.warehouse.walking.baselines import BASELINES
from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point
from orderwright.business.warehouse.walking.one_block import OneBlock
from orderwright.business.warehouse.walking.walks import walk_of

SUITE = "sprp"
INSTANCES = Path(__file__).parent / "instances" / SUITE / "sprp_single.jsonl.gz"
UNIT_MM = 1000
REPEAT = 3
"""Timings of each shortest tour; the middle one counts. Rules of thumb are timed once."""

Instance = Mapping[str, Any]
Tour = tuple[int, Sequence[Point] | None]
"""Length, and where it goes (None when only the length was asked for)."""
Method = Callable[[Layout, Sequence[Bin]], Callable[[], Tour]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every method on the instances and print its lines."""
    parser = argparse.ArgumentParser(description="Benchmark of pick routes.")
    parser.add_argument("--every", type=int, default=1, help="take each Nth instance only")
    chosen = parser.parse_args(arguments)
    instances = sorted(list(read_instances())[:: chosen.every], key=lambda instance: len(instance["picks"]))
    head = {"suite": SUITE, "sha256": hashlib.sha256(INSTANCES.read_bytes()).hexdigest()}
    print(json.dumps({**head, "calibration_ms": round(_calibration_ms(), 1)}), flush=True)
    wrong: float = 0
    for blocks in (1, 2):
        for name, method in methods(blocks).items():
            for picks, group in groupby(instances, key=lambda instance: len(instance["picks"])):
                figures = measure(list(group), method, blocks, REPEAT if name.startswith("shortest") else 1)
                wrong += figures["wrong"]
                print(json.dumps({"blocks": blocks, "picks": picks, "method": name, **figures}), flush=True)
    return 3 if wrong else 0


def read_instances() -> Iterator[Instance]:
    """The instances with their proven optima, as described in SOURCE.txt beside them."""
    with gzip.open(INSTANCES, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def layout_of_instance(instance: Instance, blocks: int) -> tuple[Layout, list[Bin]]:
    """An instance in the floor's words. Cell 0 lies next to the top; a middle cross aisle is one unit wide."""
    length = (instance["top"] + (instance["cells"] - 1) * instance["dc"] + instance["bottom"]) * UNIT_MM
    half, added = length // 2, UNIT_MM if blocks == 2 else 0
    bays = {}
    for cell in range(instance["cells"]):
        y = length - (instance["top"] + cell * instance["dc"]) * UNIT_MM
        bays[cell] = y if y < half else y + added
    pitch, back = instance["dx"] * UNIT_MM, length + added
    aisles = tuple(Aisle("", n, n * pitch, 0, back, "both", bays) for n in range(instance["aisles"]))
    rows = [0, back] if blocks == 1 else [0, half + added // 2, back]
    cross_aisles = tuple(CrossAisle(y, 0, (instance["aisles"] - 1) * pitch) for y in rows)
    start = Point(instance["depot_aisle"] * pitch, 0 if instance["depot"] == "bottom" else back)
    return Layout(aisles, cross_aisles, start, start), [Bin("", aisle, cell) for aisle, cell in instance["picks"]]


def methods(blocks: int) -> dict[str, Method]:
    """The shortest walk, its length alone where there is a quicker way to it, and the rules of thumb."""

    def walked(rule: Callable[[Layout, Sequence[Bin]], Any]) -> Method:
        def prepared(layout: Layout, bins: Sequence[Bin]) -> Callable[[], Tour]:
            def ask() -> Tour:
                walk = rule(layout, bins)
                return walk.length_mm, walk.corners

            return ask

        return prepared

    def length_alone(layout: Layout, bins: Sequence[Bin]) -> Callable[[], Tour]:
        block = OneBlock(layout)
        key = block.key_of(spot for each in bins if (spot := layout.find_spot(each)))
        return lambda: (block.length_mm(key), None)

    shortest: dict[str, Method] = {"shortest": walked(walk_of)}
    if blocks == 1:
        shortest["shortest, length alone"] = length_alone
    return shortest | {name: walked(rule) for name, rule in BASELINES.items()}


def measure(instances: Sequence[Instance], method: Method, blocks: int, repeat: int) -> dict[str, int | float]:
    """How good and how quick one method is. The layout is made before the clock starts, as a site's is."""
    gaps: list[float] = []
    times: list[float] = []
    wrong = 0
    for instance in instances:
        layout, bins = layout_of_instance(instance, blocks)
        ask = method(layout, bins)
        ask()  # a site's layout is cut into pieces once, not for each tour
        taken = []
        for _ in range(repeat):
            begin = time.thread_time()
            length, corners = ask()
            taken.append((time.thread_time() - begin) * 1000)
        times.append(statistics.median(taken))
        optimum = instance["opt" if blocks == 1 else "opt_two_block"] * UNIT_MM
        wrong += length < optimum or (corners is not None and not is_walk(layout, bins, corners, length))
        gaps.append(100 * (length - optimum) / optimum)
    times.sort()
    return {
        "instances": len(instances),
        "optimal": sum(gap == 0 for gap in gaps),
        "gap_mean_pct": round(statistics.mean(gaps), 3),
        "gap_worst_pct": round(max(gaps), 2),
        "wrong": wrong,
        "ms_mean": round(statistics.mean(times), 3),
        "ms_p95": round(times[len(times) * 95 // 100], 3),
        "ms_p99": round(times[len(times) * 99 // 100], 3),
    }


def is_walk(layout: Layout, bins: Sequence[Bin], corners: Sequence[Point], length: int) -> bool:
    """Whether corners are a closed walk of that length along aisles and cross aisles past every bin."""
    xs = {aisle.x_mm for aisle in layout.aisles}
    rows = {cross.y_mm for cross in layout.cross_aisles}
    left = {(layout.aisles[each.aisle].x_mm, layout.aisles[each.aisle].bays[each.bay]) for each in bins}
    walked = 0
    for one, other in pairwise(corners):
        along_aisle, along_cross = one.x_mm == other.x_mm in xs, one.y_mm == other.y_mm in rows
        if not along_aisle and not along_cross:
            return False
        walked += abs(one.x_mm - other.x_mm) + abs(one.y_mm - other.y_mm)
        low, high = sorted((one.y_mm, other.y_mm))
        if along_aisle:
            left = {(x, y) for x, y in left if x != one.x_mm or not low <= y <= high}
    return not left and walked == length and corners[0] == corners[-1] == layout.start


def _calibration_ms() -> float:
    """A fixed loop of plain Python, so that machines can be compared."""
    begin = time.thread_time()
    total = 0
    for i in range(1_000_000):
        total += i & 7
    return (time.thread_time() - begin) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
