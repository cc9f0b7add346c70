"""How far the demo is: the orders at each stage, as they move on."""

from rich.console import Console
from rich.live import Live
from rich.table import Table

from orderwright.database.store import Store
from orderwright.doors.demo.script import Script
from orderwright.doors.demo.steps import Step

STAGES = {
    "held": ("held",), "waiting": ("waiting", "partially_allocated"), "planned": ("allocated",),
    "picking": ("picking",), "packed": ("packed",), "on the way": ("partially_shipped", "shipped"),
    "delivered": ("partially_delivered", "delivered"), "returned": ("partially_returned", "returned"),
    "cancelled": ("cancelled",),
}  # fmt: skip


def stages_of(states: dict[str, int]) -> dict[str, int]:
    """Orders by stage, from orders by state."""
    return {stage: sum(states.get(state, 0) for state in among) for stage, among in STAGES.items()}


class Progress:
    """Stage counts a few times a simulated day; a line a day where nothing can be written over."""

    def __init__(self, console: Console, store: Store, script: Script) -> None:
        self._console, self._store, self._script = console, store, script
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._told_of = script.begin.date()

    def __enter__(self) -> "Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, step: Step, taken: int) -> None:
        """Called after each stop of the clock."""
        is_end = step.at == self._script.end
        if self._live is None and step.at.date() == self._told_of and not is_end:
            return
        if not (step.is_wave or is_end):
            return
        self._told_of = step.at.date()
        with self._store.read() as tx:
            counts = {row.state: row.n for row in tx.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")}
        stages = stages_of(counts)
        if self._live is not None:
            self._live.update(self._table(step, taken, stages), refresh=True)
        else:
            told = ", ".join(f"{name} {count:,}" for name, count in stages.items() if count)
            self._console.print(f"{step.at:%a %d %b %Y}  taken {taken:,}: {told}", highlight=False, soft_wrap=True)

    def _table(self, step: Step, taken: int, stages: dict[str, int]) -> Table:
        title = f"{step.at:%a %d %b %Y, %H:%M}   orders taken: {taken:,} of {len(self._script.arrivals):,}"
        table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
        for name in STAGES:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_row(*[f"{count:,}" for count in stages.values()])
        return table
