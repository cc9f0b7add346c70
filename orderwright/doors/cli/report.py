"""report daily, weekly, monthly, figures: what an owner steers by."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from orderwright.doors.cli import here, show

if TYPE_CHECKING:
    from orderwright.business.reports.periods import Rhythm
    from orderwright.business.reports.told import Report, Told
    from orderwright.database.store import Store

app = App(name="report", help="The figures of a span of time.")


@app.command
def figures(*, days: int = 28, json: bool = False) -> None:
    """The key figures of the orders placed in the last days, each with its definition.

    Example: orderwright report figures --days 7

    Parameters
    ----------
    days
        How far back to look.
    json
        Print JSON.
    """
    from orderwright.business.reports.figures import Span
    from orderwright.business.reports.figures import figures as compute

    with here.store() as store, store.read() as tx:
        found = compute(tx, Span(tx.now - timedelta(days=days), _after(tx.now)))
    if json:
        show.as_json(found)
        return
    for each in found:
        value = "nothing to judge yet" if each.value is None else _value(each.value, each.unit)
        pending = f" ({each.pending} pending)" if each.pending else ""
        print(f"{each.name.replace('_', ' '):18} {value}{pending}")
        for part, count in each.parts.items():
            print(f"{'':18}   {part.replace('_', ' ')}: {count}")


def _add(rhythm: "Rhythm", period: str) -> None:
    """The command for one rhythm."""

    def command(*, day: date | None = None, of: str = "", file: Path | None = None, json: bool = False) -> None:
        _report(rhythm, day, of, file, json)

    command.__doc__ = f"""The figures of a {period}, beside those of the {period} before.

    Example: orderwright report {rhythm} --file report.xlsx

    Parameters
    ----------
    day
        A day of the {period}, such as 2026-11-16; without it, the last {period} that is over.
    of
        A site (site:LEEDS) or a channel (channel:web); without it, the whole store.
    file
        Write it to a file instead: .xlsx, .csv or .pdf.
    json
        Print JSON.
    """
    app.command(command, name=rhythm)


_add("daily", "day")
_add("weekly", "week")
_add("monthly", "month")


def _value(value: int, unit: str) -> str:
    return f"{value / 10:.1f} %" if unit.startswith("permille") else f"{value:,} {unit}"


def _after(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=1)


def _report(rhythm: "Rhythm", day: date | None, of: str, file: Path | None, as_json: bool) -> None:
    from orderwright.business.reports.days.asking import today
    from orderwright.business.reports.days.telling import zone_of
    from orderwright.business.reports.periods import last_whole, period_of
    from orderwright.business.reports.told import report_of
    from orderwright.doors.console.report_files import FILES, file_of

    kind = "" if file is None else file.suffix.lower().removeprefix(".")
    if file is not None and kind not in FILES:
        raise here.WrongUsage(f"{file} is to end in {' or '.join(f'.{each}' for each in FILES)}.")
    with here.store() as store:
        with store.begin() as tx:
            is_new = tx.row("SELECT 1 FROM report_watch") is None
        if is_new:  # nobody served this store yet, where days are told by the clock
            _tell(store)
        with store.read() as tx:
            now = today(tx.now, zone_of(tx))
            period = period_of(rhythm, day) if day else last_whole(rhythm, now)
            if file is not None:
                file.write_bytes(file_of(tx, kind, period, of, "en").content)
                print(f"The report is in {file}.")
                return
            found = report_of(tx, period, of)
    if as_json:
        show.as_json(found)
    else:
        _print(found)


def _tell(store: "Store") -> None:
    """Tell all days, a few in each transaction."""
    from orderwright.business.reports.days.telling import look_for_changes, tell_stale, zone_of

    with store.begin() as tx:
        look_for_changes(tx, zone_of(tx))
    is_more = True
    while is_more:
        with store.begin() as tx:
            is_more = tell_stale(tx, zone_of(tx))


def _print(found: "Report") -> None:
    span = str(found.first) if found.first == found.last else f"{found.first} to {found.last}"
    print(f"{span}{'' if found.told_at else ': not added up yet; the worker does that every quarter of an hour'}")
    for group in found.groups:
        print(f"\n{group.title}")
        for told in group.figures:
            print(f"  {told.title:34} {_told(told):>14}   before: {_told(found.before[told.name])}")


def _told(told: "Told") -> str:
    from orderwright.business.reports.showing import show_value

    return "not known yet" if told.value is None else show_value(told.value, told.unit, told.currency, "en")
