"""What is told of the course, and what is answered."""

import msgspec

from orderwright.business.practice.rules import TASKS, Name, Score, next_of, score_of
from orderwright.values.forms import Command

PREFIX = "PRACTICE-"
"""Orders of the course: this, and the task's name in capital letters."""
SITE = "PRACTICE"
MENDED = "24 Mill Lane"
"""What the first line of the order's address is to be when it was reviewed."""


class ShowHint(Command, frozen=True):
    """Somebody looks at the hint of a task."""

    task: str


class PauseDemo(Command, frozen=True):
    """Have the demo wait, or go on."""

    is_paused: bool


class Step(msgspec.Struct, frozen=True):
    """One task as it stands. order: its order's number; subject: the exception or return it is about, or ''."""

    name: Name
    order: str
    subject: str
    is_done: bool
    is_hinted: bool


class Course(msgspec.Struct, frozen=True):
    """The whole course as the store's facts tell it."""

    steps: list[Step]
    refused_scans: int

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Name | None:
        """The task to do next."""
        return next_of([step.name for step in self.steps if step.is_done])

    @property
    def score(self) -> Score:
        """What was reached."""
        return score_of(
            [step.name for step in self.steps if step.is_done], [step.name for step in self.steps if step.is_hinted],
            self.refused_scans,
        )  # fmt: skip

    @property
    def is_over(self) -> bool:
        """Whether all of it is done."""
        return self.done == len(TASKS)
