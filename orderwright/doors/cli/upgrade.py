"""upgrade: the embedded PostgreSQL moves to the major version that comes along."""

from orderwright.doors.cli import here


def upgrade() -> None:
    """Move the embedded database to the PostgreSQL this version brings; the old folder is kept. Stop everything first.

    Example: orderwright upgrade
    """
    from orderwright.database.cluster import locate_database
    from orderwright.database.cluster_upgrade import upgrade_cluster

    place = locate_database(here.deployment())
    if place.folder is None:
        raise here.WrongUsage("DATABASE_URL names a PostgreSQL of your own: upgrade it as its makers say.")
    if upgrade_cluster(place.folder, tell=print) is None:
        print("Nothing to do: the database is of this version already.")
