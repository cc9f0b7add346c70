"""Money, times and numbers as the visitor's country writes them. Filters of the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape


def filters_of(language: str) -> Mapping[str, Callable[..., Any]]:
    """The filters, as one language writes."""

    @pass_context
    def when(context: Context, at: datetime | None) -> Markup:
        """A moment: short to read, exact when pointed at."""
        if at is None:
            return Markup("")
        local = at.astimezone(context["zone"])
        full = format_datetime(local, "full", locale=language)
        return _time(at.isoformat(), full, _short(local, datetime.now(local.tzinfo), language))

    @pass_context
    def clock(context: Context, at: datetime) -> Markup:
        """The time of day."""
        local = at.astimezone(context["zone"])
        full = format_datetime(local, "full", locale=language)
        return _time(at.isoformat(), full, format_time(local, "short", locale=language))

    def day(on: date | None) -> Markup:
        """A day, with its weekday."""
        if on is None:
            return Markup("")
        full = format_date(on, "full", locale=language)
        return _time(on.isoformat(), full, format_skeleton("MMMEd", _noon(on), locale=language))

    def lasting(span: timedelta) -> str:
        """How long something lasts, in the largest unit that fits."""
        return str(format_timedelta(span, locale=language, threshold=1.2))

    def cash(amount: str, currency: str) -> str:
        """Money: a decimal text and its currency."""
        return str(format_currency(Decimal(amount), currency, locale=language))

    def count(number: int) -> str:
        """A whole number."""
        return str(format_decimal(number, locale=language))

    def share(part: float) -> str:
        """A part of 1 as a percentage."""
        return str(format_percent(part, locale=language))

    return {"when": when, "clock": clock, "day": day, "lasting": lasting, "cash": cash, "number": count, "share": share,
            "without": without}  # fmt: skip


def without(query: Mapping[str, str], *names: str, **changes: str) -> str:
    """A query without some of its parameters, and with others, for the address of a link."""
    kept = {name: text for name, text in query.items() if name not in names and text}
    return urlencode({**kept, **changes})


def _short(local: datetime, now: datetime, language: str) -> str:
    """The time of day for today, else the day, with its year only where it is another one."""
    if local.date() == now.date():
        return str(format_time(local, "short", locale=language))
    if local.year == now.year:
        day = format_skeleton("MMMd", local, locale=language)
        return f"{day}, {format_time(local, 'short', locale=language)}"
    return str(format_date(local, "medium", locale=language))


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12)


def _time(exact: str, full: str, short: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, full, escape(short))
