"""A house started as anybody would start it: `orderwright serve` in a folder of its own, and a key from the command
line. What follows is done by calls and commands alone."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.client import Client, Reply

PATIENCE_S = 30.0
Found = TypeVar("Found")

ADDRESSES = {"LEEDS": ("LS1 1AA", 53.80, -1.55), "BRISTOL": ("BS1 1AA", 51.45, -2.59)}
HOME = {"name": "A. Buyer", "lines": ["1 High St"], "city": "Leeds", "postal_code": "LS2 7EW", "country": "GB"}


def until(found: Callable[[], Found | None], what: str) -> Found:
    """What comes true by itself while the worker works."""
    end = time.monotonic() + PATIENCE_S
    while not (told := found()):
        assert time.monotonic() < end, f"never came true: {what}"
        time.sleep(0.05)
    return told


class House:
    """A served shop: `call` over HTTP, `run` on the command line."""

    def __init__(self, folder: Path) -> None:
        kept = {name: each for name, each in os.environ.items() if not name.startswith(("ORDERWRIGHT_", "DATABASE_"))}
        self._environment = {**kept, "ORDERWRIGHT_DATA": str(folder / "orderwright-data"), "COLUMNS": "120"}
        self._folder = folder
        self._references = 0
        self._log = (folder / "serve.log").open("w")
        self._serving = subprocess.Popen(
            [sys.executable, "-m", "orderwright", "serve", "--port", "0"], cwd=folder, env=self._environment,
            stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        assert self._serving.stdout is not None
        told = re.match(r"Orderwright serves at http://127\.0\.0\.1:(\d+)", self._serving.stdout.readline())
        assert told is not None, (folder / "serve.log").read_text()
        made = self.run("keys", "create", "--name", "acceptance", "--scope", "admin")
        self.call = Client(int(told[1]), made.stdout.strip())
        # Later than this nothing is let out to the floor before five minutes have passed.
        until(self._is_begun, "the worker let out what was due")

    def _is_begun(self) -> bool:
        return any(task["name"] == "release_sites" for task in self.get("/v1/tasks?state=done")["items"])

    def run(self, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        """A command, which must end with this exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "orderwright", *words], cwd=self._folder, env=self._environment,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, (done.stdout, done.stderr)
        return done

    def told(self, *words: str) -> Any:
        """What `orderwright call` prints."""
        return json.loads(self.run("call", *words).stdout)

    def get(self, path: str) -> Any:
        reply = self.call("GET", path)
        assert reply.status == 200, reply.content
        return reply.json

    def put(self, path: str, body: Any) -> int:
        """The status of a PUT that must go well."""
        reply = self.call("PUT", path, body)
        assert reply.status in (200, 201), reply.content
        return reply.status

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.call("POST", path, body, **headers)

    def done(self, path: str, body: Any = None) -> Any:
        """What a POST that must go well answers."""
        reply = self.post(path, body)
        assert reply.status in (200, 201), reply.content
        return reply.json

    def refused(self, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """(status, code) of a POST that must be refused."""
        reply = self.post(path, body, **headers)
        return reply.status, reply.code

    def site(self, code: str, **changes: Any) -> int:
        postal_code, latitude, longitude = ADDRESSES[code]
        address = {"name": code.title(), "lines": ["1 Dock St"], "city": code.title(), "postal_code": postal_code,
                   "country": "GB"}  # fmt: skip
        told = {"name": code.title(), "address": address, "latitude": latitude, "longitude": longitude,
                "time_zone": "Europe/London", "cut_off": "16:00", "daily_capacity": 5000}  # fmt: skip
        return self.put(f"/v1/sites/{code}", {**told, **changes})

    def product(self, sku: str, price: str = "7.50", **changes: Any) -> int:
        told = {"title": sku.title(), "price": price, "currency": "GBP", "weight_g": 300}
        return self.put(f"/v1/products/{sku}", {**told, **changes})

    def stock(self, site: str, place: str | None = None, **units: int) -> Any:
        at = {} if place is None else {"place": place}
        lines = [{"sku": sku, "quantity": count, **at} for sku, count in units.items()]
        return self.done("/v1/stock/receipts", {"site": site, "lines": lines})

    def order(self, units: dict[str, int], **changes: Any) -> dict[str, Any]:
        """The form of a paid order for these units at 7.50 each."""
        self._references += 1
        total = f"{sum(units.values()) * 7.5:.2f}"
        lines = [
            {"reference": str(n), "sku": sku, "quantity": count, "unit_price": "7.50"}
            for n, (sku, count) in enumerate(units.items(), 1)
        ]
        told = {
            "channel": "web", "reference": f"W-{self._references}", "currency": "GBP", "ship_to": HOME,
            "customer": {"name": "A. Buyer", "email": f"buyer{self._references}@example.org"}, "lines": lines,
            "total": total, "payment": {"state": "paid", "amount": total},
        }  # fmt: skip
        return {**told, **changes}

    def place(self, units: dict[str, int], **changes: Any) -> Any:
        """The answer to an order that must be taken."""
        reply = self.post("/v1/orders", self.order(units, **changes))
        assert reply.status == 201, reply.content
        return reply.json

    def units(self, number: str) -> list[dict[str, int]]:
        """Units of the order's lines by stage, without zeros."""
        lines = self.get(f"/v1/orders/{number}")["lines"]
        return [{stage: count for stage, count in line["stages"].items() if count} for line in lines]

    def level(self, sku: str, site: str = "LEEDS") -> tuple[int, int, int, int]:
        """(on hand, allocated, waiting, available)."""
        [row] = self.get(f"/v1/stock?sku={sku}&site={site}")["items"]
        return row["on_hand"], row["allocated"], row["waiting"], row["available"]

    def stop(self) -> int:
        """End it as a service would; its exit code."""
        self._serving.terminate()
        try:
            return self._serving.wait(PATIENCE_S)
        finally:
            self._serving.kill()
            self._log.close()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A shop with two sites and a channel; at the end every invariant holds and it stops in order."""
    # Not in pytest's own folder, which each run closes anew to others: root's PostgreSQL runs as another.
    with tempfile.TemporaryDirectory(prefix="orderwright-acceptance-") as folder:
        house = House(Path(folder))
        try:
            house.site("LEEDS")
            house.site("BRISTOL")
            house.put("/v1/channels/web", {"name": "Web shop", "kind": "api", "currency": "GBP"})
            for sku in ("MUG", "TEE", "HAT"):
                house.product(sku)
            yield house
            checked = house.run("check").stdout
            assert "BROKEN" not in checked
        finally:
            code = house.stop()
        assert code == 0
