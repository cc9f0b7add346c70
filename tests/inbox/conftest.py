from collections.abc import Iterator

import pytest

from tests.floor import new_floor
from tests.inbox.channel import Web


@pytest.fixture
def web(postgres: str) -> Iterator[Web]:
    """A channel that sends messages to a shop with a floor; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield Web(floor)
        assert floor.broken() == []
