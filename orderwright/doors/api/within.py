"""Keys limited to sites or channels: what each route touches. Asked only when a key is limited."""

from collections.abc import Callable, Iterable
from typing import Any

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question, Request
from orderwright.values.findings import askable
from orderwright.values.ids import is_id

Asked = Request[Any] | Question[Any]
Within = Callable[[Tx, Asked], bool]
"""Whether what is asked lies within the limits of the key. Each limit binds what has a site or a channel."""


def whole_store(tx: Tx, asked: Asked) -> bool:
    """It concerns the whole store: no limited key may."""
    return False


def anywhere(tx: Tx, asked: Asked) -> bool:
    """It has neither site nor channel, or the read narrows itself to the key's limits."""
    return True


def sites(named: Callable[[Any], Iterable[str]]) -> Within:
    """It touches these sites, all of which the key must cover."""
    return lambda tx, asked: _covers(asked.access.sites, named(asked))


def channels(named: Callable[[Any], Iterable[str]]) -> Within:
    """It touches these channels, all of which the key must cover."""
    return lambda tx, asked: _covers(asked.access.channels, named(asked))


def order(tx: Tx, asked: Asked) -> bool:
    """It is about the order `{number}`: of a channel the key covers, with work at a site it covers.

    An order that does not exist passes, to be refused as not_found by whoever looks for it.
    """
    return orders(tx, asked, [asked.at["number"]])


def orders(tx: Tx, asked: Asked, numbers: Iterable[str]) -> bool:
    """It is about these orders, as `order` is about one; those that do not exist are told so one by one."""
    rows = tx.rows(
        """
        SELECT o.channel, array(SELECT f.site FROM fulfilment f WHERE f.order_id = o.id) AS sites
        FROM orders o WHERE o.number = ANY(%(numbers)s::text[])
        """,
        numbers=array(askable(numbers)),
    )
    return all(_fits(asked.access, row) for row in rows)


def owned(table: str) -> Within:
    """It is about the row `{id}` of fulfilment, parcel or return_request, as `order` is about an order."""
    sql = f"""
        SELECT o.channel, array[t.site] AS sites FROM {table} t JOIN orders o ON o.id = t.order_id
        WHERE t.id = %(id)s::uuid
        """

    def check(tx: Tx, asked: Asked) -> bool:
        id_ = asked.at["id"]
        row = tx.row(sql, id=id_) if is_id(id_) else None
        return row is None or _fits(asked.access, row)

    return check


def _fits(access: Access, row: Any) -> bool:
    if access.channels is not None and row.channel not in access.channels:
        return False
    return access.sites is None or bool(access.sites & set(row.sites))


def _covers(limits: frozenset[str] | None, named: Iterable[str]) -> bool:
    return limits is None or limits.issuperset(named)
