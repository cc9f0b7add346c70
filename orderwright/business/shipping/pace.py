"""When work will be packed, told by the site's own pace: what it packed a week ago, from this hour of the week on.

Whoever asks hears what last week says, nights and weekends included, and never a wish: after this moment a week ago
the site packed one parcel after another, and the one that stands where this work stands in its queue tells when. A site
that packed too little last week to tell anything by tells nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.business.shipping.rules import ParcelState
from orderwright.database.rows import array
from orderwright.database.tx import Tx

WEEK = timedelta(days=7)
AHEAD_MAX = 5_000
"""So far a queue is counted; behind more than that nothing is told."""
PACKED_MIN = 10
"""With fewer parcels packed in the week that followed, a week says nothing."""
PACKED: tuple[ParcelState, ...] = ("packed", "labelled", "shipped", "delivered", "lost")


class Work(NamedTuple):
    """A fulfilment that is not packed. not_before: nothing of it goes to the floor before, or None."""

    id: str
    site: str
    ship_by: datetime
    not_before: datetime | None = None


def packed_around(tx: Tx, works: Sequence[Work]) -> dict[str, datetime]:
    """When each work will be packed, by its id; left out where the site's last week says nothing.

    Two statements each, of at most AHEAD_MAX index entries; an order has few of them.
    """
    found: dict[str, datetime] = {}
    for work in works:
        start = max(tx.now, work.not_before or tx.now)
        at = _a_week_before(tx, work.site, _ahead(tx, work), start - WEEK)
        if at is not None:
            found[work.id] = at + WEEK
    return found


def _ahead(tx: Tx, work: Work) -> int:
    """How many fulfilments of the site are to be packed before this one: all whose truck leaves earlier."""
    row = tx.row(
        """
        SELECT count(*) AS ahead FROM (
            (SELECT 1 FROM fulfilment WHERE site = %(site)s AND state = 'planned' AND (ship_by, id) < (%(at)s, %(id)s)
             LIMIT %(most)s)
            UNION ALL
            (SELECT 1 FROM fulfilment WHERE site = %(site)s AND state = 'released' AND (ship_by, id) < (%(at)s, %(id)s)
             LIMIT %(most)s)
            UNION ALL
            (SELECT 1 FROM fulfilment WHERE site = %(site)s AND state = 'picked' AND (ship_by, id) < (%(at)s, %(id)s)
             LIMIT %(most)s)
            LIMIT %(most)s) AS before
        """,
        site=work.site, at=work.ship_by, id=work.id, most=AHEAD_MAX,
    )  # fmt: skip
    return int(row.ahead)


def _a_week_before(tx: Tx, site: str, ahead: int, since: datetime) -> datetime | None:
    """When the site had packed `ahead` parcels and one more after that moment; None where it did not in a week."""
    if ahead >= AHEAD_MAX:
        return None
    most = max(ahead + 1, PACKED_MIN)
    rows = tx.rows(
        """
        SELECT p.packed_at FROM unnest(%(states)s::text[]) AS s(state) CROSS JOIN LATERAL (
            SELECT packed_at FROM parcel WHERE site = %(site)s AND state = s.state
                AND packed_at >= %(since)s AND packed_at < %(until)s ORDER BY packed_at LIMIT %(most)s) AS p
        ORDER BY p.packed_at LIMIT %(most)s
        """,
        states=array(PACKED), site=site, since=since, until=since + WEEK, most=most,
    )  # fmt: skip
    return rows[ahead].packed_at if len(rows) == most else None
