from collections.abc import Iterator
from uuid import uuid4

import pytest

from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from tests.truth.world import FLOWS, build


@pytest.fixture(scope="session")
def world(postgres: str) -> Iterator[Store]:
    """The small world, made once; tests undo what they plant in it."""
    name = f"world_{uuid4().hex[:12]}"
    create_store(postgres, name)
    database = Database(postgres, FLOWS)
    try:
        store = database.store(name)
        with store.begin() as tx:
            build(tx)
        yield store
    finally:
        with database.pool.connection() as connection:
            connection.execute(f'DROP SCHEMA "store_{name}" CASCADE'.encode())
            connection.execute("DELETE FROM orderwright.store WHERE name = %s", [name])
        database.close()
