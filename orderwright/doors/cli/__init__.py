"""The command line. Each command is one function in a file of its own, which imports what it needs when it runs.

Exit codes: 0 done, 1 refused (the reason on standard error), 2 wrong usage, 3 something is broken.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import cyclopts

from orderwright import __version__
from orderwright.doors.cli import here
from orderwright.doors.interpreter import tune_interpreter

if TYPE_CHECKING:
    from orderwright.doors.wiring import Wiring

REFUSED, WRONG_USAGE, BROKEN = 1, 2, 3


class Command(NamedTuple):
    """One command: where its function (or, for a group, its app) is, and what the list of commands says of it."""

    target: str
    says: str
    is_shown: bool = True


COMMANDS: Mapping[str, Command] = {
    "demo": Command("demo:demo", "Run a real shop's busiest weeks, then serve the shop."),
    "serve": Command("serve:serve", "Run the API and the worker."),
    "worker": Command("serve:worker", "Run the worker alone."),
    "call": Command("call:call", "Call any route of the API, without a server or a key."),
    "scan": Command("scan:scan", "Work with a scanner that types like a keyboard."),
    "import": Command("imports:app", "Take in files of orders, products, stock."),
    "export": Command("export:app", "Write orders, products or stock to a file."),
    "print": Command("printing:app", "Write pick lists, slips and labels to files."),
    "stores": Command("stores:app", "Make and list stores."),
    "keys": Command("keys:app", "Make, list and revoke API keys."),
    "users": Command("users:app", "Invite people, list them, let them in no more."),
    "practice": Command("practice:app", "Stores people practise in."),
    "check": Command("check:check", "Ask the store for every invariant."),
    "doctor": Command("doctor:doctor", "Say what is in force, what is wrong, and how to mend it."),
    "report": Command("report:app", "Tell the figures of a span of time."),
    "backup": Command("backup:backup", "Write the store to a file."),
    "restore": Command("backup:restore", "Bring a store back from a file."),
    "upgrade": Command("upgrade:upgrade", "Move the embedded database to the PostgreSQL that comes along."),
    "bench": Command("bench:bench", "Measure, each figure beside its baseline."),
    "_live": Command("demo:live", "What goes on in a demo that is alive.", is_shown=False),
    "_api": Command("serve:api_server", "One serving process of `serve`.", is_shown=False),
}


def run(wire: "Callable[[], Wiring]", words: Sequence[str] | None = None) -> None:
    """Run the command line and end the process. `wire` puts the house together, if the command needs it."""
    tune_interpreter()
    here.remember(wire)
    app = cyclopts.App(
        name="orderwright", version=__version__, help="Orders from placed to kept.", result_action="return_value"
    )
    asked = sys.argv[1:] if words is None else words
    for name, command in COMMANDS.items():
        # A command's own help comes from its function, which the list of all commands does without importing.
        says = None if name in asked[:1] else command.says
        app.command(f"{__name__}.{command.target}", name=name, help=says, show=command.is_shown)
    try:
        code = app(words, exit_on_error=False)
    except cyclopts.CycloptsError:
        code = WRONG_USAGE
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001 - told in plain words, or else raised again
        code = _told(error)
    sys.exit(code or 0)


def _told(error: Exception) -> int:
    """Tell an error that has a plain sentence, on standard error; its exit code. Raises the others."""
    from orderwright.doors.cli.errors import plain_words

    said = plain_words(error)
    if said is None:
        raise error
    print(said.sentence, file=sys.stderr)
    return said.code
