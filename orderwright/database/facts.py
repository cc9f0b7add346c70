"""Facts: append-only, dense and hash-chained per subject. Audit trail and timeline in one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from struct import pack
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import msgspec

from orderwright.database.rows import array, text_field
from orderwright.database.tasks import NewTask

if TYPE_CHECKING:
    from orderwright.database.tx import Tx

SUBJECTS = {
    "order": "orders",
    "fulfilment": "fulfilment",
    "parcel": "parcel",
    "return": "return_request",
    "walk": "pick_batch",
    "purchase": "purchase_order",
    "count": "count_task",
}
"""Kind of subject -> the table whose row carries the head of its chain (fact_seq, fact_hash, fact_at)."""

COLUMNS = "subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash"

FEW = 50
"""So many facts go with their heads in one statement."""

_YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)

encode_canonical = msgspec.json.Encoder(order="deterministic").encode


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all facts. A fact holds ids and amounts, never names, addresses or free text of people."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1


class Recorded(NamedTuple):
    """A fact on its way into the chain of its subject."""

    kind: str
    subject: str
    fact: Fact
    actor: str
    occurred_at: datetime


class Head(NamedTuple):
    """The end of a subject's chain."""

    seq: int
    hash: bytes
    at: datetime


def link_hash(previous: bytes, seq: int, type_: str, recorded_at: datetime, body: bytes) -> bytes:
    """sha256 over the previous hash, seq (4 bytes), recorded_at (8 bytes, microseconds since 2000, UTC), type, a
    newline and the body. Numbers are big-endian and signed, as PostgreSQL sends them, so that it hashes as fast.
    """
    passed = recorded_at - _YEAR_2000
    microseconds = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    return sha256(previous + pack(">iq", seq, microseconds) + type_.encode() + b"\n" + body).digest()


def first_of_chain(recorded: Sequence[Recorded], now: datetime, flows: Mapping[str, Sequence[str]]) -> "Batch":
    """Facts that begin their subjects' chains; the caller writes the heads into rows it inserts anyway."""
    return _link(recorded, {}, now, flows)


class Batch(NamedTuple):
    """Linked facts: their rows (see COLUMNS), the new head per subject, and the tasks they lead to."""

    rows: list[tuple[str, int, str, str, int, str, datetime, datetime, str, bytes]]
    heads: dict[str, Head]
    tasks: list[NewTask]

    @property
    def lines(self) -> str:
        """The facts as COPY text."""
        return "".join([
            f"{subject}\t{seq}\t{kind}\t{type_}\t{version}\t{text_field(actor)}\t{occurred_at}\t{at}"
            f"\t{text_field(body)}\t\\\\x{digest.hex()}\n"
            for subject, seq, kind, type_, version, actor, occurred_at, at, body, digest in self.rows
        ])  # fmt: skip


def append(tx: "Tx", recorded: Sequence[Recorded]) -> list[NewTask]:
    """Link facts to the heads of their subjects and write both; returns the tasks they lead to.

    At most three statements per kind of subject, however many facts. The subjects' rows are locked.
    """
    follow_ups: list[NewTask] = []
    for kind in sorted({each.kind for each in recorded}):
        table = SUBJECTS[kind]
        mine = [each for each in recorded if each.kind == kind]
        ids = array(sorted({each.subject for each in mine}))
        rows = tx.rows(
            f"SELECT id::text, fact_seq, fact_hash, fact_at FROM {table}"
            " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
            ids=ids,
        )
        heads = {row.id: Head(row.fact_seq, bytes(row.fact_hash), row.fact_at) for row in rows if row.fact_seq}
        batch = _link(mine, heads, tx.now, tx.store.flows)
        if len(batch.rows) > FEW:
            tx.copy_text("fact", COLUMNS, batch.lines)
        _write_heads(tx, table, batch)
        follow_ups.extend(batch.tasks)
    return follow_ups


def _write_heads(tx: "Tx", table: str, batch: Batch) -> None:
    """Write new heads, and few facts with them in one statement; COPY takes two trips, and pays for many."""
    columns: dict[str, str] = {}
    facts = ""
    if len(batch.rows) <= FEW:
        kinds = ("uuid", "int", "text", "text", "int", "text", "timestamptz", "timestamptz", "text", "bytea")
        columns = {f"c{i}": array(column) for i, column in enumerate(zip(*batch.rows, strict=True))}
        arrays = ", ".join(f"%(c{i})s::{kind}[]" for i, kind in enumerate(kinds))
        facts = f"WITH written AS (INSERT INTO fact ({COLUMNS}) SELECT * FROM unnest({arrays})) "
    tx.write(
        facts + f"UPDATE {table} SET fact_seq = head.seq, fact_hash = head.hash, fact_at = head.at"
        " FROM unnest(%(ids)s::uuid[], %(seqs)s::int[], %(hashes)s::bytea[], %(times)s::timestamptz[])"
        f" AS head(id, seq, hash, at) WHERE {table}.id = head.id",
        ids=array(batch.heads), seqs=array(head.seq for head in batch.heads.values()),
        hashes=array(head.hash for head in batch.heads.values()),
        times=array(head.at for head in batch.heads.values()), **columns,
    )  # fmt: skip


def _link(
    recorded: Sequence[Recorded], heads: dict[str, Head], now: datetime, flows: Mapping[str, Sequence[str]]
) -> Batch:
    rows: list[tuple[str, int, str, str, int, str, datetime, datetime, str, bytes]] = []
    follow_ups: list[NewTask] = []
    ends: dict[str, Head] = {}
    for each in recorded:
        fact = each.fact
        head = ends.get(each.subject) or heads.get(each.subject)
        seq, previous, at = (head.seq + 1, head.hash, max(now, head.at)) if head else (1, b"", now)
        body = encode_canonical(fact)
        digest = link_hash(previous, seq, fact.TYPE, at, body)
        ends[each.subject] = Head(seq, digest, at)
        rows.append((
            each.subject, seq, each.kind, fact.TYPE, fact.VERSION, each.actor, each.occurred_at, at, body.decode(),
            digest,
        ))  # fmt: skip
        if names := flows.get(fact.TYPE):
            follow_ups.extend([NewTask(name, each.subject, seq, None, now) for name in names])
    return Batch(rows, ends, follow_ups)
