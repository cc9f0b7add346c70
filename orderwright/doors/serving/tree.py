"""The tree of processes of one `serve`: this parent, serving processes, a worker.

The parent does no work: it listens, starts, restarts and stops. If it is killed, its children notice and end.
"""

import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import structlog

from orderwright.doors.deployment import Deployment
from orderwright.doors.logs import configure_logs
from orderwright.doors.serving.keeping import kept_up
from orderwright.doors.serving.listening import address_of, is_ready, listen

STOP_S = 25.0
"""After SIGTERM, children have so long before they are killed."""
EARLY_S = 5.0
EARLY_DEATHS_MAX = 5
"""So many children in a row that die within EARLY_S of their start: something is broken, so give up."""

log = structlog.get_logger(room="serve")


class CannotServe(Exception):
    """Serving is not possible; `str()` of it is what people read."""


class _Ended(NamedTuple):
    child: "_Child"
    code: int


class _Child:
    """One child and the command it is started with."""

    def __init__(self, command: Sequence[str], files: Sequence[int]) -> None:
        self.command = command
        self._files = files
        self.running: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def start(self, tell: "queue.SimpleQueue[object]") -> None:
        """Start it; its end is told."""
        self.running = running = subprocess.Popen(
            [sys.executable, "-m", "orderwright", *self.command], pass_fds=self._files, stdin=subprocess.DEVNULL
        )
        self.started_at = time.monotonic()
        threading.Thread(target=lambda: tell.put(_Ended(self, running.wait())), daemon=True).start()

    def send(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)


def run_tree(deployment: Deployment, *, with_worker: bool, beside: Sequence[Sequence[str]] = ()) -> None:
    """Serve until SIGTERM or Ctrl-C. beside: commands to be kept running too. Raises CannotServe, DatabaseAway."""
    configure_logs()
    listeners = listen(deployment.host, deployment.port, deployment.processes)
    from orderwright.doors.serving.first_owner import find_first_path
    from orderwright.doors.serving.opening import open_house

    with (
        open_house(deployment) as cluster,
        kept_up(cluster),
        tempfile.TemporaryDirectory(prefix="orderwright-") as folder,
    ):
        children = _children(listeners, Path(folder), beside, with_worker=with_worker)
        _Tree(children, address_of(listeners[0]), find_first_path(cluster.dsn, deployment.store)).run()


def _children(
    listeners: Sequence[socket.socket], figures: Path, beside: Sequence[Sequence[str]], *, with_worker: bool
) -> list[_Child]:
    # The parent alone keeps the writing end, and never writes: when it ends, however it does, reading ends.
    watched, _kept = os.pipe()
    children = [
        _Child(
            ["_api", "--listener", str(each.fileno()), "--parent", str(watched), "--figures", str(figures)],
            [each.fileno(), watched],
        )
        for each in listeners
    ]
    if with_worker:
        children.append(_Child(["worker", "--parent", str(watched), "--figures", str(figures)], [watched]))
    children += [_Child([*command, "--parent", str(watched)], [watched]) for command in beside]
    return children


class _Tree:
    def __init__(self, children: Sequence[_Child], address: str, first_path: str | None) -> None:
        self._children = children
        self._address = address
        self._first_path = first_path
        self._told: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._early_deaths = 0

    def run(self) -> None:
        """Start all, keep them running, stop all."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told.put("stop"))
        for child in self._children:
            child.start(self._told)
        threading.Thread(target=self._announce, daemon=True).start()
        try:
            while isinstance(told := self._told.get(), _Ended):
                self._restart(told)
        finally:
            self._stop()

    def _announce(self) -> None:
        while not is_ready(self._address):
            time.sleep(0.05)
        print(f"Orderwright serves at {self._address}", flush=True)
        if self._first_path is not None:
            print(f"Nobody owns this shop yet. Once, within a day: {self._address}{self._first_path}", flush=True)

    def _restart(self, ended: _Ended) -> None:
        is_early = time.monotonic() - ended.child.started_at < EARLY_S
        self._early_deaths = self._early_deaths + 1 if is_early else 0
        log.error("child_ended", child=ended.child.command[0], code=ended.code)
        if self._early_deaths > EARLY_DEATHS_MAX:
            raise CannotServe("Its processes end as soon as they are started; the log lines above say why.")
        if is_early:
            time.sleep(0.2 * self._early_deaths)
        ended.child.start(self._told)

    def _stop(self) -> None:
        """SIGTERM to all; whoever has not finished in time, or is in the way of a second Ctrl-C, is killed."""
        for child in self._children:
            child.send(signal.SIGTERM)
        until = time.monotonic() + STOP_S
        left = {child for child in self._children if child.running is not None and child.running.poll() is None}
        while left:
            try:
                told = self._told.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                told = "stop"
            if isinstance(told, _Ended):
                left.discard(told.child)
            else:
                for child in left:
                    child.send(signal.SIGKILL)
                until += STOP_S
