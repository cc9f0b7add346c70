"""What must be true of quotes: each became the order it describes, or none."""

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
)
