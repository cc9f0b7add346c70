"""The figures of all processes of one `serve`, in the form Prometheus reads."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from orderwright.doors.figures import KINDS, Gauge, Rows


class _Snapshot(Collector):
    def __init__(self, rows: Rows, gauges: Iterable[Gauge]) -> None:
        self._rows = rows
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        families: dict[str, CounterMetricFamily | HistogramMetricFamily | GaugeMetricFamily] = {}
        for name, labels, row in self._rows:
            kind = KINDS[name]
            if kind.bounds:
                family = families.setdefault(name, HistogramMetricFamily(name, kind.says, labels=kind.labels))
                assert isinstance(family, HistogramMetricFamily)
                family.add_metric(labels, buckets=_buckets(kind.bounds, row), sum_value=row[-1])
            else:
                family = families.setdefault(name, CounterMetricFamily(name, kind.says, labels=kind.labels))
                assert isinstance(family, CounterMetricFamily)
                family.add_metric(labels, row[0])
        for name, says, gauge_labels, value in self._gauges:
            gauge = families.setdefault(name, GaugeMetricFamily(name, says, labels=list(gauge_labels)))
            assert isinstance(gauge, GaugeMetricFamily)
            gauge.add_metric(list(gauge_labels.values()), value)
        yield from families.values()


def exposition(rows: Rows, gauges: Iterable[Gauge]) -> bytes:
    """Figures and gauges (name, what it tells, labels, value) as text."""
    registry = CollectorRegistry()
    registry.register(_Snapshot(rows, gauges))
    return generate_latest(registry)


def _buckets(bounds: tuple[float, ...], row: list[float]) -> list[tuple[str, float]]:
    total, buckets = 0.0, []
    for bound, count in zip((*[str(bound) for bound in bounds], "+Inf"), row, strict=False):
        total += count
        buckets.append((bound, total))
    return buckets
