"""What must always be true of a store, and the runner that asks it.

Rows that break an invariant are counted and the first of them named; nothing is ever mended here.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, NamedTuple

import psycopg

from orderwright.database.store import Store
from orderwright.database.tx import Tx

SAMPLE_MAX = 20
CONNECTIONS = 2

DAMAGE = (
    psycopg.DataError,
    psycopg.errors.DataCorrupted,
    psycopg.errors.IndexCorrupted,
    psycopg.errors.InternalError_,
    psycopg.errors.IoError,
)
"""What reading a row raises that cannot be what was written: a page, an index or a value is damaged."""

# Ids are ordered by time, so the large tables lie in the order of their keys: walking two of them side by side
# along their indexes is cheaper than hashing one of them, and takes no memory. No parallel workers: two invariants
# at a time fill the processors a check may use.
_PLANNING = (
    "SET LOCAL work_mem TO '8MB'; SET LOCAL random_page_cost TO 1.1; SET LOCAL enable_hashjoin TO off;"
    " SET LOCAL max_parallel_workers_per_gather TO 0"
)
_SLICE = re.compile(r"\{((\w+) (?:by|at) \w+)\}")


class Scope(NamedTuple):
    """What a check looks at. Without slices: everything.

    slices: "demand by order" -> the SQL condition that leaves the rows a sweep is about; `values` are
    its parameters.
    """

    slices: Mapping[str, str]
    values: Mapping[str, Any]


EVERYTHING = Scope({}, {})


class Offending(NamedTuple):
    """How many rows break an invariant, and a sentence for each of the first of them."""

    violations: int
    rows: list[str]


Find = Callable[[Tx, Scope], Offending]


class Invariant(NamedTuple):
    """One thing that must always be true.

    find: SQL whose rows break it, or a function. In the SQL `{demand by order}` stands for the table
    `demand`, in a sweep for the slice of it. `%(now)s` is the store's time; `values` adds parameters.
    row: how to read an offending row, a format string over its columns.
    in_sweeps: False when it can only be asked of the whole store.
    """

    name: str
    sentence: str
    find: str | Find
    row: str = ""
    values: Callable[[Tx, Scope], Mapping[str, Any]] | None = None
    in_sweeps: bool = True


class CheckResult(NamedTuple):
    """One invariant's outcome: how many rows break it, up to 20 of them in words, and the time it took."""

    name: str
    sentence: str
    violations: int
    rows: list[str]
    ms: int

    @property
    def holds(self) -> bool:
        """Whether it is true."""
        return self.violations == 0


Progress = Callable[[int, int, CheckResult], None]
"""Told after each invariant: how many are done, of how many, and the result."""


def run_checks(
    store: Store,
    invariants: Sequence[Invariant],
    *,
    full: bool,
    since: Scope | None = None,
    progress: Progress | None = None,
) -> list[CheckResult]:
    """Check a live store, two invariants at a time, all of them as it stands at one moment. Nobody waits for it.

    full: everything; else what `since` slices, leaving out what can only be asked of the whole. Results
    in the order of the invariants. A row that cannot be read (a damaged page) breaks its invariant.
    """
    scope = EVERYTHING if full or since is None else since
    chosen = [each for each in invariants if each.in_sweeps or scope is EVERYTHING]
    with store.read() as keeper, ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="check") as threads:
        # The moment lasts as long as the transaction that shares it.
        moment = keeper.row("SELECT pg_export_snapshot() AS moment").moment
        futures = [threads.submit(_check_alone, store, each, scope, moment) for each in chosen]
        for done, future in enumerate(as_completed(futures), 1):
            if progress is not None:
                progress(done, len(futures), future.result())
        return [future.result() for future in futures]


def check_in(tx: Tx, invariant: Invariant, scope: Scope = EVERYTHING) -> CheckResult:
    """Check one invariant in a transaction that is open already, as that transaction sees the store."""
    began = time.monotonic()
    if isinstance(invariant.find, str):
        values = invariant.values(tx, scope) if invariant.values else {}
        found = offending(tx, invariant.find, invariant.row, scope, values)
    else:
        found = invariant.find(tx, scope)
    took = time.monotonic() - began
    return CheckResult(invariant.name, invariant.sentence, found.violations, found.rows, round(took * 1000))


def offending(tx: Tx, sql: str, row: str, scope: Scope, values: Mapping[str, Any]) -> Offending:
    """The rows of a statement: their number, and the first of them in the words of `row`."""
    found = tx.rows(
        f"SELECT *, count(*) OVER () AS offending_rows FROM ({sliced(sql, scope)}) AS found LIMIT {SAMPLE_MAX}",
        **{"now": tx.now, **scope.values, **values},
    )
    return Offending(found[0].offending_rows if found else 0, [row.format_map(each._asdict()) for each in found])


def sliced(sql: str, scope: Scope) -> str:
    """The statement with each `{table by key}` replaced: by the table, in a sweep by the slice of it."""

    def table(match: re.Match[str]) -> str:
        if scope is EVERYTHING:
            return match[2]
        return f"(SELECT * FROM {match[2]} WHERE {scope.slices[match[1]]})"

    return _SLICE.sub(table, sql)


def _check_alone(store: Store, invariant: Invariant, scope: Scope, moment: str) -> CheckResult:
    began = time.monotonic()
    try:
        with store.read(moment) as tx:
            tx.write(_PLANNING)
            return check_in(tx, invariant, scope)
    except DAMAGE as damage:
        took = time.monotonic() - began
        told = f"could not be read: {damage}".strip()
        return CheckResult(invariant.name, invariant.sentence, 1, [told], round(took * 1000))
