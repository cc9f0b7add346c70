"""Facts of walks, each on its walk's own chain."""

from typing import ClassVar

from orderwright.database.facts import Fact


class WalkPlanned(Fact, frozen=True):
    """Work was put together for one picker to walk. first_come_mm: how far it is one order at a time."""

    TYPE: ClassVar[str] = "walk_planned"
    site: str
    strategy: str
    tasks: list[str]
    predicted_mm: int
    first_come_mm: int


class WalkClaimed(Fact, frozen=True):
    """A picker began a walk. totes: on the cart."""

    TYPE: ClassVar[str] = "walk_claimed"
    picker: str
    totes: list[str]


class WalkEnded(Fact, frozen=True):
    """A walk was over. left: pick tasks that went back to nobody's."""

    TYPE: ClassVar[str] = "walk_ended"
    left: list[str]
    stands_at: str = ""


class WalkDropped(Fact, frozen=True):
    """A planned walk was given up; its open pick tasks are nobody's again."""

    TYPE: ClassVar[str] = "walk_dropped"
    left: list[str]
