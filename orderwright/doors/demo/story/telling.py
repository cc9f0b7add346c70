"""How the sale is told at its end: both ways side by side, and what either rests on."""

from rich.console import Console
from rich.table import Table

from orderwright.doors.demo.story.sale import Compared, Sale

DAYS_TOLD = {
    1: "An ordinary day",
    3: "A busy day: three times the orders",
    10: "The sale: ten times the orders. Customers change their minds within minutes, the picker comes two hours late,"
    " the carrier is slow",
}


def tell_story(console: Console, sale: Sale) -> None:
    """Print the story."""
    console.print("\n[bold]A holiday sale in three days, on paper and with Orderwright[/]", highlight=False)
    console.print("One hall, two people (one picks, one packs), orders from three channels.", highlight=False)
    for day in sale.days:
        channels = ", ".join(f"{name} {count}" for name, count in sorted(day.channels.items()))
        console.print(f"\n[bold]{DAYS_TOLD[day.times]}[/] ({channels})", highlight=False)
        console.print(_table(day), highlight=False)
    console.print("\n[bold]Minutes of people for each order sent[/]", highlight=False)
    console.print(_minutes(sale), highlight=False)
    console.print(
        "\nWith Orderwright they are measured from the store's own facts: an act takes the time since the same person's"
        " act before it on that day, five minutes at most.", highlight=False,
    )  # fmt: skip
    _list(console, "Assumed of paper", sale.assumed_on_paper)
    _list(console, "Assumed of people with Orderwright", sale.assumed_with_us)
    if sale.check:
        console.print(f"\n[bold red]{len(sale.check)} invariants do not hold[/]: {'; '.join(sale.check)}")
    else:
        console.print(
            f"\nAll {sale.invariants} invariants hold (orderwright check). Told in {sale.seconds:.0f} s.",
            highlight=False,
        )


def _table(day: Compared) -> Table:
    paper, ours = day.paper, day.ours
    untouched = "-" if ours.untouched_permille is None else f"{ours.untouched_permille / 10:.1f} %"
    rows = [
        ("orders", paper.orders, ours.orders),
        ("sent the same day", paper.shipped, ours.shipped),
        ("left lying in the evening", paper.left, ours.left),
        ("cancelled before it left", paper.cancelled, f"{ours.cancelled} (by the customers themselves)"),
        ("sent although cancelled", paper.sent_though_cancelled, ours.sent_though_cancelled),
        ("went out wrong", paper.wrong, f"0 ({ours.stopped_slips} stopped at the scanner)"),
        ("brought late, and known to be", "not known", ours.late),
        ("sent without anybody at a desk", "0.0 %", untouched),
        ("hours of people", f"{paper.minutes / 60:.1f}", f"{ours.minutes / 60:.1f}"),
    ]
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("")
    table.add_column("on paper", justify="right")
    table.add_column("Orderwright", justify="right")
    for name, *values in rows:
        table.add_row(name, *map(str, values))
    return table


def _minutes(sale: Sale) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("")
    for day in sale.days:
        table.add_column(f"{day.times}x", justify="right")
    table.add_row("on paper", *[_each(day.paper.minutes_each) for day in sale.days])
    table.add_row("Orderwright", *[_each(day.ours.minutes_each) for day in sale.days])
    return table


def _each(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes:.1f}"


def _list(console: Console, title: str, lines: list[str]) -> None:
    console.print(f"\n[bold]{title}[/]", highlight=False)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for line in lines:
        table.add_row("-", line)
    console.print(table, highlight=False)
