"""A shop whose processes die where they are told, and its callers, who do not give up."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from orderwright.database.crash import EXIT_CODE
from orderwright.database.keys import CreateKey, NewKey, create_keys
from orderwright.links.payments.practice import PracticeGateway
from tests.client import Client, Reply
from tests.doors_life.conftest import TABLES
from tests.floor import Floor, new_floor
from tests.tidy import ROOT


class Stage:
    """One store, the floor to set scenes on, and processes that serve it and work for it."""

    def __init__(self, floor: Floor, dsn: str, folder: Path) -> None:
        self.floor = floor
        self.gateway = PracticeGateway(folder / "practice-gateway.sqlite")
        self._log = (folder / "nursery.log").open("ab")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._log, text=True, env={**os.environ, "DATABASE_URL": dsn, "ORDERWRIGHT_DATA": str(folder)},
        )  # fmt: skip
        command = CreateKey(name="torture", scopes=("admin",), sites=None, channels=None, actor="test")
        made = floor.one(create_keys, command)
        assert isinstance(made, NewKey)
        self.call = Client(self._told()["port"], made.key)

    def serve(self, crash: str = "") -> None:
        """A fresh serving process, armed to die at a moment."""
        self._ask("serve", crash)

    def ended(self) -> bool:
        """Whether the serving process, whose end is waited for, died where it was armed to."""
        return self._ask("end")["code"] == EXIT_CODE

    def kill(self) -> None:
        """kill -9 of the serving process."""
        self._ask("kill")

    def work(self, crash: str = "") -> bool:
        """A fresh worker works until nothing is due; whether it died where it was armed to."""
        code = self._ask("work", crash)["code"]
        assert code in (0, EXIT_CODE), f"the worker ended with {code}: {self.log()}"
        return bool(code)

    def settle(self) -> None:
        """What dead workers had claimed is anybody's, what is to be tried later is due, and fresh workers do it."""
        for _ in range(3):
            with self.floor.begin() as tx:
                tx.write("UPDATE task SET leased_until = %(now)s - interval '1 second' WHERE leased_until IS NOT NULL",
                         now=tx.now)  # fmt: skip
                tx.write("UPDATE task SET run_at = %(now)s WHERE state = 'open' AND attempt > 0", now=tx.now)
            self.work()

    def weighed(self) -> dict[str, int]:
        """Rows of every table a command may touch, sums of units and money, and what the outside did."""
        counts = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES if table != "stock")
        [row] = self.floor.rows(f"""
            SELECT {counts}, sum(on_hand) AS on_hand, sum(allocated) AS allocated_units, sum(waiting) AS waiting,
                   (SELECT sum(quantity) FROM stock) AS lying, (SELECT sum(committed) FROM stock) AS committed,
                   (SELECT sum(captured_minor) FROM payment) AS captured,
                   (SELECT sum(refunded_minor) FROM payment) AS refunded
            FROM availability
        """)
        told = {name: int(each or 0) for name, each in row._asdict().items()}
        return told | {f"outside: {kind}": self.gateway.total_minor(kind) for kind in ("capture", "refund", "void")}

    def gained(self, before: Mapping[str, int]) -> dict[str, int]:
        """What came to it since."""
        return {name: each - before[name] for name, each in self.weighed().items() if each != before[name]}

    def post(self, path: str, body: Any, key: str) -> Reply | None:
        """One call with an Idempotency-Key; None when no answer came."""
        try:
            return self.call("POST", path, body, idempotency_key=key)
        except (OSError, http.client.HTTPException):
            return None

    def log(self) -> str:
        """The last that the processes said."""
        return Path(self._log.name).read_text()[-3000:]

    def close(self) -> None:
        """End everything."""
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(20)
        self._log.close()

    def _ask(self, do: str, crash: str = "") -> dict[str, int]:
        assert self._nursery.stdin is not None
        print(json.dumps({"do": do, "crash": crash, "store": self.floor.store.name}), file=self._nursery.stdin)
        self._nursery.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, int]:
        assert self._nursery.stdout is not None
        line = self._nursery.stdout.readline()
        assert line, f"the nursery ended: {self.log()}"
        told: dict[str, int] = json.loads(line)
        return told


@contextmanager
def new_stage(dsn: str, folder: Path, now: datetime) -> Iterator[Stage]:
    """A stage whose clock stands at `now`; when it closes, every invariant must hold."""
    with new_floor(dsn) as floor:
        floor.at(now)
        floor.channel("web")
        stage = Stage(floor, dsn, folder)
        try:
            yield stage
        finally:
            stage.close()
            with floor.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=floor.store.name)
