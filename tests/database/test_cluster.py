"""The embedded PostgreSQL: one is made and started, everyone joins, nothing that dies leaves it broken."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from orderwright.database import cluster_lock, cluster_server
from orderwright.database.away import DatabaseAway
from orderwright.database.cluster import Cluster, DatabasePlace, locate_database, open_cluster
from orderwright.database.cluster_account import account_for
from orderwright.database.cluster_folder import binaries_for


def postmaster(folder: Path) -> int:
    found = cluster_server.find_postmaster(folder)
    assert found is not None
    return found.pid


def kill_postmaster(folder: Path) -> int:
    """kill -9 of the server, but not of its children, who follow by themselves. Returns its number."""
    server = postmaster(folder)
    os.kill(server, 9)
    os.waitpid(server, 0)
    return server


def one_value(cluster: Cluster, sql: str) -> object:
    with psycopg.connect(cluster.dsn) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


def test_processes_started_together_make_and_start_one_cluster(home, user):
    folder = home / "postgres"
    users = [user(folder) for _ in range(4)]
    addresses = {each.said() for each in users}
    assert addresses == {f"host={folder} port=5432 user=orderwright dbname=orderwright"}
    starts = [path.read_text().count("starting PostgreSQL") for path in (folder / "log").glob("*.log")]
    assert starts == [1]
    assert [each.close() for each in users] == ["left", "left", "left", "stopped"]
    assert not cluster_lock.is_running(folder)
    assert sorted(path.name for path in home.iterdir()) == ["postgres", "postgres.lock"]


def test_what_must_be_on_is_on(home, copied):
    stopped = copied(home / "postgres")
    with (stopped / "postgresql.conf").open("a") as conf:
        conf.write("fsync = off\nsynchronous_commit = off\nwork_mem = 5MB\nlisten_addresses = '*'\n")
    with open_cluster(stopped, may_initialise=False) as cluster, psycopg.connect(cluster.dsn) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}".encode()).fetchone()[0]
            for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses",
                         "server_encoding", "TimeZone", "work_mem")
        }  # fmt: skip
        role = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        is_powerful = role.fetchone()[0]
    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "work_mem": "5MB",  # the owner's own setting, which does no harm, wins
    }
    assert is_powerful is False


def test_a_killed_user_leaves_the_server_and_the_next_one_joins_it(stopped, user):
    killed = user(stopped)
    killed.said()
    server = postmaster(stopped)
    killed.kill()
    assert cluster_lock.is_running(stopped)
    cluster = open_cluster(stopped, may_initialise=False)
    assert postmaster(stopped) == server
    assert one_value(cluster, "SELECT 1") == 1
    assert cluster.stop_if_last() is True
    assert not cluster_lock.is_running(stopped)


def test_a_killed_server_is_started_again_with_all_it_acknowledged(stopped):
    first = open_cluster(stopped, may_initialise=False)
    with psycopg.connect(first.dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server = kill_postmaster(stopped)
    second = open_cluster(stopped, may_initialise=False)
    assert postmaster(stopped) != server
    assert one_value(second, "SELECT answer FROM kept") == 42
    # The first user still counts: it reconnects to the same address.
    assert second.stop_if_last() is False
    assert one_value(first, "SELECT answer FROM kept") == 42
    assert first.stop_if_last() is True


def test_a_number_in_use_again_does_not_pass_for_a_living_server(stopped):
    """Containers count from 1 at each start: a dead server's number soon belongs to someone else."""
    account = account_for(stopped)
    cluster = open_cluster(stopped, may_initialise=False)
    kill_postmaster(stopped)
    someone = subprocess.Popen(["/bin/sleep", "60"], **account.options())
    try:
        for left in (stopped / "postmaster.pid", stopped / ".s.PGSQL.5432.lock"):
            left.write_text("\n".join([str(someone.pid), *left.read_text().splitlines()[1:], ""]))
        again = open_cluster(stopped, may_initialise=False)
        assert one_value(again, "SELECT 1") == 1
        assert again.stop_if_last() is False
        assert cluster.stop_if_last() is True
        assert someone.poll() is None  # nobody took it for the server and stopped it
    finally:
        someone.kill()
        someone.wait()


