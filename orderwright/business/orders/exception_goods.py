"""Which goods an exception is about: what was missing in a bin, came besides what was ordered, or was counted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from orderwright.business.orders.exception_queue import ExceptionShown
from orderwright.database.rows import array
from orderwright.database.tx import Tx

GOODS_MAX = 20
"""Of so many products of an exception is told, at most."""


class Goods(NamedTuple):
    """Units of a product. place: site and code of where they lie or lay, '' where nobody can go and look.

    expected: how many were to be there; None where nothing was. why: a word of what is wrong. round: of a count; 0 of
    anything else.
    """

    sku: str
    title: str
    place: str
    lot: str
    units: int
    expected: int | None
    why: str
    round: int


class _Told(NamedTuple):
    """Goods as an exception's document has them: by sku, or by the id of what knows it (demand, or return and line)."""

    units: int
    sku: str = ""
    demand: str = ""
    line: tuple[str, int] = ("", 0)
    place_id: int = 0
    lot: str = ""
    expected: int | None = None
    why: str = ""
    round: int = 0


def goods_beside(tx: Tx, exceptions: Sequence[ExceptionShown]) -> dict[str, list[Goods]]:
    """The goods exceptions are about, by the exception's id; of those that are about none, nothing."""
    told = {each.id: list(_told(each))[:GOODS_MAX] for each in exceptions}
    for id_, rounds in _counted(tx, {each.subject: each.id for each in exceptions if each.kind == "count_disputed"}):
        told[id_].append(rounds)
    flat = [each for goods in told.values() for each in goods]
    if not flat:
        return {}
    known = _Known(tx, flat)
    return {id_: [known.goods(each) for each in goods] for id_, goods in told.items() if goods}


def _told(shown: ExceptionShown) -> Iterator[_Told]:
    document = msgspec.json.decode(shown.about)
    if not isinstance(document, dict):
        return
    match shown.kind:
        case "pick_short":
            for each in document.get("bins", ()):
                yield _Told(
                    each["missing"], each["sku"], place_id=each["place_id"], lot=each["lot"], why=each["reason"]
                )
        case "bins_short" | "promise_broken":
            for demand, units in document.get("units", ()):
                yield _Told(units, demand=demand)
        case "delivery_differs":
            for each in document.get("lines", ()):
                yield _Told(each["units"], each["sku"], why=each["why"])
        case "transfer_differs":
            for name, why in (("missing", "did_not_come"), ("over", "not_sent")):
                for each in document.get(name, ()):
                    yield _Told(each["units"], each["sku"], lot=each["lot"], why=why)
        case "return_differs":
            for line, asked, came in document.get("lines", ()):
                yield _Told(came, line=(shown.subject, line), expected=asked)
            for sku, units in document.get("unexpected", ()):
                yield _Told(units, sku, expected=0, why="unexpected")


def _counted(tx: Tx, counts: Mapping[str, str]) -> Iterator[tuple[str, _Told]]:
    """What each round of counts found, by the exception of each."""
    if not counts:
        return
    rows = tx.rows(
        """
        SELECT l.count_id::text, l.round, l.sku, l.lot, l.booked + l.moved AS booked, l.counted, c.place_id
        FROM count_line l JOIN count_task c ON c.id = l.count_id
        WHERE l.count_id = ANY(%(ids)s::uuid[]) AND l.counted IS NOT NULL ORDER BY l.count_id, l.round, l.sku, l.lot
        """,
        ids=array(sorted(counts)),
    )
    for row in rows:
        yield (
            counts[row.count_id],
            _Told(row.counted, row.sku, place_id=row.place_id, lot=row.lot, expected=row.booked, round=row.round),
        )


class _Known:
    """What ids stand for."""

    def __init__(self, tx: Tx, told: Sequence[_Told]) -> None:
        demands = array(sorted({each.demand for each in told if each.demand}))
        rows = tx.rows("SELECT id::text, sku FROM demand WHERE id = ANY(%(ids)s::uuid[])", ids=demands)
        self._demands = {row.id: row.sku for row in rows}
        places = array(sorted({each.place_id for each in told if each.place_id}))
        rows = tx.rows(
            "SELECT id, site || ' ' || code AS code FROM place WHERE id = ANY(%(ids)s::bigint[])", ids=places
        )
        self._places = {row.id: row.code for row in rows}
        rows = tx.rows(
            "SELECT return_id::text, line, sku FROM return_line WHERE return_id = ANY(%(ids)s::uuid[])",
            ids=array(sorted({each.line[0] for each in told if each.line[0]})),
        )
        self._lines = {(row.return_id, row.line): row.sku for row in rows}
        skus = sorted({self._sku(each) for each in told})
        rows = tx.rows("SELECT sku, title FROM product WHERE sku = ANY(%(skus)s::text[])", skus=array(skus))
        self._titles = {row.sku: row.title for row in rows}

    def _sku(self, told: _Told) -> str:
        return told.sku or self._demands.get(told.demand, "") or self._lines.get(told.line, "")

    def goods(self, told: _Told) -> Goods:
        """The goods by the names people know them by."""
        sku = self._sku(told)
        return Goods(
            sku, self._titles.get(sku, ""), self._places.get(told.place_id, ""), told.lot, told.units, told.expected,
            told.why, told.round,
        )  # fmt: skip
