"""The folder an embedded PostgreSQL keeps its files in: what is in it, and which programs can read it."""

import os
from pathlib import Path

from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries, choose_binaries, find_binaries
from orderwright.database.cluster_account import Account, reachable_binaries

MARKER = "orderwright.conf"


def is_made(folder: Path) -> bool:
    """Whether a cluster of ours is in `folder`. Raises DatabaseAway when something else is."""
    if (folder / MARKER).is_file():
        return True
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise DatabaseAway(f"{folder} is not a folder. Choose another with ORDERWRIGHT_DATA.")
    if (folder / "PG_VERSION").exists():
        raise DatabaseAway(
            f"{folder} holds a PostgreSQL that Orderwright did not make. To use that one, start it and "
            "name it in DATABASE_URL; else choose another folder with ORDERWRIGHT_DATA."
        )
    if any(folder.iterdir()):
        raise DatabaseAway(
            f"{folder} holds files that are not Orderwright's. Choose another folder with ORDERWRIGHT_DATA."
        )
    return False


def nothing_there(folder: Path) -> DatabaseAway:
    """What to say of a folder without a database."""
    return DatabaseAway(
        f"There is no Orderwright database in {folder}. `orderwright serve`, `orderwright demo` and "
        "`orderwright stores create` make one; ORDERWRIGHT_DATA says where to look for another."
    )


def made_by_major(folder: Path) -> int:
    """The major version of PostgreSQL that made the cluster in `folder`."""
    return int((folder / "PG_VERSION").read_text())


def binaries_for(folder: Path, account: Account) -> Binaries:
    """The programs that run the cluster in `folder`. Raises DatabaseAway when ours are of another major."""
    made_by, here = made_by_major(folder), choose_binaries()
    if here.major > made_by:
        raise DatabaseAway(
            f"{folder} was made by PostgreSQL {made_by}, and this installation brings {here.version}. "
            "Run `orderwright upgrade` to move it over; the old folder is kept."
        )
    if here.major < made_by:
        raise DatabaseAway(
            f"{folder} was made by PostgreSQL {made_by}; here is only {here.version}, which cannot read it. "
            f"Install PostgreSQL {made_by}; or install a newer one and run `orderwright upgrade`."
        )
    return reachable_binaries(here, account, folder)


def old_binaries_for(folder: Path, account: Account) -> Binaries:
    """Programs of the major version that made `folder`, to read it one last time."""
    made_by = made_by_major(folder)
    found = find_binaries(made_by)
    if found is None:
        raise DatabaseAway(
            f"{folder} was made by PostgreSQL {made_by}, whose programs are needed once more to read it. "
            f"Install PostgreSQL {made_by} beside the new one and run `orderwright upgrade` again."
        )
    return reachable_binaries(found, account, folder)


def waiting_upgrade(folder: Path) -> Path:
    """Where an upgraded cluster, complete, waits to take the old one's place."""
    return folder.with_name(f"{folder.name}.upgraded")


def finish_upgrade(folder: Path) -> None:
    """Put a waiting upgraded cluster in its place, if its maker was stopped between the two renames."""
    if waiting_upgrade(folder).exists() and not folder.exists():
        waiting_upgrade(folder).rename(folder)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
