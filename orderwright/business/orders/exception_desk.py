"""What a person at the exception queue looks at beside it: the orders it is about, and how each cause fares."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import AddressForm

UNITS_SHOWN = 12
SETTLED_MAX = 10_000
"""So many of the latest settled exceptions are told from, at most."""


class OrderBeside(NamedTuple):
    """An order in short. name: whom it goes to, '' when that was erased. units: (sku, quantity) of the first lines.

    ship_to: the address as it was entered, None when it was erased.
    """

    number: str
    reference: str
    channel: str
    placed_at: datetime
    state: str
    is_held: bool
    currency: str
    total: str
    name: str
    email: str
    units: list[tuple[str, int]]
    ship_to: AddressForm | None


class Cause(NamedTuple):
    """How one kind of exception fares. open: how many are; closed: how many were lately, and half of them within
    `median`; None where none was."""

    kind: str
    open: int
    closed: int
    median: timedelta | None


def orders_beside(tx: Tx, numbers: Sequence[str]) -> dict[str, OrderBeside]:
    """Orders by their numbers; unknown ones are left out."""
    rows = tx.rows(
        """
        SELECT o.number, o.reference, o.channel, o.placed_at, o.state, o.is_held, o.currency, o.total_minor,
               coalesce(o.form::json #>> '{ship_to,name}', '') AS name,
               coalesce(o.form::json #>> '{customer,email}', '') AS email,
               coalesce(lines.units, '[]')::text AS units, (o.form::json -> 'ship_to')::text AS ship_to
        FROM orders o
        CROSS JOIN LATERAL (
            SELECT json_agg(json_build_array(l.sku, l.quantity) ORDER BY l.position) AS units
            FROM (SELECT position, coalesce(sku, sku_given) AS sku, quantity FROM order_line
                  WHERE order_id = o.id AND NOT is_removed ORDER BY position LIMIT %(most)s) l) lines
        WHERE o.number = ANY(%(numbers)s::text[])
        """,
        numbers=array(sorted(set(numbers))), most=UNITS_SHOWN,
    )  # fmt: skip
    return {row.number: _beside(row) for row in rows}


def causes_since(tx: Tx, since: datetime) -> list[Cause]:
    """Every cause of which something is open or was closed since then (of the latest 10,000), most open first."""
    rows = tx.rows(
        """
        SELECT kind, sum(is_open)::bigint AS open, sum(1 - is_open)::bigint AS closed,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median
        FROM (SELECT kind, 1 AS is_open, NULL::interval AS took FROM exception WHERE closed_at IS NULL
              UNION ALL
              (SELECT kind, 0, closed_at - opened_at FROM exception WHERE closed_at >= %(since)s
               ORDER BY closed_at DESC, id DESC LIMIT %(most)s)) each
        GROUP BY kind ORDER BY open DESC, kind
        """,
        since=since, most=SETTLED_MAX,
    )  # fmt: skip
    return [Cause(*row) for row in rows]


def owners_open(tx: Tx) -> list[str]:
    """Whose the open exceptions are."""
    return [row.owner for row in tx.rows("SELECT DISTINCT owner FROM exception WHERE closed_at IS NULL ORDER BY owner")]


def _beside(row: Any) -> OrderBeside:
    try:
        ship_to = msgspec.json.decode(row.ship_to or "", type=AddressForm)
    except msgspec.MsgspecError:
        ship_to = None
    return OrderBeside(
        row.number, row.reference, row.channel, row.placed_at, row.state, row.is_held, row.currency,
        money.format_minor(row.total_minor, row.currency), row.name, row.email,
        msgspec.json.decode(row.units, type=list[tuple[str, int]]), ship_to,
    )  # fmt: skip
