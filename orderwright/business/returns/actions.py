"""Rows of returns: locked, read, written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.returns.exchanges import exchanges_now
from orderwright.business.returns.forms import ReturnedLine, ReturnLabelNow, ReturnNow
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.ids import is_id


class NewReturn(NamedTuple):
    """A return to be written, with lines (demand id, position, sku, reason, units)."""

    id: str
    number: str
    order_id: str
    site: str
    lines: list[tuple[str, int, str, str, int]]


def orders_of(tx: Tx, return_ids: Iterable[str]) -> dict[str, str]:
    """Order id by return id; unknown ones are left out."""
    rows = tx.rows(
        "SELECT id::text, order_id::text FROM return_request WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({id_ for id_ in return_ids if is_id(id_)})),
    )
    return {row.id: row.order_id for row in rows}


def next_numbers(tx: Tx, count: int) -> list[str]:
    """Numbers for new returns, none of which is ever given again."""
    rows = tx.rows("SELECT nextval('return_number') AS number FROM generate_series(1, %(count)s)", count=count)
    return [f"R-{row.number:06}" for row in rows]


def insert_returns(tx: Tx, new: Sequence[NewReturn]) -> None:
    """Write returns that were asked for."""
    tx.copy(
        "return_request",
        "id, number, order_id, site, state, made_at",
        [(each.id, each.number, each.order_id, each.site, "asked", tx.now) for each in new],
    )
    tx.copy(
        "return_line",
        "return_id, line, demand_id, position, sku, reason, asked",
        [
            (each.id, n, demand_id, position, sku, reason, units)
            for each in new for n, (demand_id, position, sku, reason, units) in enumerate(each.lines, 1)
        ],
    )  # fmt: skip


def lock_returns(tx: Tx, return_ids: Iterable[str]) -> dict[str, Any]:
    """Lock returns (their orders' rows are locked by the caller), by id; rows with number, order, site, state."""
    rows = tx.rows(
        "SELECT r.id::text, r.number, r.order_id::text, r.site, r.state, r.refund_minor, o.number AS order_number,"
        " o.currency FROM return_request r JOIN orders o ON o.id = r.order_id"
        " WHERE r.id = ANY(%(ids)s::uuid[]) ORDER BY r.id FOR UPDATE OF r",
        ids=array(sorted(set(return_ids))),
    )
    return {row.id: row for row in rows}


def read_lines(tx: Tx, return_ids: Iterable[str]) -> dict[str, list[Any]]:
    """The lines of returns, in order, by return."""
    found: dict[str, list[Any]] = {id_: [] for id_ in return_ids}
    for row in tx.rows(
        "SELECT return_id::text, line, demand_id::text, position, sku, reason, asked, received, restocked, scrapped,"
        " quarantined FROM return_line WHERE return_id = ANY(%(ids)s::uuid[]) ORDER BY return_id, line",
        ids=array(sorted(found)),
    ):
        found[row.return_id].append(row)
    return found


def settled_lines(tx: Tx, order_ids: Iterable[str]) -> dict[str, list[list[Any]]]:
    """The lines of each return of orders that is settled already, by order."""
    rows = tx.rows(
        "SELECT r.order_id::text, l.return_id::text, l.demand_id::text, l.position, l.received"
        " FROM return_request r JOIN return_line l ON l.return_id = r.id"
        " WHERE r.order_id = ANY(%(ids)s::uuid[]) AND r.state = 'settled' ORDER BY l.return_id, l.line",
        ids=array(sorted(set(order_ids))),
    )
    found: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        found.setdefault(row.order_id, {}).setdefault(row.return_id, []).append(row)
    return {order_id: list(mine.values()) for order_id, mine in found.items()}


def open_lines(
    tx: Tx, order_id: str, per_unit: Mapping[str, int], *, until: str = "", only: str = ""
) -> dict[int, int]:
    """Units of an order's lines in returns that are not settled, by position. per_unit: of kits, by demand id.

    until: only in returns asked for before that one. only: in that one alone.
    """
    # Each of its own text: whatever is asked, this is planned once for all, and a condition that may be none cannot use
    # an index.
    among = f"{' AND r.id < %(until)s::uuid' if until else ''}{' AND r.id = %(only)s::uuid' if only else ''}"
    rows = tx.rows(
        "SELECT l.demand_id::text, l.position,"
        " sum(CASE r.state WHEN 'asked' THEN l.asked ELSE l.received END)::bigint AS units"
        " FROM return_request r JOIN return_line l ON l.return_id = r.id"
        " WHERE r.order_id = %(id)s AND r.state IN ('asked', 'received', 'inspected')"
        f"{among} GROUP BY 1, 2",
        id=order_id, until=until, only=only,
    )  # fmt: skip
    found: dict[int, int] = {}
    for row in rows:
        units = row.units // per_unit.get(row.demand_id, 1)
        found[row.position] = min(found.get(row.position, units), units)
    return found


def set_lines(tx: Tx, column: str, units: Mapping[tuple[str, int], int]) -> None:
    """Set received, restocked, scrapped or quarantined of lines, by (return id, line)."""
    if column not in ("received", "restocked", "scrapped", "quarantined"):
        raise ValueError(column)
    tx.write(
        f"UPDATE return_line l SET {column} = n.units"
        " FROM unnest(%(ids)s::uuid[], %(lines)s::int[], %(units)s::bigint[]) AS n(return_id, line, units)"
        " WHERE l.return_id = n.return_id AND l.line = n.line",
        ids=array(id_ for id_, _ in units), lines=array(line for _, line in units), units=array(units.values()),
    )  # fmt: skip


def set_states(tx: Tx, states: Mapping[str, str]) -> None:
    """Move returns on; when they were received or settled is kept."""
    tx.write(
        """
        UPDATE return_request r SET state = n.state, version = r.version + 1,
               received_at = CASE n.state WHEN 'received' THEN %(now)s ELSE r.received_at END,
               settled_at = CASE n.state WHEN 'settled' THEN %(now)s ELSE r.settled_at END
        FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS n(id, state) WHERE r.id = n.id
        """,
        now=tx.now, ids=array(states), states=array(states.values()),
    )  # fmt: skip


def raise_versions(tx: Tx, return_ids: Iterable[str]) -> None:
    """Returns are other than they were seen, though not a step further."""
    tx.write("UPDATE return_request SET version = version + 1 WHERE id = ANY(%(ids)s::uuid[])", ids=array(return_ids))


def set_refunds(tx: Tx, refunds: Mapping[str, int]) -> None:
    """Keep what settling credited, in minor units."""
    tx.write(
        "UPDATE return_request r SET refund_minor = n.amount"
        " FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[]) AS n(id, amount) WHERE r.id = n.id",
        ids=array(refunds), amounts=array(refunds.values()),
    )  # fmt: skip


def _labels(tx: Tx, return_ids: Sequence[str]) -> dict[str, ReturnLabelNow]:
    rows = tx.rows(
        "SELECT return_id::text, state, carrier, tracking_code, cost_minor, currency FROM return_label"
        " WHERE return_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(return_ids))),
    )
    return {
        row.return_id: ReturnLabelNow(
            row.state, row.carrier, row.tracking_code,
            money.format_minor(row.cost_minor, row.currency) if row.state == "bought" else "", row.currency,
        )
        for row in rows
    }  # fmt: skip


def returns_now(tx: Tx, return_ids: Sequence[str]) -> dict[str, ReturnNow]:
    """Returns as they stand, by id."""
    lines, exchanges = read_lines(tx, return_ids), exchanges_now(tx, return_ids)
    labels = _labels(tx, return_ids)
    rows = tx.rows(
        "SELECT r.id::text, r.number, o.number AS order_number, r.site, r.state, r.refund_minor, o.currency,"
        " p.series, p.number AS paper_number FROM return_request r JOIN orders o ON o.id = r.order_id"
        " LEFT JOIN paper p ON p.cause = 'return:' || r.id::text WHERE r.id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(return_ids))),
    )
    return {
        row.id: ReturnNow(
            row.id, row.number, row.order_number, row.site, row.state,
            [ReturnedLine(*each[1:2], *each[3:]) for each in lines[row.id]],
            money.format_minor(row.refund_minor, row.currency) if row.state == "settled" else None,
            None if row.series is None else f"{row.series}-{row.paper_number:06}", exchanges.get(row.id),
            labels.get(row.id),
        )
        for row in rows
    }  # fmt: skip
