"""demo: a real shop's busiest weeks, lived through, and then served."""

from pathlib import Path
from typing import TYPE_CHECKING

from orderwright.doors.cli import here, show
from orderwright.doors.cli.here import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from orderwright.doors.demo.left import Task


def demo(
    *, days: str = "28", data: Path = Path("orderwright-demo"), serve: bool = True, json: bool = False, seed: int = 1
) -> int:
    """Run a real shop's busiest weeks through their whole life on a moving clock, then serve the shop.

    Example: orderwright demo --days 7 --no-serve

    Parameters
    ----------
    days
        How many days, or "all" for the year.
    data
        The demo's own folder; one it did not make is refused.
    serve
        Run the API on it afterwards, until Ctrl-C.
    json
        Print the summary as one JSON object, and nothing else, on standard output.
    seed
        What people do by chance follows from it.
    """
    import os

    from rich.console import Console

    from orderwright.doors.demo.folder import NotOurs
    from orderwright.doors.demo.running import run_demo
    from orderwright.doors.demo.telling import tell

    if days != "all" and not (days.isdecimal() and 1 <= int(days) <= 366):
        raise WrongUsage('--days is a number of days from 1 to 366, or "all"')
    os.environ["ORDERWRIGHT_DATA"] = str(data)  # the practice gateway's memory lies with the rest
    console = Console(stderr=json)
    try:
        summary = run_demo(data, here.wiring(), console, days=None if days == "all" else int(days), seed=seed)
    except NotOurs as no:
        console.print(str(no), highlight=False)
        return 1
    if json:
        show.as_json(summary)
    else:
        tell(console, summary)
    if summary.check:
        return 3
    if serve:
        _serve(console, data, summary.left)
    elif not json:
        _tell_left(console, "", summary.left)
        _say(console, f"\nTo open this shop: {_command(data, 'serve')}")
    return 0


def _serve(console: "Console", data: Path, left: "Sequence[Task]") -> None:
    from orderwright.doors.deployment import read_deployment
    from orderwright.doors.serving.tree import run_tree

    deployment = read_deployment()
    console_at = f"http://{deployment.host}:{deployment.port}"
    _tell_left(console, console_at, left)
    _say(
        console, f"\nThe shop opens at {console_at} (Ctrl-C closes it). As long as nobody owns it, the line below that"
    )
    _say(console, "says so ends with the link that makes you its owner: open that one first.")
    _say(console, f"A key for its API: {_command(data, 'keys create --name me --scope admin')}\n")
    run_tree(deployment, with_worker=True)


def _tell_left(console: "Console", console_at: str, left: "Sequence[Task]") -> None:
    """What waits for the visitor, with its address where it is served."""
    console.print("\n[bold]Waiting for you in the console[/]", highlight=False)
    for task in left:
        _say(console, f"  {task.kind:<10} order {task.order} {task.says}:")
        _say(console, f"             {console_at}{task.where}")


def _say(console: "Console", line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True)


def _command(data: Path, words: str) -> str:
    """A command line for the demo's shop, by the program's name as it was called."""
    import shlex
    import sys

    program = sys.argv[0] if Path(sys.argv[0]).name == "orderwright" else "orderwright"
    return f"ORDERWRIGHT_DATA={shlex.quote(str(data))} {shlex.quote(program)} {words}"
