"""What practice links remember: a small file that all processes share and a restart does not empty.

They play the outside world, so their memory stands beside the shop's books and not in them.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Memory:
    """One file with the tables of `schema`. file: None for a memory that ends with the object."""

    def __init__(self, file: Path | None, schema: str) -> None:
        self._path = file
        self._schema = schema
        self._file: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """The memory, one caller at a time; kept when the block was fine."""
        with self._lock:
            if self._file is None:
                self._file = self._opened()
            with self._file:
                yield self._file

    def _opened(self) -> sqlite3.Connection:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._path or ":memory:", timeout=30, check_same_thread=False)
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = OFF")  # it plays the outside; our own books are durable
        file.executescript(self._schema)
        return file
