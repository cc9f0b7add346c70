"""The embedded PostgreSQL as a running server: found, started, stopped."""

import hashlib
import logging
import os
import signal
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from orderwright.database import cluster_lock, passage
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries
from orderwright.database.cluster_account import Account, name_of
from orderwright.database.cluster_folder import binaries_for
from orderwright.database.cluster_make import write_settings

PORT = 5432
SOCKET_PATH_MAX = 103  # bytes: macOS allows 104 with the closing NUL, Linux 108
POLL_SECONDS = 0.02
TELL_SECONDS = 10
UNREACHABLE_SECONDS_MAX = 60
STOP_SECONDS_MAX = 300

log = logging.getLogger(__name__)
_children: list[subprocess.Popen[bytes]] = []


class Postmaster(NamedTuple):
    """What a server says of itself in postmaster.pid. status: starting, ready, stopping, standby."""

    pid: int
    socket_folder: Path
    status: str


def ensure_running(folder: Path, account: Account, binaries: Binaries | None = None) -> Postmaster:
    """Join the server of `folder`, or start it; returns once it answers. Call while deciding.

    binaries: run it with these instead of the ones of its major version that we bring.
    """
    child: subprocess.Popen[bytes] | None = None
    began = told = time.monotonic()
    try:
        while True:
            if not cluster_lock.is_running(folder):
                if child is not None:
                    raise DatabaseAway(_did_not_start(folder))
                child = _start(folder, account, binaries or binaries_for(folder, account))
            found = find_postmaster(folder)
            if found is not None and child is not None and found.pid != child.pid:
                found = None  # written by the one before it
            if found is not None and found.status == "ready" and _answers(found):
                return found
            now = time.monotonic()
            if found is not None and found.status in ("starting", "stopping"):
                began = now  # recovery after a crash takes what it takes
            if now - began > UNREACHABLE_SECONDS_MAX:
                raise DatabaseAway(f"PostgreSQL in {folder} runs but does not answer; its log is in {folder / 'log'}.")
            if now - told > TELL_SECONDS:
                told = now
                log.warning("PostgreSQL in %s is %s; waiting", folder, found.status if found else "not ready")
            time.sleep(POLL_SECONDS)
    except BaseException:
        if child is not None:
            child.send_signal(signal.SIGINT)
            child.wait()
        raise


def find_postmaster(folder: Path) -> Postmaster | None:
    """What postmaster.pid says; None when it is absent or not written to its end. It may be a dead one's."""
    try:
        lines = os.fsdecode((folder / "postmaster.pid").read_bytes()).splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip())
    except (FileNotFoundError, IndexError, ValueError):
        return None


def stop(folder: Path) -> None:
    """Stop the server of `folder`, cutting off whoever is still connected. Call while deciding."""
    is_told = False
    deadline = time.monotonic() + STOP_SECONDS_MAX
    found = find_postmaster(folder)
    while cluster_lock.is_running(folder):
        found = found or find_postmaster(folder)
        if found is not None and not is_told:
            is_told = True
            with suppress(ProcessLookupError):  # it was killed, and its children are following
                os.kill(found.pid, signal.SIGINT)
        if time.monotonic() > deadline:
            log.warning("PostgreSQL in %s is still writing its last checkpoint; it stops by itself", folder)
            return
        time.sleep(POLL_SECONDS)
    _children[:] = [child for child in _children if child.poll() is None]
    if found is not None and found.socket_folder != folder:
        with suppress(OSError):
            found.socket_folder.rmdir()


def _start(folder: Path, account: Account, binaries: Binaries) -> subprocess.Popen[bytes]:
    passage.open_passage(folder.parent, account.uid, account.options())
    write_settings(folder, account)
    command = [binaries.program("postgres"), "-D", str(folder)]
    for setting in (
        "fsync=on",
        "full_page_writes=on",
        "synchronous_commit=on",
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={_listed(socket_folder(folder, account))}",
        "unix_socket_permissions=0700",
    ):
        command += ["-c", setting]
    options = account.options()
    stale = find_postmaster(folder)
    if stale is not None:
        # The server lock says it is dead, but its number may be in use again, or still be a zombie's.
        # PostgreSQL would take either for a living server; it overlooks only this one number, and
        # still refuses while anything is attached to the old server's shared memory.
        options["env"]["PG_GRANDPARENT_PID"] = str(stale.pid)
    else:
        # A server that could not clean up behind itself left the socket's lock alone, with a number as good as that.
        (socket_folder(folder, account) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
    lock = cluster_lock.lock_for_server(folder)
    try:
        with (folder / "start.log").open("wb") as said:
            account.give(folder / "start.log")
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=[lock], **options
            )
    finally:
        os.close(lock)  # the server has its own
    _children.append(child)
    return child


def socket_folder(folder: Path, account: Account) -> Path:
    """Where the socket lies: in the database folder, or in a short private one when its path will not do."""
    # libpq reads a comma as the start of a second host.
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_MAX and "," not in str(folder):
        return folder
    temporary = Path("/tmp" if account.is_borrowed else tempfile.gettempdir())
    name = f"orderwright-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    if len(os.fsencode(temporary / name / f".s.PGSQL.{PORT}")) > SOCKET_PATH_MAX:
        temporary = Path("/tmp")
    short = temporary / name
    try:
        short.mkdir(mode=0o700)
        account.give(short)
    except FileExistsError:
        pass
    found = short.lstat()
    # Anyone may make folders there: one that is not ours alone would let others in.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise DatabaseAway(f"{short} should be a private folder of {name_of(account.uid)}, and is not. Remove it.")
    return short


def _listed(path: Path) -> str:
    """A path as one element of a PostgreSQL list setting."""
    return '"' + str(path).replace('"', '""') + '"'


def _answers(found: Postmaster) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as attempt:
        try:
            attempt.connect(str(found.socket_folder / f".s.PGSQL.{PORT}"))
        except (ConnectionError, FileNotFoundError):
            return False
    return True


def _did_not_start(folder: Path) -> str:
    logs = sorted((folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = (folder / "start.log").read_text(errors="replace").splitlines()
    reasons = [line for line in lines if "FATAL" in line]
    if not reasons and logs:
        reasons = logs[-1].read_text(errors="replace").splitlines()[-3:]
    words = " ".join(reasons or lines)[-600:]
    return f"PostgreSQL did not start in {folder}. It said: {words} Its log is in {folder / 'log'}."
