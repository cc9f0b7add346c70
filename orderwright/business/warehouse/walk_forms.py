"""What people say and hear of walks: asked for, planned, begun, ended. A form is the body a caller writes."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Form, Text, Units, Word

Strategy = Literal["single", "batch", "zone", "wave"]
"""One order a walk; a cart of totes, one order a tote; an area of the site; lines of many orders, sorted afterwards."""

WalkState = Literal["planned", "walking", "done", "dropped"]
Code = Annotated[str, Meta(max_length=64)]
Totes = Annotated[list[Word], Meta(max_length=200)]


class ClaimForm(Form, frozen=True):
    """A picker asks for work. totes: codes of the empty totes on the cart, in the order of its slots.

    picker: who walks, when it is not who asks. cart: one of the site's kinds of cart, its first when left out.
    zone: work of that zone alone. skills: what the picker may do; left out, everything.
    """

    site: Word
    picker: Code = ""
    cart: Code = ""
    totes: Totes = msgspec.field(default_factory=list)
    zone: Code = ""
    skills: Annotated[list[Word], Meta(max_length=100)] | None = None


class ClaimWork(Command, frozen=True):
    """A picker asks for work at a site; see `ClaimForm`."""

    site: str
    picker: str
    cart: str = ""
    totes: tuple[str, ...] = ()
    zone: str = ""
    skills: tuple[str, ...] | None = None


class AssignForm(Form, frozen=True):
    """A tote for a walk's cart; see `AssignTote`."""

    tote: Word
    fulfilment_id: Code = ""
    slot: Annotated[int, Meta(ge=0, le=1_000)] = 0


class AssignTote(Command, frozen=True):
    """A tote goes on the cart of a walk, for the picked units of one fulfilment, or of all ("") to be sorted later.

    slot: where on the cart, from 1; 0: wherever there is room.
    """

    walk_id: str
    tote: str
    fulfilment_id: str = ""
    slot: int = 0


class EndWalkForm(Form, frozen=True):
    """A walk is over. stands_at: the hand-over point its totes were left at.

    reason: why something is left to be picked, which goes back to nobody's; without one nothing may be left.
    """

    stands_at: Code = ""
    reason: Text = ""


class EndWalk(Command, frozen=True):
    """A picker ends a walk."""

    walk_id: str
    stands_at: str = ""
    reason: str = ""


class DropWalk(Command, frozen=True):
    """A planned walk is given up: its work is nobody's again and can be planned otherwise."""

    walk_id: str


class SplitForm(Form, frozen=True):
    """The tote a pick task goes on in."""

    tote: Word


class SplitTask(Command, frozen=True):
    """The tote of a pick task is full: what is picked stays in it, the rest of the task goes into another tote."""

    task_id: str
    tote: str


class SortForm(Form, frozen=True):
    """Units that go into the tote of their order."""

    tote: Word
    quantity: Units


class SortUnits(Command, frozen=True):
    """Picked units of a pick task go from the mixed tote they lie in into the tote of their fulfilment."""

    task_id: str
    tote: str
    quantity: Units


class WalkTote(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tote of a walk. fulfilment_id: whose units go in; "": of several, to be sorted later."""

    code: str
    slot: int = 0
    fulfilment_id: str = ""
    order: str = ""
    stands_at: str = ""


class Walk(msgspec.Struct, frozen=True, omit_defaults=True):
    """A walk as a whole. lines: its pick tasks that count, of which `lines_open` are not picked yet.

    totes_needed: how many its work takes at least. predicted_mm, predicted_s: its shortest way, and how long it
    takes; first_come_mm: how far the same orders are walked one by one as they came, aisle by aisle.
    `repeated`: the picker had it already, or it had ended before.
    """

    id: str
    number: str
    site: str
    strategy: str
    state: str
    zone: str
    wave: str
    cart: str
    picker: str
    totes_needed: int
    orders: int
    lines: int
    lines_open: int
    units: int
    predicted_mm: int
    predicted_s: int
    first_come_mm: int
    due_at: datetime
    made_at: datetime
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str = ""
    totes: list[WalkTote] = msgspec.field(default_factory=list)
    repeated: bool = False

    def again(self, repeated: bool) -> "Walk":
        """The same, `repeated` or not."""
        return msgspec.structs.replace(self, repeated=repeated)


class ToteAssigned(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tote of a walk since. `repeated`: it was so before."""

    walk_id: str
    tote: str
    fulfilment_id: str = ""
    order: str = ""
    repeated: bool = False


class TaskSplit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pick task whose tote was full. rest_id: the task of what is still to be picked, into `tote`."""

    task_id: str
    picked: int
    rest_id: str
    left: int
    tote: str
    repeated: bool = False


class UnitsSorted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units that left a mixed tote. task_id: the pick task they are of now; left: of it in the mixed tote."""

    task_id: str
    tote: str
    quantity: int
    left: int
