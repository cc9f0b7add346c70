"""Who may start or stop the embedded PostgreSQL, who uses it, and whether it runs: three file locks.

The kernel drops a lock when its holder dies, however it dies, so none of them can be left behind,
and none depends on process numbers, which containers use again at every start.

- `<folder>.lock`: held while deciding whether to initialise, start or stop.
- `<folder>/orderwright.users`: shared by every process that has the cluster open.
- `<folder>/orderwright.server`: held by PostgreSQL itself and all its children, who inherit it.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


def decision_file(folder: Path) -> Path:
    """The lock file beside a database folder."""
    return folder.with_name(f"{folder.name}.lock")


@contextmanager
def deciding(folder: Path) -> Iterator[None]:
    """Be the one process that may initialise, start or stop the cluster in `folder`."""
    lock = _open(decision_file(folder))
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting for another process that is starting or stopping PostgreSQL in %s", folder)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def begin_use(folder: Path) -> int:
    """Count this process as a user until the returned descriptor is closed. Call while deciding."""
    users = _open(folder / "orderwright.users")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def is_used(folder: Path) -> bool:
    """Whether any process has the cluster open. Call while deciding."""
    return _is_held(folder / "orderwright.users")


def is_running(folder: Path) -> bool:
    """Whether PostgreSQL, or a last child of one that was killed, is alive in `folder`."""
    return _is_held(folder / "orderwright.server")


def lock_for_server(folder: Path) -> int:
    """A held lock for PostgreSQL to inherit; close it here once the server has it."""
    server = _open(folder / "orderwright.server")
    fcntl.flock(server, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return server


def hold_unfinished(folder: Path) -> int:
    """A held lock on a folder in the making, for the programs that fill it to inherit."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def is_unfinished_held(folder: Path) -> bool:
    """Whether programs are still filling a folder, even if who started them was killed."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _is_held(path: Path) -> bool:
    lock = _open(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _open(path: Path) -> int:
    is_new = not path.exists()
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if is_new and os.geteuid() == 0:
        # Root may act for the folder's owner, who must be able to open the lock next time.
        above = path.parent.stat()
        os.fchown(lock, above.st_uid, above.st_gid)
    return lock
