"""What statements would read on a large store, told by how PostgreSQL plans them on a small one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from orderwright.database.tx import Tx

BIG = (
    "orders", "order_line", "order_key", "demand", "decision", "hold", "exception", "fulfilment", "allocation",
    "pick_task", "pick_batch", "parcel", "parcel_line", "label", "tracking_event", "intent", "fact", "stock_move",
    "payment", "paper", "ledger_entry", "return_request", "return_line", "customer",
)  # fmt: skip
"""Tables that grow with the orders a store ever had."""


class Watched:
    """Statements, and the big tables they would read through on a large store."""

    def __init__(self) -> None:
        self.count = 0
        self.read_through: list[str] = []
        self.looked_at: set[str] = set()


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Look once at the plan of every statement that runs within the block, in whatever thread."""
    seen = Watched()

    def wrapped(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(tx: Tx, sql: str, *rest: Any, **values: Any) -> Any:
            seen.count += 1
            if not rest and sql not in seen.looked_at:
                seen.looked_at.add(sql)
                seen.read_through += _read_through(tx, sql, values)
            return original(tx, sql, *rest, **values)

        return run

    with monkeypatch.context() as patch:
        for name in ("rows", "tuples", "row", "write", "copy_text"):
            patch.setattr(Tx, name, wrapped(getattr(Tx, name)))
        yield seen


def _read_through(tx: Tx, sql: str, values: dict[str, Any]) -> list[str]:
    """Big tables a statement reads through although sequential scans cost a thousand times what they do."""
    if sql.startswith("SET LOCAL"):
        return []
    cursor = tx.connection.cursor()
    # A store another test used may be known to be tiny, and what is tiny is read at once whatever it costs.
    cursor.execute(b"SELECT pg_clear_relation_stats(current_schema(), t) FROM unnest(%s::text[]) AS t", [list(BIG)])
    cursor.execute(b"SET LOCAL enable_seqscan TO off")
    plan = cursor.execute(b"EXPLAIN " + sql.encode(), values or None).fetchall()
    cursor.execute(b"SET LOCAL enable_seqscan TO on")
    scans = [line.split("Seq Scan on ")[1].split()[0] for (line,) in plan if "Seq Scan on " in line]
    return [f"{table}: {' '.join(sql.split())}" for table in scans if table in BIG]
