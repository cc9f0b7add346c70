"""Rows that the hot questions of a store touch: independent of the machine, and of what else it does.

What a list, a search or a worker's claim touches must follow from what it shows or does, never from how many
orders there ever were. PostgreSQL counts the rows and index entries it hands out; `rows_touched` reads these
counts before and after, within one transaction that is undone.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from orderwright.app import wiring
from orderwright.business.deeds import tending
from orderwright.business.deeds.waiting import route_waiting
from orderwright.business.orders.exception_queue import ExceptionQuery, list_exceptions
from orderwright.business.orders.order_view import get_order
from orderwright.business.orders.reads import OrderQuery, list_orders
from orderwright.business.orders.story import explain_order, list_facts
from orderwright.business.orders.usual import refresh_usual
from orderwright.business.returns.reads import ReturnQuery, list_returns
from orderwright.business.routing.reads import loads
from orderwright.business.shipping.reads import ParcelQuery, list_parcels
from orderwright.business.stock.reads import free_for, list_levels
from orderwright.business.warehouse.reads import FulfilmentQuery, list_fulfilments
from orderwright.database import retention, schedules, tasks
from orderwright.database.store import Store
from orderwright.database.tx import Tx

LARGE = 100_000
"""Rows from which on a table must not be read whole."""
SHARE_MAX = 0.05
"""Of a large table's rows, the most that a hot question may touch."""
ONCE_A_DAY = ("usual quantities",)
"""May read a year's lines."""

Ask = Callable[[Tx], Any]


class Touched(NamedTuple):
    """Rows and index entries handed out. table, share: the large table of which the largest part was touched."""

    rows: int
    table: str
    share: float


class _Undo(Exception):
    """Ends a transaction without keeping anything."""


def hot_asks(store: Store) -> Mapping[str, Ask]:
    """The questions of the doors and of the worker, by name, about the newest orders that were filled in."""
    with store.read() as tx:
        row = tx.row(
            "SELECT number, reference, email_key, postal_code FROM orders"
            " WHERE channel <> 'web' AND email_key <> '' AND postal_code <> '' ORDER BY placed_at DESC LIMIT 1"
        )
    lists: dict[str, OrderQuery] = {
        "orders": OrderQuery(), "orders delivered": OrderQuery(state="delivered"),
        "orders waiting": OrderQuery(state="waiting"), "orders of a channel": OrderQuery(channel="market"),
        "orders by reference": OrderQuery(q=row.reference), "orders by e-mail": OrderQuery(q=row.email_key),
        "orders by postcode": OrderQuery(q=row.postal_code),
    }  # fmt: skip
    asks: dict[str, Ask] = {name: _listing(query) for name, query in lists.items()}
    asks |= {
        "order": lambda tx: get_order(tx, row.number),
        "timeline": lambda tx: list_facts(tx, row.number, after=None, limit=50),
        "explanation": lambda tx: explain_order(tx, row.number),
        "exceptions open": lambda tx: list_exceptions(tx, ExceptionQuery()),
        "exceptions closed": lambda tx: list_exceptions(tx, ExceptionQuery(state="closed")),
        "fulfilments at work": lambda tx: list_fulfilments(tx, FulfilmentQuery()),
        "fulfilments shipped": lambda tx: list_fulfilments(tx, FulfilmentQuery(state="shipped")),
        "parcels delivered": lambda tx: list_parcels(tx, ParcelQuery(state="delivered")),
        "returns": lambda tx: list_returns(tx, ReturnQuery()),
        "stock levels": list_levels,
        "free units": lambda tx: free_for(tx, ["SKU-00001", "SKU-1"]),
        "site loads": loads,
    }
    return {**asks, **_worker_asks()}


def _listing(query: OrderQuery) -> Ask:
    return lambda tx: list_orders(tx, query)


def _worker_asks() -> Mapping[str, Ask]:
    wired = wiring()
    names = [kind.name for kind in wired.kinds]
    timetable = {each.name: each.next_after for each in wired.timetable}
    return {
        "tasks claimed": lambda tx: tasks.claim(tx, names, 200),
        "schedules due": lambda tx: schedules.enqueue_due(tx, timetable),
        "leases lapsed": tasks.sweep_lapsed,
        "release at all sites": lambda tx: tending.release_sites(tx, []),
        "backorders looked at": lambda tx: tending.fill_what_can_be(tx, []),
        "200 backorders routed": lambda tx: route_waiting(tx, _waiting(tx), kind="filled", actor="bench"),
        "lots expired": lambda tx: tending.expire_lots_everywhere(tx, []),
        "exceptions escalated": lambda tx: tending.escalate_exceptions(tx, []),
        "usual quantities": refresh_usual,
        "old things forgotten": retention.forget_old,
    }


def _waiting(tx: Tx) -> list[str]:
    return [row.id for row in tx.rows("SELECT DISTINCT order_id::text AS id FROM demand WHERE waiting > 0 LIMIT 200")]


def rows_touched(store: Store, ask: Ask) -> Touched:
    """What one question touches. Whatever it wrote is undone."""
    found = Touched(0, "", 0.0)
    try:
        with store.begin() as tx:
            before = {row.name: row.handed_out for row in tx.rows(_HANDED_OUT)}
            ask(tx)
            after = tx.rows(_HANDED_OUT)
            sizes = {row.name: row.size for row in after if row.name == row.owner}
            touched = dict.fromkeys(sizes, 0)
            for row in after:  # a row found through an index counts as its entry
                touched[row.owner] = max(touched[row.owner], row.handed_out - before.get(row.name, 0))
            shares = {table: touched[table] / sizes[table] for table in touched if sizes.get(table, 0) >= LARGE}
            worst = max(shares, key=shares.__getitem__, default="")
            found = Touched(sum(touched.values()), worst, shares.get(worst, 0.0))
            raise _Undo
    except _Undo:
        return found


_HANDED_OUT = """
    SELECT c.relname AS name, coalesce(t.relname, c.relname) AS owner, c.reltuples::bigint AS size,
           pg_stat_get_xact_tuples_returned(c.oid) AS handed_out
    FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i')
"""
