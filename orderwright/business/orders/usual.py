"""What is usually ordered: median and spread of quantities, per product, and per product and buyer."""

from collections.abc import Sequence
from datetime import timedelta

from orderwright.business.catalog.actions import raise_revision
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

REMEMBERED_FOR = timedelta(days=180)
ORDERS_MAX = 100_000
BUYER_LINES_MIN = 3
EVERYONE = "00000000-0000-0000-0000-000000000000"


def refresh_usual(tx: Tx) -> int:
    """Learn from the lines of the last 180 days, newest 100,000 orders at most; how many figures changed.

    Per product over all buyers, and per product and buyer from three lines on: how many lines, the median
    quantity, and the median of how far lines are from it (MAD) in doublings or halvings, in thousandths; of two
    middles the lower one. Cancelled orders teach nothing. One statement, whatever there is; processes drop
    what they cached if anything changed.
    """
    tx.write("SET LOCAL work_mem TO '128MB'")
    row = tx.row(
        _LEARN, since=tx.now - REMEMBERED_FOR, now=tx.now, orders_max=ORDERS_MAX, buyer_lines=BUYER_LINES_MIN,
        everyone=EVERYONE,
    )  # fmt: skip
    changed: int = row.changed
    if changed:
        raise_revision(tx)
    return changed


def refresh_usual_task(tx: Tx, tasks: Sequence[Task]) -> None:
    """The scheduled task."""
    refresh_usual(tx)


# Everyone together counts as one more buyer, so that one grouping serves both.
_LEARN = """
    WITH sold AS MATERIALIZED (
        SELECT l.sku, o.customer_id, l.quantity
        FROM (SELECT id, customer_id FROM orders
              WHERE placed_at > %(since)s AND placed_at <= %(now)s AND state <> 'cancelled'
              ORDER BY placed_at DESC LIMIT %(orders_max)s) AS o
        JOIN order_line l ON l.order_id = o.id AND l.sku IS NOT NULL AND NOT l.is_removed
    ), regular AS (
        SELECT sku, customer_id FROM sold WHERE customer_id IS NOT NULL
        GROUP BY sku, customer_id HAVING count(*) >= %(buyer_lines)s
    ), seen AS (
        SELECT sku, %(everyone)s::uuid AS buyer, quantity FROM sold
        UNION ALL SELECT sku, customer_id, quantity FROM sold JOIN regular USING (sku, customer_id)
    ), middle AS (
        SELECT sku, buyer, count(*) AS lines, percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS median,
               array_agg(quantity) AS quantities
        FROM seen GROUP BY sku, buyer
    ), fresh AS MATERIALIZED (
        SELECT sku, nullif(buyer, %(everyone)s::uuid) AS customer_id, lines, median,
               (SELECT round(percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(ln(quantity / median::float8)))
                             * 1000 / ln(2::float8))::bigint
                FROM unnest(quantities) AS quantity) AS mad_milli
        FROM middle
    ), kept AS (
        INSERT INTO usual_quantity AS u (sku, customer_id, orders, median, mad_milli)
        SELECT sku, customer_id, lines, median, mad_milli FROM fresh
        ON CONFLICT (sku, customer_id)
        DO UPDATE SET orders = excluded.orders, median = excluded.median, mad_milli = excluded.mad_milli
        WHERE (u.orders, u.median, u.mad_milli) <> (excluded.orders, excluded.median, excluded.mad_milli)
        RETURNING 1
    ), forgotten AS (
        DELETE FROM usual_quantity u
        USING (SELECT sku, customer_id FROM usual_quantity EXCEPT SELECT sku, customer_id FROM fresh) AS gone
        WHERE u.sku = gone.sku AND u.customer_id IS NOT DISTINCT FROM gone.customer_id
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM kept) + (SELECT count(*) FROM forgotten) AS changed
"""
