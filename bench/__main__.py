"""All benchmarks in turn: `python -m bench [NAME ...]`; what `make bench` and `orderwright bench` run.

Each prints JSON lines: a figure, the baseline measured in the same run, the ratio. Absolute figures are those
of this machine, told first.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

SUITES = {
    "intake": ["bench.intake"],
    "http": ["bench.http_intake"],
    "scaling": ["bench.scaling"],
    "flash_sale": ["bench.flash_sale"],
    "start": ["bench.start"],
    "routing": ["bench.routing_batch"],
    "sprp": ["bench.pick_routes"],
    "batching": ["bench.pick_batching"],
    "labels": ["bench.labels"],
    "cartons": ["bench.carton_choice"],
    "scans": ["bench.scans"],
    "console": ["bench.console"],
    "bottleneck": ["bench.bottleneck"],
    "scale": ["bench.scale"],
}


def main() -> int:
    """Run the named suites, or all; 1 when one failed."""
    asked = sys.argv[1:] or list(SUITES)
    if unknown := [name for name in asked if name not in SUITES]:
        print(f"there is no suite {unknown[0]!r}; there are {', '.join(SUITES)}", file=sys.stderr)
        return 2
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    print(json.dumps({"machine": machine}), flush=True)
    failed = []
    for name in asked:
        print(json.dumps({"suite": name}), flush=True)
        done = subprocess.run([sys.executable, "-m", *SUITES[name]], cwd=Path(__file__).parent.parent, check=False)
        failed += [name] if done.returncode else []
    if failed:
        print(json.dumps({"failed": failed}), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
