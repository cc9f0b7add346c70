"""A small world in which everything holds, and faults planted in it one at a time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from orderwright.business.truth.check import INVARIANTS
from orderwright.business.truth.slices import SLICES
from orderwright.database.facts import SUBJECTS, link_hash
from orderwright.database.invariants import EVERYTHING, CheckResult, Scope, check_in
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.database.tx import Tx

FLOWS = {"order_placed": ("greet",), "parcel_handed_over": ("issue_invoice", "follow")}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = (
    *(("order", f"order{n}", "order_placed", 40 - n) for n in range(1, 7)),
    ("fulfilment", "work1", "fulfilment_released", 30), ("parcel", "parcel1", "parcel_packed", 29),
    ("parcel", "parcel1", "parcel_handed_over", 28), ("order", "order1", "order_shipped", 28),
    ("parcel", "parcel1", "parcel_delivered", 27), ("return", "return1", "return_settled", 20),
    ("order", "order5", "order_cancelled", 10), ("fulfilment", "work3", "fulfilment_released", 4),
)  # fmt: skip
"""(kind, subject, type, hours before noon): the facts, in order."""


class Fault(NamedTuple):
    """A fault: when it is planted, exactly one invariant breaks and names the row.

    breaks: the invariant. when: what went wrong, as a sentence. sql: the planted rows (`#name` and
    `@SITE/CODE` as in world.sql; `UNGUARD table` takes its constraints away, `MOVE units sku from to kind` journals a
    move). tells: a part of what the
    row says. in_sweep: False when nobody touched what the fault is about, so that only a full check sees it.
    """

    breaks: str
    when: str
    sql: str
    tells: str
    in_sweep: bool = True


def id_of(name: str) -> str:
    """The id that `#name` stands for."""
    return str(UUID(md5(name.encode()).hexdigest()))


def run(tx: Tx, sql: str) -> None:
    """Run statements with `#name`, `@SITE/CODE`, `UNGUARD table` and `MOVE units sku from to kind` in them."""
    sql = re.sub(r"MOVE (\d+) (\w+) (\S+) (\S+) (\w+)", _MOVE, sql)
    sql = re.sub(r"#(\w+)", lambda found: f"'{id_of(found[1])}'", sql)
    sql = re.sub(r"@(\w+)/(\w+)", r"(SELECT id FROM place WHERE site = '\1' AND code = '\2')", sql)
    for statement in sql.split(";\n"):
        if statement.strip().startswith("UNGUARD"):
            _unguard(tx, statement.split()[1].strip(";"))
        elif statement.strip():
            tx.connection.execute(statement.encode())


_MOVE = (
    r"INSERT INTO stock_move SELECT gen_random_uuid(), '\2', '', \3, \4, \1, '\5', 'planted', 1, NULL, 'test',"
    " '2026-11-20', '2026-11-20'"
)


def build(tx: Tx) -> None:
    """Make the world in an empty store."""
    run(tx, Path(__file__).with_name("world.sql").read_text())
    heads: dict[str, tuple[int, bytes]] = {}
    for kind, name, type_, hours in STORY:
        seq, previous = heads.get(name, (0, b""))
        at, body = NOON - timedelta(hours=hours, microseconds=hours), '{"who":"Zoë"}'
        digest = link_hash(previous, seq + 1, type_, at, body.encode())
        heads[name] = (seq + 1, digest)
        tx.copy("fact", "subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash",
                [(id_of(name), seq + 1, kind, type_, 1, "test", at, at, body, digest)])  # fmt: skip
        tx.write(
            f"UPDATE {SUBJECTS[kind]} SET fact_seq = %(seq)s, fact_hash = %(hash)s, fact_at = %(at)s WHERE id = %(id)s",
            seq=seq + 1, hash=digest, at=at, id=id_of(name),
        )  # fmt: skip
        for flow in FLOWS.get(type_, ()):
            tx.copy("task", "id, name, subject, cause_seq, state, run_at, attempt, made_at, ended_at",
                    [(id_of(f"{flow} {name}"), flow, id_of(name), seq + 1, "done", at, 1, at, at)])  # fmt: skip
    tx.write("UPDATE task SET state = 'dead', error = 'no ink' WHERE id = %(id)s", id=id_of("greet order2"))
    tx.write(
        "UPDATE task SET state = 'running', ended_at = NULL, leased_until = %(until)s WHERE id = %(id)s",
        until=NOON - timedelta(minutes=9), id=id_of("greet order3"),
    )  # fmt: skip


class _Undo(Exception):
    """Ends a transaction without keeping anything."""


@contextmanager
def planted(store: Store, sql: str = "") -> Iterator[Tx]:
    """A transaction of the world with something planted in it, undone afterwards."""
    try:
        with store.begin() as tx:
            run(tx, sql)
            yield tx
            raise _Undo
    except _Undo:
        pass


def broken(tx: Tx, scope: Scope = EVERYTHING) -> list[CheckResult]:
    """The invariants that do not hold."""
    asked = [each for each in INVARIANTS if each.in_sweeps or scope is EVERYTHING]
    return [result for result in (check_in(tx, each, scope) for each in asked) if not result.holds]


def all_touched(tx: Tx) -> Scope:
    """The scope of a sweep after everything was touched."""
    skus = [row.sku for row in tx.rows("SELECT sku FROM product")]
    orders = [row.id for row in tx.rows("SELECT id::text FROM orders")]
    subjects = [row.subject for row in tx.rows("SELECT DISTINCT subject::text FROM fact")]
    values = {"orders": array(orders), "skus": array(skus), "subjects": array(subjects)}
    return Scope(SLICES, {**values, "first_id": "00000000-0000-0000-0000-000000000000"})


def _unguard(tx: Tx, table: str) -> None:
    """Drop the constraints and unique indexes that would stop a fault."""
    for row in tx.rows(
        "SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('c', 'u', 'p')"
        " ORDER BY contype = 'p'",
        table=table,
    ):
        tx.write(f'ALTER TABLE {table} DROP CONSTRAINT "{row.conname}" CASCADE')
    for row in tx.rows(
        "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = %(table)s::regclass AND indisunique",
        table=table,
    ):
        tx.write(f"DROP INDEX {row.name}")
