"""A small store for tests of catalogue and stock: each test works in a transaction that is undone afterwards."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from orderwright.business.catalog.actions import put_channels, put_products, put_sites
from orderwright.business.catalog.forms import (
    BufferForm,
    ChannelForm,
    CodeForm,
    ComponentForm,
    ProductForm,
    PutChannel,
    PutProduct,
    PutSite,
    SiteForm,
)
from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.database.store import Database, Store
from orderwright.database.stores import create_store
from orderwright.database.tx import Tx
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

CLERK = "user:clerk"


class _Undo(Exception):
    """Ends a test's transaction without keeping anything."""


def new_store(dsn: str) -> Iterator[Store]:
    """An empty store of its own, dropped afterwards."""
    name = f"shelves_{uuid4().hex[:12]}"
    create_store(dsn, name)
    database = Database(dsn, {})
    try:
        yield database.store(name)
    finally:
        with database.pool.connection() as connection:
            connection.execute("DELETE FROM orderwright.store WHERE name = %s", [name])
            connection.execute(f'DROP SCHEMA "store_{name}" CASCADE'.encode())
        database.close()


@pytest.fixture(scope="session")
def shelves(postgres: str) -> Iterator[Store]:
    yield from new_store(postgres)


@pytest.fixture
def own_shelves(postgres: str) -> Iterator[Store]:
    """For tests that must commit."""
    yield from new_store(postgres)


@pytest.fixture
def tx(shelves: Store) -> Iterator[Tx]:
    shelves.cache.clear()  # it may hold what an undone test made
    try:
        with shelves.begin() as tx:
            yield tx
            raise _Undo
    except _Undo:
        pass


def site_form(**changes: Any) -> SiteForm:
    told: dict[str, Any] = {
        "name": "Leeds", "address": AddressForm(country="GB", lines=["1 Dock St"]), "latitude": 53.8,
        "longitude": -1.55, "time_zone": "Europe/London", "cut_off": "16:00", "daily_capacity": 5000,
    }  # fmt: skip
    return SiteForm(**{**told, **changes})


def product_form(
    codes: list[CodeForm] | None = None, parts: dict[str, int] | None = None, **changes: Any
) -> ProductForm:
    components = [ComponentForm(sku=sku, quantity=quantity) for sku, quantity in (parts or {}).items()]
    told: dict[str, Any] = {"title": "Thing", "price": "7.50", "currency": "GBP"}
    return ProductForm(**{**told, "codes": codes or [], "components": components, **changes})


def put_site(tx: Tx, code: str, **changes: Any) -> Any:
    [result] = put_sites(tx, [PutSite(code=code, form=site_form(**changes), actor=CLERK)])
    return result


def put_product(tx: Tx, sku: str, version: int | None = None, **changes: Any) -> Any:
    [result] = put_products(tx, [PutProduct(sku=sku, form=product_form(**changes), version=version, actor=CLERK)])
    return result


def put_channel(tx: Tx, code: str, buffers: list[BufferForm] | None = None, **changes: Any) -> Any:
    form = ChannelForm(**{"name": "Web", "kind": "api", "currency": "GBP", "buffers": buffers or [], **changes})
    [result] = put_channels(tx, [PutChannel(code=code, form=form, actor=CLERK)])
    return result


def told(refusal: Any) -> list[tuple[str, str]]:
    """(pointer, code) of a refusal's findings, in order."""
    assert isinstance(refusal, Refusal), refusal
    return [(finding["pointer"], finding["code"]) for finding in refusal.facts["findings"]]


def stocked(tx: Tx, sites: tuple[str, ...] = ("LEEDS",), **units: int) -> None:
    """Sites and products, with so many units of each in every site's STOCK."""
    for site in sites:
        put_site(tx, site)
    for sku in units:
        put_product(tx, sku)
    for site in sites:
        lines = [ReceiptLine(sku=sku, quantity=count) for sku, count in units.items() if count]
        book(tx, receive, Receipt, ReceiptForm(site=site, lines=lines))


def book(tx: Tx, action: Any, command: Any, form: Any) -> Any:
    """Run one document through an action."""
    [result] = action(tx, [command(form=form, actor=CLERK)])
    return result


def place_id(tx: Tx, code: str, site: str = "LEEDS") -> int:
    row = tx.row("SELECT id FROM place WHERE site = %(site)s AND code = %(code)s", site=site, code=code)
    return int(row.id)


def lying(tx: Tx, sku: str | None = None) -> dict[tuple[str, ...], int]:
    """Units by (site, place) of a sku, or by (sku, site, place) of all; places that are empty left out."""
    rows = tx.rows(
        "SELECT sku, site, code, sum(quantity)::bigint AS units FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE quantity > 0 GROUP BY sku, site, code"
    )
    if sku is None:
        return {(row.sku, row.site, row.code): row.units for row in rows}
    return {(row.site, row.code): row.units for row in rows if row.sku == sku}


def counted(tx: Tx, sku: str, site: str = "LEEDS") -> tuple[int, int]:
    """(on hand, allocated) of a product at a site."""
    row = tx.row(
        "SELECT on_hand, allocated FROM availability WHERE sku = %(sku)s AND site = %(site)s", sku=sku, site=site
    )
    return (row.on_hand, row.allocated)


def moved(tx: Tx) -> list[tuple[str, str, str, int, str]]:
    """(sku, from, to, units, kind) of all moves, as booked."""
    rows = tx.rows(
        "SELECT m.sku, f.code AS source, t.code AS target, m.quantity, m.kind FROM stock_move m"
        " JOIN place f ON f.id = m.from_place JOIN place t ON t.id = m.to_place ORDER BY m.id"
    )
    return [tuple(row) for row in rows]
