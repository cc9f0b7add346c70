from collections.abc import Iterator

import pytest

from tests.floor import Floor, new_floor


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    """A shop with a floor of its own; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield floor
