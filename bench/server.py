"""A server to measure: started in a folder of its own on an embedded PostgreSQL, with a store and a key."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orderwright.database.cluster import open_cluster
from orderwright.database.store import Database, Store
from orderwright.doors.serving.listening import is_ready
from orderwright.flows import FLOWS


class Server:
    """One running `orderwright serve`, and the store behind it."""

    def __init__(self, folder: Path, processes: int = 1, python_path: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._python_path = python_path
        self.port = _free_port()
        self._processes = processes
        self.process = self._start()
        self.take_hold()
        self.key = self._command("keys", "create", "--name", "bench", "--scope", "admin")

    def take_hold(self) -> None:
        """Open the database from here."""
        self.cluster = open_cluster(self.folder / "postgres", may_initialise=False)
        self.database = Database(self.cluster.dsn, FLOWS)
        self.store: Store = self.database.store("main")

    def let_go(self) -> None:
        """Close it, so that the server alone uses it."""
        self.database.close()
        self.cluster.stop_if_last()

    def kill(self, *others: int) -> None:
        """kill -9 of every process of the server at once, as a crash would, and of `others`; PostgreSQL lives on."""
        for pid in (*self.pids(), *others):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> float:
        """Start again; seconds until the first answered request."""
        begun = time.perf_counter()
        self.process = self._start()
        return time.perf_counter() - begun

    def await_ready(self) -> None:
        """Wait until orders can be taken. Raises RuntimeError when the server has ended."""
        self._await(self.process)

    def start_whole(self) -> float:
        """Stop all, PostgreSQL too, and start it again; seconds until the first answered request."""
        self.stop()
        took = self.restart()
        self.take_hold()
        return took

    def pids(self) -> list[int]:
        """The processes of the server, without PostgreSQL."""
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            found.append(pid)
            left += [child for child in children_of(pid) if not _is_postgres(child)]
        return found

    def database_pids(self) -> list[int]:
        """The processes of PostgreSQL, the first one first."""
        first = self.postmaster()
        return [first, *children_of(first)]

    def postmaster(self) -> int:
        """The number of PostgreSQL's first process."""
        return int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])

    def words(self, pid: int) -> list[bytes]:
        """The command line of a process; empty when it is gone."""
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except FileNotFoundError:
            return []

    def stop(self) -> None:
        """SIGTERM and wait; then leave the cluster."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.let_go()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "orderwright", "serve", "--port", str(self.port)]
        if self._processes > 1:
            command += ["--processes", str(self._processes)]
        with (self.folder / "serve.log").open("ab") as log:
            process = subprocess.Popen(command, env=self._environment(), stderr=log, stdout=subprocess.DEVNULL)
        self._await(process)
        return process

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        give_up_at = time.monotonic() + 60
        while time.monotonic() < give_up_at:
            if is_ready(f"http://127.0.0.1:{self.port}"):
                return
            if process.poll() is not None:
                said = (self.folder / "serve.log").read_text()[-2000:]
                raise RuntimeError(f"the server ended with {process.returncode}: {said}")
            time.sleep(0.05)
        raise TimeoutError("the server did not become ready in 60 s")

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "ORDERWRIGHT_DATA": str(self.folder), "PYTHONPATH": self._python_path}

    def _command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "orderwright", *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@contextmanager
def serving(folder: Path, processes: int = 1, python_path: str = "") -> Iterator[Server]:
    """A server in `folder`, stopped afterwards. `python_path`: looked at first by its processes."""
    server = Server(folder, processes, python_path)
    try:
        yield server
    finally:
        server.stop()


def children_of(pid: int) -> list[int]:
    """The processes a process started and did not wait for yet."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    except FileNotFoundError:
        return False
