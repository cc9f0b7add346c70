"""What the demo tells: stage counts while it runs, and a summary a shop owner understands at the end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.database.invariants import CheckResult
from orderwright.database.store import Store
from orderwright.doors.demo.people import Rates
from orderwright.doors.demo.script import Script
from orderwright.doors.demo.steps import Step

STAGES = {
    "held": ("held",), "waiting": ("waiting", "partially_allocated"), "planned": ("allocated",),
    "picking": ("picking",), "packed": ("packed",), "on the way": ("partially_shipped", "shipped"),
    "delivered": ("partially_delivered", "delivered"), "returned": ("partially_returned", "returned"),
    "cancelled": ("cancelled",),
}  # fmt: skip
INVENTED = (
    "The three sites, their towns, hours, bins and shelves; which goods lie where.",
    "Sizes and weights of goods, drawn from a seed; list prices are the usual ones of the weeks before.",
    "Opening stock and weekly deliveries, from the eight weeks before: never from orders to come.",
    "For each customer a real postcode of their country, drawn from a seed, and a street that does not exist.",
    "E-mail addresses, at a domain that is nobody's.",
    "Payments, by the practice gateway, and parcels with their scans, by the practice carrier.",
    "When returned goods come in, and why: reasons follow the planted mistakes, else \"unknown\".",
)  # fmt: skip


class Summary(msgspec.Struct, frozen=True):
    """What `orderwright demo --json` prints. figures: see reports.figures; check: invariants that do not hold."""

    days: int
    orders_in_file: int
    import_account: dict[str, Any]
    figures: list[Figure]
    check: list[str]
    invariants: int
    seconds: float
    invented: list[str]
    mistakes: list[str]


def summarise(
    store: Store, script: Script, checked: Sequence[CheckResult], rates: Rates, *, days: int, seconds: float,
    import_account: dict[str, Any],
) -> Summary:  # fmt: skip
    """Put the summary together from the store as it stands."""
    with store.read() as tx:
        found = figures(tx, Span(script.begin - timedelta(days=1), script.end + timedelta(days=1)))
    broken = [f"{each.name}: {each.violations}" for each in checked if not each.holds]
    return Summary(
        days, len(script.arrivals), import_account, found, broken, len(checked), round(seconds, 1), list(INVENTED),
        rates.sentences(),
    )  # fmt: skip


def tell(console: Console, summary: Summary) -> None:
    """Print the summary."""
    table = Table(
        show_lines=False, title=f"{summary.days} days of a real shop, in {summary.seconds:.0f} s", title_justify="left"
    )
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("judged", justify="right")
    table.add_column("pending", justify="right")
    table.add_column("made of")
    for each in summary.figures:
        parts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in each.parts.items())
        judged = f"{each.judged:,}" if each.judged else ""
        pending = f"{each.pending:,}" if each.pending else ""
        table.add_row(each.name.replace("_", " "), _value(each), judged, pending, parts)
    console.print(table)
    if summary.check:
        console.print(f"[bold red]check: {len(summary.check)} invariants do not hold[/]: {'; '.join(summary.check)}")
    else:
        console.print(f"check: all {summary.invariants} invariants hold.")
    console.print("\nInvented, because the file does not have it:")
    for line in summary.invented:
        console.print(f"  - {line}")
    console.print("People err, at these rates, so that the checks have something to catch:")
    for line in summary.mistakes:
        console.print(f"  - {line}")


def _value(figure: Figure) -> str:
    if figure.value is None:
        return "pending" if figure.pending else "-"
    return f"{figure.value / 10:.1f} %" if figure.unit.startswith("permille") else f"{figure.value:,} {figure.unit}"


class Progress:
    """Stage counts as they move, once a simulated half day."""

    def __init__(self, console: Console, store: Store, script: Script) -> None:
        self._store, self._script = store, script
        self._live = Live(console=console, auto_refresh=False, transient=False)
        self._seen = ""

    def __enter__(self) -> "Progress":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def watch(self, step: Step, taken: int) -> None:
        """Called after each stop of the clock."""
        half_day = f"{step.at:%Y-%m-%d}{'a' if step.at.hour < 12 else 'p'}"
        if half_day == self._seen:
            return
        self._seen = half_day
        with self._store.read() as tx:
            counts = {row.state: row.n for row in tx.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")}
        table = Table(title=f"{step.at:%a %d %b %Y, %H:%M}   orders taken: {taken:,} of {len(self._script.arrivals):,}")
        for name in STAGES:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_row(*[f"{sum(counts.get(state, 0) for state in states):,}" for states in STAGES.values()])
        self._live.update(table, refresh=True)
