from collections.abc import Iterator
from typing import Any

import pytest

from orderwright.app import wiring
from orderwright.database.keys import CreateKey, create_keys
from orderwright.doors.api.routes import all_routes
from orderwright.doors.worker.loop import Worker
from tests.client import Client
from tests.served import serving
from tests.shop import new_shop
from tests.stories.devices import Site


@pytest.fixture
def site(postgres: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))
    wired = wiring()
    with new_shop(postgres) as shop:
        try:
            with serving(postgres, all_routes()) as port:
                [key] = shop.run(create_keys, CreateKey(name="floor", scopes=("admin",), actor="test"))
                yield Site(shop, Client(port, key.key), Worker(shop.store, wired.kinds, ()))
        finally:
            with shop.store.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=shop.store.name)