def test_a_server_started_by_hand_is_left_alone(stopped):
    account = account_for(stopped)
    program = binaries_for(stopped, account).program("postgres")
    by_hand = subprocess.Popen(
        [program, "-D", stopped, "-k", stopped, "-c", "listen_addresses="],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **account.options(),
    )
    try:
        while (found := cluster_server.find_postmaster(stopped)) is None or found.status != "ready":
            time.sleep(0.01)
        with pytest.raises(DatabaseAway, match="did not start") as away:
            open_cluster(stopped, may_initialise=True)
        assert "shared memory block" in str(away.value)
        assert one_value(Cluster(f"host={stopped} user=orderwright dbname=orderwright"), "SELECT 1") == 1
    finally:
        by_hand.send_signal(2)
        by_hand.wait()


def test_a_maker_killed_midway_is_in_nobodys_way(home, user):
    folder = home / "postgres"
    maker = user(folder)
    while not any(home.glob("postgres.new-*/PG_VERSION")):
        time.sleep(0.005)
    maker.kill()
    assert not folder.exists()
    with open_cluster(folder, may_initialise=True) as cluster:
        assert one_value(cluster, "SELECT 1") == 1


def test_ctrl_c_while_making_one_makes_none(home, user):
    folder = home / "postgres"
    maker = user(folder)
    while not any(home.glob("postgres.new-*/PG_VERSION")):
        time.sleep(0.005)
    assert maker.ctrl_c() == 130
    assert not folder.exists()


def test_ctrl_c_closes_the_one_and_spares_the_others(stopped, user):
    interrupted = user(stopped)
    interrupted.said()
    mine = open_cluster(stopped, may_initialise=False)
    server = postmaster(stopped)
    assert interrupted.ctrl_c() == 130
    assert one_value(mine, "SELECT 1") == 1
    assert postmaster(stopped) == server
    last = user(stopped)
    last.said()
    assert mine.stop_if_last() is False
    assert last.ctrl_c() == 130
    assert not cluster_lock.is_running(stopped)


def test_stopping_cuts_off_who_is_still_connected(stopped):
    cluster = open_cluster(stopped, may_initialise=False)
    with psycopg.connect(cluster.dsn) as connection:
        assert cluster.stop_if_last() is True
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert cluster.stop_if_last() is False


FORKING = """
import os, sys
from pathlib import Path
import psycopg
from orderwright.database.cluster import open_cluster
cluster = open_cluster(Path(sys.argv[1]), may_initialise=False)
if (child := os.fork()) == 0:
    os._exit(1 if cluster.stop_if_last() else 0)
assert os.waitpid(child, 0)[1] == 0, "the copy stopped it"
psycopg.connect(cluster.dsn).close()
assert cluster.stop_if_last() is True
"""


def test_a_forked_copy_does_not_stop_what_its_parent_uses(stopped):
    done = subprocess.run([sys.executable, "-c", FORKING, stopped], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


class Settings(NamedTuple):
    database_url: str | None
    folder: Path


def test_the_settings_say_where_the_database_is():
    theirs = locate_database(Settings("host=db.example.org", Path("/srv/shop")))
    assert theirs == DatabasePlace("host=db.example.org", None)
    cluster = theirs.open()
    assert (cluster.dsn, cluster.stop_if_last()) == ("host=db.example.org", False)
    assert locate_database(Settings("", Path("/srv/shop"))) == DatabasePlace(None, Path("/srv/shop/postgres"))


def test_the_suite_has_a_postgresql_of_its_own(postgres):
    assert one_value(Cluster(postgres), "SELECT current_database()") == "orderwright"
