"""The money of orders, as people ask for it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from orderwright.business.billing.actions import PaperLine
from orderwright.database.rows import array
from orderwright.database.tx import Tx


def paper_lines(tx: Tx, order_ids: Iterable[str], kind: str) -> dict[str, list[list[PaperLine]]]:
    """The lines of the orders' invoices or credit notes, one list per paper, by order."""
    found: dict[str, list[list[PaperLine]]] = {}
    for row in tx.rows(
        "SELECT order_id::text, lines FROM paper WHERE order_id = ANY(%(ids)s::uuid[]) AND kind = %(kind)s",
        ids=array(sorted(set(order_ids))), kind=kind,
    ):  # fmt: skip
        found.setdefault(row.order_id, []).append(msgspec.json.decode(row.lines, type=list[PaperLine]))
    return found


def paper_totals(tx: Tx, order_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """Minor units by order and kind of paper."""
    found: dict[str, dict[str, int]] = {}
    for row in tx.rows(
        "SELECT order_id::text, kind, sum(total_minor)::bigint AS total FROM paper"
        " WHERE order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id, kind",
        ids=array(sorted(set(order_ids))),
    ):
        found.setdefault(row.order_id, {})[row.kind] = row.total
    return found


def get_paper(tx: Tx, series: str, number: int) -> Any:
    """One invoice or credit note, or None."""
    return tx.row(
        "SELECT p.*, o.number AS order_number FROM paper p JOIN orders o ON o.id = p.order_id"
        " WHERE p.series = %(series)s AND p.number = %(number)s",
        series=series, number=number,
    )  # fmt: skip
