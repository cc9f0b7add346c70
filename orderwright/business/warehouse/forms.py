"""What the floor is told and what it answers. A form is the body a caller writes; the command adds what it is about."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.rules import ShortReason
from orderwright.values.forms import Command, Form, Units, Word

Lot = Annotated[str, Meta(max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]


class Release(Command, frozen=True):
    """Let a planned fulfilment out to its site's floor."""

    fulfilment_id: str


class ReleaseDueForm(Form, frozen=True):
    """Let out what is due first: at most `limit`, and only what leaves by `due_by` when given."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    due_by: Instant | None = None


class ReleaseDue(ReleaseDueForm, frozen=True, kw_only=True):
    """Let out what is due first at a site."""

    site: str
    actor: str


class Recall(Command, frozen=True):
    """Take a released fulfilment back from its site's floor."""

    fulfilment_id: str


class PickForm(Form, frozen=True):
    """What a picker has of a task by now, in all: a scan that is sent twice or late changes nothing.

    sku, lot, tote: as scanned; refused when the task asks for another one. serials: of the units that are new with
    this; once units of a task were named by serial, all of them are. expires_on: the date read on them, which is
    learned where their lot has none.
    """

    quantity: Units
    sku: Annotated[str, Meta(max_length=64)] = ""
    lot: Lot | None = None
    tote: Annotated[str, Meta(max_length=64)] = ""
    serials: Annotated[list[Word], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    expires_on: date | None = None
    occurred_at: Instant | None = None


class Pick(PickForm, frozen=True, kw_only=True):
    """Units of a pick task are in the tote; the actor is the picker."""

    task_id: str
    actor: str


class ShortForm(Form, frozen=True):
    """How many units of a task there are, in all, when that is fewer than it asks for; and why."""

    found: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    reason: ShortReason = "missing"
    occurred_at: Instant | None = None


class ShortPick(ShortForm, frozen=True, kw_only=True):
    """A pick task ends with fewer units than it asks for."""

    task_id: str
    actor: str


class PutBackForm(Form, frozen=True):
    """Units that lost their order go from the returns bench into a bin."""

    site: Word
    sku: Word
    quantity: Units
    lot: Lot = ""
    place: Word = "STOCK"


class PutBack(PutBackForm, frozen=True, kw_only=True):
    """A put-back, and who does it."""

    actor: str


class Released(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fulfilment after its release. rerouted: units its bins did not hold. `repeated`: it was out before."""

    fulfilment_id: str
    state: str
    tasks: int = 0
    rerouted: int = 0
    repeated: bool = False


class Recalled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fulfilment that is planned again. units: that are off the pick lists; `repeated`: it was planned already."""

    fulfilment_id: str
    state: str
    units: int = 0
    repeated: bool = False


class ReleasedDue(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a site let out. `is_full`: its day has no room for more; `is_floor_full`, `full_zones`: its floor has none.

    policy_version: of the rule of the site's gate, all of it by that one; 0 without a rule.
    """

    site: str
    released: list[Released]
    is_full: bool
    is_floor_full: bool = False
    full_zones: list[str] = msgspec.field(default_factory=list)
    policy_version: int = 0


class Picked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pick task and its fulfilment after a scan. `repeated`: that many were picked before."""

    task_id: str
    picked: int
    left: int
    fulfilment_id: str
    fulfilment_state: str
    repeated: bool = False


class Shorted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pick task that came short: what was found, and what was missing; of that, what others send and what waits."""

    task_id: str
    found: int
    missing: int
    fulfilment_id: str
    fulfilment_state: str
    sent: int = 0
    waiting: int = 0
    repeated: bool = False


class PutAway(msgspec.Struct, frozen=True):
    """Units that went into a bin; `left`: of the same sku and lot still on the bench."""

    site: str
    sku: str
    lot: str
    place: str
    quantity: int
    left: int
