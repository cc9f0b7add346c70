"""What clients were told, held against what is here: no acknowledged order lost, none doubled."""

from collections.abc import Mapping

from orderwright.database.rows import array
from orderwright.database.tx import Tx


def lost_or_doubled(tx: Tx, acknowledged: Mapping[tuple[str, str], str]) -> list[str]:
    """What became of acknowledged orders that are not here exactly once, one sentence each.

    acknowledged: (channel, reference) -> the order number the client was answered, as the client wrote it down.
    """
    rows = tx.rows(
        """
        SELECT a.channel, a.reference, a.number, count(o.id) AS orders, min(o.number) AS found
        FROM unnest(%(channels)s::text[], %(references)s::text[], %(numbers)s::text[]) AS a(channel, reference, number)
        LEFT JOIN orders o ON o.channel = a.channel AND o.reference = a.reference
        GROUP BY a.channel, a.reference, a.number
        HAVING count(o.id) <> 1 OR min(o.number) <> a.number
        ORDER BY a.channel, a.reference
        """,
        channels=array(channel for channel, _ in acknowledged),
        references=array(reference for _, reference in acknowledged),
        numbers=array(acknowledged.values()),
    )
    return [
        f"{row.channel} {row.reference} was answered {row.number}: {row.orders} orders here, the first {row.found}"
        for row in rows
    ]
