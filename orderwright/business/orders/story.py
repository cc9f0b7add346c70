"""An order's story: every fact of it and of what belongs to it, and why it was decided as it was."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.business.orders.windows import FIRST_TIME_ZONE, cancel_note
from orderwright.business.routing.rates import FIRST_CURRENCY
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.pages import Page, mark, read_mark
from orderwright.values.refusal import Refusal

DECISIONS_MAX = 200


class FactView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact. `subject` is what it happened to: the order, a fulfilment, parcel or return of it.

    says: what it means for the customer, in a sentence, where that depends on the time: a cancel window.
    """

    at: datetime
    recorded_at: datetime
    kind: str
    subject: str
    seq: int
    type: str
    version: int
    actor: str
    facts: msgspec.Raw
    hash: str
    says: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """A site that was considered: what shipping from it would cost, units it could ship, and the verdict."""

    site: str
    distance_km: int
    cost: str
    units: int
    reason: str


class Because(msgspec.Struct, frozen=True):
    """A finding that led to something."""

    code: str
    pointer: str
    facts: dict[str, Any]


class Decision(msgspec.Struct, frozen=True):
    """One decision about sites and units, with every candidate's cost and reason. currency: of the costs."""

    seq: int
    kind: str
    made_at: datetime
    outcome: str
    candidates: list[Candidate]
    policy: Any
    findings: list[Because]
    currency: str = ""


class HoldStory(msgspec.Struct, frozen=True):
    """A hold, open or not, and what placed it."""

    kind: str
    placed_at: datetime
    placed_by: str
    released_at: datetime | None
    released_by: str | None
    because: list[Because]


class Explanation(msgspec.Struct, frozen=True):
    """Why an order was routed, held and split as it was."""

    number: str
    state: str
    decisions: list[Decision]
    holds: list[HoldStory]


def list_facts(tx: Tx, number: str, *, after: str | None, limit: int) -> Page[FactView]:
    """Every fact of an order and what belongs to it, newest first. Refuses not_found."""
    order = _find(tx, number)
    if order is None:
        raise Refusal("not_found", order=number)
    note = cancel_note(order.cancel_until, tx.now, order.time_zone)
    at, subject, seq = read_mark(after, tuple[datetime, UUID, int]) if after else (None, None, None)
    rows = tx.rows(
        f"""
        WITH subjects AS (
            SELECT id FROM orders WHERE number = %(number)s
            UNION ALL SELECT f.id FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE o.number = %(number)s
            UNION ALL SELECT p.id FROM parcel p JOIN orders o ON o.id = p.order_id WHERE o.number = %(number)s
            UNION ALL SELECT r.id FROM return_request r JOIN orders o ON o.id = r.order_id
                      WHERE o.number = %(number)s)
        SELECT f.occurred_at, f.recorded_at, f.kind, f.subject::text, f.seq, f.type, f.version, f.actor, f.body,
               f.hash
        FROM subjects s JOIN fact f ON f.subject = s.id
        {"WHERE (f.recorded_at, f.subject, f.seq) < (%(at)s, %(subject)s::uuid, %(seq)s)" if after else ""}
        ORDER BY f.recorded_at DESC, f.subject DESC, f.seq DESC LIMIT %(limit)s
        """,
        number=number, at=at, subject=str(subject), seq=seq, limit=limit + 1,
    )  # fmt: skip
    items = [_fact(row, note if row.type == "order_placed" else "") for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items, mark(last.recorded_at, last.subject, last.seq) if last else None)


def explain_order(tx: Tx, number: str) -> Explanation:
    """Why an order was routed, held and split as it was; the first 200 decisions. Refuses not_found."""
    order = _find(tx, number)
    if order is None:
        raise Refusal("not_found", order=number)
    decisions = tx.rows(
        "SELECT seq, kind, made_at, document FROM decision WHERE order_id = %(id)s ORDER BY seq LIMIT %(limit)s",
        id=order.id, limit=DECISIONS_MAX,
    )  # fmt: skip
    holds = tx.rows(
        "SELECT kind, placed_at, placed_by, released_at, released_by, document FROM hold"
        " WHERE order_id = %(id)s ORDER BY placed_at, kind",
        id=order.id,
    )
    return Explanation(
        number,
        order.state,
        [_decision(row) for row in decisions],
        [_hold(row) for row in holds],
    )


class _Candidate(NamedTuple):
    site: str
    distance_km: int
    cost_minor: int
    units: int
    reason: str


class _Document(msgspec.Struct):
    outcome: str = ""
    candidates: list[_Candidate] = []
    currency: str = FIRST_CURRENCY
    policy: Any = None
    findings: list[Annotated[list[Any], Meta(min_length=2)]] = []

    def because(self) -> list[Because]:
        # (code, pointer[, severity], facts): holds leave the severity out.
        return [Because(each[0], each[1], each[-1] if isinstance(each[-1], dict) else {}) for each in self.findings]


def _document(text: str) -> _Document:
    return msgspec.json.decode(text, type=_Document)


def _decision(row: Any) -> Decision:
    document = _document(row.document)
    currency = document.currency
    candidates = [
        Candidate(each.site, each.distance_km, money.format_minor(each.cost_minor, currency), each.units, each.reason)
        for each in document.candidates
    ]
    because = document.because()
    return Decision(row.seq, row.kind, row.made_at, document.outcome, candidates, document.policy, because, currency)


def _fact(row: Any, says: str) -> FactView:
    return FactView(
        row.occurred_at, row.recorded_at, row.kind, row.subject, row.seq, row.type, row.version, row.actor,
        msgspec.Raw(row.body.encode()), bytes(row.hash).hex(), says,
    )  # fmt: skip


def _hold(row: Any) -> HoldStory:
    because = _document(row.document).because()
    return HoldStory(row.kind, row.placed_at, row.placed_by, row.released_at, row.released_by, because)


def _find(tx: Tx, number: str) -> Any:
    return tx.row(
        f"SELECT o.id, o.state, o.currency, o.cancel_until, ({FIRST_TIME_ZONE}) AS time_zone"
        " FROM orders o WHERE o.number = %(number)s",
        number=number,
    )
