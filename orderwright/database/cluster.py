"""The database's address: DATABASE_URL's, or our own embedded PostgreSQL, found running or started."""

import os
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

from orderwright.database.away import DatabaseAway


class DatabaseSettings(Protocol):
    """The settings that say where the database is."""

    @property
    def database_url(self) -> str | None:
        """DATABASE_URL: a PostgreSQL that others run. None or empty: ours."""

    @property
    def folder(self) -> Path:
        """ORDERWRIGHT_DATA: the folder our own files lie in."""


class Cluster:
    """An open PostgreSQL. `dsn` is its address in libpq's words.

    Each process that works with it opens it for itself, so that the last one to close it stops it.
    """

    def __init__(self, dsn: str, folder: Path | None = None, use: int | None = None) -> None:
        self.dsn = dsn
        self._folder = folder
        self._use = use
        self._pid = os.getpid()

    @property
    def is_ours(self) -> bool:
        """Whether it is the embedded one, which nobody else starts or stops."""
        return self._folder is not None

    def start_again(self) -> bool:
        """Start the embedded server if it died while we used it; whether it had. Raises DatabaseAway.

        Its address stays the same, so connections find it again.
        """
        if self._folder is None or self._use is None or os.name == "nt":
            return False
        from orderwright.database import cluster_opening

        return cluster_opening.start_again(self._folder)

    def stop_if_last(self) -> bool:
        """Stop using it, and stop it if nobody else uses it and it is ours. Returns whether it was stopped.

        Close connections first: those still open are cut off. Calling it again does nothing.
        """
        use, self._use = self._use, None
        if use is None or self._folder is None:
            return False
        os.close(use)
        if self._pid != os.getpid() or not self._folder.exists():
            return False  # a forked copy of the one who opened it; or its folder was deleted
        from orderwright.database import cluster_lock, cluster_server

        with cluster_lock.deciding(self._folder):
            if cluster_lock.is_used(self._folder) or not cluster_lock.is_running(self._folder):
                return False
            cluster_server.stop(self._folder)
            return True

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_if_last()


class DatabasePlace(NamedTuple):
    """Where the database is: at `url`, or embedded in `folder`. Exactly one of them is None."""

    url: str | None
    folder: Path | None

    def open(self, *, may_initialise: bool = False) -> Cluster:
        """Open it. An embedded one is started if need be, and made if need be and allowed."""
        if self.folder is None:
            return Cluster(self.url or "")
        return open_cluster(self.folder, may_initialise=may_initialise)


def locate_database(settings: DatabaseSettings) -> DatabasePlace:
    """Where the settings say the database is: DATABASE_URL if set, else `postgres` in ORDERWRIGHT_DATA."""
    if settings.database_url:
        return DatabasePlace(settings.database_url, None)
    return DatabasePlace(None, settings.folder / "postgres")


def open_cluster(folder: Path, *, may_initialise: bool) -> Cluster:
    """Open the embedded PostgreSQL whose files are in `folder`: join it, start it, or make it.

    Several processes may do so at once: one makes and starts it, the others join. It survives its
    users being killed, and is stopped by the last one that closes it. Only `serve`, `demo` and
    `stores create` pass may_initialise. Raises DatabaseAway, in plain sentences, when it cannot.
    """
    if os.name == "nt":
        raise DatabaseAway(
            "Orderwright cannot run a PostgreSQL of its own on Windows. "
            "Install PostgreSQL, start it, and name it in DATABASE_URL."
        )
    from orderwright.database import cluster_opening  # needs what Windows does not have

    dsn, resolved, use = cluster_opening.open_embedded(folder, may_initialise=may_initialise)
    return Cluster(dsn, resolved, use)
