"""Counts and what they found as rows: own SQL. A count's row is locked before any stock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.business.warehouse.counts.rules import Key
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id

OVER = ("done", "cancelled")
_COLUMNS = (
    "c.id::text, c.site, c.place_id, p.code AS place, c.sku, c.reason, c.state, c.priority, c.round, c.counter,"
    " c.counted_by, c.started_at, c.ended_at, c.due_at"
)


class Count:
    """A count whose row is locked, kept up to date while one command after the other is decided."""

    def __init__(self, row: "CountRow") -> None:
        self.row = row
        self.has_changed = False

    def becomes(self, **changes: Any) -> None:
        """Change it; `save_counts` writes it."""
        self.row = self.row._replace(**changes)
        self.has_changed = True


class CountRow(NamedTuple):
    """A count. sku: '' all that lies there."""

    id: str
    site: str
    place_id: int
    place: str
    sku: str
    reason: str
    state: str
    priority: int
    round: int
    counter: str | None
    counted_by: Sequence[str]
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime


class LineRow(NamedTuple):
    """One lot of a product in a round of a count."""

    count_id: str
    round: int
    sku: str
    lot: str
    booked: int
    moved: int | None = None
    counted: int | None = None
    counted_at: datetime | None = None
    posted: int | None = None

    @property
    def key(self) -> Key:
        """Which product and lot."""
        return self.sku, self.lot

    @property
    def difference(self) -> int:
        """How many more there were than the books said of that moment; 0 while it is not counted."""
        return 0 if self.counted is None else self.counted - self.booked - (self.moved or 0)


def lock_counts(tx: Tx, ids: Iterable[str]) -> dict[str, Count]:
    """Counts by id, locked in that order; unknown ones are left out."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM count_task c JOIN place p ON p.id = c.place_id"
        " WHERE c.id = ANY(%(ids)s::uuid[]) ORDER BY c.id FOR UPDATE OF c",
        ids=array(sorted({id_ for id_ in ids if is_id(id_)})),
    )
    return {row.id: Count(CountRow(*row)) for row in rows}


def save_counts(tx: Tx, counts: Iterable[Count]) -> None:
    """Write locked counts that changed. Last of all: a row that is written, and not only locked, makes others wait."""
    changed = [each.row for each in counts if each.has_changed]
    if not changed:
        return
    tx.write(
        """
        UPDATE count_task c SET state = n.state, reason = n.reason, priority = n.priority, round = n.round,
               counter = n.counter, counted_by = string_to_array(n.counted_by, chr(31)), started_at = n.started_at,
               ended_at = n.ended_at, due_at = n.due_at
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(priorities)s::smallint[],
                    %(rounds)s::smallint[], %(counters)s::text[], %(counted_by)s::text[], %(started)s::timestamptz[],
                    %(ended)s::timestamptz[], %(due)s::timestamptz[])
             AS n(id, state, reason, priority, round, counter, counted_by, started_at, ended_at, due_at)
        WHERE c.id = n.id
        """,
        ids=array(each.id for each in changed), states=array(each.state for each in changed),
        reasons=array(each.reason for each in changed), priorities=array(each.priority for each in changed),
        rounds=array(each.round for each in changed), counters=array(each.counter for each in changed),
        # Lists of several lengths make no array; no name holds a control character.
        counted_by=array("\x1f".join(each.counted_by) for each in changed),
        started=array(each.started_at for each in changed), ended=array(each.ended_at for each in changed),
        due=array(each.due_at for each in changed),
    )  # fmt: skip


def keep_snapshots(tx: Tx, rounds: Mapping[str, int]) -> None:
    """Keep what is booked in the places of these counts now, for their rounds."""
    if not rounds:
        return
    tx.write(
        """
        INSERT INTO count_line (count_id, round, sku, lot, booked)
        SELECT c.id, n.round, s.sku, s.lot, s.quantity
        FROM unnest(%(ids)s::uuid[], %(rounds)s::smallint[]) AS n(id, round)
        JOIN count_task c ON c.id = n.id
        JOIN stock s ON s.place_id = c.place_id AND s.quantity > 0 AND (c.sku = '' OR s.sku = c.sku)
        """,
        ids=array(rounds), rounds=array(rounds.values()),
    )  # fmt: skip


def drop_snapshots(tx: Tx, rounds: Mapping[str, int]) -> None:
    """Forget the snapshots of rounds that somebody else takes over."""
    tx.write(
        "DELETE FROM count_line l USING unnest(%(ids)s::uuid[], %(rounds)s::smallint[]) AS n(id, round)"
        " WHERE l.count_id = n.id AND l.round = n.round",
        ids=array(rounds), rounds=array(rounds.values()),
    )  # fmt: skip


