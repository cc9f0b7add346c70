"""report figures: what an owner steers by."""

from datetime import datetime, timedelta

from cyclopts import App

from orderwright.doors.cli import here, show

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


def _value(value: int, unit: str) -> str:
    return f"{value / 10:.1f} %" if unit.startswith("permille") else f"{value:,} {unit}"


def _after(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=1)
