"""Lines whose product was not known when their order came: they get it as soon as the catalogue knows the name."""

from collections.abc import Sequence

import msgspec

from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import PutProduct, Saved
from orderwright.business.deeds.edit import edit_currents
from orderwright.business.deeds.editing.current import read_current
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.packing.checks import close_measured
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.form import NewOrder
from orderwright.database.schedules import subject_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

RESOLVE_PRODUCTS = "resolve_products"
ORDERS_A_TIME = 100
FIRST = "00000000-0000-0000-0000-000000000000"


class Resolving(msgspec.Struct, omit_defaults=True):
    """Where to go on: the last order looked at."""

    after: str = FIRST


def put_products_and_look(tx: Tx, commands: Sequence[PutProduct]) -> list[Saved | Refusal]:
    """Put products (see catalog.put_products); where lines wait for a name, look whether it is among theirs.

    Those that were asked for their sizes and have them now are asked no more.
    """
    results = put_products(tx, commands)
    saved = [command.sku for command, each in zip(commands, results, strict=True) if isinstance(each, Saved)]
    if saved:
        close_measured(tx, saved)
    if saved and tx.row("SELECT 1 AS is_there FROM order_line WHERE sku IS NULL LIMIT 1") is not None:
        want_resolving(tx)
    return results


def want_resolving(tx: Tx, resolving: Resolving | None = None) -> None:
    """Enqueue looking for lines that can be resolved: for whoever changed products or their codes."""
    tx.enqueue(RESOLVE_PRODUCTS, subject_of(RESOLVE_PRODUCTS), resolving)


def resolve_products(tx: Tx, tasks: Sequence[Task]) -> None:
    """The task verb, on demand and by schedule: resolve a chunk of orders, and go on while there are more."""
    for after in sorted({msgspec.convert(task.body, Resolving).after for task in tasks}):
        found = resolve_orders(tx, after, ORDERS_A_TIME)
        if len(found) == ORDERS_A_TIME:
            want_resolving(tx, Resolving(found[-1]))


def resolve_orders(tx: Tx, after: str, limit: int) -> list[str]:
    """Give lines the product their name stands for by now, in up to `limit` orders after one; the orders' ids.

    A name means what it meant when the order was placed, else what it means now. The lines' units are routed
    behind what others wait for, with all of the order that nobody works on yet; the hold on an unknown
    product releases itself when no such line is left, and what is wrong with the product is found now.
    """
    found = [row.id for row in tx.rows(_RESOLVABLE, now=tx.now, after=after, limit=limit)]
    lock_orders(tx, found)
    asked = []
    for current in read_current(tx, found).values() if found else ():
        if any(line.sku is None and line.live and not line.is_removed for line in current.lines):
            form = msgspec.json.decode(current.row.form, type=NewOrder)
            asked.append((EditOrder(number=current.row.number, form=form, actor="worker", door="channel"), current))
    if asked:
        edit_currents(tx, asked, is_resolving=True)
    return found


_RESOLVABLE = """
    SELECT DISTINCT o.id::text
    FROM order_line l JOIN orders o ON o.id = l.order_id
    WHERE l.sku IS NULL AND NOT l.is_removed AND l.quantity > l.cancelled AND o.state <> 'cancelled'
      AND o.id > %(after)s::uuid
      AND (EXISTS (SELECT 1 FROM product p WHERE p.sku = l.sku_given)
           OR EXISTS (SELECT 1 FROM product_code c WHERE c.code = l.sku_given AND c.channel IN ('', o.channel)
                      AND (c.valid_from <= o.placed_at AND o.placed_at < c.valid_to
                           OR c.valid_from <= %(now)s AND %(now)s < c.valid_to)))
    ORDER BY 1 LIMIT %(limit)s
"""
