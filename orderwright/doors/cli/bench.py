"""bench: the measurements that come with the sources."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from orderwright.doors.cli import REFUSED


def bench(*suites: str) -> int:
    """Measure, each figure beside a baseline of the same run; JSON lines. Takes minutes, and the whole machine.

    Example: orderwright bench intake start

    Parameters
    ----------
    suites
        Which; without any, all.
    """
    root = sources()
    if root is None:
        print("The bench suites come with the sources of Orderwright and are not installed here.", file=sys.stderr)
        return REFUSED
    return subprocess.run([sys.executable, "-m", "bench", *suites], cwd=root, check=False).returncode


def sources() -> Path | None:
    """The folder the suites are in: where this program runs from its sources; None where it was installed without."""
    package = importlib.util.find_spec("orderwright")
    if package is None or package.origin is None:
        return None
    root = Path(package.origin).parents[1]
    return root if (root / "bench" / "__main__.py").is_file() else None
