"""A small shop for tests: three sites, a few products, a channel; every builder takes the boring parts away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orderwright.business.catalog.actions import put_channels, put_products, put_sites
from orderwright.business.catalog.forms import (
    BufferForm,
    ChannelForm,
    ChannelPolicyForm,
    CodeForm,
    ComponentForm,
    ProductForm,
    PutChannel,
    PutProduct,
    PutSite,
    SiteForm,
)
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.form import (
    CustomerForm,
    LineForm,
    NewOrder,
    PaymentForm,
    PolicyForm,
)
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.database.store import Store
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal
from tests.kept_connections import kept_database
from tests.spare_stores import spare_store

SITES = {"LEEDS": (53.8, -1.55), "BRISTOL": (51.45, -2.59), "GLASGOW": (55.86, -4.25)}
HOME = AddressForm(
    name="A. Buyer", lines=["1 High St"], city="Leeds", postal_code="LS1 1AA", country="GB"
)  # next door to the LEEDS site


class Shop:
    """A store with short ways to fill it and to look at it. Everything it does goes through the actions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._references = 0

    def begin(self) -> Any:
        return self.store.begin()

    def run(self, action: Any, *commands: Any) -> list[Any]:
        """Run an action in a transaction of its own."""
        with self.store.begin() as tx:
            results: list[Any] = action(tx, list(commands))
        return results

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.store.read() as tx:
            return tx.rows(sql, **values)

    def value(self, sql: str, **values: Any) -> Any:
        [row] = self.rows(sql, **values)
        return row[0]

    def site(self, code: str, **changes: Any) -> None:
        latitude, longitude = SITES.get(code, (52.0, -1.0))
        told: dict[str, Any] = {
            "name": code.title(), "address": AddressForm(country="GB", lines=["1 Dock St"]), "latitude": latitude,
            "longitude": longitude, "time_zone": "Europe/London", "cut_off": "16:00", "daily_capacity": 100_000,
            "daily_units": 10_000_000,
        }  # fmt: skip
        _done(self.run(put_sites, PutSite(code=code, form=SiteForm(**{**told, **changes}), actor="test")))

    def product(self, sku: str, price: str = "7.50", **changes: Any) -> None:
        codes = [CodeForm(**code) for code in changes.pop("codes", [])]
        parts = [ComponentForm(sku=part, quantity=count) for part, count in changes.pop("parts", {}).items()]
        told = {"title": sku.title(), "price": price, "currency": "GBP", "weight_g": 300, **changes}
        form = ProductForm(**told, codes=codes, components=parts)
        _done(self.run(put_products, PutProduct(sku=sku, form=form, actor="test")))

    def channel(self, code: str, buffers: list[BufferForm] | None = None, **policy: Any) -> None:
        form = ChannelForm(
            name=code, kind="api", currency="GBP", policy=ChannelPolicyForm(**policy), buffers=buffers or []
        )
        _done(self.run(put_channels, PutChannel(code=code, form=form, actor="test")))

    def stock(self, site: str, **units: int) -> None:
        """Receive units: stock("LEEDS", MUG=5)."""
        lines = [ReceiptLine(sku=sku, quantity=count) for sku, count in units.items()]
        _done(self.run(receive, Receipt(form=ReceiptForm(site=site, lines=lines), actor="test")))

    def form(self, units: dict[str, int] | list[tuple[str, int]], **changes: Any) -> NewOrder:
        """A sound, paid order for these units at list price 7.50."""
        self._references += 1
        pairs = list(units.items()) if isinstance(units, dict) else units
        lines = [
            LineForm(sku=sku, quantity=count, unit_price="7.50", reference=str(i + 1))
            for i, (sku, count) in enumerate(pairs)
        ]
        total = f"{sum(count for _, count in pairs) * 7.5:.2f}"
        told: dict[str, Any] = {
            "channel": "web", "reference": f"W-{self._references}", "currency": "GBP", "ship_to": HOME,
            "lines": lines, "total": total, "payment": PaymentForm(state="paid", amount=total),
            "customer": CustomerForm(email=f"buyer{self._references}@example.org", name="A. Buyer"),
        }  # fmt: skip
        return NewOrder(**{**told, **changes})

    def place(self, units: dict[str, int] | list[tuple[str, int]], **changes: Any) -> Any:
        """Place one order; the answer or the Refusal."""
        door = changes.pop("door", "api")
        return self.place_all([self.form(units, **changes)], door=door)[0]

    def place_all(self, forms: list[NewOrder], door: Any = "api") -> list[Any]:
        return self.run(place_orders, *[PlaceOrder(form, "test", door) for form in forms])

    def free(self, sku: str, site: str) -> int:
        """Units nobody has a claim on."""
        return int(self.value(
            "SELECT on_hand - allocated - waiting FROM availability WHERE sku = %(sku)s AND site = %(site)s",
            sku=sku, site=site,
        ))  # fmt: skip

    def order_id(self, number: str) -> str:
        return str(self.value("SELECT id::text FROM orders WHERE number = %(number)s", number=number))

    def state(self, number: str) -> str:
        return str(self.value("SELECT state FROM orders WHERE number = %(number)s", number=number))

    def units(self, number: str) -> list[tuple[str, dict[str, int]]]:
        """(sku, units by position, without zeros) of the order's demands, by line."""
        rows = self.rows(
            "SELECT d.* FROM demand d JOIN orders o ON o.id = d.order_id WHERE o.number = %(number)s"
            " ORDER BY d.position, d.sku",
            number=number,
        )
        names = ("waiting", "allocated", "picked", "packed", "shipped", "cancelled", "delivered", "returned")
        return [(row.sku, {name: getattr(row, name) for name in names if getattr(row, name)}) for row in rows]

    def counts(self) -> dict[str, int]:
        """Rows per table that an order writes: unchanged by a refusal."""
        tables = ("orders", "order_key", "order_line", "demand", "fulfilment", "allocation", "fact", "task",
                  "customer", "payment", "hold", "exception", "stock_move", "ledger_entry")  # fmt: skip
        return {table: int(self.value(f"SELECT count(*) FROM {table}")) for table in tables}


def shipping_from(answer: Any) -> list[tuple[str, list[tuple[str, int]]]]:
    """(site, [(sku, units)]) of an answer's fulfilments."""
    return [(part.site, [(line.sku, line.quantity) for line in part.lines]) for part in answer.fulfilments]


NO_SPLIT = PolicyForm(split="never")
REFUSE = PolicyForm(shortage="refuse")


def _done(results: list[Any]) -> None:
    for result in results:
        if isinstance(result, Refusal):
            raise AssertionError(f"{result.code}: {result.facts}")


@contextmanager
def new_shop(dsn: str) -> Iterator[Shop]:
    """A shop with three sites, MUG, TEE, HAT and a web channel, in a store that is emptied afterwards."""
    with spare_store(dsn, _furnish) as name, kept_database(dsn) as database:
        yield Shop(database.store(name))


def _furnish(dsn: str, name: str) -> None:
    with kept_database(dsn) as database:
        shop = Shop(database.store(name))
        for code in SITES:
            shop.site(code)
        for sku in ("MUG", "TEE", "HAT"):
            shop.product(sku)
        shop.channel("web")
