"""Opening the house: the database started or joined, the first store made, all stores brought up to date."""

from orderwright.database.cluster import Cluster, locate_database
from orderwright.database.stores import create_store, list_stores, migrate_all
from orderwright.doors.deployment import Deployment


def open_house(deployment: Deployment) -> Cluster:
    """The database, ready to work with. Raises DatabaseAway."""
    cluster = locate_database(deployment).open(may_initialise=True)
    try:
        if not list_stores(cluster.dsn):
            create_store(cluster.dsn, deployment.store)
        migrate_all(cluster.dsn)
    except BaseException:
        cluster.stop_if_last()
        raise
    return cluster
