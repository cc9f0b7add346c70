"""Storing orders without a single rule: the rows placing writes, made of constants, COPYed in the same tables."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.database.rows import text_field
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

HASH = "\\\\x" + 32 * "00"


def copy_orders(tx: Tx, commands: Sequence[PlaceOrder]) -> list[Any]:
    """Write each order's rows and answer; nothing is read, checked, priced, routed or allocated."""
    numbers = tx.tuples(f"SELECT nextval('order_number') FROM generate_series(1, {len(commands)})")
    rows: dict[str, list[str]] = {name: [] for name in COLUMNS}
    answers = []
    for command, (number,) in zip(commands, numbers, strict=True):
        answers.append(Placed(f"OW-{number:06}", "allocated", [], [], []))
        _add(rows, tx, command, f"OW-{number:06}")
    for table, columns in COLUMNS.items():
        tx.copy_text(table, columns, "".join(rows[table]))
    return answers


COLUMNS = {
    "order_key": "channel, reference, order_id, body_hash",
    "customer": "id, email_key, email, name, phone, first_at",
    "orders": "id, number, channel, reference, customer_id, state, placed_at, taken_at, service, currency,"
    " prices_include_tax, goods_minor, discount_minor, shipping_minor, tax_minor, total_minor, shortage, split,"
    " ship_complete, line_count, fingerprint, email_key, postal_code, country, form, fact_seq, fact_hash, fact_at",
    "order_line": "order_id, position, reference, sku, sku_given, title, quantity, unit_price_micro,"
    " discount_minor, tax_minor, amount_minor",
    "decision": "order_id, seq, kind, made_at, document",
    "demand": "id, order_id, position, sku, per_unit, ordered, waiting, allocated, claims",
    "fulfilment": "id, order_id, site, state, service, ship_by, ship_day, deliver_by, cost_minor, made_at",
    "allocation": "fulfilment_id, demand_id, allocated",
    "payment": "id, order_id, gateway, reference, currency, state, authorised_minor, captured_minor, made_at",
    "ledger_entry": "id, booking, account, order_id, amount_minor, currency, booked_at",
    "fact": "subject, seq, kind, type, version, actor, occurred_at, recorded_at, body, hash",
}
DOCUMENT = (
    '{"outcome":"whole","candidates":[["LEEDS",0,320,9,"chosen"],["BRISTOL",280,365,0,"dearer"],'
    '["GLASGOW",290,365,0,"dearer"]],"policy":["backorder","cheapest",false,0],"findings":[]}'
)


def _add(rows: dict[str, list[str]], tx: Tx, command: PlaceOrder, number: str) -> None:
    order, now = command.order, tx.now
    order_id, customer_id, fulfilment_id, payment_id, cash_id, due_id, *demand_ids = new_ids(6 + len(order.lines))
    form = text_field(msgspec.json.encode(order).decode())
    email = text_field(order.customer.email)
    rows["order_key"].append(f"{order.channel}\t{order.reference}\t{order_id}\t{HASH}\n")
    rows["customer"].append(f"{customer_id}\t{email}\t{email}\t{order.customer.name}\t{order.customer.phone}\t{now}\n")
    rows["orders"].append(
        f"{order_id}\t{number}\t{order.channel}\t{order.reference}\t{customer_id}\tallocated\t{now}\t{now}\t{order.service}"
        f"\t{order.currency}\tf\t1000\t0\t0\t0\t1000\tbackorder\tcheapest\tf\t{len(order.lines)}\t{hash(number)}"
        f"\t{email}\t{order.ship_to.postal_code}\t{order.ship_to.country}\t{form}\t1\t{HASH}\t{now}\n"
    )
    rows["decision"].append(f"{order_id}\t1\tplaced\t{now}\t{DOCUMENT}\n")
    rows["fulfilment"].append(
        f"{fulfilment_id}\t{order_id}\tLEEDS\tplanned\tstandard\t{now}\t{now.date()}"
        f"\t{now.date() + timedelta(days=2)}\t320\t{now}\n"
    )
    for i, (line, demand_id) in enumerate(zip(order.lines, demand_ids, strict=True), 1):
        rows["order_line"].append(
            f"{order_id}\t{i}\t{line.reference}\t{line.sku}\t{line.sku}\t{line.title}\t{line.quantity}\t7500000\t0\t0\t750\n"
        )
        rows["demand"].append(f"{demand_id}\t{order_id}\t{i}\t{line.sku}\t1\t{line.quantity}\t0\t{line.quantity}\tt\n")
        rows["allocation"].append(f"{fulfilment_id}\t{demand_id}\t{line.quantity}\n")
    rows["payment"].append(
        f"{payment_id}\t{order_id}\tpractice\t{order.payment.reference}\t{order.currency}\tcaptured\t1000\t1000\t{now}\n"
    )
    rows["ledger_entry"].append(f"{cash_id}\tgiven:{payment_id}\tcash\t{order_id}\t1000\t{order.currency}\t{now}\n")
    rows["ledger_entry"].append(
        f"{due_id}\tgiven:{payment_id}\treceivable\t{order_id}\t-1000\t{order.currency}\t{now}\n"
    )
    rows["fact"].append(f"{order_id}\t1\torder\torder_placed\t1\t{command.actor}\t{now}\t{now}\t{DOCUMENT}\t{HASH}\n")
