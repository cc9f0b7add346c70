"""Fill an empty store with consistent orders in every stage, fast: the ground for benchmarks at scale.

    python bench/million.py --dsn "host=/run/pg user=postgres" --store big --orders 1000000 --check

The rows are the same for the same arguments. They spread over the three years that end at `UNTIL`, where the
store's simulated clock is set; the older, the further along. The statements stand in million.sql.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from orderwright.business.truth.check import check_store
from orderwright.database.rows import array
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from orderwright.flows import FLOWS

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=3 * 365)
PRODUCTS = 2_000
CONNECTIONS = 2
FIRST, LAST = ("shop", "plan"), ("counters",)  # all other steps depend on FIRST alone, and run side by side

# What every statement needs: an id that sorts by time, and the hashes of a fact chain (the formula of
# facts.link_hash).
BEFORE = """
CREATE FUNCTION made_id(at timestamptz, kind integer, number bigint) RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
           || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(number), 15, '0'))::uuid $$;
CREATE FUNCTION chain(types text[], times timestamptz[], bodies text[]) RETURNS bytea[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    hashes bytea[] := '{}';
    hash bytea := '';
BEGIN
    FOR seq IN 1 .. cardinality(types) LOOP
        hash := sha256(hash || int4send(seq) || timestamptz_send(times[seq])
                       || convert_to(types[seq] || E'\\n' || bodies[seq], 'UTF8'));
        hashes := hashes || hash;
    END LOOP;
    RETURN hashes;
END $$;
CREATE UNLOGGED TABLE made (
    i bigint, at timestamptz, stage text, lines integer, was_held boolean, site text, channel text, currency text,
    with_tax boolean, step bigint, customer bigint, order_id uuid, fulfilment_id uuid, parcel_id uuid,
    payment_id uuid, capture_id uuid);
CREATE UNLOGGED TABLE made_line (
    i bigint, position integer, order_id uuid, fulfilment_id uuid, parcel_id uuid, demand_id uuid, task_id uuid,
    at timestamptz, stage text, site text, sku text, bin bigint, packing bigint, quantity bigint,
    price_micro bigint, discount bigint, amount bigint, tax bigint, step bigint);
CREATE UNLOGGED TABLE made_total (
    i bigint, units bigint, goods bigint, discount bigint, shipping bigint, shipping_tax bigint, tax bigint,
    line_forms text, line_facts text, part_facts text, demand_facts text, pick_facts text, asked_facts text,
    bench_facts text);
CREATE UNLOGGED TABLE made_money (
    i bigint, at timestamptz, stage text, order_id uuid, parcel_id uuid, payment_id uuid, capture_id uuid,
    currency text, goods bigint, shipping bigint, tax bigint, total bigint, refund bigint, invoice_no bigint,
    credit_no bigint);
"""
AFTER = """
DROP TABLE made, made_line, made_total, made_money;
DROP FUNCTION made_id, chain;
"""


def fill(store: Store, orders: int) -> None:
    """Make `orders` orders with all their rows; indexes are built at the end. Raises ValueError if there are sites: the
    store must be empty."""
    with store.read() as tx:
        if tx.row("SELECT 1 FROM site LIMIT 1") is not None:
            raise ValueError(f"store {store.name} is not empty")
    pairs = [(type_, name) for type_, names in store.flows.items() for name in names]
    values = {
        "orders": orders, "products": PRODUCTS, "until": UNTIL, "since": SINCE,
        "types": array(type_ for type_, _ in pairs), "names": array(name for _, name in pairs),
    }  # fmt: skip
    steps = {name: [(f"{name} {i}", text, values) for i, text in enumerate(texts, 1)] for name, texts in _steps()}
    _run(store, [("begin", "UPDATE clock SET simulated_at = %(until)s", values), ("made", BEFORE, {})])
    references = _drop_references(store)
    rebuild = _drop_indexes(store)
    for name in FIRST:
        _run(store, steps[name])
    _side_by_side(store, [step for name, step in steps.items() if name not in (*FIRST, *LAST)])
    for name in LAST:
        _run(store, steps[name])
    _side_by_side(store, rebuild.values())
    _run(store, references)
    _run(store, [("end", AFTER, {})])
    _side_by_side(store, [[(f"vacuum {table}", f"VACUUM (ANALYZE) {table}", {})] for table in rebuild])


Statement = tuple[str, str, dict[str, object]]


def _run(store: Store, statements: Sequence[Statement]) -> None:
    with psycopg.connect(store.database.dsn, autocommit=True) as connection:
        connection.execute(f'SET search_path TO "{store.schema}"'.encode())
        connection.execute(
            b"SET timezone TO 'UTC'; SET jit TO off; SET synchronous_commit TO off; SET work_mem TO '256MB';"
            b" SET maintenance_work_mem TO '512MB'; SET max_parallel_maintenance_workers TO 0"
        )
        for name, text, values in statements:
            began = time.monotonic()
            # Bound on the client: a parameter bound on the server would need a cast wherever its type is open.
            with psycopg.ClientCursor(connection) as cursor:
                cursor.execute(text.encode(), values or None)
            if (took := time.monotonic() - began) >= 1:
                print(f"{name:40} {took:7.1f} s", flush=True)


def _side_by_side(store: Store, groups: Iterable[Sequence[Statement]]) -> None:
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for done in [threads.submit(_run, store, group) for group in groups]:
            done.result()


def _steps() -> Iterator[tuple[str, list[str]]]:
    text = Path(__file__).with_suffix(".sql").read_text()
    for step in text.split("-- step: ")[1:]:
        name, _, body = step.partition("\n")
        yield name, [statement for statement in body.split(";\n") if statement.strip()]


def _drop_references(store: Store) -> list[Statement]:
    """Drop foreign keys from or to what is loaded; the statements that put them back, once there are keys again."""
    with psycopg.connect(store.database.dsn, autocommit=True) as connection:
        connection.execute(f'SET search_path TO "{store.schema}"'.encode())
        found = connection.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = %s::regnamespace AND contype = 'f'"
            " AND (conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s)) ORDER BY 1, 2",
            [store.schema, list(_LARGE), list(_LARGE)],
        ).fetchall()
        for table, name, _ in found:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    return [
        (f"{table} {name}", f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}', {}) for table, name, text in found
    ]


def _drop_indexes(store: Store) -> dict[str, list[Statement]]:
    """Drop what slows loading down; by table, the largest first, the statements that put it back."""
    rebuild: dict[str, list[Statement]] = {table: [] for table in _LARGE}
    with psycopg.connect(store.database.dsn, autocommit=True) as connection:
        connection.execute(f'SET search_path TO "{store.schema}"'.encode())
        constraints = connection.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = %s::regnamespace AND contype IN ('p', 'u')"
            " AND conrelid::regclass::text = ANY(%s) ORDER BY contype, conname",
            [store.schema, list(_LARGE)],
        ).fetchall()
        for table, name, text in constraints:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
            rebuild[table].append((f"{table} {name}", f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}', {}))
        indexes = connection.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s AND tablename = ANY(%s)",
            [store.schema, list(_LARGE)],
        ).fetchall()
        for table, name, text in indexes:
            connection.execute(f'DROP INDEX "{name}"'.encode())
            rebuild[table].append((f"{table} {name}", text, {}))
    return rebuild


_LARGE = (
    "ledger_entry", "stock_move", "fact", "orders", "intent", "demand", "allocation", "parcel", "pick_task",
    "parcel_line", "order_line", "payment", "fulfilment", "paper", "label", "tracking_event", "order_key",
    "decision", "customer", "task", "return_line", "return_request", "hold", "exception",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument(
        "--check", action="store_true", help="check the store afterwards, with the time of each invariant"
    )
    arguments = parser.parse_args()
    create_store(arguments.dsn, arguments.store)
    database = Database(arguments.dsn, FLOWS)
    store = database.store(arguments.store)
    began = time.monotonic()
    fill(store, arguments.orders)
    print(f"{arguments.orders} orders made in {time.monotonic() - began:.1f} s", flush=True)
    if arguments.check:
        began = time.monotonic()
        for result in check_store(store, True):
            verdict = "ok" if result.holds else f"{result.violations} VIOLATIONS"
            print(f"{result.name:42} {verdict:>8} {result.ms:7} ms")
        print(f"checked in {time.monotonic() - began:.1f} s")
    database.close()


if __name__ == "__main__":
    main()
