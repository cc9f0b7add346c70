"""Stores full of made-up orders, each behind a server of its own; kept for the next run when asked."""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.million import fill
from bench.server import Server, serving
from bench.shopfront import stock_up
from orderwright.database.migrate import migrations

PRODUCTS = 2_000
FILLED = "filled"
"""The file in a store's folder that says by what it was filled: its statements, and each migration."""


@contextmanager
def filled_server(count: int, kept_in: Path | None) -> Iterator[tuple[Server, float]]:
    """A server with `count` orders, and the seconds filling took (0: it was there).

    kept_in: a folder in which the store stays. Migrations that came since it was made bring it up to date; one that was
    made by other statements than today's, or by migrations that read otherwise now, is made anew.
    """
    with tempfile.TemporaryDirectory() as passing:
        folder = (kept_in or Path(passing)) / str(count)
        if not _is_as_today(folder):
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        with serving(folder) as server:
            took_s = 0.0 if _is_as_today(folder) else _fill(server, count)
            # Migrations that came since ran when it was served: from now on they may not read otherwise either.
            (folder / FILLED).write_text(json.dumps(_today(), indent=1))
            yield server, took_s


def _fill(server: Server, count: int) -> float:
    began = time.perf_counter()
    fill(server.store, count)
    stock_up(server.store, PRODUCTS, 10**6)
    return time.perf_counter() - began


def _is_as_today(folder: Path) -> bool:
    try:
        mark = json.loads((folder / FILLED).read_text())
    except (FileNotFoundError, ValueError):  # never filled to its end, or marked in an older form
        return False
    return isinstance(mark, dict) and mark.items() <= _today().items()


def _today() -> dict[str, str]:
    texts = {each.name: each.sql for each in migrations()}
    texts |= {f"million.{end}": Path(__file__).with_name(f"million.{end}").read_text() for end in ("py", "sql")}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
