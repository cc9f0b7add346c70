"""Purchasing's own SQL. Purchase orders are locked by id, after orders and before stock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from orderwright.business.purchasing.rules import Line, State, state_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable


class Purchase:
    """A locked purchase order with its lines, kept up to date while commands are decided; `save` writes it."""

    def __init__(self, row: Any, lines: Iterable[Line]) -> None:
        self.id, self.number, self.supplier, self.site = row.id, row.number, row.supplier, row.site
        self.currency, self.version = row.currency, row.version
        self.sent_at: datetime | None = row.sent_at
        self.confirmed_at: datetime | None = row.confirmed_at
        self.is_cancelled = row.state == "cancelled"
        self.state: State = row.state
        self.lines = {line.position: line for line in lines}
        self.is_changed = False

    def find(self, sku: str) -> Line | None:
        """The line of a product."""
        return next((line for line in self.lines.values() if line.sku == sku), None)

    def change(self, line: Line) -> None:
        """A line is another now."""
        self.lines[line.position] = line
        self.settle()

    def settle(self) -> None:
        """Work out the state anew."""
        self.is_changed = True
        self.state = state_of(
            list(self.lines.values()), is_sent=self.sent_at is not None, is_confirmed=self.confirmed_at is not None,
            is_cancelled=self.is_cancelled,
        )  # fmt: skip


_LINE = "position, sku, quantity, cost_micro, due_on, accepted, rejected, cancelled"


def lock_purchases(tx: Tx, numbers: Iterable[str]) -> dict[str, Purchase]:
    """Purchase orders by number, locked in id order; unknown ones are left out."""
    rows = tx.rows(
        "SELECT id::text, number, supplier, site, currency, state, version, sent_at, confirmed_at FROM purchase_order"
        " WHERE number = ANY(%(numbers)s::text[]) ORDER BY id FOR UPDATE",
        numbers=array(askable(numbers)),
    )
    lines: dict[str, list[Line]] = {}
    for row in tx.rows(
        f"SELECT purchase_id::text, {_LINE} FROM purchase_line WHERE purchase_id = ANY(%(ids)s::uuid[])"
        " ORDER BY purchase_id, position",
        ids=array(row.id for row in rows),
    ):
        lines.setdefault(row.purchase_id, []).append(Line._make(row[1:]))
    return {row.number: Purchase(row, lines.get(row.id, ())) for row in rows}


def insert_purchases(tx: Tx, rows: Sequence[tuple[str, str, str, str, str]], lines: Mapping[str, list[Line]]) -> None:
    """New drafts: (id, number, supplier, site, currency), and their lines by id."""
    tx.copy(
        "purchase_order", "id, number, supplier, site, currency, state, made_at",
        [(*row, "draft", tx.now) for row in rows],
    )  # fmt: skip
    insert_lines(tx, lines)


def insert_lines(tx: Tx, lines: Mapping[str, list[Line]]) -> None:
    """Lines of purchase orders, by id."""
    tx.copy("purchase_line", f"purchase_id, {_LINE}", [(id_, *line) for id_, mine in lines.items() for line in mine])


def drop_lines(tx: Tx, ids: Iterable[str]) -> None:
    """Take the lines of drafts away, to give them others."""
    tx.write("DELETE FROM purchase_line WHERE purchase_id = ANY(%(ids)s::uuid[])", ids=array(ids))


def save_purchases(tx: Tx, purchases: Iterable[Purchase]) -> None:
    """Write what changed of purchase orders and their lines."""
    changed = [each for each in purchases if each.is_changed]
    if not changed:
        return
    tx.write(
        """
        UPDATE purchase_order p SET state = n.state, sent_at = n.sent_at, confirmed_at = n.confirmed_at,
            version = p.version + 1,
            ended_at = CASE WHEN n.state IN ('received', 'cancelled') THEN coalesce(p.ended_at, %(now)s) END
        FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(sent)s::timestamptz[], %(confirmed)s::timestamptz[])
             AS n(id, state, sent_at, confirmed_at)
        WHERE p.id = n.id
        """,
        now=tx.now, ids=array(each.id for each in changed), states=array(each.state for each in changed),
        sent=array(each.sent_at for each in changed), confirmed=array(each.confirmed_at for each in changed),
    )  # fmt: skip
    lines = [(each, line) for each in changed for line in each.lines.values()]
    tx.write(
        """
        UPDATE purchase_line l SET due_on = n.due_on, accepted = n.accepted, rejected = n.rejected,
            cancelled = n.cancelled, is_open = n.is_open
        FROM unnest(%(ids)s::uuid[], %(positions)s::int[], %(dues)s::date[], %(accepted)s::bigint[],
                    %(rejected)s::bigint[], %(cancelled)s::bigint[], %(open)s::boolean[])
             AS n(id, position, due_on, accepted, rejected, cancelled, is_open)
        WHERE l.purchase_id = n.id AND l.position = n.position
        """,
        ids=array(each.id for each, _ in lines), positions=array(line.position for _, line in lines),
        dues=array(line.due_on for _, line in lines), accepted=array(line.accepted for _, line in lines),
        rejected=array(line.rejected for _, line in lines), cancelled=array(line.cancelled for _, line in lines),
        open=array(
            each.state in ("sent", "confirmed", "part_received") and line.left > 0 for each, line in lines
        ),
    )  # fmt: skip


def next_numbers(tx: Tx, count: int) -> list[str]:
    """Numbers for purchase orders."""
    rows = tx.tuples("SELECT nextval('purchase_order_number') FROM generate_series(1, %(count)s::int)", count=count)
    return [f"PO-{number:06}" for (number,) in rows]
