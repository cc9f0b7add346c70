"""Commands killed midway: an import that is simply run again, a backup that is whole or not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderwright.database.backup import back_up
from orderwright.database.crash import EXIT_CODE, VARIABLE
from tests.floor import Floor, new_floor

ORDERS = 600  # three chunks


def command(floor: Floor, dsn: str, *words: object, crash: str = "") -> int:
    """The exit code of a command of the command line."""
    environment = {**os.environ, "DATABASE_URL": dsn, "ORDERWRIGHT_STORE": floor.store.name, VARIABLE: crash}
    told = [sys.executable, "-m", "orderwright", *map(str, words)]
    return subprocess.run(told, env=environment, capture_output=True, timeout=120).returncode


def test_a_backup_appears_whole_or_not_at_all(postgres: str, tmp_path: Path) -> None:
    with new_floor(postgres) as floor:
        target = tmp_path / "monday.dump"
        target.write_bytes(b"sunday")
        assert command(floor, postgres, "backup", target, crash="in backup") == EXIT_CODE
        assert target.read_bytes() == b"sunday"
        back_up(postgres, floor.store.schema, target)
        assert [each.name for each in tmp_path.iterdir()] == ["monday.dump"]
        assert target.read_bytes().startswith(b"PGDMP")


@pytest.mark.torture
@pytest.mark.parametrize("moment", ["import chunk#1", "import chunk#2", "import chunk#3", "after stock#2",
                                    "after commit#3", "before commit#4"])  # fmt: skip
def test_an_import_that_was_killed_is_run_again(postgres: str, tmp_path: Path, moment: str) -> None:
    rows = [f"K-{n},2026-11-17 10:00,MUG,1,7.50,b{n}@example.org,A. Buyer,1 High St,Leeds,LS1 1AA,GB"
            for n in range(ORDERS)]  # fmt: skip
    head = "order number,order date,sku,quantity,unit price,email,name,address,city,postcode,country"
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([head, *rows]))
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=10_000)
        words = ("import", "orders", file, "--channel", "web")
        assert command(floor, postgres, *words, crash=moment) == EXIT_CODE
        assert command(floor, postgres, *words) == 0
        assert floor.value("SELECT count(*) FROM orders") == ORDERS
        assert floor.value("SELECT count(DISTINCT reference) FROM orders") == ORDERS
        assert floor.counters("MUG", "LEEDS") == (10_000, ORDERS)
