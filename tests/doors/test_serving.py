"""The tree of processes: it starts, survives its children, stops in order, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from orderwright.business.staff.entrance import Run, become_owner
from orderwright.database.cluster import open_cluster
from orderwright.database.keys import CreateKey, NewKey, create_keys
from orderwright.database.store import Database
from orderwright.database.stores import create_store
from orderwright.flows import FLOWS
from tests.client import Client, Reply
from tests.shop import Shop

PATIENCE_S = 30


def _wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.02)


class Place:
    """A folder with a database and one shop, and the servers started on it."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self._environment = {**os.environ, "ORDERWRIGHT_DATA": str(folder)}
        self._environment.pop("DATABASE_URL", None)
        self.trees: list[psutil.Process] = []
        create_store(dsn, "main")
        self.database = Database(dsn, FLOWS, size=3)
        self.shop = Shop(self.database.store("main"))
        self.shop.site("LEEDS")
        self.shop.product("MUG")
        self.shop.channel("web")
        self.shop.stock("LEEDS", MUG=100_000)
        (key,) = self.shop.run(create_keys, CreateKey(name="test", scopes=["admin"], actor="test"))
        assert isinstance(key, NewKey)
        self.key = key.key

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "orderwright", "serve", *words]
        pipe = subprocess.PIPE
        started = subprocess.Popen(command, env=self._environment, stdout=pipe, stderr=pipe, text=True)
        self.trees.append(psutil.Process(started.pid))
        return started

    def serve(self, *words: str, port: int = 0) -> Client:
        """Start a server and wait until it is ready."""
        started = self.start("--port", str(port), *words)
        assert started.stdout is not None
        line = started.stdout.readline()
        assert line.startswith("Orderwright serves at http://127.0.0.1:"), line
        return Client(int(line.rsplit(":", 1)[1]), self.key)

    def family(self, role: str = "") -> list[psutil.Process]:
        """The children of the last server, or those with a role (_api, worker)."""
        return [child for child in self.trees[-1].children() if not role or role in _command(child)]

    def stop(self) -> None:
        """Kill what a test left running."""
        for tree in self.trees:
            if tree.is_running():
                for process in [*tree.children(), tree]:
                    process.kill()
        self.trees.clear()


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:  # it ended just now
        return []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    with open_cluster(folder / "postgres", may_initialise=True) as cluster:
        place = Place(folder, cluster.dsn)
        yield place
        place.database.close()


@pytest.fixture
def place(made: Place) -> Iterator[Place]:
    yield made
    made.stop()


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_it_stops_in_order_and_finishes_what_it_accepted(place: Place) -> None:
    call = place.serve()
    children = place.family()
    assert len(children) == 2
    lines = [json.loads(_order(place, f"S-{i}")) for i in range(1500)]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    replies: list[Reply] = []
    sending = threading.Thread(
        target=lambda: replies.append(call("POST", "/v1/orders/batch", body, content_type="application/x-ndjson"))
    )
    sending.start()
    _wait_until(lambda: place.shop.value("SELECT count(*) FROM orders") > 0, "the first orders are taken")
    place.trees[-1].send_signal(signal.SIGTERM)
    sending.join()
    assert place.trees[-1].wait(PATIENCE_S) == 0
    assert {json.loads(line)["status"] for line in replies[0].content.splitlines()} == {201}
    assert place.shop.value("SELECT count(*) FROM orders WHERE reference LIKE 'S-%%'") == 1500
    assert not any(child.is_running() for child in children)
    assert _is_free(call.port)


def _running(shop: Shop) -> Run:
    return lambda action, commands: shop.run(action, *commands)


def test_while_nobody_owns_the_shop_it_ends_by_telling_the_way_in(place: Place) -> None:
    started = place.start("--port", "0", "--no-worker")
    assert started.stdout is not None
    address = started.stdout.readline().rsplit(" ", 1)[1].strip()
    said = started.stdout.readline()
    assert said.startswith(f"Nobody owns this shop yet. Once, within a day: {address}/first/main.")
    token = said.rsplit("/", 1)[1].strip()
    signed = become_owner(_running(place.shop), token, "olive@shop.example", "Olive", "a lamp, a kettle")
    assert signed.visitor.roles == {"owner"}
    place.stop()
    again = place.start("--port", "0", "--no-worker")
    assert again.stdout is not None
    assert again.stdout.readline().startswith("Orderwright serves at")
    again.send_signal(signal.SIGTERM)
    assert again.stdout.read() == ""  # nothing after it


def test_killing_the_parent_leaves_no_orphan_and_the_port_free(place: Place) -> None:
    call = place.serve()
    children = place.family()
    place.trees[-1].kill()
    _wait_until(lambda: not any(child.is_running() for child in children), "the children end")
    assert _is_free(call.port)
    again = place.serve(port=call.port)
    assert again("GET", "/v1/settings").status == 200


@pytest.mark.parametrize("role", ["_api", "worker"])
def test_a_killed_child_is_replaced(place: Place, role: str) -> None:
    call = place.serve()
    (victim,) = place.family(role)
    victim.kill()
    _wait_until(lambda: [child.pid for child in place.family(role)] not in ([], [victim.pid]), "it is replaced")
    assert call("GET", "/v1/settings").status == 200


def test_several_processes_share_the_port_and_their_figures(place: Place) -> None:
    call = place.serve("--processes", "3", "--no-worker")
    assert (len(place.family("_api")), len(place.family())) == (3, 3)
    for i in range(60):
        assert call("POST", "/v1/orders", _order(place, f"M-{i}")).status == 201
    name = 'orderwright_requests_total{method="POST",route="/v1/orders",status="201"}'

    def counted() -> float:
        text = call("GET", "/metrics").content.decode()
        return float(dict(line.rsplit(" ", 1) for line in text.splitlines()).get(name, "0"))

    _wait_until(lambda: counted() == 60.0, "all processes told their figures")


def test_a_served_shop_runs_what_is_scheduled(place: Place) -> None:
    place.serve()
    _wait_until(
        lambda: place.shop.value("SELECT count(*) FROM schedule WHERE last_at IS NOT NULL") > 0, "schedules run"
    )


def test_a_taken_port_is_told_in_a_sentence(place: Place) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        started = place.start("--port", str(port))
        _, said = started.communicate(timeout=PATIENCE_S)
    assert started.returncode == 3
    assert said.startswith(f"Cannot listen at 127.0.0.1 port {port}")


def _order(place: Place, reference: str) -> bytes:
    return msgspec.json.encode(place.shop.form({"MUG": 1}, reference=reference))
