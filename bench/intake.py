"""Bulk intake of three-line orders with everything on, against a replay by COPY of exactly the rows it wrote.

`python -m bench.intake [--orders 20000] [--batch 256]` prints the medians as JSON lines.
The replay writes the same rows to the same tables with the same indexes, constraints and transaction sizes,
and decides nothing: the least that storing these orders can cost. Runs alternate.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import psycopg

from bench.cpu import Cpu, read_cpu
from bench.shopfront import furnish, orders
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.database.cluster import open_cluster
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from orderwright.database.writer import Writer
from orderwright.doors.interpreter import tune_interpreter
from orderwright.flows import FLOWS

TABLES = (
    "order_key", "customer", "orders", "order_line", "decision", "demand", "fulfilment", "allocation", "hold",
    "exception", "payment", "ledger_entry", "fact", "task",
)  # fmt: skip
PRODUCTS = 2_000


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    tune_interpreter()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_cluster(Path(folder) / "postgres", may_initialise=True) as cluster,
    ):
        compare(cluster.dsn, asked.orders, asked.batch, asked.runs)


def compare(dsn: str, count: int, batch: int, runs: int) -> None:
    """Alternate both on one server and print."""
    for name in ("bench_intake", "bench_replay"):
        _fresh(dsn, name)
    database = Database(dsn, FLOWS)
    intake, replay = database.store("bench_intake"), database.store("bench_replay")
    furnish(intake, PRODUCTS, 10**6)
    postmaster = _postmaster(dsn)
    measured: dict[str, list[tuple[float, float]]] = {"intake": [], "replay by COPY": []}
    for run in range(runs + 1):
        first_xid = _xid(dsn)
        taken = _measure(lambda run=run: _take(intake, run, count, batch), postmaster)
        groups = _rows_by_transaction(intake, first_xid)
        copied = _measure(lambda groups=groups: _copy(replay, groups), postmaster)
        if run:  # the first run warms caches and plans
            measured["intake"].append((count / taken[0], taken[1] * 1000 / count))
            measured["replay by COPY"].append((count / copied[0], copied[1] * 1000 / count))
    rates = {name: statistics.median(rate for rate, _ in each) for name, each in measured.items()}
    for name, each in measured.items():
        cpu_ms = statistics.median(cpu for _, cpu in each)
        print(json.dumps({"figure": name, "orders_per_s": round(rates[name]), "cpu_ms_per_order": round(cpu_ms, 3)}))
    ratio = rates["intake"] / rates["replay by COPY"]
    print(json.dumps({"figure": "intake / replay", "ratio": round(ratio, 2), "bar": 0.5}))
    database.close()


def _fresh(dsn: str, name: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "store_{name}" CASCADE'.encode())
    create_store(dsn, name)


def _take(store: Store, run: int, count: int, batch: int) -> float:
    forms = orders(count, PRODUCTS, seed=run)
    commands = [PlaceOrder(form, "bench", "api") for form in forms]
    writer = Writer(store)
    begun = time.perf_counter()
    waiting: list[Future[list[Any]]] = [
        writer.submit(place_orders, commands[at : at + batch], weight=3 * batch) for at in range(0, count, batch)
    ]
    wait(waiting)
    seconds = time.perf_counter() - begun
    writer.stop()
    placed = sum(isinstance(each, Placed) for future in waiting for each in future.result())
    if placed != count:
        raise RuntimeError(f"{count - placed} of {count} orders were refused")
    return seconds


def _rows_by_transaction(store: Store, first_xid: int) -> list[dict[str, tuple[str, bytes]]]:
    """The rows of each transaction since, per table: its columns and the COPY text."""
    groups: dict[int, dict[str, list[bytes]]] = {}
    columns: dict[str, str] = {}
    with store.begin() as tx:
        for table in TABLES:
            names = [
                row.attname for row in tx.rows(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0"
                    " AND NOT attisdropped ORDER BY attnum", table=table)
                if (table, row.attname) not in (("fact", "id"), ("fact", "xid"))
            ]  # fmt: skip
            columns[table] = ", ".join(names)
            query = (
                f"COPY (SELECT xmin::text, {columns[table]} FROM {table}"
                f" WHERE xmin::text::bigint > {first_xid}) TO STDOUT"
            )
            with tx.connection.cursor().copy(query.encode()) as copy:
                for line in b"".join(bytes(chunk) for chunk in copy).splitlines(keepends=True):
                    xid, _, rest = line.partition(b"\t")
                    groups.setdefault(int(xid), {}).setdefault(table, []).append(rest)
    return [
        {table: (columns[table], b"".join(lines)) for table, lines in groups[xid].items()} for xid in sorted(groups)
    ]


def _copy(store: Store, groups: list[dict[str, tuple[str, bytes]]]) -> float:
    begun = time.perf_counter()
    for group in groups:
        with store.begin() as tx:
            for table in TABLES:
                if table in group:
                    columns, text = group[table]
                    with tx.connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                        copy.write(text)
    return time.perf_counter() - begun


def _measure(work: Any, postmaster: int) -> tuple[float, float]:
    before = read_cpu([os.getpid()], postmaster)
    seconds = work()
    used: Cpu = read_cpu([os.getpid()], postmaster).since(before)
    return seconds, used.python_s + used.database_s


def _xid(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    return int(row[0]) if row else 0


def _postmaster(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        pid = row[0] if row else 0
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rpartition(")")[2].split()[1])


if __name__ == "__main__":
    main()
