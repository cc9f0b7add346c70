"""Routes of the tests' own: acts that do nothing but what a test needs of them."""

import threading
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.database.outcome import CommitUnknown
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import Outcome, Route, deed, read
from orderwright.doors.api.within import anywhere
from orderwright.values.forms import Command, Form
from orderwright.values.refusal import Refusal

gate = threading.Event()
"""Acts told to wait go on when it is set."""
is_at_gate = threading.Event()
"""Set once an act waits."""
acted: list[str] = []
"""The names of acts that were done, in order."""


class ActForm(Form, frozen=True):
    """What to do. `how`: do, refuse, break, lose or wait."""

    name: Annotated[str, Meta(max_length=50)] = ""
    how: str = "do"
    nested: list[Any] = msgspec.field(default_factory=list)


class Act(Command, frozen=True):
    """Something to do."""

    name: str
    how: str
    version: int | None


class Acted(msgspec.Struct):
    """What was done."""

    name: str
    actor: str
    times: int
    version: int | None


def act(tx: Tx, commands: Sequence[Act]) -> list[Acted | Refusal]:
    """Do, refuse, break, lose the connection, or wait for the gate; each by its command."""
    results: list[Acted | Refusal] = []
    for command in commands:
        if command.how == "break":
            raise RuntimeError("buyer@example.org broke it")
        if command.how == "lose":
            raise CommitUnknown("lost")
        if command.how == "wait":
            is_at_gate.set()
            gate.wait(10)
        if command.how == "refuse":
            results.append(Refusal("short_stock", sku="MUG", wanted=2, free=1))
            continue
        acted.append(command.name)
        results.append(Acted(command.name, command.actor, acted.count(command.name), command.version))
    return results


@deed("POST", "/v1/trial/acts", "floor:write", act, within=anywhere, answer=Acted, status=201)
def do(request: Request[ActForm]) -> Act:
    """Do something."""
    form = request.body
    return Act(name=form.name, how=form.how, version=request.version, actor=request.actor)


@deed("PUT", "/v1/trial/acts/{name}", "floor:write", act, within=anywhere, answer=Acted)
def put(request: Request[None]) -> Act:
    """Do something by its name."""
    return Act(name=request.at["name"], how="do", version=request.version, actor=request.actor)


class Echo(msgspec.Struct):
    """What was asked."""

    limit: int
    word: str


outcomes: dict[str, str] = {}
"""What the outside answered, by name."""


def _outcome(tx: Tx, request: Request[None]) -> Echo | None:
    name = request.at["name"]
    return Echo(1, outcomes[name]) if name in outcomes else None


@deed(
    "POST", "/v1/trial/calls/{name}", "floor:write", act, within=anywhere, answer=Echo,
    outcome=Outcome(_outcome, lambda request: f"/v1/trial/calls/{request.at['name']}"),
)  # fmt: skip
def call(request: Request[None]) -> Act:
    """Call the outside."""
    return Act(name=request.at["name"], how="do", version=None, actor=request.actor)


class TrialQuery(Form, frozen=True):
    """Anything."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    word: str = ""


@read("/v1/trial/echo", "floor:read", within=anywhere)
def echo(tx: Tx, question: Question[TrialQuery]) -> Echo:
    """Say what was asked; `word=sleep` takes too long."""
    if question.query.word == "sleep":
        tx.write("SET LOCAL statement_timeout TO 50")
        tx.rows("SELECT pg_sleep(5)")
    return Echo(question.query.limit, question.query.word)


TRIAL_ROUTES: list[Route] = [do, put, call, echo]
