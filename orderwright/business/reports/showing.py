"""Figures as a country writes them."""

from datetime import date, datetime

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from orderwright.business.reports.periods import Period

NOTHING = "–"


def show_value(value: float | None, unit: str, currency: str, locale: str) -> str:
    """A figure's value; `–` where there is none. unit: of `measures.Unit`; a share is of 1."""
    if value is None:
        return NOTHING
    if unit == "share":
        return str(format_percent(value, "#,##0.0 %" if locale.startswith("es") else "#,##0.0%", locale=locale))
    if unit == "money":
        if currency:
            return str(format_currency(value, currency, locale=locale))
        return str(format_decimal(value, "#,##0.00", locale=locale))
    if unit == "minutes":
        return _minutes(value, locale)
    is_whole = unit == "count" or value == int(value)
    return str(format_decimal(value, "#,##0" if is_whole else "#,##0.0", locale=locale))


def _minutes(value: float, locale: str) -> str:
    """Minutes: with a decimal below an hour, hours above, days above two."""
    if value < 60:
        return f"{format_decimal(value, '#,##0.#', locale=locale)} min"
    if value < 2_880:
        return f"{int(value // 60)} h {int(value % 60):02} min"
    return f"{format_decimal(value / 1440, '#,##0.#', locale=locale)} d"


def show_period(period: Period, locale: str) -> str:
    """The days of a period."""
    if period.rhythm == "daily":
        return str(format_date(period.first, "full", locale=locale))
    if period.rhythm == "monthly":
        return str(format_skeleton("yMMMM", _midnight(period.first), locale=locale))
    return f"{format_date(period.first, 'medium', locale=locale)} – {format_date(period.last, 'medium', locale=locale)}"


def show_day(day: date, locale: str) -> str:
    """A day in few letters."""
    return str(format_skeleton("MMMd", _midnight(day), locale=locale))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