def lines_of(tx: Tx, ids: Iterable[str]) -> dict[str, list[LineRow]]:
    """All rounds' lines of counts, by count."""
    rows = tx.rows(
        "SELECT count_id::text, round, sku, lot, booked, moved, counted, counted_at, posted FROM count_line"
        " WHERE count_id = ANY(%(ids)s::uuid[]) ORDER BY count_id, round, sku, lot",
        ids=array(sorted({id_ for id_ in ids if is_id(id_)})),
    )
    found: dict[str, list[LineRow]] = {}
    for row in rows:
        found.setdefault(row.count_id, []).append(LineRow(*row))
    return found


def write_lines(tx: Tx, lines: Sequence[LineRow]) -> None:
    """Write what was counted: over the snapshot's line, or as a new one where the books had nothing."""
    if not lines:
        return
    tx.write(
        """
        INSERT INTO count_line AS l (count_id, round, sku, lot, booked, moved, counted, counted_at, posted)
        SELECT * FROM unnest(%(ids)s::uuid[], %(rounds)s::smallint[], %(skus)s::text[], %(lots)s::text[],
                             %(booked)s::bigint[], %(moved)s::bigint[], %(counted)s::bigint[],
                             %(times)s::timestamptz[], %(posted)s::bigint[])
        ON CONFLICT (count_id, round, sku, lot) DO UPDATE
        SET moved = excluded.moved, counted = excluded.counted, counted_at = excluded.counted_at,
            posted = excluded.posted
        """,
        ids=array(each.count_id for each in lines), rounds=array(each.round for each in lines),
        skus=array(each.sku for each in lines), lots=array(each.lot for each in lines),
        booked=array(each.booked for each in lines), moved=array(each.moved for each in lines),
        counted=array(each.counted for each in lines), times=array(each.counted_at for each in lines),
        posted=array(each.posted for each in lines),
    )  # fmt: skip


def explained_lines(tx: Tx, asked: Sequence[tuple[str, int, str, datetime]]) -> list[list[Any]]:
    """Lines of which a count took units away after that moment, the first counted first, by (sku, place, lot, moment).

    Rows (count_id, round, sku, lot, posted, site, place), a list for each that is asked for.
    """
    rows = tx.rows(
        """
        SELECT asked.n, l.count_id::text, l.round, l.sku, l.lot, l.posted, c.site, p.code AS place
        FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[], %(times)s::timestamptz[])
             WITH ORDINALITY AS asked(sku, place_id, lot, at, n)
        JOIN count_line l ON l.sku = asked.sku AND l.counted_at > asked.at AND l.counted IS NOT NULL
             AND l.lot = asked.lot AND l.posted < 0
        JOIN count_task c ON c.id = l.count_id AND c.place_id = asked.place_id
        JOIN place p ON p.id = c.place_id
        ORDER BY asked.n, l.counted_at, l.count_id
        """,
        skus=array(sku for sku, _, _, _ in asked), places=array(place for _, place, _, _ in asked),
        lots=array(lot for _, _, lot, _ in asked), times=array(at for _, _, _, at in asked),
    )  # fmt: skip
    found: list[list[Any]] = [[] for _ in asked]
    for row in rows:
        found[row.n - 1].append(row)
    return found


def set_posted(tx: Tx, lines: Sequence[Any]) -> None:
    """Keep what counts changed the books by, now that some of it is explained: rows of `explained_lines`."""
    tx.write(
        """
        UPDATE count_line l SET posted = nullif(n.posted, 0)
        FROM unnest(%(ids)s::uuid[], %(rounds)s::smallint[], %(skus)s::text[], %(lots)s::text[], %(posted)s::bigint[])
             AS n(id, round, sku, lot, posted)
        WHERE l.count_id = n.id AND l.round = n.round AND l.sku = n.sku AND l.lot = n.lot
        """,
        ids=array(each.count_id for each in lines), rounds=array(each.round for each in lines),
        skus=array(each.sku for each in lines), lots=array(each.lot for each in lines),
        posted=array(each.posted for each in lines),
    )  # fmt: skip


def is_left(row: CountRow, now: datetime, after: timedelta) -> bool:
    """Whether whoever began to count has long gone."""
    return row.state == "counting" and row.started_at is not None and row.started_at + after < now


def add_done(tx: Tx, done: Sequence[CountRow]) -> None:
    """Write counts that are over as they are made: of readers, who need no asking."""
    tx.copy(
        "count_task",
        "id, site, place_id, sku, reason, state, priority, round, counter, counted_by, made_at, due_at, started_at,"
        " ended_at",
        [
            (each.id, each.site, each.place_id, each.sku, each.reason, each.state, each.priority, each.round, None,
             array(each.counted_by), tx.now, tx.now, each.started_at, each.ended_at)
            for each in done
        ],
    )  # fmt: skip
