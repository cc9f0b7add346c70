"""The demo's own folder, and what it remembers there: what is being run, until when."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

MARK = "orderwright-demo.json"
FRESH_FOR = timedelta(hours=12)
"""A demo that ended longer ago no longer ends in the present, and is made anew."""


class NotOurs(Exception):
    """The folder is there and was not made by the demo; `str()` of it is what people read."""


class Run(msgspec.Struct, frozen=True):
    """What a demo was asked for, and the moment (aware UTC) it ends at. lives: from then on it goes on by itself."""

    days: int | None
    seed: int
    ends_at: datetime
    lives: bool = False

    def is_wanted(self, days: int | None, seed: int) -> bool:
        """Whether it is what is asked for now, and still fresh."""
        return (self.days, self.seed) == (days, seed) and datetime.now(UTC) - self.ends_at < FRESH_FOR


def claim_folder(folder: Path) -> Run | None:
    """Make the demo's folder, or find the one it made before and what was run there. Raises NotOurs.

    The mark comes first of all, empty, so that a demo killed while its database is made finds its folder again.
    """
    mark = folder / MARK
    if mark.exists():
        told = mark.read_bytes()
        return msgspec.json.decode(told, type=Run) if told else None
    if folder.exists() and any(folder.iterdir()):
        raise NotOurs(f"{folder.resolve()} was not made by the demo; name another folder with --data.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    mark.touch()
    return None


def remember(folder: Path, run: Run) -> None:
    """Write down what is run from now on."""
    (folder / MARK).write_bytes(msgspec.json.encode(run))


def new_run(days: int | None, seed: int) -> Run:
    """A demo that ends this minute."""
    return Run(days, seed, datetime.now(UTC).replace(second=0, microsecond=0))
