"""Making a new embedded PostgreSQL, and the settings each one runs with."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from orderwright.database import cluster_lock, passage
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries
from orderwright.database.cluster_account import Account, reachable_binaries
from orderwright.database.cluster_folder import MARKER, sync_folder

NAME = "orderwright"  # of the database, and of the role that owns it and has no other right
ADMIN = "postgres"

SETTINGS = """\
# Written by Orderwright at each start. Put your own at the end of postgresql.conf, where they win.
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
huge_pages = try
dynamic_shared_memory_type = {shared_memory}
max_connections = 100
max_wal_size = 4GB
min_wal_size = 256MB
wal_compression = on
random_page_cost = 1.1
jit = off
autovacuum_naptime = 15s
autovacuum_vacuum_cost_limit = 1000
timezone = 'UTC'

# A week of logs without personal data: no statements, no values of rows.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_timezone = 'UTC'
log_error_verbosity = terse
log_min_error_statement = panic
"""
ACCESS = """\
# Only through the socket, which lies in a folder that only its owner may enter.
local all all trust
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]
SHARED_MEMORY_MIN = 256 * 1024 * 1024


def make_cluster(folder: Path, account: Account, binaries: Binaries) -> None:
    """Make a new cluster in `folder`, whole or not at all: it is built beside it, then renamed.

    Raises DatabaseAway with PostgreSQL's own words when it cannot.
    """
    for leftover in folder.parent.glob(f"{folder.name}.new-*"):
        if not cluster_lock.is_unfinished_held(leftover):  # its maker was killed, and what it started has ended
            shutil.rmtree(leftover, ignore_errors=True)
    passage.open_passage(folder.parent, account.uid, account.options())
    binaries = reachable_binaries(binaries, account, folder)
    new = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    lock = cluster_lock.hold_unfinished(new)
    run = partial(account.run, holding=[lock])
    try:
        account.give(new)
        _init(new, run, binaries)
        (new / "pg_hba.conf").write_text(ACCESS)
        with (new / "postgresql.conf").open("a") as conf:
            conf.write(f"include '{MARKER}'\n\n# Your own settings:\n")
        write_settings(new, account)
        _create_database(new, run, binaries)
        _require(run([binaries.program("initdb"), "--sync-only", "-D", str(new)]))
        new.rename(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    finally:
        os.close(lock)
    sync_folder(folder.parent)


def write_settings(folder: Path, account: Account) -> None:
    """Write the settings as this release wants them on this machine."""
    memory = Path("/dev/shm")
    room = os.statvfs(memory) if memory.is_dir() else None
    # Containers often have 64 MB there, which one parallel query outgrows.
    is_small = room is not None and room.f_blocks * room.f_frsize < SHARED_MEMORY_MIN
    (folder / MARKER).write_text(SETTINGS.format(shared_memory="mmap" if is_small else "posix"))
    account.give(folder / MARKER)


def _init(new: Path, run: Run, binaries: Binaries) -> None:
    command = [
        binaries.program("initdb"),
        "-D",
        str(new),
        f"--username={ADMIN}",
        "--data-checksums",
        "--no-sync",
    ]
    command += ["--encoding=UTF8", "--auth-local=trust", "--auth-host=reject"]
    if binaries.major >= 17:
        # The built-in provider sorts the same on every machine, whatever its C library.
        _require(run([*command, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]))
    elif run([*command, "--locale=C.UTF-8"]).returncode != 0:
        _require(run([*command, "--locale=C"]))


def _create_database(new: Path, run: Run, binaries: Binaries) -> None:
    command = [binaries.program("postgres"), "--single", "-j", "-D", str(new), "-c", "logging_collector=off", ADMIN]
    done = run(command, f"CREATE ROLE {NAME} LOGIN;\n\nCREATE DATABASE {NAME} OWNER {NAME};\n\n")
    if "ERROR:" in done.stderr:  # a failing statement does not fail the program
        done.returncode = 1
    _require(done)


def _require(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())
        raise DatabaseAway(f"PostgreSQL could not make its files. It said: {said[-600:]}")
