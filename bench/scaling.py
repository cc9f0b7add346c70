"""1, 2 and 4 serving processes on Zipf-distributed products: `python -m bench.scaling [--orders 8000]`.

On two cores, with the load generator and PostgreSQL beside them, more processes cannot be faster; the figure
shows that popular products do not queue them: nothing fails, and nothing gets much slower.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from bench.http_intake import PRODUCTS, measure
from bench.server import serving
from bench.shopfront import furnish

ZIPF = 1.1


def main() -> None:
    """Measure each number of processes and print it beside one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=8_000)
    asked = parser.parse_args()
    alone = 0.0
    for processes in (1, 2, 4):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), processes) as server:
            furnish(server.store, PRODUCTS, 10**7)
            loads = [measure(server, run, asked.orders, ZIPF)[0] for run in range(3)][1:]
            rate = statistics.median(load.rate() for load in loads)
            alone = alone or rate
            print(json.dumps({
                "figure": "HTTP intake, Zipf 1.1", "processes": processes, "orders_per_s": round(rate),
                "ratio_to_one": round(rate / alone, 2), "statuses": loads[-1].statuses(),
                "p99_ms": round(loads[-1].latency_ms(0.99), 1),
            }), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
