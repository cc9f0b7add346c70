"""Whose account PostgreSQL runs under. It refuses to run as root, so root lends it another one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from orderwright.database import passage
from orderwright.database.away import DatabaseAway
from orderwright.database.binaries import Binaries

BORROWED_NAMES = ("postgres", "_postgres", "nobody")


class Account(NamedTuple):
    """The account PostgreSQL's programs run under. `is_borrowed`: we are root, and it is another's."""

    uid: int
    gid: int
    is_borrowed: bool

    @property
    def name(self) -> str:
        """The account's name, or its number when it has none."""
        return name_of(self.uid)

    def run(
        self, command: Sequence[str], said: str = "", holding: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end with `said` on its standard input; its output is text.

        It and its children hold the locks `holding`. Ctrl-C waits for them: PostgreSQL's programs are
        short, and leave shared memory behind when they are cut off.
        """
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, pass_fds=holding, **self.options()
        ) as program:
            try:
                output, errors = program.communicate(said)
            except BaseException:
                program.communicate()
                raise
        return subprocess.CompletedProcess(command, program.returncode, output, errors)

    def options(self) -> dict[str, Any]:
        """Keywords for `subprocess` that start a program under this account, out of Ctrl-C's reach."""
        shared = {"cwd": "/", "env": _environment(), "start_new_session": True, "umask": 0o077}
        if self.is_borrowed:
            return {**shared, "user": self.uid, "group": self.gid, "extra_groups": []}
        return shared

    def give(self, *paths: Path) -> None:
        """Make files we wrote this account's own."""
        if self.is_borrowed:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def account_for(folder: Path) -> Account:
    """The account for a database folder.

    Our own, unless we are root: then the owner of the folder, or of the one it is in, or else an
    unprivileged account every system has. Raises DatabaseAway when the folder is another user's.
    """
    owner = next((path.stat() for path in (folder, folder.parent) if path.exists()), None)
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise DatabaseAway(
                f"{folder} belongs to user {name_of(owner.st_uid)} and you are {name_of(os.geteuid())}. "
                "Run this command as that user, or choose another folder with ORDERWRIGHT_DATA."
            )
        return Account(os.geteuid(), os.getegid(), False)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, True)
    for name in BORROWED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, True)
    raise DatabaseAway(
        "PostgreSQL does not run as root, and this system has neither a user `postgres` nor `nobody` "
        "to run it as. Run this command as an ordinary user."
    )


def name_of(uid: int) -> str:
    """A user's name, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def reachable_binaries(binaries: Binaries, account: Account, folder: Path) -> Binaries:
    """The programs where a borrowed account can run them: in place, or else a copy beside `folder`."""
    if not account.is_borrowed or passage.may_run(binaries.program("postgres"), account.options()):
        return binaries
    # Root's home, and what root installs under a strict umask, is closed to everyone else.
    copy = folder.with_name(f"{folder.name}-programs-{binaries.version}")
    installation = binaries.folder.parent
    root = installation.parent.parent  # the programs look for the wheel's own libraries relative to here
    if not copy.exists():
        for leftover in folder.parent.glob(f"{copy.name}-*"):
            shutil.rmtree(leftover)  # its maker was killed
        unfinished = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=folder.parent))
        parts = [installation / name for name in ("bin", "lib", "share")]
        for part in (*parts, root / f"{installation.parent.name}.libs", installation.parent / ".dylibs"):
            if part.is_dir():
                shutil.copytree(part, unfinished / part.relative_to(root), symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        unfinished.rename(copy)
    return binaries._replace(folder=copy / binaries.folder.relative_to(root))


def _environment() -> dict[str, str]:
    """Ours without what would steer PostgreSQL's programs elsewhere (PGHOST, PGDATA, PGOPTIONS...)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
