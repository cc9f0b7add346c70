"""Moving the embedded PostgreSQL to another major version."""

import os

import psycopg
import pytest

from orderwright.database import cluster_server
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import choose_binaries, list_binaries
from orderwright.database.cluster import open_cluster
from orderwright.database.cluster_account import account_for
from orderwright.database.cluster_folder import made_by_major, waiting_upgrade
from orderwright.database.cluster_lock import begin_use, deciding, decision_file
from orderwright.database.cluster_make import make_cluster
from orderwright.database.cluster_opening import address
from orderwright.database.cluster_upgrade import upgrade_cluster


@pytest.fixture
def older(home):
    """A folder made by an older PostgreSQL, with a store in it."""
    found = next((each for each in list_binaries() if each.major < choose_binaries().major), None)
    if found is None:
        pytest.skip("this machine has programs of one major version only")
    folder = home / "postgres"
    account = account_for(folder)
    make_cluster(folder, account, found)
    with deciding(folder):
        server = cluster_server.ensure_running(folder, account, found)
        with psycopg.connect(address(server)) as connection:
            connection.execute("CREATE SCHEMA store_main")
            connection.execute(
                "CREATE TABLE store_main.mug AS SELECT n, 'Straße' AS street FROM generate_series(1, 999) n"
            )
        cluster_server.stop(folder)
    return folder


def streets(folder):
    with open_cluster(folder, may_initialise=False) as cluster, psycopg.connect(cluster.dsn) as connection:
        return connection.execute("SELECT count(*), sum(n)::int, max(street) FROM store_main.mug").fetchone()


def test_an_upgrade_carries_everything_over_and_keeps_the_old_folder(home, older):
    made_by = made_by_major(older)
    told = []
    kept = upgrade_cluster(older, tell=told.append)
    assert kept == home / f"postgres.postgresql-{made_by}"
    assert (made_by_major(kept), made_by_major(older)) == (made_by, choose_binaries().major)
    assert streets(older) == (999, 499500, "Straße")
    assert told == [
        f"Copying the database from PostgreSQL {made_by} to {choose_binaries().version}.",
        f"Done. The old database is kept in {kept}; delete it when you are sure.",
    ]
    assert upgrade_cluster(older, tell=told.append) is None
    assert sorted(path.name for path in home.iterdir()) == ["postgres", "postgres.lock", kept.name]


def test_an_upgrade_cut_off_between_its_two_renames_is_finished_by_the_next_opening(home, copied):
    copied(waiting_upgrade(home / "postgres"))
    copied(home / "postgres.postgresql-16")
    decision_file(home / "postgres").touch()
    with open_cluster(home / "postgres", may_initialise=False) as cluster:
        assert cluster.dsn.startswith(f"host={home}/postgres ")
    assert not waiting_upgrade(home / "postgres").exists()


def test_a_cluster_in_use_is_not_upgraded(pretended):
    use = begin_use(pretended)
    try:
        with pytest.raises(DatabaseAway, match="is in use"):
            upgrade_cluster(pretended, tell=str)
    finally:
        os.close(use)


def test_an_upgrade_without_the_old_programs_says_which_to_install(pretended):
    with pytest.raises(DatabaseAway, match=r"Install PostgreSQL 14 beside the new one"):
        upgrade_cluster(pretended, tell=str)


def test_an_upgrade_of_nothing_is_refused(home):
    with pytest.raises(DatabaseAway, match="There is no Orderwright database"):
        upgrade_cluster(home / "postgres", tell=str)
    assert list(home.iterdir()) == []
