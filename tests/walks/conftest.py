from collections.abc import Iterator

import pytest

from tests.walks.aisles import Aisles, new_aisles


@pytest.fixture
def aisles(postgres: str) -> Iterator[Aisles]:
    """A site of two zones with aisles and bins; at the end every invariant must hold."""
    with new_aisles(postgres) as aisles:
        yield aisles
