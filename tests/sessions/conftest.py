from collections.abc import Iterator

import pytest

from tests.floor import new_floor
from tests.sessions.scanner import ScannedFloor


@pytest.fixture
def floor(postgres: str) -> Iterator[ScannedFloor]:
    """A floor whose bins are scanned; at the end every invariant must hold."""
    with new_floor(postgres) as floor:
        yield ScannedFloor(floor)
