"""Orders that replace something of another one: a lost parcel, goods that come back for others."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from orderwright.business.deeds.hold import release_holds
from orderwright.business.deeds.placing.forms import Placed
from orderwright.business.orders.commands import ReleaseHold
from orderwright.business.orders.form import LineForm, NewOrder, PaymentForm, PolicyForm, ShippingForm
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.money import format_minor

JUDGED = ("duplicate", "price", "quantity")
"""Holds for what looks odd about an order; whoever replaces something has looked at it."""

RESHIP = "-RESHIP"
"""Behind the number of a parcel: the reference of the order that sends it again."""


def replacement_of(
    form: NewOrder,
    number: str,
    *,
    reference: str,
    lines: list[LineForm],
    total_minor: int,
    shortage: Literal["backorder", "refuse"],
) -> NewOrder:
    """An order of these lines to the same customer, address and service as another one, of which it tells the number.

    Prices of its lines hold their tax. Sending it costs nothing, and it waits for no money.
    """
    return msgspec.structs.replace(
        form, reference=reference, placed_at=None, discounts=[], shipping=ShippingForm(), prices_include_tax=True,
        total=format_minor(total_minor, form.currency), payment=PaymentForm(state="on_account"),
        policy=PolicyForm(shortage=shortage), ship_before=None, customer_reference=number, lines=lines,
    )  # fmt: skip


def on_account(tx: Tx, order_ids: Iterable[str]) -> set[str]:
    """Orders that wait for no money. What replaces another order says so of itself always, as only the first one of
    such a row was paid for: all of them must, back to the first, whether they were exchanged or sent again.
    """
    rows = tx.rows(_ON_ACCOUNT, ids=array(sorted(set(order_ids))), ending=RESHIP)
    return {row.id for row in rows}


_ON_ACCOUNT = """
    WITH RECURSIVE back (id, before) AS (
        SELECT n.id, n.id FROM unnest(%(ids)s::uuid[]) AS n(id)
        UNION
        SELECT back.id, first.order_id FROM back CROSS JOIN LATERAL (
            SELECT r.order_id FROM exchange x JOIN return_request r ON r.id = x.return_id
            WHERE x.order_id = back.before
            UNION ALL
            SELECT f.id FROM orders o JOIN parcel p ON p.number = left(o.reference, -length(%(ending)s))
            JOIN orders f ON f.id = p.order_id AND f.channel = o.channel
            WHERE o.id = back.before AND right(o.reference, length(%(ending)s)) = %(ending)s
        ) AS first)
    SELECT back.id::text FROM back JOIN orders o ON o.id = back.before
    GROUP BY back.id HAVING bool_and(coalesce(o.form::json #>> '{payment,state}', '') = 'on_account')
"""


def families_of(tx: Tx, order_ids: Iterable[str]) -> dict[str, list[str]]:
    """Orders with all that replaces something of them, and all that they replace something of; ids in order, by id."""
    families: dict[str, list[str]] = {}
    for row in tx.rows(_FAMILIES, ids=array(sorted(set(order_ids))), ending=RESHIP):
        families.setdefault(row.of, []).append(row.id)
    return families


_FAMILIES = """
    WITH RECURSIVE family (of, id) AS (
        SELECT n.id, n.id FROM unnest(%(ids)s::uuid[]) AS n(id)
        UNION
        SELECT family.of, next.id FROM family CROSS JOIN LATERAL (
            SELECT r.order_id AS id FROM exchange x JOIN return_request r ON r.id = x.return_id
            WHERE x.order_id = family.id
            UNION ALL
            SELECT x.order_id FROM return_request r JOIN exchange x ON x.return_id = r.id WHERE r.order_id = family.id
            UNION ALL
            SELECT f.id FROM orders o JOIN parcel p ON p.number = left(o.reference, -length(%(ending)s))
            JOIN orders f ON f.id = p.order_id AND f.channel = o.channel
            WHERE o.id = family.id AND right(o.reference, length(%(ending)s)) = %(ending)s
            UNION ALL
            SELECT k.order_id FROM orders o JOIN parcel p ON p.order_id = o.id
            JOIN order_key k ON k.channel = o.channel AND k.reference = p.number || %(ending)s
            WHERE o.id = family.id
        ) AS next)
    SELECT of::text, id::text FROM family ORDER BY of, id
"""


def release_judged(tx: Tx, placed: Sequence[tuple[Placed, str]]) -> None:
    """Release what holds replacements, each with who placed it, only because they look odd."""
    release_holds(tx, [
        ReleaseHold(number=each.number, kind=kind, actor=actor)
        for each, actor in placed for kind in each.holds if kind in JUDGED
    ])  # fmt: skip
