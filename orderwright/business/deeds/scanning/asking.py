"""What a kind of session is asked: to read for scans to come, and to do what steps want."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.sessions.rows import SessionRow
from orderwright.business.warehouse.sessions.steps import Told
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.refusal import Refusal


class Asking(NamedTuple):
    """A session whose view is wanted, with its state and the scans that will be looked at with that view."""

    session: SessionRow
    state: Any
    told: Sequence[Told]


class Wanted(NamedTuple):
    """A scan that wants something done: effects, first to last, with the view they were decided on."""

    session: SessionRow
    told: Told
    effects: Sequence[Any]
    view: Any


def begin_whole(commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """Begin sessions that are about all there is at a site, so that no subject may be named."""
    finding = Finding("/subject", "subject", "A session of this kind is about all of a site: leave the subject out.")
    return [refusal_of([finding]) if each.subject else "" for each in commands]
