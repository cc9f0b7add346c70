"""Pages made from the program, so that they cannot fall behind it. To make them anew: `python -m tests.docs.pages`."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from orderwright.business.orders.rules import ESCALATES_TO, EXCEPTIONS, FINDINGS
from orderwright.business.reports.measures import GROUPS
from orderwright.business.truth.check import INVARIANTS
from orderwright.doors.api.routes import all_routes
from orderwright.doors.deployment import FILE_NAME, KNOWN, STORE_SETTINGS
from orderwright.settings import SETTINGS
from orderwright.values.refusal import REFUSALS
from tests.docs.commands import Documented, all_commands

DOCS = Path(__file__).parents[2] / "docs"
MADE = "This page is made by `python -m tests.docs.pages`; a test keeps it equal to the program."


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(each.replace('|', chr(92) + '|') for each in line)} |\n" for line in lines)


def refusals() -> str:
    """Every refusal code."""
    rows = [
        (f"`{code}`", f"{kind.status} {HTTPStatus(kind.status).phrase}", "yes" if kind.may_retry else "", kind.sentence)
        for code, kind in REFUSALS.items()
    ]
    return f"""# Refusals

A refusal is an expected no. Over HTTP it is a problem document (RFC 9457) whose `code` is one of these and never
changes its meaning; the members beside it are the facts needed to mend it. On the command line it is told on standard
error, with exit code 1. *Again* says whether the same call may succeed later without being changed. What refuses an
order or holds it is told as findings, see [findings.md](findings.md).

{MADE}

{table(["code", "status", "again", "means"], rows)}"""


def findings() -> str:
    """Every finding about an order, and every kind of exception."""
    found = [
        (f"`{code}`", kind.api, kind.channel, f"`{kind.hold}`" if kind.hold else "", kind.releaser)
        for code, kind in FINDINGS.items()
    ]
    queue = [
        (f"`{name}`", kind.severity, kind.owner, str(kind.due_hours), ESCALATES_TO[kind.owner])
        for name, kind in EXCEPTIONS.items()
    ]
    return f"""# Findings and exceptions

{MADE}

## Findings

Taking an order looks for all of these at once. What a finding does depends on the door the order comes in by: a caller
of the API is answered at once and can mend the call, so more is refused there; what a channel or a file says has
happened already, so it is kept and held. *hold* places the hold of that name, which lasts until its cause is gone or
the one in the last column releases it. *warn* is told and stops nothing.

{table(["finding", "at the API", "from channels and files", "hold", "released by"], found)}
## Exceptions

What needs a person, in one queue. Each opens and closes by itself from what happens; one that is still open when it is
due goes to the next person.

{table(["exception", "severity", "owner", "due after hours", "then goes to"], queue)}"""


def invariants() -> str:
    """Every invariant `check` asks about."""
    rows = [(f"`{each.name}`", each.sentence, "yes" if each.in_sweeps else "") for each in INVARIANTS]
    return f"""# Invariants

What must be true of every store at every moment. `orderwright check` asks for each of them and names the rows that
break one. *swept*: `check --quick` asks it too, of what was touched since the last check that found nothing wrong.

{MADE}

{table(["invariant", "says", "swept"], rows)}"""


def routes() -> str:
    """Every route of the API."""
    rows = [
        (
            f"`{each.method} {each.path}`",
            f"`{each.scope}`" if hasattr(each, "scope") else "",
            each.notes.text.partition("\n")[0],
        )
        for each in all_routes()
    ]
    return f"""# Routes

Every address of the API, with the scope a key needs for it; those without a scope need no key. Each is shown at work in
[api.md](api.md). What is asked and answered, field by field, is served at `/v1/openapi.json`.

{MADE}

{table(["call", "scope", "does"], rows)}"""


def command_line() -> str:
    """Every command."""
    commands = all_commands()
    listed = table(
        ["command", "does"],
        [(f"[`{each.words}`](#{_anchor(each)})", each.text.split("\n\n")[0].replace("\n", " ")) for each in commands],
    )
    return f"""# Command line

`orderwright COMMAND --help` says what stands here. Long work shows progress on standard error, results go to standard
output, and `--json` prints them for programs. Which database and which store a command works on is said by the
environment or a file, see [settings.md](settings.md).

Exit codes: 0 done, 1 refused (the reason on standard error), 2 wrong usage, 3 something is broken: `check` found a
violation, the database is away.

{MADE}

{listed}
{chr(10).join(_command(each) for each in commands)}"""


def _command(command: Documented) -> str:
    lines = [f"## {command.words}", command.text, f"```sh\n{command.example}\n```"]
    if command.parameters:
        lines.append(table(["parameter", "is"], [(f"`{name}`", says) for name, says in command.parameters]).strip())
    return "\n\n".join(lines) + "\n"


def _anchor(command: Documented) -> str:
    return command.words.replace(" ", "-")


def settings() -> str:
    """Every setting, of the installation and of a store."""
    installation = [
        (f"`{known.variable}`", f"`{name}`", f"`{known.default}`" if known.default else "", known.says)
        for name, known in KNOWN.items()
    ]
    of_a_store = [(f"`{name}`", f"`{each.default}`", each.says) for name, each in sorted(SETTINGS.items())]
    return f"""# Settings

{MADE}

## Of an installation

From the environment, else from `{FILE_NAME}` in the folder a command is started in, else the default. `orderwright
doctor` prints what is in force and where that is said.

{table(["variable", "in the file", "default", "is"], installation)}
## Of a store

Kept in the store and changed with `PUT /v1/settings`. What a store does not say stands under `[{STORE_SETTINGS}]` in
`{FILE_NAME}`, else the default holds.

{table(["setting", "default", "is"], of_a_store)}"""


def figures() -> str:
    """Every figure of reports, with its definition."""
    better = {"more": "more", "less": "less", "": ""}
    groups = "\n".join(
        f"## {title}\n\n"
        + table(["figure", "name", "counts", "better"], [
            (each.title, f"`{each.name}`", each.says, better[each.good]) for each in measures
        ])
        for title, measures in GROUPS.items()
    )  # fmt: skip
    return f"""# Figures

What [reports](reports.md) tell, and what each of it counts. A figure of a day is told from the rows of that day, in the
zone of the shop (`reports.time_zone`), and those of a week or a month are added up from their days.

{MADE}

{groups}"""


def made_pages() -> Mapping[str, str]:
    """File name in docs/ -> its text."""
    return {
        "refusals.md": refusals(),
        "findings.md": findings(),
        "invariants.md": invariants(),
        "routes.md": routes(),
        "command-line.md": command_line(),
        "settings.md": settings(),
        "figures.md": figures(),
    }


if __name__ == "__main__":
    for name, text in made_pages().items():
        (DOCS / name).write_text(text)
