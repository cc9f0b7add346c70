"""The money of orders, as people ask for it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from orderwright.business.billing.actions import PaperLine
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

NUMBER_DIGITS_MAX = 18


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


def shipping_credited(tx: Tx, order_ids: Iterable[str]) -> set[str]:
    """The orders of which a credit note gives the shipping back already."""
    rows = tx.rows(
        "SELECT DISTINCT order_id::text FROM paper WHERE order_id = ANY(%(ids)s::uuid[])"
        " AND kind = 'credit_note' AND shipping_minor <> 0",
        ids=array(sorted(set(order_ids))),
    )
    return {row.order_id for row in rows}


def known_payments(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, int]]:
    """(gateway, reference) -> (order id, authorised minor units), for those of the keys that are booked.

    A payment without a reference is known to nobody.
    """
    asked = set(keys)
    rows = tx.rows(
        "SELECT p.gateway, p.reference, p.order_id::text, p.authorised_minor FROM payment p"
        " JOIN unnest(%(gateways)s::text[], %(references)s::text[]) AS asked(gateway, reference)"
        " USING (gateway, reference) WHERE p.reference <> ''",  # said so that the index of references answers
        gateways=array(gateway for gateway, _ in asked), references=array(reference for _, reference in asked),
    )  # fmt: skip
    return {(row.gateway, row.reference): (row.order_id, row.authorised_minor) for row in rows}


def list_payments(tx: Tx, order_id: str) -> list[Any]:
    """Rows of an order's payments, oldest first, read without a lock. Amounts in minor units.

    id, gateway, reference, state, authorised, captured, refunded, voided; and capturing, refunding, voiding:
    what was asked of the gateway and is not answered yet.
    """
    return tx.rows(
        """
        SELECT p.id::text, p.gateway, p.reference, p.state, p.authorised_minor AS authorised,
               p.captured_minor AS captured, p.refunded_minor AS refunded, p.voided_minor AS voided,
               coalesce(sum(i.amount_minor) FILTER (WHERE i.kind = 'capture'), 0)::bigint AS capturing,
               coalesce(sum(i.amount_minor) FILTER (WHERE i.kind = 'refund'), 0)::bigint AS refunding,
               coalesce(sum(i.amount_minor) FILTER (WHERE i.kind = 'void'), 0)::bigint AS voiding
        FROM payment p LEFT JOIN intent i ON i.subject = p.id AND i.state IN ('wanted', 'calling', 'unknown')
        WHERE p.order_id = %(id)s GROUP BY p.id ORDER BY p.id
        """,
        id=order_id,
    )


class PaperRef(msgspec.Struct, frozen=True):
    """An invoice or a credit note of an order. due_on: when an invoice on account is to be paid, as was agreed."""

    number: str
    kind: str
    total: str
    issued_at: datetime
    due_on: date | None = None


def list_papers(tx: Tx, order_id: str) -> list[PaperRef]:
    """An order's papers in the order they were issued."""
    rows = tx.rows(
        "SELECT series, number, kind, total_minor, currency, issued_at, due_on FROM paper WHERE order_id = %(id)s"
        " ORDER BY issued_at, series, number",
        id=order_id,
    )
    return [_ref(row) for row in rows]


def _ref(row: Any) -> PaperRef:
    total = money.format_minor(row.total_minor, row.currency)
    return PaperRef(f"{row.series}-{row.number:06}", row.kind, total, row.issued_at, row.due_on)


class PaperLineShown(msgspec.Struct, frozen=True):
    """One line as printed. position: of the order's line; 0 where it stands for none of them."""

    position: int
    sku: str
    title: str
    units: int
    goods: str
    tax: str


class PaperBuyer(msgspec.Struct, frozen=True):
    """Whom a paper is made out to."""

    name: str
    address: AddressForm


class PaperShown(msgspec.Struct, frozen=True):
    """An invoice or a credit note. goods, shipping and tax add up to total.

    buyer: None once they were erased and the law asks for their name no more. due_on: as in PaperRef.
    """

    number: str
    kind: str
    order: str
    currency: str
    issued_at: datetime
    goods: str
    shipping: str
    tax: str
    total: str
    lines: list[PaperLineShown]
    buyer: PaperBuyer | None = None
    due_on: date | None = None


def get_paper(tx: Tx, number: str) -> PaperShown:
    """An invoice or credit note by its number (INV-000001, CN-000001). Refuses not_found."""
    series, _, digits = number.partition("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX
    row = is_number and tx.row(
        "SELECT p.*, o.number AS order_number,"
        " coalesce(k.name, o.form::json #>> '{customer,name}', o.form::json #>> '{ship_to,name}', '') AS buyer,"
        " coalesce(k.address, nullif(o.form::json ->> 'bill_to', ''), o.form::json ->> 'ship_to') AS address"
        " FROM paper p JOIN orders o ON o.id = p.order_id LEFT JOIN kept_buyer k ON k.order_id = o.id"
        " WHERE p.series = %(series)s AND p.number = %(number)s",
        series=series, number=int(digits),
    )  # fmt: skip
    if not row:
        raise Refusal("not_found", paper=number)

    def minor(amount: int) -> str:
        return money.format_minor(amount, row.currency)

    lines = [
        PaperLineShown(each.position, each.sku, each.title, each.units, minor(each.goods_minor), minor(each.tax_minor))
        for each in msgspec.json.decode(row.lines, type=list[PaperLine])
    ]
    return PaperShown(
        f"{row.series}-{row.number:06}", row.kind, row.order_number, row.currency, row.issued_at,
        minor(row.goods_minor), minor(row.shipping_minor), minor(row.tax_minor), minor(row.total_minor), lines,
        _buyer(row), row.due_on,
    )  # fmt: skip


def _buyer(row: Any) -> PaperBuyer | None:
    address = msgspec.json.decode(row.address, type=AddressForm) if row.address else None
    return PaperBuyer(row.buyer, address) if address and (row.buyer or address.lines or address.company) else None
