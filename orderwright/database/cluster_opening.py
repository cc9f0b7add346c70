"""Opening the embedded PostgreSQL: recognise or make its folder, join or start its server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo

from orderwright.database import cluster_lock
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import choose_binaries
from orderwright.database.cluster_account import account_for
from orderwright.database.cluster_folder import finish_upgrade, is_made, nothing_there
from orderwright.database.cluster_make import NAME, make_cluster
from orderwright.database.cluster_server import PORT, Postmaster, ensure_running


def open_embedded(folder: Path, *, may_initialise: bool) -> tuple[str, Path, int]:
    """The address, the folder's full path, and the descriptor that counts us as a user.

    See `cluster.open_cluster`.
    """
    folder = folder.resolve()  # the lock lies beside the folder itself, not beside a link to it
    with in_plain_words(folder):
        return _open(folder, may_initialise)


@contextmanager
def in_plain_words(folder: Path) -> Iterator[None]:
    """Say what the file system refuses as a sentence about the folder."""
    try:
        yield
    except OSError as error:
        raise DatabaseAway(
            f"The database in {folder} cannot be used: {error.filename or folder}: {error.strerror}. "
            "Mend that, or choose another folder with ORDERWRIGHT_DATA."
        ) from error


def address(found: Postmaster, user: str = NAME) -> str:
    """A server's address in libpq's words."""
    return make_conninfo(host=str(found.socket_folder), port=PORT, user=user, dbname=NAME)


def start_again(folder: Path) -> bool:
    """Start a server that died while it was in use; whether it had."""
    with in_plain_words(folder), cluster_lock.deciding(folder):
        if cluster_lock.is_running(folder):
            return False
        ensure_running(folder, account_for(folder))
        return True


def _open(folder: Path, may_initialise: bool) -> tuple[str, Path, int]:
    if "\n" in str(folder):
        raise DatabaseAway(f"PostgreSQL cannot work in a folder with a line break in its name: {str(folder)!r}.")
    account = account_for(folder)
    if may_initialise:
        _make_home(folder.parent)
    elif not folder.exists() and not cluster_lock.decision_file(folder).exists():
        raise nothing_there(folder)
    with cluster_lock.deciding(folder):
        finish_upgrade(folder)
        if not is_made(folder):
            if not may_initialise:
                raise nothing_there(folder)
            make_cluster(folder, account, choose_binaries())
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "it is read-only", str(folder))
        use = cluster_lock.begin_use(folder)
        try:
            found = ensure_running(folder, account)
        except BaseException:
            os.close(use)
            raise
    return address(found), folder, use


def _make_home(home: Path) -> None:
    """ORDERWRIGHT_DATA's folder: private, but for root, who must let PostgreSQL's account pass."""
    if not home.is_dir():
        home.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
