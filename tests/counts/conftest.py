from collections.abc import Iterator

import pytest

from tests.counts.counter import CountedFloor
from tests.floor import new_floor


@pytest.fixture
def floor(postgres: str) -> Iterator[CountedFloor]:
    """A floor whose bins are counted; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield CountedFloor(floor)
