"""What must be true of quotes and links to pay: each became the order it describes, and each payment is booked once."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "quotes_name_the_orders_they_became",
        "A quote that was ordered names an order of its channel whose reference is the quote's number.",
        """
        SELECT q.number, q.channel, o.number AS ordered, o.reference
        FROM quote q LEFT JOIN orders o ON o.id = q.order_id
        WHERE q.order_id IS NOT NULL AND (o.channel, o.reference) IS DISTINCT FROM (q.channel, q.number)
        """,
        "{number} of {channel} became {ordered}, whose reference is {reference}",
        in_sweeps=False,
    ),
    Invariant(
        "paid_links_have_their_payment",
        "A pay link that was paid has one payment, of its gateway and reference, with its order; paid for a quote that"
        " became no order, it went back or a task sees to it.",
        """
        SELECT l.id::text AS link, l.gateway, l.reference
        FROM pay_link l LEFT JOIN payment p ON p.gateway = l.gateway AND p.reference = l.reference AND p.reference <> ''
        WHERE l.paid_at IS NOT NULL AND (p.order_id IS DISTINCT FROM l.order_id
            OR l.order_id IS NULL AND l.returned_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM task t WHERE t.subject = l.id AND t.name = 'follow_pay_link' AND t.state <> 'done'))
        """,
        "link {link} was paid as {reference} of {gateway}, which is not booked with its order",
        in_sweeps=False,
    ),
)
