"""The four numbers an owner looks at first, with how they went, read from what reports tell of each day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from orderwright.business.reports.days.asking import today
from orderwright.business.reports.days.telling import zone_of
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

NAMES = ("order_accuracy", "time_per_order", "perfect_orders", "return_rate")
WEEKS = 12
WINDOW_WEEKS = 4
"""A number is that of the orders placed in the last four weeks, beside the four before."""
PERMILLE = 1000

_SHARE = Annotated[int, Meta(ge=0, le=PERMILLE)]
TARGETS: Mapping[str, Setting[int]] = {
    "order_accuracy": Setting("today.accuracy_permille", _SHARE, 995, "Order accuracy to reach, in thousandths."),
    "time_per_order": Setting(
        "today.order_minutes", Annotated[int, Meta(ge=1, le=100_000)], 1440,
        "Minutes from an order's placing to its last parcel, for half of the orders, not to exceed.",
    ),
    "perfect_orders": Setting("today.perfect_permille", _SHARE, 950, "Perfect orders to reach, in thousandths."),
    "return_rate": Setting("today.returns_permille", _SHARE, 100, "Units that come back, in thousandths, at most."),
}  # fmt: skip
"""What each number should be; more is better of shares that are good, less of time and returns."""
SETTINGS = tuple(TARGETS.values())
LESS_IS_BETTER = ("time_per_order", "return_rate")


class Week(NamedTuple):
    """A number of the orders placed in seven days. first: the first of them. value: None where nothing is judged.

    spoiling: of a share, what lowers it: the orders that are not good, or the units that came back.
    """

    first: date
    value: int | None
    spoiling: int


class Number(NamedTuple):
    """One of the four. value: permille, or minutes of time_per_order; was: of the four weeks before.

    counted of judged; pending: too young to be judged. parts: by what it is told, most first.
    """

    name: str
    value: int | None
    was: int | None
    counted: int
    judged: int
    pending: int
    target: int
    weeks: list[Week]
    parts: list[tuple[str, int]]

    @property
    def is_met(self) -> bool | None:
        """Whether it is as it should be; None where nothing is known."""
        if self.value is None:
            return None
        return self.value <= self.target if self.name in LESS_IS_BETTER else self.value >= self.target


class Numbers(NamedTuple):
    """The four. told_at: when the latest day was counted; None when none was yet."""

    told_at: datetime | None
    each: list[Number]


class _Sums(NamedTuple):
    counted: int
    judged: int
    pending: int


_Weeks = dict[int, dict[str, _Sums]]
"""Weeks ago -> part -> sums."""


def four_numbers(tx: Tx) -> Numbers:
    """The four numbers; two statements, whatever there is."""
    on = today(tx.now, zone_of(tx))
    told = tx.row("SELECT told_at FROM report_told WHERE day <= %(on)s ORDER BY day DESC LIMIT 1", on=on)
    by_name: dict[str, _Weeks] = {name: {} for name in NAMES}
    for row in tx.rows(_SQL, on=on, first=on - timedelta(days=7 * WEEKS - 1), names=array(NAMES)):
        by_name[row.figure].setdefault(row.weeks_ago, {})[row.part] = _Sums(row.counted, row.judged, row.pending)
    each = [_number(name, by_name[name], on, value_of(tx, TARGETS[name])) for name in NAMES]
    return Numbers(None if told is None else told.told_at, each)


_SQL = """
    SELECT figure, (%(on)s::date - day) / 7 AS weeks_ago, part, sum(counted)::bigint AS counted,
           sum(judged)::bigint AS judged, sum(pending)::bigint AS pending
    FROM report_day
    WHERE scope = '' AND day BETWEEN %(first)s AND %(on)s AND figure = ANY(%(names)s::text[])
    GROUP BY 1, 2, 3
"""


def _number(name: str, weeks: _Weeks, on: date, target: int) -> Number:
    now, before = _added(weeks, range(WINDOW_WEEKS)), _added(weeks, range(WINDOW_WEEKS, 2 * WINDOW_WEEKS))
    whole = _whole(now)
    parts = [(part, sums.counted) for part, sums in now.items() if part and sums.counted]
    trend = [_week(name, on - timedelta(days=7 * n + 6), _added(weeks, [n])) for n in reversed(range(WEEKS))]
    return Number(
        name, _value(name, now), _value(name, before), whole.counted, whole.judged, whole.pending, target, trend,
        [] if name == "time_per_order" else sorted(parts, key=lambda part: (-part[1], part[0])),
    )  # fmt: skip


def _week(name: str, first: date, parts: Mapping[str, _Sums]) -> Week:
    whole = _whole(parts)
    if name == "time_per_order":
        return Week(first, _value(name, parts), 0)
    return Week(first, _value(name, parts), whole.counted if name == "return_rate" else whole.judged - whole.counted)


def _added(weeks: _Weeks, wanted: Any) -> dict[str, _Sums]:
    added: dict[str, _Sums] = {}
    for week in wanted:
        for part, sums in weeks.get(week, {}).items():
            so_far = added.get(part, _Sums(0, 0, 0))
            added[part] = _Sums(*(a + b for a, b in zip(so_far, sums, strict=True)))
    return added


def _whole(parts: Mapping[str, _Sums]) -> _Sums:
    return _Sums(*(sum(each[n] for each in parts.values()) for n in range(3)))


def _value(name: str, parts: Mapping[str, _Sums]) -> int | None:
    if name == "time_per_order":
        return _median({int(part): sums.counted for part, sums in parts.items()})
    whole = _whole(parts)
    return whole.counted * PERMILLE // whole.judged if whole.judged else None


def _median(minutes: Mapping[int, int]) -> int | None:
    """The lower middle of lengths of time: minutes -> how many orders took them."""
    wanted, so_far = (sum(minutes.values()) + 1) // 2, 0
    for length, count in sorted(minutes.items()):
        so_far += count
        if so_far >= wanted:
            return length
    return None
