"""Scans of carriers as rows: each kept once, whether it fits a parcel of ours or not."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx


class EventRow(NamedTuple):
    """A scan to be kept."""

    id: str
    carrier: str
    external_id: str
    parcel_id: str | None
    tracking_code: str
    milestone: str
    detail: str
    raw: str
    occurred_at: datetime


def insert_events(tx: Tx, events: Sequence[EventRow]) -> set[str]:
    """Keep scans; the ids of those that were not here before."""
    if not events:
        return set()
    columns = {
        "ids": "uuid", "carriers": "text", "external_ids": "text", "parcels": "uuid", "codes": "text",
        "milestones": "text", "details": "text", "raws": "text", "times": "timestamptz",
    }  # fmt: skip
    asked = sorted(events, key=lambda each: (each.carrier, each.external_id))
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in columns.items())
    rows = tx.rows(
        f"""
        INSERT INTO tracking_event (id, carrier, external_id, parcel_id, tracking_code, milestone, detail, raw,
                                    occurred_at, received_at)
        SELECT n.*, %(now)s::timestamptz FROM unnest({arrays}) AS n
        ON CONFLICT (carrier, external_id) DO NOTHING RETURNING id::text
        """,
        now=tx.now, **{name: array(each[i] for each in asked) for i, name in enumerate(columns)},
    )  # fmt: skip
    return {row.id for row in rows}


def parcels_by_code(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
    """Rows (id, labelled_at) of parcels by (carrier, tracking code), latest labelled first: codes are used again."""
    asked = sorted(set(keys))
    rows = tx.rows(
        """
        SELECT p.carrier, p.tracking_code, p.id::text, p.labelled_at
        FROM unnest(%(carriers)s::text[], %(codes)s::text[]) AS asked(carrier, code)
        JOIN parcel p ON p.tracking_code = asked.code AND p.carrier = asked.carrier
        ORDER BY p.labelled_at DESC, p.id DESC
        """,
        carriers=array(carrier for carrier, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.carrier, row.tracking_code), []).append(row)
    return found


def arrivals_of(tx: Tx, parcel_ids: Iterable[str]) -> dict[str, Any]:
    """The earliest 'delivered' scan (id, parcel_id, occurred_at) of parcels, by parcel."""
    rows = tx.rows(
        "SELECT DISTINCT ON (parcel_id) id::text, parcel_id::text, occurred_at FROM tracking_event"
        " WHERE parcel_id = ANY(%(ids)s::uuid[]) AND milestone = 'delivered' ORDER BY parcel_id, occurred_at",
        ids=array(sorted(set(parcel_ids))),
    )
    return {row.parcel_id: row for row in rows}
