"""What must be true of money: every amount is derived as it says, and every booking, paper and payment agrees."""

from collections.abc import Mapping
from typing import Any

from orderwright.database.invariants import Invariant, Scope, sliced
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.money import MICRO_DIGITS, digits_of


def _steps(tx: Tx, scope: Scope) -> Mapping[str, Any]:
    """Millionths in a minor unit, by currency; a currency nobody knows has none, so its orders stand out."""
    steps = {}
    for row in tx.rows(sliced("SELECT DISTINCT currency FROM {orders by order} AS o", scope), **scope.values):
        try:
            steps[row.currency] = 10 ** (MICRO_DIGITS - digits_of(row.currency))
        except ValueError:
            continue
    return {"currencies": array(steps), "steps": array(steps.values())}


INVARIANTS = (
    Invariant(
        "line_amounts_are_rounded_once",
        "A line's amount is quantity times unit price, rounded once half to even, less its discount.",
        # |price| = whole x step + part, so that no product leaves 64 bits: whole x quantity is the amount
        # itself, and part x quantity is below 10^15. The sign comes back last: half to even has none.
        """
        SELECT o.number, l.position, l.quantity, l.unit_price_micro, l.discount_minor, l.amount_minor
        FROM {order_line by order} AS l
        JOIN {orders by order} AS o ON o.id = l.order_id
        LEFT JOIN unnest(%(currencies)s::text[], %(steps)s::bigint[]) AS c(currency, step) USING (currency)
        CROSS JOIN LATERAL (SELECT abs(l.unit_price_micro) / step AS whole, abs(l.unit_price_micro) %% step AS part) p
        CROSS JOIN LATERAL (SELECT part * l.quantity / step AS more, part * l.quantity %% step AS rest) r
        WHERE CASE WHEN whole::float8 * l.quantity > 1e18 THEN true
              ELSE (whole * l.quantity + more
                    + (2 * rest > step OR 2 * rest = step AND (whole * l.quantity + more) %% 2 = 1)::int)
                   * sign(l.unit_price_micro)::int <> l.amount_minor + l.discount_minor END
           OR step IS NULL
        """,
        "order {number} line {position}: {quantity} at {unit_price_micro} millionths less {discount_minor} "
        "is not {amount_minor}",
        values=_steps,
    ),
    Invariant(
        "order_totals_add_up",
        "An order's goods and tax are those of its lines and shipping; less discount plus shipping is its total.",
        # A channel's order whose given total differed was held for that, and keeps the total it was sold at.
        """
        SELECT o.number, o.goods_minor, l.goods_minor AS lines_minor, o.tax_minor, l.tax_minor AS lines_tax_minor,
               o.total_minor
        FROM {orders by order} AS o
        LEFT JOIN (SELECT order_id, total(amount_minor) AS goods_minor, total(tax_minor) AS tax_minor
                   FROM {order_line by order} AS l GROUP BY order_id) AS l ON l.order_id = o.id
        LEFT JOIN unnest(%(currencies)s::text[], %(steps)s::bigint[]) AS c(currency, step) USING (currency)
        WHERE o.goods_minor IS DISTINCT FROM l.goods_minor
           OR o.tax_minor <> l.tax_minor
              AND (o.tax_minor - l.tax_minor) * step
                  <> coalesce(o.form::json #>> '{shipping,tax}', '0')::numeric * 1000000
           OR o.total_minor <> o.goods_minor - o.discount_minor + o.shipping_minor
                               + CASE WHEN o.prices_include_tax THEN 0 ELSE o.tax_minor END
              AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.order_id = o.id AND h.kind = 'totals')
        """,
        "order {number}: goods {goods_minor}, its lines {lines_minor}; tax {tax_minor}, its lines {lines_tax_minor}; "
        "total {total_minor}",
        values=_steps,
    ),
    Invariant(
        "payments_stay_within_bounds",
        "No more is captured and voided than was authorised, no more refunded than captured.",
        """
        SELECT id, order_id, authorised_minor, captured_minor, voided_minor, refunded_minor
        FROM {payment by order} AS p
        WHERE captured_minor + voided_minor > authorised_minor OR refunded_minor > captured_minor
           OR least(authorised_minor, captured_minor, voided_minor, refunded_minor) < 0
        """,
        "payment {id} of order {order_id}: authorised {authorised_minor}, captured {captured_minor}, "
        "voided {voided_minor}, refunded {refunded_minor}",
    ),
    Invariant(
        "payments_are_called_what_they_are",
        "A payment's state is the word for its amounts.",
        """
        SELECT id, order_id, state, authorised_minor, captured_minor, voided_minor, refunded_minor
        FROM {payment by order} AS p
        WHERE state <> CASE WHEN refunded_minor > 0
                            THEN CASE refunded_minor WHEN captured_minor THEN 'refunded' ELSE 'partly_refunded' END
                            WHEN captured_minor > 0
                            THEN CASE captured_minor + voided_minor WHEN authorised_minor THEN 'captured'
                                 ELSE 'partly_captured' END
                            WHEN voided_minor > 0 AND voided_minor = authorised_minor THEN 'voided'
                            ELSE 'authorised' END
        """,
        "payment {id} of order {order_id} is {state}: authorised {authorised_minor}, captured {captured_minor}, "
        "voided {voided_minor}, refunded {refunded_minor}",
    ),
    Invariant(
        "payments_are_what_intents_did",
        "A payment's amounts are what it was handed in with and what its finished intents did.",
        """
        SELECT coalesce(p.id, i.subject) AS id,
               ARRAY[p.authorised_minor, p.captured_minor, p.refunded_minor, p.voided_minor] AS says,
               ARRAY[i.authorised, i.captured, i.refunded, i.voided] AS done
        FROM {payment by order} AS p
        FULL JOIN (
            SELECT subject, total(amount_minor) FILTER (WHERE kind = 'authorise') AS authorised,
                   total(amount_minor) FILTER (WHERE kind = 'capture') AS captured,
                   total(amount_minor) FILTER (WHERE kind = 'refund') AS refunded,
                   total(amount_minor) FILTER (WHERE kind = 'void') AS voided
            FROM {intent by order} AS i
            WHERE state = 'done' AND kind IN ('authorise', 'capture', 'refund', 'void') GROUP BY subject
        ) AS i ON i.subject = p.id
        WHERE p.id IS NULL OR p.authorised_minor <> p.given_authorised_minor + coalesce(i.authorised, 0)
           OR p.captured_minor <> p.given_captured_minor + coalesce(i.captured, 0)
           OR p.refunded_minor <> coalesce(i.refunded, 0) OR p.voided_minor <> coalesce(i.voided, 0)
        """,
        "payment {id}: says {says}, intents did {done} (authorised, captured, refunded, voided)",
    ),
    Invariant(
        "intents_end_once",
        "An intent has ended exactly when it is done or failed, and a wanted amount is positive.",
        """
        SELECT id, kind, state, amount_minor, ended_at FROM {intent by order} AS i
        WHERE (ended_at IS NOT NULL) <> (state IN ('done', 'failed')) OR amount_minor <= 0
           OR amount_minor IS NULL AND kind IN ('authorise', 'capture', 'refund', 'void')
        """,
        "intent {id} to {kind} {amount_minor}: {state}, ended {ended_at}",
    ),
    Invariant(
        "bookings_sum_to_zero",
        "The entries of each booking sum to zero, in one currency, for one order.",
        # Many bookings of few entries: counting what is different in each would sort each, a hash need not.
        """
        SELECT booking, total(amount_minor) AS rest FROM {ledger_entry by order} AS e GROUP BY booking
        HAVING total(amount_minor) <> 0
            OR min(hashtextextended(currency, uuid_hash_extended(order_id, 0)))
               <> max(hashtextextended(currency, uuid_hash_extended(order_id, 0)))
        """,
        "booking {booking}: {rest} left",
    ),
    Invariant(
        "books_agree_with_papers_and_payments",
        "By the books an order owes what was invoiced, less credited, less what came in; and that much came in.",
        """
        SELECT order_id, currency, coalesce(receivable, 0) AS receivable, coalesce(cash, 0) AS cash,
               coalesce(invoiced, 0) AS invoiced, coalesce(came_in, 0) AS came_in
        FROM (
            SELECT order_id, currency, total(amount_minor) FILTER (WHERE account = 'receivable') AS receivable,
                   total(amount_minor) FILTER (WHERE account IN ('cash', 'clearing')) AS cash
            FROM {ledger_entry by order} AS e GROUP BY order_id, currency
        ) AS booked
        FULL JOIN (
            SELECT order_id, currency,
                   total(CASE kind WHEN 'invoice' THEN total_minor ELSE -total_minor END) AS invoiced
            FROM {paper by order} AS p GROUP BY order_id, currency
        ) AS papers USING (order_id, currency)
        FULL JOIN (
            SELECT order_id, currency, total(captured_minor - refunded_minor) AS came_in
            FROM {payment by order} AS p GROUP BY order_id, currency
        ) AS payments USING (order_id, currency)
        WHERE coalesce(receivable, 0) <> coalesce(invoiced, 0) - coalesce(came_in, 0)
           OR coalesce(cash, 0) <> coalesce(came_in, 0)
        """,
        "order {order_id}: {receivable} {currency} owed and {cash} come in by its books; {invoiced} invoiced, "
        "{came_in} came in",
    ),
    Invariant(
        "papers_are_numbered_without_gaps",
        "Each series of invoices and credit notes runs from 1 to its last number, each number once.",
        """
        SELECT series, s.last_number, p.papers, p.first, p.last
        FROM paper_series s
        FULL JOIN (SELECT series, count(*) AS papers, count(DISTINCT number) AS numbers, min(number) AS first,
                          max(number) AS last FROM paper GROUP BY series) AS p USING (series)
        WHERE s.last_number IS DISTINCT FROM coalesce(p.last, 0) OR p.first <> 1 OR p.papers <> p.last
           OR p.numbers <> p.papers
        """,
        "series {series}: {papers} papers from {first} to {last}, the last was to be {last_number}",
        in_sweeps=False,
    ),
    Invariant(
        "papers_add_up",
        "A paper's total is its goods, shipping and tax.",
        """
        SELECT series, number, total_minor, goods_minor + shipping_minor + tax_minor AS sum_minor
        FROM {paper by order} AS p WHERE total_minor <> goods_minor + shipping_minor + tax_minor
        """,
        "{series} {number}: total {total_minor}, its parts {sum_minor}",
    ),
    Invariant(
        "one_paper_per_cause",
        "Nothing was invoiced or credited twice.",
        "SELECT cause, count(*) AS papers FROM {paper by order} AS p GROUP BY cause HAVING count(*) > 1",
        "{cause}: {papers} papers",
    ),
)  # fmt: skip
