"""backup, restore: one store to a file and back."""

from pathlib import Path

from orderwright.doors.cli import here


def backup(file: Path) -> None:
    """Write the store to a file, as of one moment, while it works on.

    Example: orderwright backup monday.dump

    Parameters
    ----------
    file
        The file to write; one that is there is replaced once the new one is whole.
    """
    from orderwright.database.backup import back_up

    with here.store() as store:
        back_up(store.database.dsn, store.schema, file)
    print(f"Store {store.name} is in {file}, {file.stat().st_size:,} bytes.")


def restore(file: Path) -> None:
    """Bring a store back from a file, into a database that does not have it. Run `check` afterwards.

    Example: orderwright restore monday.dump

    Parameters
    ----------
    file
        A file that `orderwright backup` wrote.
    """
    from orderwright.database import backup as backups
    from orderwright.database.cluster import locate_database

    with locate_database(here.deployment()).open(may_initialise=True) as cluster:
        name = backups.restore(cluster.dsn, file)
    print(f"Store {name} is back. `orderwright check` tells whether all of it holds.")
