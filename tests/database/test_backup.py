"""A store goes into a file and comes back whole, with its tasks and keys, under a new epoch."""

from pathlib import Path

import psycopg
import pytest

from orderwright.business.truth.check import check_store
from orderwright.database.backup import CannotRestore, back_up, restore
from orderwright.database.stores import list_stores
from tests.shop import Shop


def _drop(dsn: str, schema: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())
        connection.execute("DELETE FROM orderwright.store WHERE schema = %s", [schema])


def test_what_was_backed_up_comes_back_and_holds(shop: Shop, tmp_path: Path) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 2}).number
    dsn, schema = shop.store.database.dsn, shop.store.schema
    back_up(dsn, schema, tmp_path / "store.dump")
    shop.place({"MUG": 1})  # after the backup: not in it
    _drop(dsn, schema)
    assert restore(dsn, tmp_path / "store.dump") == shop.store.name
    assert shop.store.name in list_stores(dsn)
    assert shop.rows("SELECT number, state FROM orders") == [(number, "allocated")]
    assert shop.value("SELECT epoch FROM clock") == 2
    assert [each.name for each in check_store(shop.store, full=True) if not each.holds] == []


def test_a_store_that_is_there_is_not_overwritten(shop: Shop, tmp_path: Path) -> None:
    back_up(shop.store.database.dsn, shop.store.schema, tmp_path / "store.dump")
    with pytest.raises(CannotRestore, match="already"):
        restore(shop.store.database.dsn, tmp_path / "store.dump")


def test_a_file_that_is_no_backup_is_refused(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a backup")
    with pytest.raises(CannotRestore):
        restore(shop.store.database.dsn, tmp_path / "notes.txt")
    with pytest.raises(CannotRestore, match="no such file"):
        restore(shop.store.database.dsn, tmp_path / "missing.dump")
