"""What is handed out as tables: orders line by line, stock pile by pile and more; read in pages of one snapshot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.forms import ProductPacking
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import AddressForm

Cell = str | int
ROWS_A_PAGE = 2_000
START = "00000000-0000-0000-0000-000000000000"


class Export(NamedTuple):
    """One table. sql: a page of it behind the key of the row before; key, cells: of a row."""

    columns: Sequence[str]
    sql: str
    start: tuple[Any, ...]
    key: Callable[[Any], tuple[Any, ...]]
    cells: Callable[[Any], Sequence[Cell]]


def export_rows(tx: Tx, name: str, *, since: datetime | None = None) -> Iterator[Sequence[Cell]]:
    """The rows of a table, without its columns. since: orders placed then or later; the rest has no time."""
    export = EXPORTS[name]
    after = export.start
    while True:
        keys = {f"k{n}": each for n, each in enumerate(after)}
        rows = tx.rows(export.sql, limit=ROWS_A_PAGE, since=since, **keys)
        yield from (export.cells(row) for row in rows)
        if len(rows) < ROWS_A_PAGE:
            return
        after = export.key(rows[-1])


def _order_cells(row: Any) -> Sequence[Cell]:
    def minor(amount: int) -> str:
        return money.format_minor(amount, row.currency)

    return (
        row.number, row.channel, row.reference, _time(row.placed_at), row.state, row.country, row.postal_code,
        row.service, row.currency, minor(row.total_minor), row.position, row.line_reference, row.sku, row.title,
        row.quantity, money.format_micro(row.unit_price_micro, row.currency), minor(row.amount_minor),
        minor(row.line_tax_minor),
    )  # fmt: skip


_YES = {True: "yes", False: "no"}


def _product_cells(row: Any) -> Sequence[Cell]:
    return (
        row.sku, row.title, money.format_minor(row.price_minor, row.currency), row.currency, row.weight_g,
        row.length_mm, row.width_mm, row.height_mm, row.hs_code, row.origin, row.storage_class, row.hazard,
        row.tracking, _YES[row.asks_expiry], row.family or "-", _options_cell(row.options),
        *_packing_cells(msgspec.json.decode(row.packing, type=ProductPacking)),
    )  # fmt: skip


def _options_cell(options: str) -> Cell:
    return ", ".join(f"{name}={value}" for name, value in msgspec.json.decode(options).items()) or "-"


def _packing_cells(told: ProductPacking) -> Sequence[Cell]:
    return (
        _YES[told.fragile], _YES[told.this_side_up], "" if told.bears_g is None else told.bears_g,
        ", ".join(told.groups) or "-", ", ".join(told.apart_from) or "-", _YES[told.own_packing],
        told.protection_mm, told.protection_minor,
    )  # fmt: skip


def _stock_cells(row: Any) -> Sequence[Cell]:
    expires = "" if row.expires_on is None else str(row.expires_on)
    return (row.sku, row.site, row.place, row.lot, expires, row.quantity, money.format_micro(row.cost_micro))


def _customer_cells(row: Any) -> Sequence[Cell]:
    usual = next(iter(msgspec.json.decode(row.addresses, type=list[AddressForm])), AddressForm(country=""))
    lines = [*usual.lines, "", ""]
    return (
        row.id, row.email, row.name, row.phone, row.reference, row.language, row.note, row.price_list,
        "" if row.pays_within_days is None else row.pays_within_days, usual.name, usual.company, lines[0], lines[1],
        usual.postal_code, usual.city, usual.region, usual.country,
    )  # fmt: skip


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


EXPORTS: Mapping[str, Export] = {
    "orders": Export(
        ("order", "channel", "reference", "placed_at", "state", "country", "postal_code", "service", "currency",
         "order_total", "line", "line_reference", "sku", "title", "quantity", "unit_price", "line_amount", "line_tax"),
        """
        SELECT o.id::text, o.number, o.channel, o.reference, o.placed_at, o.state, o.country, o.postal_code, o.service,
               o.currency, o.total_minor, l.position, l.reference AS line_reference,
               coalesce(l.sku, l.sku_given) AS sku, l.title, l.quantity, l.unit_price_micro, l.amount_minor,
               l.tax_minor AS line_tax_minor
        FROM orders o JOIN order_line l ON l.order_id = o.id
        WHERE (o.id, l.position) > (%(k0)s::uuid, %(k1)s) AND NOT l.is_removed
          AND (%(since)s::timestamptz IS NULL OR o.placed_at >= %(since)s)
        ORDER BY o.id, l.position LIMIT %(limit)s
        """,
        (START, 0), lambda row: (row.id, row.position), _order_cells,
    ),
    "products": Export(
        ("sku", "title", "price", "currency", "weight_g", "length_mm", "width_mm", "height_mm", "hs_code", "origin",
         "storage_class", "hazard", "tracking", "asks_expiry", "family", "options",
         "fragile", "this_side_up", "bears_g", "groups", "apart_from",
         "own_packing", "protection_mm", "protection_minor"),
        """
        SELECT * FROM product WHERE sku > %(k0)s AND NOT is_kit AND NOT is_retired
        ORDER BY sku LIMIT %(limit)s
        """,
        ("",), lambda row: (row.sku,), _product_cells,
    ),
    "stock": Export(
        ("sku", "site", "place", "lot", "expires_on", "quantity", "unit_cost"),
        """
        SELECT s.sku, p.site, p.code AS place, s.lot, l.expires_on, s.quantity, a.cost_micro, s.place_id
        FROM stock s JOIN place p ON p.id = s.place_id JOIN availability a ON a.sku = s.sku AND a.site = p.site
        LEFT JOIN lot l ON l.sku = s.sku AND l.lot = s.lot
        WHERE (s.sku, s.place_id, s.lot) > (%(k0)s, %(k1)s, %(k2)s) AND s.quantity > 0
        ORDER BY s.sku, s.place_id, s.lot LIMIT %(limit)s
        """,
        ("", 0, ""), lambda row: (row.sku, row.place_id, row.lot), _stock_cells,
    ),
    "customers": Export(
        ("id", "email", "name", "phone", "reference", "language", "note", "price_list", "pays_within_days",
         "address_name", "company", "line_1", "line_2", "postal_code", "city", "region", "country"),
        """
        SELECT id::text, email, name, phone, reference, language, note, coalesce(price_list, '') AS price_list,
               pays_within_days, addresses
        FROM customer WHERE id > %(k0)s::uuid AND erased_at IS NULL AND merged_into IS NULL
        ORDER BY id LIMIT %(limit)s
        """,
        (START,), lambda row: (row.id,), _customer_cells,
    ),
    "prices": Export(
        ("price_list", "sku", "price"),
        """
        SELECT price_list, sku, price_micro FROM list_price WHERE (price_list, sku) > (%(k0)s, %(k1)s)
        ORDER BY price_list, sku LIMIT %(limit)s
        """,
        ("", ""), lambda row: (row.price_list, row.sku),
        lambda row: (row.price_list, row.sku, money.format_micro(row.price_micro)),
    ),
}  # fmt: skip
"""Kits and retired products are left out: a table has no room for what a kit is made of."""
