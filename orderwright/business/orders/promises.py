"""What an order's customer was promised, and how that changed: read from the order's facts.

What a site promises for its units never changes (`fulfilment.ship_by`, `deliver_by`); what changes is which site has
them, and since when. So a fact that names fulfilments tells what was promised then, whatever became of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec

from orderwright.business.orders.facts import (
    BackorderFilled,
    ExpectationMoved,
    OrderEdited,
    OrderPlaced,
    OrderRerouted,
)
from orderwright.database.rows import array
from orderwright.database.tx import Tx

FACTS_MAX = 400
"""So many facts of an order are read, the latest."""
_TYPES = (OrderPlaced.TYPE, BackorderFilled.TYPE, OrderRerouted.TYPE, OrderEdited.TYPE, ExpectationMoved.TYPE)


class SitePromise(msgspec.Struct, frozen=True):
    """What a site promised for some units."""

    site: str
    units: int
    ship_by: datetime
    deliver_by: date


class Promised(msgspec.Struct, frozen=True):
    """What was promised at a moment. type: of the fact. parts: what has a site. waiting: units that wait for stock.

    skus, expected_on: the products whose expected day moved, and to when; None: no supply is enough.
    """

    at: datetime
    type: str
    parts: list[SitePromise] = []
    waiting: int = 0
    skus: list[str] = []
    expected_on: date | None = None


def list_promises(tx: Tx, number: str) -> list[Promised]:
    """How what was promised changed, the latest first; days that moved at once to the same one stand together."""
    rows = tx.rows(
        "SELECT f.occurred_at, f.type, f.body FROM orders o JOIN fact f ON f.subject = o.id"
        " WHERE o.number = %(number)s AND f.type = ANY(%(types)s::text[]) ORDER BY f.seq DESC LIMIT %(limit)s",
        number=number, types=array(_TYPES), limit=FACTS_MAX,
    )  # fmt: skip
    bodies = [msgspec.json.decode(row.body) for row in rows]
    sites = _promises_of(tx, {id_ for body in bodies for id_, *_ in body.get("parts", ())})
    told = (_told(row.occurred_at, row.type, body, sites) for row, body in zip(rows, bodies, strict=True))
    return list(_together(each for each in told if each.parts or each.waiting or each.skus))


def _promises_of(tx: Tx, ids: Iterable[str]) -> dict[str, SitePromise]:
    """What fulfilments promise, by id; of no units yet."""
    rows = tx.rows(
        "SELECT id::text, site, ship_by, deliver_by FROM fulfilment WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(ids)),
    )
    return {row.id: SitePromise(row.site, 0, row.ship_by, row.deliver_by) for row in rows}


def _told(at: datetime, kind: str, body: Mapping[str, Any], sites: Mapping[str, SitePromise]) -> Promised:
    if kind == ExpectationMoved.TYPE:
        day = body.get("now")
        return Promised(at, kind, skus=[body["sku"]], expected_on=None if day is None else date.fromisoformat(day))
    parts = [
        msgspec.structs.replace(sites[id_], units=sum(units for _line, units in lines))
        for id_, _site, lines in body.get("parts", ())
        if id_ in sites
    ]
    return Promised(at, kind, parts, sum(units for _line, units in body.get("waiting", ())))


def _together(told: Iterable[Promised]) -> Iterator[Promised]:
    for (at, kind, day, _), moved in groupby(
        told, lambda each: (each.at, each.type, each.expected_on, bool(each.skus))
    ):
        several = list(moved)
        if not several[0].skus:
            yield from several
        else:
            yield Promised(at, kind, skus=sorted({sku for each in several for sku in each.skus}), expected_on=day)
