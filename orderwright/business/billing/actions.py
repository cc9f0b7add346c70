"""Writing money down: intents before calls, outcomes after them, papers without gaps, bookings that balance."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.billing.ports import PaymentAnswer, PaymentRequest
from orderwright.business.billing.rules import Worth, payment_state
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

CALL_PAYMENT = "call_payment"


class Payment(NamedTuple):
    """A payment with what is on its way. Amounts in minor units; `pending_*` are wanted but not answered yet."""

    id: str
    order_id: str
    gateway: str
    reference: str
    currency: str
    authorised_minor: int
    captured_minor: int
    refunded_minor: int
    voided_minor: int
    pending_capture_minor: int
    pending_refund_minor: int
    pending_void_minor: int

    @property
    def capturable_minor(self) -> int:
        """What may still be captured (or voided)."""
        taken = self.captured_minor + self.voided_minor + self.pending_capture_minor + self.pending_void_minor
        return self.authorised_minor - taken

    @property
    def refundable_minor(self) -> int:
        """What may still be paid back."""
        return self.captured_minor - self.refunded_minor - self.pending_refund_minor

    @property
    def standing_minor(self) -> int:
        """What of it stands for its order: authorised, and neither let go nor paid back, nor about to be."""
        gone = self.voided_minor + self.refunded_minor + self.pending_void_minor + self.pending_refund_minor
        return self.authorised_minor - gone


class Wanted(NamedTuple):
    """One effect on a payment, to be asked of its gateway."""

    kind: str  # capture, refund, void
    payment: Payment
    amount_minor: int


class NewPayment(NamedTuple):
    """Money somebody else authorised or captured, told to us. carried_from: the payment whose money it is."""

    order_id: str
    gateway: str
    reference: str
    currency: str
    amount_minor: int
    is_captured: bool
    carried_from: str | None = None


class Capture(NamedTuple):
    """Money of a payment that was authorised and came in without us."""

    payment: Payment
    amount_minor: int


class PaperLine(msgspec.Struct, frozen=True):
    """One line as printed; goods and tax in minor units."""

    position: int
    sku: str
    title: str
    units: int
    goods_minor: int
    tax_minor: int


class NewPaper(NamedTuple):
    """An invoice or credit note to issue. `cause` is unique: one paper per cause. due_on: when it is to be paid."""

    kind: str  # invoice, credit_note
    order_id: str
    cause: str
    currency: str
    worth: Worth
    lines: list[PaperLine]
    due_on: date | None = None


SERIES = {"invoice": "INV", "credit_note": "CN"}


def lock_payments(tx: Tx, order_ids: Iterable[str]) -> dict[str, list[Payment]]:
    """Lock the payments of orders (whose rows the caller has locked), oldest first, by order."""
    return _payments(tx, order_ids, "FOR UPDATE OF p")


def find_payments(tx: Tx, order_ids: Iterable[str]) -> dict[str, list[Payment]]:
    """The payments of orders as they stand, for who only looks; oldest first, by order."""
    return _payments(tx, order_ids, "")


def _payments(tx: Tx, order_ids: Iterable[str], lock: str) -> dict[str, list[Payment]]:
    rows = tx.rows(
        f"""
        SELECT p.id::text, p.order_id::text, p.gateway, p.reference, p.currency, p.authorised_minor,
               p.captured_minor, p.refunded_minor, p.voided_minor,
               coalesce((SELECT sum(amount_minor) FROM intent i WHERE i.subject = p.id AND i.kind = 'capture'
                         AND i.state IN ('wanted', 'calling', 'unknown')), 0)::bigint AS capturing,
               coalesce((SELECT sum(amount_minor) FROM intent i WHERE i.subject = p.id AND i.kind = 'refund'
                         AND i.state IN ('wanted', 'calling', 'unknown')), 0)::bigint AS refunding,
               coalesce((SELECT sum(amount_minor) FROM intent i WHERE i.subject = p.id AND i.kind = 'void'
                         AND i.state IN ('wanted', 'calling', 'unknown')), 0)::bigint AS voiding
        FROM payment p WHERE p.order_id = ANY(%(ids)s::uuid[]) ORDER BY p.id {lock}
        """,
        ids=array(sorted(set(order_ids))),
    )
    found: dict[str, list[Payment]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(Payment(*row))
    return found


def add_payments(tx: Tx, new: Sequence[NewPayment]) -> list[str]:
    """Write payments told to us; captured money goes into the ledger. Returns their ids, in order."""
    ids = new_ids(len(new))
    tx.copy(
        "payment",
        "id, order_id, gateway, reference, currency, state, given_authorised_minor, given_captured_minor,"
        " authorised_minor, captured_minor, made_at, carried_from",
        [
            (id_, each.order_id, each.gateway, each.reference, each.currency,
             "captured" if each.is_captured else "authorised", each.amount_minor,
             each.amount_minor if each.is_captured else 0, each.amount_minor,
             each.amount_minor if each.is_captured else 0, tx.now, each.carried_from)
            for id_, each in zip(ids, new, strict=True)
        ],
    )  # fmt: skip
    book(tx, [
        (f"given:{id_}", each.order_id, each.currency, {"cash": each.amount_minor, "receivable": -each.amount_minor})
        for id_, each in zip(ids, new, strict=True) if each.is_captured
    ])  # fmt: skip
    return ids


def add_captures(tx: Tx, captures: Sequence[Capture]) -> None:
    """Write money that came in on locked payments without us, at most what may still be captured of each."""
    if not captures:
        return
    rows = tx.rows(
        """
        UPDATE payment p SET captured_minor = p.captured_minor + c.amount,
               given_captured_minor = p.given_captured_minor + c.amount
        FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[]) AS c(id, amount) WHERE p.id = c.id
        RETURNING p.id::text, p.authorised_minor, p.captured_minor, p.refunded_minor, p.voided_minor
        """,
        ids=array(each.payment.id for each in captures), amounts=array(each.amount_minor for each in captures),
    )  # fmt: skip
    _set_states(tx, rows)
    # Told again after a capture of ours failed, a payment has a second booking: what had come in before names it.
    book(tx, [
        (f"told:{payment.id}:{payment.captured_minor}", payment.order_id, payment.currency,
         {"cash": amount, "receivable": -amount})
        for payment, amount in captures
    ])  # fmt: skip


def want_payments(tx: Tx, wanted: Sequence[Wanted]) -> None:
    """Write intents and the tasks that carry them out. The payments are locked and the amounts fit."""
    if not wanted:
        return
    used = {
        (row.subject, row.kind): row.used
        for row in tx.rows(
            "SELECT subject::text, kind, count(*) AS used FROM intent WHERE subject = ANY(%(ids)s::uuid[])"
            " GROUP BY subject, kind",
            ids=array(sorted({each.payment.id for each in wanted})),
        )
    }
    rows = []
    for id_, each in zip(new_ids(len(wanted)), wanted, strict=True):
        number = used[each.payment.id, each.kind] = used.get((each.payment.id, each.kind), 0) + 1
        payment = each.payment
        # By the gateway's own name where there is one: an order that comes in anew after a restore has a payment
        # with another id, and what was captured in the lost hour must meet its old key.
        key = f"{each.kind}:{payment.gateway}:{payment.reference or payment.id}:{number}"
        rows.append((id_, each.kind, payment.id, payment.order_id, payment.gateway, key, each.amount_minor,
                     payment.currency, "wanted", tx.now))  # fmt: skip
        tx.enqueue(CALL_PAYMENT, payment.id, {"intent": id_})
    columns = "id, kind, subject, order_id, provider, key, amount_minor, currency, state, made_at"
    tx.copy("intent", columns, rows)


def begin_calls(tx: Tx, intent_ids: Sequence[str]) -> dict[str, PaymentRequest]:
    """Mark intents as being called and tell what to ask; those already settled are left out."""
    rows = tx.rows(
        """
        UPDATE intent i SET state = 'calling' FROM payment p LEFT JOIN payment f ON f.id = p.carried_from
        WHERE i.id = ANY(%(ids)s::uuid[]) AND i.state IN ('wanted', 'calling', 'unknown') AND p.id = i.subject
        RETURNING i.id::text, i.kind, i.provider, i.key, i.amount_minor, i.currency,
                  coalesce(f.reference, p.reference) AS reference
        """,
        ids=array(intent_ids),
    )
    return {
        row.id: PaymentRequest(row.id, row.kind, row.provider, row.key, row.amount_minor, row.currency, row.reference)
        for row in rows
    }


def record_outcomes(tx: Tx, outcomes: Mapping[str, PaymentAnswer]) -> list[Any]:
    """Write what the gateway said to intents still open: amounts on the payment, money in the ledger.

    Returns rows (id, kind, order_id, payment_id, amount_minor, is_done) of the intents settled now; one that
    was settled before changes nothing.
    """
    rows = tx.rows(
        """
        UPDATE intent i SET state = CASE WHEN o.is_done THEN 'done' ELSE 'failed' END, answer = o.said,
                            ended_at = %(now)s
        FROM unnest(%(ids)s::uuid[], %(done)s::boolean[], %(said)s::text[]) AS o(id, is_done, said)
        WHERE i.id = o.id AND i.state IN ('wanted', 'calling', 'unknown')
        RETURNING i.id::text, i.kind, i.order_id::text, i.subject::text AS payment_id, i.amount_minor, i.currency,
                  o.is_done
        """,
        now=tx.now, ids=array(outcomes), done=array(each.is_done for each in outcomes.values()),
        said=array(each.said for each in outcomes.values()),
    )  # fmt: skip
    _add_amounts(tx, [row for row in rows if row.is_done])
    book(tx, [
        (f"{row.kind}:{row.id}", row.order_id, row.currency,
         {"cash": sign * row.amount_minor, "receivable": -sign * row.amount_minor})
        for row in rows if row.is_done and (sign := {"capture": 1, "refund": -1}.get(row.kind, 0))
    ])  # fmt: skip
    return rows


def _add_amounts(tx: Tx, done: Sequence[Any]) -> None:
    added: dict[str, dict[str, int]] = {}
    for row in done:
        amounts = added.setdefault(row.payment_id, {"capture": 0, "refund": 0, "void": 0})
        amounts[row.kind] += row.amount_minor
    if not added:
        return
    rows = tx.rows(
        """
        UPDATE payment p SET captured_minor = p.captured_minor + a.captured,
               refunded_minor = p.refunded_minor + a.refunded, voided_minor = p.voided_minor + a.voided
        FROM unnest(%(ids)s::uuid[], %(captured)s::bigint[], %(refunded)s::bigint[], %(voided)s::bigint[])
             AS a(id, captured, refunded, voided)
        WHERE p.id = a.id
        RETURNING p.id::text, p.authorised_minor, p.captured_minor, p.refunded_minor, p.voided_minor
        """,
        ids=array(added), captured=array(each["capture"] for each in added.values()),
        refunded=array(each["refund"] for each in added.values()),
        voided=array(each["void"] for each in added.values()),
    )  # fmt: skip
    _set_states(tx, rows)


def _set_states(tx: Tx, rows: Sequence[Any]) -> None:
    """rows: (id, authorised, captured, refunded, voided) of payments whose amounts changed."""
    states = {row.id: payment_state(*row[1:]) for row in rows}
    tx.write(
        "UPDATE payment p SET state = n.state FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS n(id, state)"
        " WHERE p.id = n.id",
        ids=array(states), states=array(states.values()),
    )  # fmt: skip


def book(tx: Tx, bookings: Sequence[tuple[str, str, str, Mapping[str, int]]]) -> None:
    """Write bookings: (name, order, currency, account -> minor units). Each must sum to zero.

    Raises ValueError for one that does not: that is a bug, never input.
    """
    rows = []
    for name, order_id, currency, amounts in bookings:
        if sum(amounts.values()) != 0:
            raise ValueError(f"booking {name} does not balance: {dict(amounts)}")
        rows += [(name, account, order_id, amount, currency, tx.now) for account, amount in amounts.items() if amount]
    ids = new_ids(len(rows))
    columns = "id, booking, account, order_id, amount_minor, currency, booked_at"
    tx.copy("ledger_entry", columns, [(id_, *row) for id_, row in zip(ids, rows, strict=True)])


def issue_papers(tx: Tx, papers: Sequence[NewPaper]) -> list[str]:
    """Issue papers with dense numbers and book them; their numbers, in order. Call it last in a transaction.

    The series' row stays locked until the commit, which is what keeps the numbers dense.
    """
    numbers: list[str] = []
    rows, bookings = [], []
    for kind in sorted({each.kind for each in papers}):
        next_number = _take_numbers(tx, SERIES[kind], sum(each.kind == kind for each in papers))
        for each in papers:
            if each.kind == kind:
                rows.append((SERIES[kind], next_number, each))
                next_number += 1
    by_cause = {each.cause: f"{series}-{number:06}" for series, number, each in rows}
    numbers = [by_cause[each.cause] for each in papers]
    for _, _, each in rows:
        sign = 1 if each.kind == "invoice" else -1
        worth = each.worth
        bookings.append((f"paper:{each.cause}", each.order_id, each.currency, {
            "receivable": sign * worth.total_minor, "sales": -sign * worth.goods_minor,
            "shipping": -sign * worth.shipping_minor, "tax": -sign * worth.tax_minor,
        }))  # fmt: skip
    tx.copy(
        "paper",
        "series, number, kind, order_id, cause, currency, goods_minor, shipping_minor, tax_minor, total_minor, lines,"
        " issued_at, due_on",
        [
            (series, number, each.kind, each.order_id, each.cause, each.currency, each.worth.goods_minor,
             each.worth.shipping_minor, each.worth.tax_minor, each.worth.total_minor,
             msgspec.json.encode(each.lines).decode(), tx.now, each.due_on)
            for series, number, each in rows
        ],
    )  # fmt: skip
    book(tx, bookings)
    return numbers


def _take_numbers(tx: Tx, series: str, count: int) -> int:
    row = tx.row(
        "INSERT INTO paper_series AS s (series, last_number) VALUES (%(series)s, %(count)s)"
        " ON CONFLICT (series) DO UPDATE SET last_number = s.last_number + %(count)s RETURNING last_number",
        series=series, count=count,
    )  # fmt: skip
    return int(row.last_number) - count + 1
