from collections.abc import Iterator

import pytest

from tests.edit.editing import Desk
from tests.floor import new_floor


@pytest.fixture
def desk(postgres: str) -> Iterator[Desk]:
    """A shop with a floor and somebody at the desk who edits orders; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield Desk(floor)
        assert floor.broken() == []
