"""Purchase orders, suppliers and dated supply, as lists and other areas see them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from orderwright.business.purchasing.forms import PurchaseLineNow, PurchaseNow, ShortText, SupplierNow
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.findings import askable
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal


class PurchaseQuery(Form, frozen=True):
    """Which purchase orders. open: those of which something is still to come."""

    state: Literal["", "open", "draft", "sent", "confirmed", "part_received", "received", "cancelled"] = ""
    supplier: ShortText = ""
    site: ShortText = ""
    sku: ShortText = ""
    after: After | None = None
    limit: Limit = 50


_MAIL = (
    "(SELECT i.state FROM intent i WHERE i.subject = p.id AND i.kind = 'mail_purchase' ORDER BY i.id DESC LIMIT 1)"
    " AS mail"
)


def purchases_now(tx: Tx, numbers: Iterable[str]) -> dict[str, PurchaseNow]:
    """Purchase orders as they stand, by number."""
    rows = tx.rows(
        f"SELECT p.*, p.id::text AS key, {_MAIL} FROM purchase_order p WHERE p.number = ANY(%(numbers)s::text[])",
        numbers=array(askable(numbers)),
    )
    return {each.number: each for each in _shown(tx, rows)}


def get_purchase(tx: Tx, number: str) -> PurchaseNow:
    """One purchase order. Refuses not_found."""
    found = purchases_now(tx, [number]).get(number)
    if found is None:
        raise Refusal("not_found", purchase=number)
    return found


def list_purchases(tx: Tx, query: PurchaseQuery) -> Page[PurchaseNow]:
    """A page of purchase orders, newest first."""
    wanted = [
        "true",
        "p.ended_at IS NULL" if query.state == "open" else "p.state = %(state)s" if query.state else "",
        "p.supplier = %(supplier)s" if query.supplier else "",
        "p.site = %(site)s" if query.site else "",
        "EXISTS (SELECT 1 FROM purchase_line l WHERE l.purchase_id = p.id AND l.sku = %(sku)s)" if query.sku else "",
        "(p.made_at, p.id) < (%(at)s, %(id)s::uuid)" if query.after else "",
    ]
    at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    rows = tx.rows(
        f"SELECT p.*, p.id::text AS key, {_MAIL} FROM purchase_order p"
        f" WHERE {' AND '.join(each for each in wanted if each)} ORDER BY p.made_at DESC, p.id DESC LIMIT %(limit)s",
        state=query.state, supplier=query.supplier, site=query.site, sku=query.sku, at=at, id=str(id_),
        limit=query.limit + 1,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(_shown(tx, rows[: query.limit]), mark(last.made_at, last.key) if last else None)


def list_suppliers(tx: Tx, after: str, limit: int) -> Page[SupplierNow]:
    """A page of suppliers, by code."""
    (place,) = read_mark(after, tuple[str]) if after else ("",)
    rows = tx.rows(
        """
        SELECT code, name, email, currency, lead_time_days, is_active,
               (SELECT count(*) FROM supplier_product p WHERE p.supplier = s.code) AS products
        FROM supplier s WHERE code > %(after)s ORDER BY code LIMIT %(limit)s
        """,
        after=place, limit=limit + 1,
    )  # fmt: skip
    more = rows[limit - 1].code if len(rows) > limit else None
    return Page([SupplierNow(*row) for row in rows[:limit]], mark(more) if more else None)


def supply_of(tx: Tx, skus: Iterable[str]) -> dict[str, list[tuple[date, int]]]:
    """Dated supply by sku, earliest first: units free or on a receiving bench count from today (UTC), what is ordered
    from the day it is due, or from today when that is past."""
    today = tx.now.date()
    rows = tx.rows(
        """
        SELECT sku, due_on, sum(units)::bigint AS units FROM (
            SELECT sku, %(today)s::date AS due_on, on_hand - allocated AS units FROM availability
            WHERE sku = ANY(%(skus)s::text[]) AND on_hand > allocated
            UNION ALL
            SELECT sku, %(today)s::date, quantity - placed FROM put_away
            WHERE sku = ANY(%(skus)s::text[]) AND state = 'open'
            UNION ALL
            SELECT sku, greatest(due_on, %(today)s::date), quantity - cancelled - accepted FROM purchase_line
            WHERE sku = ANY(%(skus)s::text[]) AND is_open
        ) AS coming GROUP BY sku, due_on ORDER BY sku, due_on
        """,
        skus=array(askable(skus)), today=today,
    )  # fmt: skip
    supply: dict[str, list[tuple[date, int]]] = {}
    for row in rows:
        supply.setdefault(row.sku, []).append((row.due_on, row.units))
    return supply


def _shown(tx: Tx, rows: list[Any]) -> list[PurchaseNow]:
    lines: dict[str, list[Any]] = {}
    for line in tx.rows(
        """
        SELECT l.*, l.purchase_id::text AS key, coalesce(s.code, '') AS supplier_code
        FROM purchase_line l JOIN purchase_order p ON p.id = l.purchase_id
        LEFT JOIN supplier_product s ON s.supplier = p.supplier AND s.sku = l.sku
        WHERE l.purchase_id = ANY(%(ids)s::uuid[]) ORDER BY l.purchase_id, l.position
        """,
        ids=array(row.key for row in rows),
    ):
        lines.setdefault(line.key, []).append(line)
    return [_purchase(row, lines.get(row.key, [])) for row in rows]


def _purchase(row: Any, lines: list[Any]) -> PurchaseNow:
    total = sum(
        money.line_amount_minor(each.quantity - each.cancelled, each.cost_micro, row.currency) for each in lines
    )
    return PurchaseNow(
        row.number, row.supplier, row.site, row.state, row.currency, money.format_minor(total, row.currency),
        row.version, row.made_at, row.sent_at, row.confirmed_at, row.ended_at,
        [
            PurchaseLineNow(
                each.position, each.sku, each.supplier_code, each.quantity,
                money.format_micro(each.cost_micro, row.currency), each.due_on, each.accepted, each.rejected,
                each.cancelled, max(0, each.quantity - each.cancelled - each.accepted),
            )
            for each in lines
        ],
        row.mail or "",
    )  # fmt: skip
