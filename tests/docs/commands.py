"""What the commands say of themselves, for docs/command-line.md."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import NamedTuple

import cyclopts

from orderwright.doors.cli import COMMANDS

PACKAGE = "orderwright.doors.cli"


class Documented(NamedTuple):
    """A command: its words, what it does, its example, and its parameters with what each is for."""

    words: str
    text: str
    example: str
    parameters: list[tuple[str, str]]


def all_commands() -> list[Documented]:
    """Every command people may use, groups taken apart."""
    app = cyclopts.App(name="orderwright")
    for name, command in COMMANDS.items():
        app.command(f"{PACKAGE}.{command.target}", name=name, show=command.is_shown)
    return [each for name, command in COMMANDS.items() if command.is_shown for each in _below(app[name], name)]


def _below(app: cyclopts.App, words: str) -> Iterator[Documented]:
    if app.default_command is not None:
        yield _documented(app, words)
        return
    for name in app:
        if not name.startswith("-"):
            yield from _below(app[name], f"{words} {name}")


def _documented(app: cyclopts.App, words: str) -> Documented:
    text = cleandoc(app.default_command.__doc__ or "").partition("\nParameters\n")[0]
    told = [part for part in text.split("\n\n") if not part.startswith("Example: ")]
    (example,) = [part for part in text.split("\n\n") if part.startswith("Example: ")]
    parameters = [
        (_named(each), each.parameter.help or "")
        for each in app.assemble_argument_collection(parse_docstring=True)
        if each.show
    ]
    return Documented(f"orderwright {words}", "\n\n".join(told).strip(), example.partition(": ")[2].strip(), parameters)


def _named(argument: cyclopts.Argument) -> str:
    if argument.field_info.is_positional:
        return argument.name.removeprefix("--").upper()
    return argument.name
