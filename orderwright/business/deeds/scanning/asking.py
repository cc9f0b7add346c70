"""What a kind of session is asked: to read for scans to come, and to do what steps want."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orderwright.business.warehouse.sessions.rows import SessionRow
from orderwright.business.warehouse.sessions.steps import Told


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
