"""Exchanges: what is asked for instead of money, and how it stands. Rows locked, read, written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.ids import is_id

ExchangeState = Literal["waiting", "kept", "over"]


class ExchangedFor(msgspec.Struct, frozen=True):
    """Units of an order's line that come back, and the product that goes out for them."""

    position: int
    sku: str
    quantity: int


class ExchangeNow(msgspec.Struct, frozen=True):
    """An exchange as it stands: waiting for the return, kept, or over (the return pays money instead).

    order: the replacement, held until the return is settled, at the latest until `lapses_at` if nothing came by then.
    carried: of what the return is credited with, what paid for the replacement.
    """

    order: str
    state: str
    lines: list[ExchangedFor]
    lapses_at: datetime
    carried: str


class NewExchange(NamedTuple):
    """An exchange to be written. order_id: the replacement, whose line n goes out for `lines[n - 1]`."""

    return_id: str
    order_id: str
    lapses_at: datetime
    lines: Sequence[ExchangedFor]


def insert_exchanges(tx: Tx, new: Sequence[NewExchange]) -> None:
    """Write exchanges that wait for their returns."""
    tx.copy(
        "exchange",
        "return_id, order_id, state, made_at, lapses_at",
        [(each.return_id, each.order_id, "waiting", tx.now, each.lapses_at) for each in new],
    )
    tx.copy(
        "exchange_line",
        "return_id, line, position, sku, units",
        [
            (each.return_id, n, line.position, line.sku, line.quantity)
            for each in new for n, line in enumerate(each.lines, 1)
        ],
    )  # fmt: skip


def replacements_of(tx: Tx, return_ids: Iterable[str]) -> dict[str, str]:
    """The order that replaces what comes back, by return; it never changes."""
    rows = tx.rows(
        "SELECT return_id::text, order_id::text FROM exchange WHERE return_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({id_ for id_ in return_ids if is_id(id_)})),
    )
    return {row.return_id: row.order_id for row in rows}


def returns_awaited(tx: Tx, order_ids: Iterable[str]) -> dict[str, str]:
    """The number of the return that is to pay for an order, by order, while it is open. Final while they are locked."""
    rows = tx.rows(
        "SELECT e.order_id::text, r.number FROM exchange e JOIN return_request r ON r.id = e.return_id"
        " WHERE e.order_id = ANY(%(ids)s::uuid[]) AND e.state = 'waiting'",
        ids=array(sorted(set(order_ids))),
    )
    return {row.order_id: row.number for row in rows}


def lock_exchanges(tx: Tx, return_ids: Iterable[str]) -> dict[str, Any]:
    """Lock exchanges (both their orders' and the returns' rows are locked by the caller); rows by return id."""
    rows = tx.rows(
        "SELECT return_id::text, order_id::text, state, carried_minor, lapses_at FROM exchange"
        " WHERE return_id = ANY(%(ids)s::uuid[]) ORDER BY return_id FOR UPDATE",
        ids=array(sorted(set(return_ids))),
    )
    return {row.return_id: row for row in rows}


def exchange_lines(tx: Tx, return_ids: Iterable[str]) -> dict[str, list[ExchangedFor]]:
    """What goes out for what, in the order of the replacement's lines, by return."""
    found: dict[str, list[ExchangedFor]] = {}
    for row in tx.rows(
        "SELECT return_id::text, position, sku, units FROM exchange_line WHERE return_id = ANY(%(ids)s::uuid[])"
        " ORDER BY return_id, line",
        ids=array(sorted(set(return_ids))),
    ):
        found.setdefault(row.return_id, []).append(ExchangedFor(*row[1:]))
    return found


def end_waiting(tx: Tx, ended: Mapping[str, tuple[ExchangeState, int]]) -> None:
    """Write how exchanges ended, and what was carried over, by return."""
    tx.write(
        "UPDATE exchange e SET state = n.state, carried_minor = n.carried, ended_at = %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(carried)s::bigint[]) AS n(id, state, carried)"
        " WHERE e.return_id = n.id",
        now=tx.now, ids=array(ended), states=array(state for state, _ in ended.values()),
        carried=array(carried for _, carried in ended.values()),
    )  # fmt: skip


def exchanges_now(tx: Tx, return_ids: Iterable[str]) -> dict[str, ExchangeNow]:
    """Exchanges as they stand, by return."""
    ids = sorted(set(return_ids))
    rows = tx.rows(
        "SELECT e.return_id::text, o.number, o.currency, e.state, e.lapses_at, e.carried_minor FROM exchange e"
        " JOIN orders o ON o.id = e.order_id WHERE e.return_id = ANY(%(ids)s::uuid[])",
        ids=array(ids),
    )
    lines = exchange_lines(tx, [row.return_id for row in rows]) if rows else {}
    return {
        row.return_id: ExchangeNow(
            row.number, row.state, lines[row.return_id], row.lapses_at,
            money.format_minor(row.carried_minor, row.currency),
        )
        for row in rows
    }  # fmt: skip


def lapsed_exchanges(tx: Tx, limit: int) -> list[str]:
    """Returns nothing of which came in time for their exchange, longest overdue first."""
    rows = tx.rows(
        "SELECT e.return_id::text FROM exchange e JOIN return_request r ON r.id = e.return_id"
        " WHERE e.state = 'waiting' AND e.lapses_at <= %(now)s AND r.state = 'asked' ORDER BY e.lapses_at LIMIT %(n)s",
        now=tx.now, n=limit,
    )  # fmt: skip
    return [row.return_id for row in rows]
