"""One deed done to many orders: what it would do to each, and what became of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

ORDERS_MAX = 1_000
"""So many orders are changed at once, at most: a transaction of them stays well below two seconds."""
BulkDeed = Literal["hold", "release", "cancel"]
UNDONE_BY: Mapping[str, BulkDeed] = {"hold": "release", "release": "hold"}
"""What undoes which deed. What was cancelled gave its stock and money away: nothing brings that back."""


class Candidate(msgspec.Struct, frozen=True):
    """An order somebody chose. open_units: those that can still be cancelled; holds: kinds of its open holds."""

    number: str
    state: str
    is_held: bool
    currency: str
    total_minor: int
    open_units: int
    holds: list[str]


class BulkRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one order. refused: the code of the refusal, '' where it was done."""

    number: str
    refused: str = ""
    facts: dict[str, Any] = {}


class BulkRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deed done to many orders. undoes: the run it took back; undone_by: the run that took it back."""

    id: str
    deed: str
    kind: str
    actor: str
    done_at: datetime
    orders: list[BulkRow]
    undoes: str | None = None
    undone_by: str | None = None

    @property
    def done(self) -> list[str]:
        """Numbers of the orders it was done to."""
        return [each.number for each in self.orders if not each.refused]

    @property
    def can_be_undone(self) -> bool:
        """Whether there is something that can honestly be taken back, and was not yet."""
        return self.deed in UNDONE_BY and bool(self.done) and self.undone_by is None


def candidates(
    tx: Tx, numbers: Sequence[str], *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> list[Candidate]:
    """The orders of these numbers, in the order given. Unknown ones, and those of other channels or sites, are left
    out."""
    rows = tx.rows(
        """
        SELECT o.number, o.state, o.is_held, o.currency, o.total_minor,
               (SELECT coalesce(sum(d.waiting + d.allocated + d.picked), 0) FROM demand d WHERE d.order_id = o.id)
               + (SELECT coalesce(sum(l.quantity - l.cancelled), 0) FROM order_line l
                  WHERE l.order_id = o.id AND l.sku IS NULL AND NOT l.is_removed) AS open_units,
               array(SELECT DISTINCT h.kind FROM hold h WHERE h.order_id = o.id AND h.released_at IS NULL
                     ORDER BY h.kind) AS holds
        FROM orders o
        WHERE o.number = ANY(%(numbers)s::text[])
          AND (%(all_channels)s OR o.channel = ANY(%(channels)s::text[]))
          AND (%(all_sites)s OR EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id
                                        AND f.site = ANY(%(sites)s::text[])))
        """,
        numbers=array(set(numbers)), all_channels=channels is None, channels=array(channels or ()),
        all_sites=sites is None, sites=array(sites or ()),
    )  # fmt: skip
    found = {row.number: _candidate(row) for row in rows}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _candidate(row: Any) -> Candidate:
    return Candidate(
        row.number, row.state, row.is_held, row.currency, row.total_minor, int(row.open_units), list(row.holds)
    )


def write_runs(tx: Tx, runs: Sequence[BulkRun]) -> None:
    """Keep what became of many orders."""
    tx.copy(
        "bulk_run",
        "id, deed, kind, actor, done_at, undoes, document",
        [
            (each.id, each.deed, each.kind, each.actor, each.done_at, each.undoes,
             msgspec.json.encode([(row.number, row.refused, row.facts) for row in each.orders]).decode())
            for each in runs
        ],
    )  # fmt: skip


def lock_runs(tx: Tx, ids: Collection[str]) -> dict[str, BulkRun]:
    """Runs by id, locked in the order of their ids; unknown ones are left out."""
    wanted = array(sorted({each for each in ids if is_id(each)}))
    tx.rows("SELECT 1 FROM bulk_run WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=wanted)
    rows = tx.rows(
        "SELECT r.id::text, r.deed, r.kind, r.actor, r.done_at, r.document, r.undoes::text, u.id::text AS undone_by"
        " FROM bulk_run r LEFT JOIN bulk_run u ON u.undoes = r.id WHERE r.id = ANY(%(ids)s::uuid[])",
        ids=wanted,
    )
    return {row.id: _run(row) for row in rows}


def get_run(tx: Tx, id_: str) -> BulkRun:
    """One run. Refuses not_found."""
    rows = tx.rows(
        "SELECT r.id::text, r.deed, r.kind, r.actor, r.done_at, r.document, r.undoes::text, u.id::text AS undone_by"
        " FROM bulk_run r LEFT JOIN bulk_run u ON u.undoes = r.id WHERE r.id = ANY(%(ids)s::uuid[])",
        ids=array([id_] if is_id(id_) else []),
    )
    if not rows:
        raise Refusal("not_found", bulk=id_)
    return _run(rows[0])


def _run(row: Any) -> BulkRun:
    orders = [BulkRow(*each) for each in msgspec.json.decode(row.document)]
    return BulkRun(row.id, row.deed, row.kind, row.actor, row.done_at, orders, row.undoes, row.undone_by)
