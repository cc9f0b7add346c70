"""Moving the embedded PostgreSQL to another major version: dump and restore, the old folder kept."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from orderwright.database import cluster_folder, cluster_lock, cluster_server
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries, choose_binaries
from orderwright.database.cluster_account import Account, account_for, reachable_binaries
from orderwright.database.cluster_make import ADMIN, make_cluster
from orderwright.database.cluster_opening import address, in_plain_words


def upgrade_cluster(folder: Path, *, tell: Callable[[str], None]) -> Path | None:
    """Move the cluster in `folder` to the major version we bring. `tell` hears each step, as a sentence.

    Returns where the old folder is kept, or None when there was nothing to do. Nothing changes until
    the new cluster is complete; stopped at any moment, it can be run again. Row versions start anew,
    so readers of the feed must begin a new epoch. Raises DatabaseAway when something uses the cluster,
    or the old version's programs are not here.
    """
    folder = folder.resolve()
    with in_plain_words(folder):
        return _upgrade(folder, tell)


def _upgrade(folder: Path, tell: Callable[[str], None]) -> Path | None:
    account = account_for(folder)
    if not cluster_lock.decision_file(folder).exists():
        raise cluster_folder.nothing_there(folder)
    with cluster_lock.deciding(folder):
        cluster_folder.finish_upgrade(folder)
        if not cluster_folder.is_made(folder):
            raise cluster_folder.nothing_there(folder)
        made_by, new = cluster_folder.made_by_major(folder), choose_binaries()
        if made_by == new.major:
            return None
        if cluster_lock.is_used(folder):
            raise DatabaseAway(f"{folder} is in use. Stop every `orderwright` that runs on it, then upgrade.")
        old = cluster_folder.old_binaries_for(folder, account)
        tell(f"Copying the database from PostgreSQL {made_by} to {new.version}.")
        _copy(folder, account, old, reachable_binaries(new, account, folder))
        kept = _put_in_place(folder, f"postgresql-{made_by}")
        tell(f"Done. The old database is kept in {kept}; delete it when you are sure.")
        return kept


def _copy(folder: Path, account: Account, old: Binaries, new: Binaries) -> None:
    """Build the complete new cluster and leave it where `finish_upgrade` looks for it."""
    waiting = cluster_folder.waiting_upgrade(folder)
    if waiting.exists():  # complete, but the old one was never moved away: it may have changed since
        shutil.rmtree(waiting)
    for leftover in folder.parent.glob(f"{folder.name}.upgrade-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # its maker was killed
    scratch = Path(tempfile.mkdtemp(prefix=f"{folder.name}.upgrade-", dir=folder.parent))
    scratch.chmod(0o711)
    fresh = scratch / folder.name
    try:
        make_cluster(fresh, account, new)
        try:
            source = cluster_server.ensure_running(folder, account, old)
            target = cluster_server.ensure_running(fresh, account, new)
            _pipe(
                [new.program("pg_dump"), "--format=custom", "--compress=0", "-d", address(source, ADMIN)],
                [new.program("pg_restore"), "--exit-on-error", "-d", address(target, ADMIN)],
                account,
            )
            with psycopg.connect(address(target, ADMIN), autocommit=True) as connection:
                connection.execute("ANALYZE")
        finally:
            cluster_server.stop(fresh)
            cluster_server.stop(folder)
        fresh.rename(waiting)
        cluster_folder.sync_folder(folder.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _pipe(writer: list[str], reader: list[str], account: Account) -> None:
    """Run `writer | reader`. Raises DatabaseAway with their words unless both end well."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(writer, stdout=subprocess.PIPE, stderr=said, **account.options()) as dump,
        subprocess.Popen(reader, stdin=dump.stdout, stderr=said, **account.options()) as restore,
    ):
        assert dump.stdout is not None
        dump.stdout.close()  # so that the writer learns of it when the reader ends early
        if restore.wait() != 0 or dump.wait() != 0:
            said.seek(0)
            words = " ".join(said.read().decode(errors="replace").split())
            raise DatabaseAway(f"The upgrade failed and changed nothing. PostgreSQL said: {words[-600:]}")


def _put_in_place(folder: Path, suffix: str) -> Path:
    """Keep the old folder under another name and give its place to the new one."""
    kept = folder.with_name(f"{folder.name}.{suffix}")
    number = 1
    while kept.exists():
        number += 1
        kept = folder.with_name(f"{folder.name}.{suffix}-{number}")
    folder.rename(kept)
    cluster_folder.finish_upgrade(folder)
    return kept
