"""What is said about putting away, and what is answered."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Form, Units, Word

Lot = Annotated[str, Meta(max_length=64)]


class PutAwayForm(Form, frozen=True):
    """Units from a site's receiving bench go into a bin. reason: why into this one, though the rule says no."""

    site: Word
    sku: Word
    quantity: Units
    place: Word
    lot: Lot = ""
    reason: Annotated[str, Meta(max_length=200)] = ""


class StowUnits(Command, frozen=True):
    """Units to be put away."""

    form: PutAwayForm


class CrossDockForm(Form, frozen=True):
    """Units from a site's receiving bench go straight to the orders that wait for them."""

    site: Word
    sku: Word
    quantity: Units
    lot: Lot = ""


class CrossDock(Command, frozen=True):
    """Units that orders wait for."""

    form: CrossDockForm


class Stowed(msgspec.Struct, frozen=True):
    """Units that lie in a bin now; left: of the same on the bench."""

    site: str
    sku: str
    lot: str
    place: str
    units: int
    left: int


class DockedOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an order got. at: packing, or the bin they wait in for the floor; why: what keeps them from packing."""

    order: str
    units: int
    at: str
    why: str = ""


class CrossDocked(msgspec.Struct, frozen=True):
    """Where units went; left: of the same on the bench."""

    site: str
    sku: str
    lot: str
    units: int
    orders: list[DockedOrder]
    left: int


class Suggestion(msgspec.Struct, frozen=True):
    """Units for a bin, and why."""

    place: str
    units: int
    reasons: list[str]


class WaitingFor(msgspec.Struct, frozen=True):
    """An order that waits for these goods."""

    order: str
    units: int


class PutAwayNow(msgspec.Struct, frozen=True):
    """Units on the bench: first for orders that wait (cross_dock), the rest into bins; spares: the next best."""

    sku: str
    title: str
    lot: str
    units: int
    since: datetime
    cross_dock: list[WaitingFor]
    places: list[Suggestion]
    spares: list[Suggestion]
