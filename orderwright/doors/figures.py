"""Figures of the running processes, for Prometheus: counted here, shown by /metrics.

Plain numbers under a lock cost well under a microsecond each, which a request can afford.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

Labels = tuple[str, ...]
Rows = Iterable[tuple[str, Labels, list[float]]]
"""Figures as they are taken: name, labels, and one number, or those of a distribution."""

Gauge = tuple[str, str, dict[str, str], float]
"""What stands at this moment: name, what it tells, labels, number."""

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0, 5000.0)


class Kind(NamedTuple):
    """A family of figures: its labels, what it tells, and, for a distribution, the bounds of its buckets."""

    labels: Labels
    says: str
    bounds: tuple[float, ...] = ()


KINDS: Mapping[str, Kind] = {
    "orderwright_requests": Kind(("method", "route", "status"), "Requests answered."),
    "orderwright_request_seconds": Kind(("route",), "Time to answer.", SECONDS),
    "orderwright_csp_reports": Kind((), "Times a browser said that a page broke its content security policy."),
    "orderwright_group_commands": Kind(("action",), "Commands that shared one transaction.", SIZES),
    "orderwright_tasks_run": Kind(("name", "outcome"), "Tasks worked on: done, refused, failed or unknown."),
    "orderwright_schedules_run": Kind(("name",), "Times a schedule fell due and was set to work."),
}


class Figures:
    """The figures of one process. All processes of one `serve` are summed up for /metrics."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Labels], list[float]] = {}
        self._lock = threading.Lock()

    def count(self, name: str, labels: Labels, by: int = 1) -> None:
        """Count something that happened."""
        with self._lock:
            self._row(name, labels)[0] += by

    def observe(self, name: str, labels: Labels, value: float) -> None:
        """Add a value to a distribution."""
        with self._lock:
            row = self._row(name, labels)
            row[bisect_left(KINDS[name].bounds, value)] += 1
            row[-1] += value

    def take(self) -> list[tuple[str, Labels, list[float]]]:
        """A copy of all figures. A distribution's row: one count a bucket, the rest, then the sum."""
        with self._lock:
            return [(name, labels, list(row)) for (name, labels), row in self._numbers.items()]

    def _row(self, name: str, labels: Labels) -> list[float]:
        row = self._numbers.get((name, labels))
        if row is None:
            bounds = KINDS[name].bounds
            row = self._numbers[name, labels] = [0.0] * (len(bounds) + 2 if bounds else 1)
        return row


def add_up(
    parts: Iterable[Rows],
) -> Iterator[tuple[str, Labels, list[float]]]:
    """The sum of several processes' figures, in order of name and labels."""
    total: dict[tuple[str, Labels], list[float]] = {}
    for part in parts:
        for name, labels, row in part:
            known = total.get((name, tuple(labels)))
            total[name, tuple(labels)] = row if known is None else [a + b for a, b in zip(known, row, strict=True)]
    for (name, labels), row in sorted(total.items()):
        yield name, labels, row
