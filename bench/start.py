"""From start to the first answered request on an existing store: `python -m bench.start`."""

import json
import statistics
import tempfile
from pathlib import Path

from bench.server import serving
from bench.shopfront import furnish

RUNS = 5


def main() -> None:
    """Start five times and print the median."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        furnish(server.store, 100, 100)
        seconds = []
        for _ in range(RUNS):
            server.kill()
            seconds.append(server.restart())
        print(json.dumps({
            "figure": "start to first answered request, s", "median": round(statistics.median(seconds), 2),
            "worst": round(max(seconds), 2), "bar": 5.0,
        }))  # fmt: skip


if __name__ == "__main__":
    main()
