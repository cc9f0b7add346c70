"""What lies in parcels, as the demo's people need to know it to err."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.doors.demo.people import Contents, Packed, People


class Sent(NamedTuple):
    """A parcel that left. `word`: the same in every run with the same seed, unlike ids and numbers."""

    id: str
    number: str
    reference: str
    site: str
    first_position: int
    shipped_at: datetime
    delivered_at: datetime | None

    @property
    def word(self) -> str:
        """What draws about it are made with."""
        return f"{self.reference}/{self.site}/{self.first_position}"


_SENT = """
    SELECT p.id::text, o.number, o.reference, p.site,
           (SELECT min(d.position) FROM parcel_line l JOIN demand d ON d.id = l.demand_id WHERE l.parcel_id = p.id)
             AS first_position,
           p.shipped_at, p.delivered_at
    FROM parcel p JOIN orders o ON o.id = p.order_id
    """


_BY_TRUCK = " ORDER BY p.site, p.shipped_at, o.reference, first_position, p.id"


def sent_since(tx: Tx, since: datetime) -> list[Sent]:
    """Parcels that left since a moment, truck by truck, in the order they were packed in."""
    rows = tx.tuples(_SENT + " WHERE p.shipped_at >= %(since)s" + _BY_TRUCK, since=since)
    return [Sent(*row) for row in rows]


def beside_delivered(tx: Tx, since: datetime) -> list[Sent]:
    """Parcels of the trucks of which a parcel was delivered since a moment, in the same order."""
    rows = tx.tuples(
        _SENT + " WHERE (p.site, p.shipped_at) IN (SELECT site, shipped_at FROM parcel WHERE delivered_at >= %(since)s)"
        " AND p.shipped_at IS NOT NULL" + _BY_TRUCK,
        since=since,
    )
    return [Sent(*row) for row in rows]


def swapped(people: People, sent: Sequence[Sent]) -> set[str]:
    """Parcels (ids) that went to each other's customers: one whose label was swapped, and the next on its truck.

    sent: as `sent_since` and `beside_delivered` give them.
    """
    found: set[str] = set()
    for each, following in pairwise(sent):
        is_one_truck = (each.site, each.shipped_at) == (following.site, following.shipped_at)
        if is_one_truck and each.id not in found and people.is_swapped(each.word):
            found |= {each.id, following.id}
    return found


def out_for_delivery(tx: Tx, since: datetime) -> list[tuple[Sent, str, str]]:
    """Parcels whose driver set out since a moment and who are not delivered, with carrier and tracking code."""
    rows = tx.tuples(
        "SELECT s.*, p.carrier, p.tracking_code FROM (" + _SENT + " WHERE p.state = 'shipped') s"
        " JOIN parcel p ON p.id = s.id::uuid"
        " JOIN tracking_event e ON e.parcel_id = p.id AND e.milestone = 'out_for_delivery'"
        " AND e.occurred_at >= %(since)s ORDER BY s.reference, s.first_position",
        since=since,
    )
    return [(Sent(*row[:-2]), row[-2], row[-1]) for row in rows]


def contents_of(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Contents]:
    """What lies in parcels, by id."""
    rows = tx.tuples(
        "SELECT p.id::text, p.weight_g, coalesce(p.carton, ''), o.reference, d.position, l.sku,"
        " sum(l.quantity)::bigint FROM parcel_line l JOIN parcel p ON p.id = l.parcel_id"
        " JOIN demand d ON d.id = l.demand_id JOIN orders o ON o.id = d.order_id"
        " WHERE l.parcel_id = ANY(%(ids)s::uuid[]) GROUP BY p.id, o.reference, d.position, l.sku"
        " ORDER BY p.id, d.position, l.sku",
        ids=array(sorted(set(parcel_ids))),
    )
    found: dict[str, Contents] = {}
    for id_, weight_g, carton, *line in rows:
        found.setdefault(id_, Contents([], weight_g, carton)).lines.append(Packed(*line))
    return found


def packed_between(tx: Tx, since: datetime, until: datetime) -> list[tuple[str, Contents]]:
    """Site and contents of parcels packed after a moment, up to another, that were not opened again."""
    rows = tx.rows(
        "SELECT id::text, site FROM parcel WHERE packed_at > %(since)s AND packed_at <= %(until)s"
        " AND state <> 'unpacked'",
        since=since, until=until,
    )  # fmt: skip
    sites = {row.id: row.site for row in rows}
    return [(sites[id_], parcel) for id_, parcel in contents_of(tx, sites).items()]


def delivered_of(tx: Tx, references: Sequence[str]) -> list[str]:
    """Parcels of orders that were delivered."""
    rows = tx.rows(
        "SELECT p.id::text FROM parcel p JOIN orders o ON o.id = p.order_id"
        " WHERE o.reference = ANY(%(references)s::text[]) AND p.delivered_at IS NOT NULL",
        references=array(references),
    )
    return [row.id for row in rows]
