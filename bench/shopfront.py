"""Stores and orders for benchmarks: many products, three sites with ample stock, seeded orders of three lines."""

import random
from itertools import accumulate

from orderwright.business.catalog.actions import put_channels, put_products, put_sites
from orderwright.business.catalog.forms import (
    ChannelForm,
    ProductForm,
    PutChannel,
    PutProduct,
    PutSite,
    SiteForm,
)
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.database.store import Store
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

SITES = {"LEEDS": (53.8, -1.55), "BRISTOL": (51.45, -2.59), "GLASGOW": (55.86, -4.25)}
TOWNS = [
    ("Leeds", "LS1 1AA"),
    ("London", "SW1A 1AA"),
    ("Bristol", "BS1 4DJ"),
    ("Glasgow", "G1 1AA"),
    ("York", "YO1 7HH"),
]


def furnish(store: Store, products: int, units_each: int) -> None:
    """Fill an empty store: sites, products SKU-0..n, a web channel, stock everywhere."""
    with store.begin() as tx:
        put_sites(tx, [
            PutSite(code=code, actor="bench", form=SiteForm(
                name=code, address=AddressForm(country="GB", lines=["1 Dock St"]), latitude=lat, longitude=lon,
                time_zone="Europe/London", cut_off="16:00", daily_capacity=10**9, daily_units=10**9))
            for code, (lat, lon) in SITES.items()
        ])  # fmt: skip
    stock_up(store, products, units_each)


def stock_up(store: Store, products: int, units_each: int) -> None:
    """Add products SKU-0..n with stock at every site, and a web channel, to a store with sites."""
    form = ChannelForm(name="Web", kind="api", currency="GBP")
    with store.begin() as tx:
        put_channels(tx, [PutChannel(code="web", actor="bench", form=form)])
        sites = [row.code for row in tx.rows("SELECT code FROM site WHERE is_active")]
    for start in range(0, products, 1000):
        with store.begin() as tx:
            put_products(tx, [
                PutProduct(sku=f"SKU-{i}", actor="bench",
                           form=ProductForm(title=f"Product {i}", price="7.50", currency="GBP", weight_g=250))
                for i in range(start, min(products, start + 1000))
            ])  # fmt: skip
    for code in sites if units_each else ():
        with store.begin() as tx:
            rows = tx.rows("SELECT code FROM place WHERE site = %(site)s AND kind = 'bin' ORDER BY code", site=code)
            lines = [
                ReceiptLine(sku=f"SKU-{i}", quantity=units_each, place=rows[i % len(rows)].code)
                for i in range(products)
            ]  # fmt: skip
            told = receive(tx, [
                Receipt(actor="bench", form=ReceiptForm(site=code, lines=lines[at : at + 10_000]))
                for at in range(0, products, 10_000)
            ])  # fmt: skip
            if no := [each for each in told if isinstance(each, Refusal)]:
                raise RuntimeError(repr(no[0])[:500])


def orders(count: int, products: int, *, seed: int, lines: int = 3, zipf: float = 0.0) -> list[NewOrder]:
    """Seeded orders. zipf: how much the popular products are preferred (0: all alike; 1.1: a typical shop)."""
    rng = random.Random(seed)
    weights = list(accumulate(1 / (rank + 1) ** zipf for rank in range(products)))
    return [_order(rng, n, seed, weights, products, lines) for n in range(count)]


def _order(rng: random.Random, n: int, seed: int, weights: list[float], products: int, lines: int) -> NewOrder:
    picked: dict[int, int] = {}
    while len(picked) < lines:
        [product] = rng.choices(range(products), cum_weights=weights)
        picked[product] = rng.randint(1, 3)
    city, postal_code = rng.choice(TOWNS)
    total = f"{sum(picked.values()) * 7.5:.2f}"
    return NewOrder(
        channel="web", reference=f"B{seed}-{n}", currency="GBP", total=total,
        customer=CustomerForm(email=f"buyer{seed}.{n}@example.org", name="A. Buyer", phone="+441134960000"),
        ship_to=AddressForm(name="A. Buyer", lines=[f"{n} High St"], city=city, postal_code=postal_code, country="GB"),
        lines=[
            LineForm(sku=f"SKU-{product}", quantity=quantity, unit_price="7.50", reference=str(i + 1))
            for i, (product, quantity) in enumerate(picked.items())
        ],
        payment=PaymentForm(state="paid", amount=total, reference=f"pi_{seed}_{n}"),
    )  # fmt: skip
