"""A thousand units, a hundred times as many buyers, and a server that dies in the middle of it."""

import random
from pathlib import Path

import pytest

from bench.flash_sale import ONE, Basket, sale
from bench.server import serving
from bench.shopfront import furnish
from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import ComponentForm, ProductForm, PutProduct
from orderwright.business.truth.check import check_store
from tests.torture.report import SEED, asked, note

UNITS = 1_000


@pytest.mark.torture
def test_exactly_what_there_is_is_sold(on_disk: Path) -> None:
    rng = random.Random(SEED)
    attempts = asked("ATTEMPTS", 20_000)
    # Half want one; the others a kit of two, or the same product on two lines.
    baskets: list[Basket] = rng.choices(
        [ONE, [("PAIR", 1)], [("SKU-0", 1), ("SKU-0", 2)]], weights=[2, 1, 1], k=attempts
    )
    with serving(on_disk) as server:
        furnish(server.store, 1, 0)
        pair = ProductForm(title="Pair", price="7.50", currency="GBP",
                           components=[ComponentForm(sku="SKU-0", quantity=2)])  # fmt: skip
        with server.store.begin() as tx:
            put_products(tx, [PutProduct(sku="PAIR", form=pair, actor="test")])
        load = sale(server, UNITS, attempts, is_killed=True, basket=lambda n: baskets[n])
        sold = [each for each in load.replies if each.status in (200, 201)]
        refused = sorted(each.seconds for each in load.replies if each.status == 422 and b'"short_stock"' in each.body)
        units = sum(_units(baskets[each.number]) for each in sold)
        with server.store.read() as tx:
            stock = tx.row("SELECT allocated, on_hand FROM availability WHERE sku = 'SKU-0' AND site = 'LEEDS'")
            orders = tx.row("SELECT count(*) AS n, count(DISTINCT reference) AS buyers FROM orders")
        broken = [each.name for each in check_store(server.store, full=True) if not each.holds]
        p99_ms = round(refused[int(0.99 * len(refused))] * 1000, 1)
        note("F15 flash sale", units=UNITS, attempts=attempts, callers=64, orders=len(sold), units_sold=units,
             allocated=stock.allocated, refused=len(refused), refusals_p99_ms=p99_ms, per_s=round(load.rate()),
             statuses=load.statuses(), broken=broken)  # fmt: skip
        assert broken == []
        assert (units, stock.allocated, stock.on_hand) == (UNITS, UNITS, UNITS)
        assert len(sold) == orders.n == orders.buyers
        assert len(sold) + len(refused) == attempts


def _units(basket: Basket) -> int:
    return sum(quantity * (2 if sku == "PAIR" else 1) for sku, quantity in basket)
