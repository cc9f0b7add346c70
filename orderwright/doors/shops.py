"""The stores a process works for, each opened once, with the writer of its changes."""

import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

from orderwright.database.settings import FROM_FILE
from orderwright.database.store import Database, Store
from orderwright.database.writer import Writer


class Shop(NamedTuple):
    """An open store."""

    store: Store
    writer: Writer


class Shops:
    """Opens stores when they are first asked for. `file_settings`: what `orderwright.toml` says for stores."""

    def __init__(self, database: Database, file_settings: Mapping[str, Any], writer_threads: int = 4) -> None:
        self.database = database
        self._file_settings = file_settings
        self._writer_threads = writer_threads
        self._open: dict[str, Shop] = {}
        self._opening = threading.Lock()

    def shop(self, name: str) -> Shop:
        """The store of that name. Raises LookupError when there is none. May wait for the database."""
        shop = self._open.get(name)
        if shop is not None:
            return shop
        with self._opening:
            if name not in self._open:
                store = self.database.store(name)
                store.cache[FROM_FILE] = self._file_settings
                self._open[name] = Shop(store, Writer(store, self._writer_threads))
            return self._open[name]

    def find(self, name: str) -> Shop | None:
        """The store of that name if it is open already. Does not wait."""
        return self._open.get(name)

    def all_open(self) -> list[Shop]:
        """The stores opened so far."""
        return list(self._open.values())

    def close(self, name: str) -> None:
        """Let go of a store that is to be no more. None open: nothing happens."""
        with self._opening:
            shop = self._open.pop(name, None)
        if shop is not None:
            shop.writer.stop()

    def stop(self) -> None:
        """Finish what the writers accepted, then close the connections."""
        with self._opening:
            for shop in self._open.values():
                shop.writer.stop()
            self._open.clear()
        self.database.close()
