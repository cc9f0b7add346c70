"""A shop lived in over HTTP: orders are placed, changed, shipped and taken back by calls, work is done when told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from orderwright.app import wiring
from orderwright.business.truth.check import check_store
from orderwright.doors.worker.loop import Worker
from orderwright.values.ids import new_id
from tests.client import Client, Reply
from tests.doors.conftest import Served, served
from tests.shop import Shop

__all__ = ["served"]

TABLES = (
    "orders", "order_line", "demand", "hold", "exception", "fulfilment", "allocation", "pick_task", "put_back",
    "parcel", "label", "tracking_event", "payment", "paper", "intent", "ledger_entry", "return_request",
    "return_line", "stock", "stock_move", "fact", "task", "idempotency",
)  # fmt: skip


class Life:
    """Calls with every right, and short ways through an order's life."""

    def __init__(self, served: Served, worker: Worker) -> None:
        self.served = served
        self.shop: Shop = served.shop
        self.call: Client = served.at("admin")
        self._worker = worker

    def work(self) -> None:
        """Let the worker do what is due."""
        self._worker.run_until_idle()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let the worker do all the while what is due, beside the calls."""
        stop = threading.Event()

        def go_round() -> None:
            while not stop.wait(0.02):
                self.work()

        thread = threading.Thread(target=go_round)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.call("POST", path, body, **headers)

    def get(self, path: str) -> Any:
        reply = self.call("GET", path)
        assert reply.status == 200, reply.content
        return reply.json

    def done(self, path: str, body: Any = None) -> Any:
        """What a call that must go well answers."""
        reply = self.post(path, body)
        assert reply.status in (200, 201), reply.content
        return reply.json

    def refused(self, path: str, body: Any = None, **headers: str) -> tuple[int, str, dict[str, Any]]:
        """(status, code, facts) of a call that must be refused and change nothing."""
        before = self.snapshot()
        reply = self.post(path, body, **headers)
        assert self.snapshot() == before
        problem = reply.json
        standard = ("type", "title", "status", "code", "detail", "may_retry", "request_id")
        return reply.status, reply.code, {name: each for name, each in problem.items() if name not in standard}

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Rows, and a sum over their contents, of every table a deed may touch."""
        return {
            table: self.shop.rows(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t")[0]
            for table in TABLES
        }

    def place(self, units: dict[str, int], site: str = "LEEDS", **changes: Any) -> str:
        """Stock a site with just these units and place an order for them; its number."""
        self.shop.stock(site, **units)
        return self.order(units, **changes)

    def order(self, units: dict[str, int], **changes: Any) -> str:
        form = self.shop.form(units, **{"reference": f"L-{new_id()}", **changes})
        return str(self.done("/v1/orders", msgspec.to_builtins(form))["number"])

    def fulfilment(self, number: str) -> str:
        """The id of an order's latest fulfilment."""
        return str(self.get(f"/v1/orders/{number}")["fulfilments"][-1]["id"])

    def released(self, number: str) -> list[Any]:
        """Let an order of one fulfilment out; its pick tasks in walking order."""
        id_ = self.fulfilment(number)
        self.done(f"/v1/fulfilments/{id_}/release")
        tasks: list[Any] = self.get(f"/v1/fulfilments/{id_}/pick-list")["tasks"]
        return tasks

    def picked(self, number: str) -> str:
        """Release and pick an order of one fulfilment; the fulfilment's id."""
        for task in self.released(number):
            self.done(f"/v1/pick-tasks/{task['id']}/pick", {"quantity": task["quantity"]})
        return self.fulfilment(number)

    def packed(self, number: str) -> Any:
        """Walk an order of one fulfilment into one parcel."""
        [parcel] = self.done(f"/v1/fulfilments/{self.picked(number)}/pack", {})["parcels"]
        return parcel

    def labelled(self, number: str) -> Any:
        """Walk it to its label; the parcel as GET shows it."""
        parcel = self.packed(number)
        self.work()
        return self.get(f"/v1/parcels/{parcel['id']}")["parcel"]

    def shipped(self, number: str) -> Any:
        """Walk it out of the door, invoiced and captured; the parcel as it was labelled."""
        parcel = self.labelled(number)
        self.done(f"/v1/parcels/{parcel['id']}/hand-over", {})
        self.work()
        return parcel

    def state(self, number: str) -> str:
        return str(self.get(f"/v1/orders/{number}")["state"])


@pytest.fixture(scope="session")
def life(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """One shop for all tests of this folder: each has orders, references and keys of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(
            "ORDERWRIGHT_DATA", str(tmp_path_factory.mktemp("practice"))
        )  # where the gateway keeps its books
        wired = wiring()
    yield Life(served, Worker(served.shop.store, wired.kinds, ()))
    broken = [f"{each.name}: {each.rows}" for each in check_store(served.shop.store, full=True) if not each.holds]
    assert broken == []
