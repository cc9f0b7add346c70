"""Today: the four numbers, where the work stands, what limits it, what will be late, and what needs somebody."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

import msgspec

from orderwright.business.reports.days.telling import zone_of
from orderwright.business.reports.today.beginning import FirstStep, first_steps
from orderwright.business.reports.today.behind import Behind, FigureName, orders_behind
from orderwright.business.reports.today.hours import Hour, hours_kept, limiting
from orderwright.business.reports.today.numbers import LESS_IS_BETTER, WINDOW_WEEKS, Number, Numbers, four_numbers
from orderwright.business.reports.today.rules import Bottleneck
from orderwright.business.reports.today.standing import (
    COUNT_MAX,
    Lateness,
    OldestException,
    StageNow,
    exceptions_now,
    lateness,
    pulse_of,
    stages_now,
)
from orderwright.doors.charts import Chart, Point, Spec, bars, lines, sparkline
from orderwright.doors.console import exception_words, report_words, today_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.sections import first_path
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After
from orderwright.values.refusal import Refusal

CAUSES_SHOWN = 6
TEN = 10
"""Shares are shown as percentages: permille divided by this."""


class HourShown(NamedTuple):
    """An hour: what each stage finished, in the order of `today_words.HOURS`."""

    hour: datetime
    done: list[int]


class TodayShown(msgspec.Struct, frozen=True):
    """The page. pulse: changes when something happens in the store. limit: None when no stage limits.

    steps: of a store without any order, for who may take them.
    """

    pulse: str
    now: datetime
    numbers: Numbers
    stages: list[StageNow]
    limit: Bottleneck | None
    hours: list[HourShown]
    late: Lateness
    exceptions: list[OldestException]
    steps: list[FirstStep]
    most: int = COUNT_MAX
    causes_shown: int = CAUSES_SHOWN
    words: object = today_words
    causes: Mapping[str, exception_words.Case] = msgspec.field(default_factory=lambda: exception_words.CASES)

    def spark(self, number: Number) -> str:
        """How a number went."""
        return sparkline([week.value for week in number.weeks])

    def chart(self, title: str, labels: Sequence[str]) -> Spec:
        """Fulfilments packed, by hour."""
        at = list(today_words.HOURS).index("pack")
        return bars(Chart(title, [Point(label, each.done[at]) for label, each in zip(labels, self.hours, strict=True)]))


class BehindQuery(Form, frozen=True):
    """Which orders: of one week, by its first day (the last four when left out); all, or those that lower it."""

    week: date | None = None
    all: bool = False
    after: After | None = None


class BehindShown(msgspec.Struct, frozen=True):
    """A number and the orders behind it."""

    number: Number
    told_at: datetime | None
    query: BehindQuery
    found: Behind
    words: today_words.NumberWords
    not_known: str = today_words.NOT_KNOWN
    spoils: Mapping[str, str] = msgspec.field(default_factory=lambda: today_words.SPOILS)

    @property
    def is_share(self) -> bool:
        """Whether it is a share, and not a time."""
        return self.number.name != "time_per_order"

    def reason(self, part: str) -> str:
        """Why an order lowers the number, or came back."""
        return self.spoils.get(part) or report_words.part_word(self.number.name, part)

    def chart(self, title: str, labels: Sequence[str]) -> Spec:
        """The number week by week: shares in per cent, times in hours."""
        per = TEN if self.is_share else 60
        points = [
            Point(label, None if week.value is None else week.value / per)
            for label, week in zip(labels, self.number.weeks, strict=True)
        ]
        return lines(
            Chart(title, points, self.number.target / per, ".4~g", from_zero=self.number.name in LESS_IS_BETTER)
        )


@page("/", template="today.html", scope=SIGNED_IN, title=_("Today"), section="today")
def today(asked: Asked[None]) -> TodayShown | Reply:
    """Today, or where who may not see it, or but a part of the shop, begins."""
    scopes, tx = asked.visitor.scopes, asked.tx
    if "reports:read" not in scopes or asked.access.is_limited:
        return see_other(first_path(scopes, ("/orders", "/floor")))
    hours = hours_kept(tx)
    return TodayShown(
        pulse=pulse_of(tx),
        now=tx.now,
        numbers=four_numbers(tx),
        stages=stages_now(tx),
        limit=limiting(hours, tx.now),
        hours=_by_hour(hours),
        late=lateness(tx),
        exceptions=exceptions_now(tx),
        steps=first_steps(tx) if "admin" in scopes else [],
    )


@page("/today/{of}", template="today_behind.html", scope="reports:read", title=_("Today"), section="today")
def behind(asked: Asked[BehindQuery]) -> BehindShown:
    """The orders behind one of the four numbers."""
    name, query, tx = asked.at["of"], asked.query, asked.tx
    if name not in get_args(FigureName) or asked.access.is_limited:
        raise Refusal("not_found", path=f"/today/{name}")
    numbers = four_numbers(tx)
    number = next(each for each in numbers.each if each.name == name)
    words = today_words.NUMBERS[name]
    first = query.week or number.weeks[-WINDOW_WEEKS].first
    days = 7 if query.week else 7 * WINDOW_WEEKS
    zone = ZoneInfo(zone_of(tx))
    start = datetime.combine(first, time(), zone)
    found = orders_behind(
        tx, name, start, datetime.combine(first + timedelta(days=days), time(), zone),  # type: ignore[arg-type]
        only_spoiling=bool(words.spoiling) and not query.all, after=query.after,
    )  # fmt: skip
    return BehindShown(number, numbers.told_at, query, found, words)


def _by_hour(hours: Sequence[Hour]) -> list[HourShown]:
    done = {(each.hour, each.stage): each.done for each in hours}
    return [
        HourShown(hour, [done.get((hour, stage), 0) for stage in today_words.HOURS])
        for hour in sorted({each.hour for each in hours})
    ]
