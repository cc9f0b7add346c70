"""The runner: it counts what breaks an invariant, names the first rows, and never lets damage pass for truth."""

from collections.abc import Iterator
from threading import Event
from uuid import uuid4

import psycopg
import pytest

from orderwright.database.invariants import EVERYTHING, CheckResult, Invariant, Offending, Scope, run_checks, sliced
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from orderwright.database.tx import Tx

ODD = Invariant("odd", "No number is odd.", "SELECT n FROM generate_series(1, 99) n WHERE n %% 2 = 1", "{n} is odd")
TRUE = Invariant("true", "Truth is true.", "SELECT 1 AS n WHERE false", "{n}")


@pytest.fixture(scope="module")
def store(postgres: str) -> Iterator[Store]:
    name = f"runner_{uuid4().hex[:12]}"
    create_store(postgres, name)
    database = Database(postgres, {})
    yield database.store(name)
    with database.pool.connection() as connection:
        connection.execute(f'DROP SCHEMA "store_{name}" CASCADE'.encode())
        connection.execute("DELETE FROM orderwright.store WHERE name = %s", [name])
    database.close()


def test_all_offending_rows_are_counted_and_the_first_twenty_named(store: Store) -> None:
    odd, true = run_checks(store, [ODD, TRUE], full=True)
    assert (odd.name, odd.holds, odd.violations, len(odd.rows)) == ("odd", False, 50, 20)
    assert odd.rows[:2] == ["1 is odd", "3 is odd"]
    assert (true.name, true.holds, true.violations, true.rows) == ("true", True, 0, [])


def test_progress_is_told_after_each(store: Store) -> None:
    told: list[tuple[int, int, str]] = []

    def progress(done: int, of: int, result: CheckResult) -> None:
        told.append((done, of, result.name))

    run_checks(store, [ODD, TRUE, ODD], full=True, progress=progress)
    assert [(done, of) for done, of, _ in told] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(name for _, _, name in told) == ["odd", "odd", "true"]


def test_rows_that_cannot_be_read_break_their_invariant(store: Store) -> None:
    damaged = Invariant("damaged", "All can be read.", "SELECT (2 ^ 62)::bigint * 4 AS n", "{n}")
    [result] = run_checks(store, [damaged], full=True)
    assert (result.violations, result.rows) == (1, ["could not be read: bigint out of range"])


def test_all_are_asked_of_one_moment_and_writers_do_not_wait(store: Store) -> None:
    written = Event()

    def write(tx: Tx, scope: Scope) -> Offending:
        with store.begin() as other:
            other.write("INSERT INTO setting VALUES ('written', '1')")
        written.set()
        return Offending(0, [])

    def wait(tx: Tx, scope: Scope) -> Offending:
        return Offending(0 if written.wait(10) else 1, [])

    asks = [Invariant("writes", "It writes.", write), Invariant("waits", "It waits.", wait)]
    late = Invariant("late", "Nothing is written.", "SELECT name FROM setting WHERE name = 'written'", "{name}")
    assert [each.violations for each in run_checks(store, [*asks, late], full=True)] == [0, 0, 0]
    assert run_checks(store, [late], full=True)[0].rows == ["written"]
    with store.begin() as tx:
        tx.write("DELETE FROM setting")


def test_an_invariant_said_wrongly_is_a_bug_not_a_violation(store: Store) -> None:
    wrong = Invariant("wrong", "Nonsense.", "SELECT nonsense", "{n}")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        run_checks(store, [wrong], full=True)


def test_a_check_can_write_nothing(store: Store) -> None:
    writing = Invariant("writing", "It writes.", "SELECT nextval('order_number') AS n", "{n}")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        run_checks(store, [writing], full=True)


def test_a_sweep_reads_slices_and_leaves_out_what_needs_the_whole(store: Store) -> None:
    scope = Scope({"setting by name": "name = ANY(%(names)s)"}, {"names": ["a"]})
    counting = Invariant("counting", "None.", "SELECT name FROM {setting by name} AS s", "{name}")
    whole = Invariant("whole", "None.", "SELECT 1 AS n", "{n}", in_sweeps=False)
    with store.begin() as tx:
        tx.copy("setting", "name, value", [("a", "1"), ("b", "2")])
    assert [(each.name, each.rows) for each in run_checks(store, [counting, whole], full=False, since=scope)] == [
        ("counting", ["a"])
    ]
    [everything, _] = run_checks(store, [counting, whole], full=True, since=scope)
    assert everything.rows == ["a", "b"]


def test_a_table_stands_for_itself_in_full_and_for_its_slice_in_a_sweep() -> None:
    scope = Scope({"demand by order": "order_id = 7"}, {})
    assert sliced("FROM {demand by order} AS d", EVERYTHING) == "FROM demand AS d"
    assert sliced("FROM {demand by order} AS d", scope) == "FROM (SELECT * FROM demand WHERE order_id = 7) AS d"
