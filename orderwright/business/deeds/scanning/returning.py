"""The returns bench by scans: which returns are open, and booking what was found in their parcels."""

from collections.abc import Iterable, Sequence
from typing import Any

from orderwright.business.deeds.scanning.asking import Asking, Wanted, begin_whole
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.deeds.take_back import inspect_returns, receive_returns
from orderwright.business.returns.forms import (
    InspectedLine,
    InspectReturn,
    ReceivedLine,
    ReceiveReturn,
    ReturnNow,
    UnexpectedLine,
)
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.returns import (
    BenchLine,
    BenchReturn,
    Inspect,
    Receive,
    ReturnView,
    names_of,
)
from orderwright.business.warehouse.sessions.steps import notice
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.refusal import Refusal


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """It is about whatever comes back to a site. Refuses malformed: a subject."""
    return begin_whole(commands)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, ReturnView]:
    """The open returns that the sessions are at or scan, by session id. A constant number of statements."""
    codes = askable(name for each in asking for told in each.told for name in names_of(told))
    named = _named(tx, codes)
    ids = {each.state.return_id for each in asking} | {row.id for row in named}
    returns = _returns(tx, sorted(ids - {""}))
    settled = _settled(tx, codes)
    sites = sorted({each.session.site for each in asking})
    homes = _homes(tx, sites, sorted({line.sku for _, back in returns.values() for line in back.lines}))
    views = {}
    for each in asking:
        site = each.session.site
        here = {id_: back for id_, (at, back) in returns.items() if at == site}
        # The oldest that is open counts for an order that sent back twice: rows come newest first.
        mine = {row.code: row.id for row in named if row.id in here}
        views[each.session.id] = ReturnView(
            mine, here, {sku: place for (at, sku), place in homes.items() if at == site}, settled - mine.keys()
        )
    return views


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Book what came, then what becomes of it."""
    outcomes = Outcomes(wanted)
    outcomes.run(Receive, _receipt, lambda commands: receive_returns(tx, commands))
    outcomes.run(Inspect, _inspection, lambda commands: inspect_returns(tx, commands), _told)
    return outcomes.results


def _receipt(each: Wanted, want: Receive) -> ReceiveReturn:
    return ReceiveReturn(
        return_id=want.return_id, lines=[ReceivedLine(line, units) for line, units in want.lines],
        unexpected=[UnexpectedLine(sku, units) for sku, units in want.unexpected], actor=each.session.person,
    )  # fmt: skip


def _inspection(each: Wanted, want: Inspect) -> InspectReturn:
    lines = [
        InspectedLine(line.line, line.restock, line.scrap, line.quarantine, line.place) for line in want.lines
    ]  # fmt: skip
    return InspectReturn(return_id=want.return_id, lines=lines, actor=each.session.person)


def _told(want: Inspect, now: ReturnNow) -> Notice:
    units = {
        name: sum(getattr(line, name) for line in now.lines) for name in ("restocked", "quarantined", "scrapped")
    }  # fmt: skip
    return notice("return_inspected", **{"return": now.number}, **units)


def _named(tx: Tx, codes: Iterable[str]) -> list[Any]:
    """(code, return) of open returns by their own number or label, their order's number, or one of its parcels."""
    return tx.rows(
        """
        WITH code AS (SELECT unnest(%(codes)s::text[]) AS code),
             named AS (
                 SELECT c.code, r.id FROM code c JOIN return_request r ON r.number = c.code
                 UNION SELECT c.code, l.return_id FROM code c
                              JOIN return_label l ON l.tracking_code = c.code AND l.tracking_code <> ''
                 UNION SELECT c.code, r.id FROM code c JOIN orders o ON o.number = c.code
                              JOIN return_request r ON r.order_id = o.id
                 UNION SELECT c.code, r.id FROM code c JOIN parcel p ON p.number = c.code
                              JOIN return_request r ON r.order_id = p.order_id
                 UNION SELECT c.code, r.id FROM code c JOIN parcel p ON p.tracking_code = c.code
                              JOIN return_request r ON r.order_id = p.order_id
                 UNION SELECT c.code, r.id FROM code c JOIN parcel p ON p.sscc = c.code
                              JOIN return_request r ON r.order_id = p.order_id)
        SELECT n.code, r.id::text FROM named n JOIN return_request r ON r.id = n.id
        WHERE r.state IN ('asked', 'received') ORDER BY n.code, r.made_at DESC, r.id DESC
        """,
        codes=array(codes),
    )


def _settled(tx: Tx, codes: Sequence[str]) -> frozenset[str]:
    """Those of the codes that are orders, parcels or returns, whatever is open of them."""
    if not codes:
        return frozenset()
    rows = tx.rows(
        """
        SELECT number AS code FROM orders WHERE number = ANY(%(codes)s::text[])
        UNION SELECT number FROM return_request WHERE number = ANY(%(codes)s::text[])
        UNION SELECT number FROM parcel WHERE number = ANY(%(codes)s::text[])
        UNION SELECT tracking_code FROM parcel WHERE tracking_code = ANY(%(codes)s::text[])
        """,
        codes=array(codes),
    )
    return frozenset(row.code for row in rows)


def _returns(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[str, BenchReturn]]:
    """(site, return) by id, of those that are open still."""
    rows = tx.rows(
        """
        SELECT r.id::text, r.site, r.number, o.number AS order_number, r.state, l.line, l.sku, p.title,
               CASE r.state WHEN 'asked' THEN l.asked ELSE l.received END AS units,
               coalesce((SELECT x.number FROM exchange e JOIN orders x ON x.id = e.order_id
                         WHERE e.return_id = r.id AND e.state = 'waiting'), '') AS exchange
        FROM return_request r JOIN orders o ON o.id = r.order_id JOIN return_line l ON l.return_id = r.id
        JOIN product p ON p.sku = l.sku
        WHERE r.id = ANY(%(ids)s::uuid[]) AND r.state IN ('asked', 'received') ORDER BY r.id, l.line
        """,
        ids=array(ids),
    )
    lines: dict[str, list[BenchLine]] = {}
    heads = {}
    for row in rows:
        heads[row.id] = row
        lines.setdefault(row.id, []).append(BenchLine(row.line, row.sku, row.title, row.units))
    return {
        id_: (
            row.site,
            BenchReturn(
                id_,
                row.number,
                row.order_number,
                row.state == "received",
                tuple(lines[id_]),
                row.exchange,
            ),
        )
        for id_, row in heads.items()
    }


def _homes(tx: Tx, sites: Sequence[str], skus: Sequence[str]) -> dict[tuple[str, str], str]:
    """A bin that holds some of a product, by (site, sku): the fullest."""
    rows = tx.rows(
        """
        SELECT a.site, a.sku, home.code FROM unnest(%(sites)s::text[]) AS s(site)
        CROSS JOIN unnest(%(skus)s::text[]) AS k(sku) CROSS JOIN LATERAL (SELECT s.site, k.sku) a
        CROSS JOIN LATERAL (
            SELECT p.code FROM stock t JOIN place p ON p.id = t.place_id
            WHERE t.sku = a.sku AND t.quantity > 0 AND p.site = a.site AND p.kind = 'bin'
            ORDER BY t.quantity DESC, p.id LIMIT 1) AS home
        """,
        sites=array(sites), skus=array(skus),
    )  # fmt: skip
    return {(row.site, row.sku): row.code for row in rows}
