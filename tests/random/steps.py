"""Steps: the things people, carriers and clocks do to a shop, each drawn with a weight."""

from collections.abc import Callable
from typing import NamedTuple

from tests.random.world import World

Act = Callable[[World], None]


class Stopped(Exception):
    """A step ends here: something said no that it had to have, which in this shop may happen at any point."""


class Step(NamedTuple):
    """Something that can happen. `weight`: how often, beside the others."""

    name: str
    weight: int
    act: Act


STEPS: dict[str, Step] = {}


def step(weight: int) -> Callable[[Act], Act]:
    """Make a function a step of that weight."""

    def add(act: Act) -> Act:
        STEPS[act.__name__] = Step(act.__name__, weight, act)
        return act

    return add
