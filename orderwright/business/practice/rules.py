"""The course: its tasks in order, and what they count. Pure."""

from collections.abc import Collection
from typing import Literal, NamedTuple, get_args

Name = Literal["review", "exception", "pick", "pack", "return"]
TASKS: tuple[Name, ...] = get_args(Name)
"""In the order they are offered; each can be done at any time."""
POINTS = 20
"""For a task that is done."""
HINT_COSTS = 5
"""Off that, when its hint was looked at."""
REFUSED_FREE, REFUSED_COSTS, REFUSED_MOST = 2, 1, 10
"""So many refused scans are free; each one more costs that much, up to that much in all."""


class Score(NamedTuple):
    """Points, of how many there are."""

    points: int
    of: int


def score_of(done: Collection[Name], hinted: Collection[Name], refused_scans: int) -> Score:
    """What was reached: tasks done, less for hints looked at and for scans that were refused. Never below 0."""
    points = sum(POINTS - (HINT_COSTS if name in hinted else 0) for name in TASKS if name in done)
    lost = min(REFUSED_MOST, max(0, refused_scans - REFUSED_FREE) * REFUSED_COSTS)
    return Score(max(0, points - lost), POINTS * len(TASKS))


def next_of(done: Collection[Name]) -> Name | None:
    """The task to do next; None when all are done."""
    return next((name for name in TASKS if name not in done), None)
