"""A served shop with a floor, and its customers."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from orderwright.doors.api.routes import all_routes
from tests.console.visiting import Visit
from tests.floor import Floor, new_floor
from tests.portal.scene import Scene
from tests.served import serving


class Counter(NamedTuple):
    """Where customers come."""

    floor: Floor
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def scene(self) -> Scene:
        return Scene(self.floor)

    def visit(self, number: str = "", language: str = "en") -> Visit:
        """A browser; with an order, one that followed its link."""
        visit = Visit(self.port, language)
        if number:
            assert visit.get(self.scene.link(number)).location == "/track"
        return visit


@pytest.fixture
def counter(postgres: str) -> Iterator[Counter]:
    with new_floor(postgres) as floor, serving(postgres, all_routes(), floor.store.name) as port:
        floor.stock("LEEDS", MUG=20, TEE=5)
        yield Counter(floor, port)
