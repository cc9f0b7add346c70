"""Money, times and numbers as the visitor's country writes them. Filters of the templates."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from unicodedata import combining, normalize
from urllib.parse import urlencode

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from orderwright.business.reports.measures import Measure
from orderwright.business.reports.periods import Period
from orderwright.business.reports.showing import show_day, show_period, show_value
from orderwright.doors.console.steps import steps
from orderwright.doors.console.texts import text as _

STAFF = "staff:"
"""What stands before the name of somebody who signed in, where it is kept who did something."""
KEPT = 10_000
"""How many texts of a kind are remembered: writing a moment in a country's way costs more than reading its row."""


@pass_context
def when(context: Context, at: datetime | None) -> Markup:
    """A moment: short to read, exact when pointed at."""
    if at is None:
        return Markup("")
    zone, locale = context["zone"], context["locale"]
    local = at.astimezone(zone)
    return _time(at.isoformat(), _full(at, zone, locale), _short(local, datetime.now(zone), locale))


@pass_context
def clock(context: Context, at: datetime) -> Markup:
    """The time of day."""
    zone, locale = context["zone"], context["locale"]
    return _time(at.isoformat(), _full(at, zone, locale), _short_time(_minute(at.astimezone(zone)), locale))


def is_over(at: datetime) -> bool:
    """Whether a moment is past."""
    return at <= datetime.now(UTC)


@pass_context
def day(context: Context, on: date | None) -> Markup:
    """A day, with its weekday."""
    if on is None:
        return Markup("")
    locale = context["locale"]
    return _time(on.isoformat(), _full_day(on, locale), _short_day(on, "MMMEd", locale))


@pass_context
def lasting(context: Context, span: timedelta) -> str:
    """How long something lasts, in the largest unit that fits."""
    return str(format_timedelta(span, locale=context["locale"], threshold=1.2))


@pass_context
def cash(context: Context, amount: str, currency: str) -> str:
    """Money: a decimal text and its currency."""
    return _money(amount, currency, context["locale"])


@pass_context
def number(context: Context, count: int) -> str:
    """A whole number."""
    return _count(count, context["locale"])


@pass_context
def share(context: Context, part: float) -> str:
    """A part of 1 as a percentage."""
    return str(format_percent(part, locale=context["locale"]))


@pass_context
def far(context: Context, distance_km: int) -> str:
    """A distance."""
    return str(format_unit(distance_km, "length-kilometer", "short", locale=context["locale"]))


@pass_context
def country(context: Context, code: str) -> str:
    """A country by its name."""
    return str(Locale.parse(context["locale"]).territories.get(code, code))


@pass_context
def by_country(context: Context, codes: Iterable[str]) -> list[str]:
    """Countries in the order of their names, as a list of them is read: with or without accents."""
    return list(_by_name(context["locale"], tuple(codes)))


@lru_cache(KEPT)
def _by_name(locale: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    names = Locale.parse(locale).territories
    return tuple(sorted(codes, key=lambda code: (_bare(str(names.get(code, code))), code)))


def _bare(name: str) -> str:
    return "".join(each for each in normalize("NFKD", name.casefold()) if not combining(each))


@pass_context
def figure(context: Context, value: float | None, unit: str, currency: str) -> str:
    """A figure of a report."""
    return show_value(value, unit, currency, context["locale"])


@pass_context
def period(context: Context, of: Period) -> str:
    """The days of a report."""
    return show_period(of, context["locale"])


@pass_context
def short_day(context: Context, on: date) -> str:
    """A day in few letters, without its weekday."""
    return show_day(on, context["locale"])


def turn(measure: Measure, value: float | None, was: float | None) -> str:
    """Whether a figure is better than it was: good or stop; '' where nobody can say."""
    if value is None or was is None or value == was or not measure.good:
        return ""
    return "good" if (value > was) == (measure.good == "more") else "stop"


def without(query: Mapping[str, str], *names: str, **changes: str) -> str:
    """A query without some of its parameters, and with others, for the address of a link."""
    kept = {name: text for name, text in query.items() if name not in names and text}
    return urlencode({**kept, **changes})


def _short(local: datetime, now: datetime, locale: str) -> str:
    """The time of day for today, else the day, with its year only where it is another one."""
    if local.date() == now.date():
        return _short_time(_minute(local), locale)
    if local.year == now.year:
        return f"{_short_day(local.date(), 'MMMd', locale)}, {_short_time(_minute(local), locale)}"
    return _medium_day(local.date(), locale)


def _minute(local: datetime) -> time:
    return time(local.hour, local.minute)


@lru_cache(KEPT)
def _full(at: datetime, zone: tzinfo, locale: str) -> str:
    return str(format_datetime(at.astimezone(zone), "full", locale=locale))


@lru_cache(KEPT)
def _short_time(minute: time, locale: str) -> str:
    return str(format_time(minute, "short", locale=locale))


@lru_cache(KEPT)
def _full_day(on: date, locale: str) -> str:
    return str(format_date(on, "full", locale=locale))


@lru_cache(KEPT)
def _medium_day(on: date, locale: str) -> str:
    return str(format_date(on, "medium", locale=locale))


@lru_cache(KEPT)
def _short_day(on: date, skeleton: str, locale: str) -> str:
    return str(format_skeleton(skeleton, datetime(on.year, on.month, on.day), locale=locale))


@lru_cache(KEPT)
def _money(amount: str, currency: str, locale: str) -> str:
    return str(format_currency(Decimal(amount), currency, locale=locale))


@lru_cache(KEPT)
def _count(count: int, locale: str) -> str:
    return str(format_decimal(count, locale=locale))


def _time(exact: str, full: str, short: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, full, escape(short))


PROGRAMS: Mapping[str, str] = {
    "worker": _("worker"), "customer": _("customer"), "carrier": _("carrier"), "catalogue": _("catalogue"),
    "inbox": _("inbox"), "reship": _("reship"), "scale": _("scale"), "bench": _("bench"), "cli": _("command line"),
    "serve": _("server"), "dial:address": _("dial"), "dial:duplicate": _("dial"), "dial:price": _("dial"),
}  # fmt: skip
"""What of the system itself does things, and what it is called."""


def person(saying: Callable[[str], str], actor: str) -> str:
    """Who did something, as people call them: staff by their name, what is ours in a word, keys as they are written."""
    return saying(PROGRAMS[actor]) if actor in PROGRAMS else actor.removeprefix(STAFF)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "when": when, "is_over": is_over, "clock": clock, "day": day, "lasting": lasting, "cash": cash, "number": number,
    "share": share, "far": far, "country": country, "steps": steps, "figure": figure, "period": period,
    "by_country": by_country, "short_day": short_day, "turn": turn, "without": without,
}  # fmt: skip
