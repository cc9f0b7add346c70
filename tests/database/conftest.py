"""Clusters to start, kill and spoil, each in a folder of its own, and processes that use them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orderwright.database import cluster_lock, cluster_server
from orderwright.database.cluster import open_cluster
from orderwright.database.cluster_lock import decision_file, is_unfinished_held

USER_SCRIPT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, also where the suite runs behind a shell
from pathlib import Path
import psycopg
from orderwright.database.away import DatabaseAway
from orderwright.database import cluster_opening
from orderwright.database.cluster import open_cluster
from orderwright.database.cluster_lock import decision_file, is_unfinished_held
folder, may_initialise, uid = Path(sys.argv[1]), sys.argv[2] == "may_initialise", int(sys.argv[3])
if uid != os.geteuid():
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
try:
    with open_cluster(folder, may_initialise=may_initialise) as cluster:
        print(cluster.dsn, flush=True)
        sys.stdin.readline()
        print("stopped" if cluster.stop_if_last() else "left", flush=True)
except DatabaseAway as away:
    print(away, flush=True)
    sys.exit(away.exit_code)
except KeyboardInterrupt:
    sys.exit(130)
"""


class User:
    """Another process that opens a cluster, prints its address, and closes it when told."""

    def __init__(self, folder: Path, *, may_initialise: bool = True, uid: int | None = None) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                USER_SCRIPT,
                str(folder),
                "may_initialise" if may_initialise else "may_not",
                str(os.geteuid() if uid is None else uid),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def said(self) -> str:
        """Its next line: the address, "stopped", "left", or why the database is away."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> str:
        """Tell it to close the cluster; "stopped" if it was the last one, else "left"."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.said()
        assert self.end() == 0
        return answer

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.end()

    def ctrl_c(self) -> int:
        """What the terminal does: interrupt the whole process group. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.end()

    def end(self) -> int:
        """Wait for its end; its exit code."""
        self.process.communicate()
        return self.process.returncode


def new_place() -> Path:
    """A new folder with a short path: in memory where there is room, for tests kill processes, not disks."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    place = Path(tempfile.mkdtemp(prefix="ow-", dir=memory if has_room else "/tmp"))
    place.chmod(0o711)
    return place


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder with a short path. What runs below it is stopped, and all of it removed."""
    place = new_place()
    yield place
    for marker in place.rglob("orderwright.server"):
        if cluster_lock.is_running(marker.parent):
            cluster_server.stop(marker.parent)
    for unfinished in place.glob("postgres.new-*"):
        while is_unfinished_held(unfinished):
            time.sleep(0.02)
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A cluster that was made and stopped."""
    place = new_place()
    open_cluster(place / "postgres", may_initialise=True).stop_if_last()
    yield place / "postgres"
    shutil.rmtree(place)


@pytest.fixture
def stopped(template: Path) -> Iterator[Path]:
    """A cluster that is made and does not run. Tests share it, and leave it sound."""
    assert not cluster_lock.is_running(template)
    yield template
    if cluster_lock.is_running(template):
        cluster_server.stop(template)


@pytest.fixture
def copied(template: Path) -> Callable[[Path], Path]:
    """Put a stopped cluster that a test may spoil into a folder."""

    def copy(folder: Path) -> Path:
        subprocess.run(["cp", "-a", "--sparse=always", template, folder], check=True)
        return folder

    return copy


@pytest.fixture
def pretended(home: Path) -> Path:
    """A folder that looks like a stopped cluster, for those who do not look further."""
    folder = home / "postgres"
    folder.mkdir(mode=0o700)
    (folder / "orderwright.conf").touch()
    (folder / "PG_VERSION").write_text("14\n")
    decision_file(folder).touch()
    return folder


@pytest.fixture
def user(home: Path) -> Iterator[Callable[..., User]]:
    """Start processes that open a cluster; whoever is left at the end is killed."""
    started: list[User] = []

    def start(folder: Path, *, may_initialise: bool = True, uid: int | None = None) -> User:
        started.append(User(folder, may_initialise=may_initialise, uid=uid))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()
