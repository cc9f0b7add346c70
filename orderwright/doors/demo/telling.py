"""What the demo tells at its end: a summary a shop owner understands."""

from rich.console import Console
from rich.table import Table

from orderwright.doors.demo.house import told_of_buying, told_of_cartons, told_of_counts
from orderwright.doors.demo.sayings import Saying, sayings_of
from orderwright.doors.demo.summary import Floor, Summary


def tell(console: Console, summary: Summary) -> None:
    """Print the summary."""
    _title(console, "The file, row by row")
    for line in summary.import_report:
        console.print(line, highlight=False)
    console.print(f"\n{_of_the_script(summary.script)}", highlight=False)
    began, ended = (f"{at:%d %B %Y}".lstrip("0") for at in (summary.begin, summary.end))
    _title(console, f"{summary.days} days of the shop, {began} to {ended}, in {summary.seconds:.0f} s")
    console.print(_table(sayings_of(summary.figures)), highlight=False)
    console.print(
        "\nPending: too young to be judged; it counts for neither side. `orderwright report figures` prints how each"
        " figure is defined.", highlight=False,
    )  # fmt: skip
    _title(console, "The floor")
    for line in _of_the_floor(summary.floor):
        console.print(line, highlight=False)
    console.print(told_of_cartons(summary.cartons), highlight=False)
    console.print(told_of_buying(summary.bought), highlight=False)
    console.print(told_of_counts(summary.counted), highlight=False)
    _title(console, "Mistakes of the crew, and where they were noticed")
    for name, count in summary.caught.items():
        console.print(f"  {count:>5,}  {name}", highlight=False)
    _title(console, "orderwright check")
    if summary.check:
        console.print(f"[bold red]{len(summary.check)} invariants do not hold[/]: {'; '.join(summary.check)}")
    else:
        console.print(f"All {summary.invariants} invariants hold.", highlight=False)
    _list(console, "Invented, because the file does not have it", summary.invented)
    _list(console, "How often people err, by chance that follows from the seed", summary.mistakes)


def _of_the_script(script: dict[str, int]) -> str:
    return (
        f"Of its orders {script['orders_before']:,} came before these days (they tell prices and what to stock),"
        f" {script['orders_run']:,} were run, and {script['orders_to_come']:,} are still to come. Of its credit notes"
        f" {script['credits_run']:,} fell into these days, of {script['units_credited']:,} units:"
        f" {script['units_of_earlier_orders']:,} of orders from before, {script['units_without_a_sale']:,} without"
        " any sale in the file; the rest was cancelled or came back."
    )


def _of_the_floor(floor: Floor) -> list[str]:
    hours = round(floor.clocked_s / 3600)
    saved = 100 - 100 * floor.walked_m // floor.first_come_m if floor.first_come_m else 0
    rate = (
        "nobody clocked in" if floor.picks_per_hour is None else f"{floor.picks_per_hour:,} picks for each labour hour"
    )
    return [
        f"  {floor.units:,} units of {floor.lines:,} lines picked on {floor.walks:,} walks in {hours:,} hours clocked"
        f" in: {rate}.",
        f"  {floor.walked_m / 1000:,.1f} km walked; one order after the other, aisle by aisle, would have been"
        f" {floor.first_come_m / 1000:,.1f} km: {saved} % less.",
        f"  {floor.scans:,} scans, of which {floor.refused_scans:,} were refused and cost nothing.",
    ]


def _title(console: Console, title: str) -> None:
    console.print(f"\n[bold]{title}[/]", highlight=False)


def _list(console: Console, title: str, lines: list[str]) -> None:
    _title(console, title)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for line in lines:
        table.add_row("-", line)
    console.print(table, highlight=False)


def _table(sayings: list[Saying]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for saying in sayings:
        table.add_row(saying.name, saying.value, saying.made_of)
    return table
