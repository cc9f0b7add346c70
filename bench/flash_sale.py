"""The flash sale: 1,000 units of one SKU, 20,000 orders from 64 connections; and again with kill -9 in the middle.

`python -m bench.flash_sale [--units 1000] [--orders 20000]` prints one JSON line per run and fails unless exactly
the units there were are sold, each to one buyer, and every other order got a clean refusal.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.load import Load, request_bytes, run_load
from bench.server import Server, serving
from bench.shopfront import furnish
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm, PolicyForm
from orderwright.business.truth.check import check_store
from orderwright.values.forms import AddressForm

CONNECTIONS = 64
Basket = Sequence[tuple[str, int]]
ONE: Basket = [("SKU-0", 1)]


def main() -> None:
    """Run both sales and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    for is_killed in (False, True):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), asked.processes) as server:
            furnish(server.store, 1, 0)
            load = sale(server, asked.units, asked.orders, is_killed=is_killed)
            print(json.dumps(verdict(server, load, asked.units, is_killed=is_killed)))


def sale(
    server: Server, units: int, count: int, *, is_killed: bool, basket: Callable[[int], Basket] = lambda _: ONE
) -> Load:
    """Sell; with `is_killed` the server dies once in the middle and the buyers ask again until answered.

    basket: what the nth buyer wants, (sku, quantity) line by line.
    """
    from orderwright.business.deeds.books import receive_stock
    from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine

    form = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku="SKU-0", quantity=units)])
    with server.store.begin() as tx:
        receive_stock(tx, [Receipt(form=form, actor="bench")])
    requests = (
        request_bytes("POST", "/v1/orders", server.key, msgspec.json.encode(_order(n, basket(n)))) for n in range(count)
    )
    if is_killed:
        threading.Thread(target=_kill_in_the_middle, args=(server, units // 2), daemon=True).start()
    return run_load(server.port, requests, CONNECTIONS, keep_bodies=True, retry=is_killed)


def verdict(server: Server, load: Load, units: int, *, is_killed: bool) -> dict[str, object]:
    """What happened, and whether it was right. Raises RuntimeError when it was not."""
    sold = {each.number for each in load.replies if each.status in (200, 201)}
    clean = sum(each.status == 422 and b'"short_stock"' in each.body for each in load.replies)
    with server.store.read() as tx:
        [row] = tx.rows("SELECT count(*) AS orders, count(DISTINCT reference) AS buyers FROM orders")
        [stock] = tx.rows("SELECT allocated FROM availability WHERE sku = 'SKU-0' AND site = 'LEEDS'")
    broken = [each.name for each in check_store(server.store, full=True) if each.violations]
    told: dict[str, object] = {
        "run": "flash sale, kill -9 in the middle" if is_killed else "flash sale", "units": units,
        "sold": len(sold), "orders_in_store": row.orders, "allocated": stock.allocated, "clean_refusals": clean,
        "statuses": load.statuses(), "per_s": round(load.rate()), "p50_ms": round(load.latency_ms(0.5), 1),
        "p99_ms": round(load.latency_ms(0.99), 1), "check": broken or "holds",
    }  # fmt: skip
    right = len(sold) == units == row.orders == row.buyers == stock.allocated and clean == len(load.replies) - units
    if not right or broken:
        raise RuntimeError(json.dumps(told))
    return told


def _order(n: int, basket: Basket) -> NewOrder:
    total = f"{sum(quantity for _, quantity in basket) * 7.5:.2f}"
    return NewOrder(
        channel="web", reference=f"SALE-{n}", currency="GBP", total=total,
        customer=CustomerForm(email=f"buyer{n}@example.org", name="A. Buyer"),
        ship_to=AddressForm(name="A. Buyer", lines=["1 High St"], city="Leeds", postal_code="LS1 1AA", country="GB"),
        lines=[
            LineForm(sku=sku, quantity=quantity, unit_price="7.50", reference=str(i + 1))
            for i, (sku, quantity) in enumerate(basket)
        ],
        payment=PaymentForm(state="paid", amount=total, reference=f"pi_{n}"), policy=PolicyForm(shortage="refuse"),
    )  # fmt: skip


def _kill_in_the_middle(server: Server, after_sold: int) -> None:
    while True:
        with server.store.read() as tx:
            if tx.row("SELECT coalesce(sum(allocated), 0) AS n FROM availability").n >= after_sold:
                break
        time.sleep(0.01)
    server.kill()
    server.restart()


if __name__ == "__main__":
    main()
