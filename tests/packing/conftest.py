from collections.abc import Iterator

import pytest

from tests.floor import new_floor
from tests.packing.bench import Bench


@pytest.fixture
def bench(postgres: str) -> Iterator[Bench]:
    """A packing bench; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield Bench(floor)
