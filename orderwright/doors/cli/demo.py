"""demo: a real shop's busiest weeks, lived through, and then served."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orderwright.doors.cli import here, show
from orderwright.doors.cli.here import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from orderwright.doors.demo.left import Task

PACE_MAX = 100


def demo(
    *,
    days: str = "28",
    data: Path = Path("orderwright-demo"),
    serve: bool = True,
    json: bool = False,
    seed: int = 1,
    live: bool = False,
    pace: int = 5,
    pause: bool = False,
    go_on: bool = False,
    story: str = "",
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
        Serve it afterwards, until Ctrl-C.
    json
        Print the summary as one JSON object, and nothing else, on standard output.
    seed
        What people do by chance follows from it.
    live
        Let the shop go on by itself while it is served: orders keep coming, people work.
    pace
        How many times as fast as they came orders come in a shop that goes on.
    pause
        Have the shop that goes on wait: to be said in another terminal, or at the top of its console.
    go_on
        Have the shop that waits go on.
    story
        Tell a story instead: "sale", a holiday sale on paper and with Orderwright, in a minute.
    """
    import os

    if days != "all" and not (days.isdecimal() and 1 <= int(days) <= 366):
        raise WrongUsage('--days is a number of days from 1 to 366, or "all"')
    if not 1 <= pace <= PACE_MAX:
        raise WrongUsage(f"--pace is a number from 1 to {PACE_MAX}")
    if story not in ("", "sale"):
        raise WrongUsage('--story is "sale"')
    os.environ["ORDERWRIGHT_DATA"] = str(data)  # the practice gateway's memory lies with the rest
    if story:
        return _tell_story(data, seed, as_json=json)
    if pause or go_on:
        return _pause(data, is_paused=pause)
    count = None if days == "all" else int(days)
    return _run(data, count, seed, as_json=json, serve=serve or live, pace=pace if live else None)


def _run(data: Path, days: int | None, seed: int, *, as_json: bool, serve: bool, pace: int | None) -> int:
    from rich.console import Console

    from orderwright.doors.demo.beats import bring_to_life, is_alive
    from orderwright.doors.demo.folder import NotOurs
    from orderwright.doors.demo.running import run_demo
    from orderwright.doors.demo.telling import tell

    console = Console(stderr=as_json)
    left: list[Task] = []
    try:
        if pace is not None and is_alive(data, days, seed):
            _say(console, "Going on with the shop of this folder, where it stood.")
        else:
            summary = run_demo(data, here.wiring(), console, days=days, seed=seed)
            if as_json:
                show.as_json(summary)
            else:
                tell(console, summary)
            if summary.check:
                return 3
            left = summary.left
    except NotOurs as no:
        console.print(str(no), highlight=False)
        return 1
    if pace is not None:
        bring_to_life(data, pace)
    if serve:
        _serve(console, data, left, is_live=pace is not None)
    elif not as_json:
        _tell_left(console, "", left)
        _say(console, f"\nTo open this shop: {_command(data, 'serve')}")
    return 0


def _tell_story(data: Path, seed: int, *, as_json: bool) -> int:
    from rich.console import Console

    from orderwright.doors.demo.folder import NotOurs
    from orderwright.doors.demo.story.sale import STORE, tell_sale
    from orderwright.doors.demo.story.telling import tell_story

    console = Console(stderr=as_json)
    console.print("Three days of a sale are lived through ...", highlight=False)
    try:
        sale = tell_sale(data, here.wiring(), seed)
    except NotOurs as no:
        console.print(str(no), highlight=False)
        return 1
    if as_json:
        show.as_json(sale)
    else:
        tell_story(console, sale)
        _say(console, f"\nTo look at its shop: ORDERWRIGHT_STORE={STORE} {_command(data, 'serve')}")
    return 3 if sale.check else 0


def _pause(data: Path, *, is_paused: bool) -> int:
    from orderwright.doors.demo.beats import pause

    pause(data, is_paused=is_paused)
    print("The shop waits." if is_paused else "The shop goes on.")
    return 0


def _serve(console: "Console", data: Path, left: "Sequence[Task]", *, is_live: bool) -> None:
    from orderwright.doors.deployment import read_deployment
    from orderwright.doors.serving.tree import run_tree

    deployment = read_deployment()
    console_at = f"http://{deployment.host}:{deployment.port}"
    if left:
        _tell_left(console, console_at, left)
    if is_live:
        words = f"{_program()} demo --data {shlex.quote(str(data))}"
        _say(console, "\nThe shop goes on by itself. To have it wait: Pause, at the top of its console, or")
        _say(console, f"{words} --pause   and then   {words} --go-on")
    _say(
        console,
        f"\nThe console opens at {console_at} (Ctrl-C closes it). The first time, open the one-time link below:",
    )
    _say(console, "it makes you the shop's owner.")
    _say(console, f"A key for its API: {_command(data, 'keys create --name me --scope admin')}\n")
    run_tree(deployment, with_worker=True, beside=[["_live"]] if is_live else [])


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
    return f"ORDERWRIGHT_DATA={shlex.quote(str(data))} {_program()} {words}"


def _program() -> str:
    return shlex.quote(sys.argv[0]) if Path(sys.argv[0]).name == "orderwright" else "orderwright"


def live(*, parent: int) -> None:
    """What goes on in a demo that is alive, beside those that serve it."""
    from orderwright.doors.demo.beats import run_beats

    run_beats(here.deployment(), here.wiring(), parent=parent)
