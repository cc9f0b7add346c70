"""What the demo tells: stage counts while it runs, and at the end a summary a shop owner understands."""

from rich import box
from rich.console import Console
from rich.live import Live
from rich.table import Table

from orderwright.business.reports.figures import Figure
from orderwright.database.store import Store
from orderwright.doors.demo.script import Script
from orderwright.doors.demo.steps import Step
from orderwright.doors.demo.summary import Summary

STAGES = {
    "held": ("held",), "waiting": ("waiting", "partially_allocated"), "planned": ("allocated",),
    "picking": ("picking",), "packed": ("packed",), "on the way": ("partially_shipped", "shipped"),
    "delivered": ("partially_delivered", "delivered"), "returned": ("partially_returned", "returned"),
    "cancelled": ("cancelled",),
}  # fmt: skip


class Progress:
    """Stage counts as they move, a few times a simulated day."""

    def __init__(self, console: Console, store: Store, script: Script) -> None:
        self._store, self._script = store, script
        self._live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> "Progress":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def watch(self, step: Step, taken: int) -> None:
        """Called after each stop of the clock."""
        if not (step.is_wave or step.at == self._script.end):
            return
        with self._store.read() as tx:
            counts = {row.state: row.n for row in tx.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")}
        total = len(self._script.arrivals)
        table = Table(
            title=f"{step.at:%a %d %b %Y, %H:%M}   orders taken: {taken:,} of {total:,}", title_justify="left",
            box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0),
        )  # fmt: skip
        for name in STAGES:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_row(*[f"{sum(counts.get(state, 0) for state in states):,}" for states in STAGES.values()])
        self._live.update(table, refresh=True)


def tell(console: Console, summary: Summary) -> None:
    """Print the summary."""
    console.print("\n[bold]The file, row by row[/]")
    for line in summary.import_report:
        console.print(line, highlight=False, soft_wrap=True)
    script = summary.script
    console.print(
        f"\nOf its orders {script['orders_before']:,} came before these days and were read as history,"
        f" {script['orders_run']:,} were run, and {script['orders_to_come']:,} are still to come. Of its credit notes"
        f" {script['credits_run']:,} fell into these days, of {script['units_credited']:,} units:"
        f" {script['units_of_earlier_orders']:,} of orders from before, {script['units_without_a_sale']:,} without any"
        " sale in the file; the rest was cancelled or came back."
    )
    console.print(_table(summary))
    console.print("Planted mistakes: " + ", ".join(f"{name} {count:,}" for name, count in summary.caught.items()) + ".")
    if summary.check:
        console.print(f"[bold red]check: {len(summary.check)} invariants do not hold[/]: {'; '.join(summary.check)}")
    else:
        console.print(f"check: all {summary.invariants} invariants hold.")
    _list(console, "Invented, because the file does not have it:", summary.invented)
    _list(console, "People err, at these rates, so that the checks have something to catch:", summary.mistakes)


def _list(console: Console, title: str, lines: list[str]) -> None:
    console.print(f"\n{title}")
    for line in lines:
        console.print(f"  - {line}", highlight=False, soft_wrap=True)


def _table(summary: Summary) -> Table:
    title = f"\n{summary.days} days of a real shop, in {summary.seconds:.0f} s"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("figure")
    for name in ("value", "judged", "pending"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("made of")
    for each in summary.figures:
        parts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in each.parts.items())
        judged, pending = (f"{count:,}" if count else "" for count in (each.judged, each.pending))
        table.add_row(each.name.replace("_", " "), _value(each), judged, pending, parts)
    return table


def _value(figure: Figure) -> str:
    if figure.value is None:
        return "pending" if figure.pending else "-"
    return f"{figure.value / 10:.1f} %" if figure.unit.startswith("permille") else f"{figure.value:,} {figure.unit}"
