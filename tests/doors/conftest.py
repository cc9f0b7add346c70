"""A server in this process, with a small shop behind it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from orderwright.database.keys import CreateKey, NewKey, create_keys
from orderwright.doors.api.route import Route
from orderwright.doors.api.routes import all_routes
from tests.client import Client
from tests.doors.trial_routes import TRIAL_ROUTES
from tests.served import serving
from tests.shop import Shop, new_shop


class Served(NamedTuple):
    """A running server. `at(*scopes)`: a client with a key for these."""

    port: int
    shop: Shop

    def at(self, *scopes: str, sites: Sequence[str] | None = None, channels: Sequence[str] | None = None) -> Client:
        return Client(self.port, self.key(*scopes, sites=sites, channels=channels).key)

    def key(self, *scopes: str, sites: Sequence[str] | None = None, channels: Sequence[str] | None = None) -> NewKey:
        command = CreateKey(name="test", scopes=scopes, sites=sites, channels=channels, actor="test")
        (made,) = self.shop.run(create_keys, command)
        assert isinstance(made, NewKey)
        return made


def routes() -> list[Route]:
    return [*all_routes(), *TRIAL_ROUTES]


@pytest.fixture(scope="session")
def served(postgres: str) -> Iterator[Served]:
    """One server for all tests: they use references and keys of their own."""
    with new_shop(postgres) as shop:
        try:
            with serving(postgres, routes()) as port:
                yield Served(port, shop)
        finally:
            with shop.store.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=shop.store.name)


@pytest.fixture(scope="session")
def admin(served: Served) -> Client:
    """A client that may do everything."""
    return served.at("admin")
