"""Orders as they stand before an edit: lines, units by position, what is planned where, holds, money."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.billing.actions import Payment, lock_payments
from orderwright.business.billing.reads import paper_totals
from orderwright.business.deeds.settle import units_on_papers
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Piece(NamedTuple):
    """Units of a demand in a fulfilment that nobody works on yet. `is_apart`: a hold keeps it by itself."""

    fulfilment_id: str
    site: str
    units: int
    is_apart: bool


class Demand:
    """One stocked sku of a line. planned: the pieces of what is allocated that can move, the latest first."""

    def __init__(self, row: Any) -> None:
        self.id: str = row.id
        self.sku: str = row.sku
        self.per_unit: int = row.per_unit
        self.ordered: int = row.ordered
        self.waiting: int = row.waiting
        self.allocated: int = row.allocated
        self.cancelled: int = row.cancelled
        self.shipped: int = row.shipped
        self.claims: bool = row.claims
        self.planned: list[Piece] = []

    @property
    def claimed(self) -> int:
        """Units it keeps from new orders."""
        return self.waiting if self.claims else 0


class Line:
    """One line of an order."""

    def __init__(self, row: Any) -> None:
        self.position: int = row.position
        self.reference: str = row.reference
        self.sku: str | None = row.sku
        self.sku_given: str = row.sku_given
        self.title: str = row.title
        self.quantity: int = row.quantity
        self.given_up: int = row.cancelled  # while it had no product
        self.amount_minor: int = row.amount_minor
        self.tax_minor: int = row.tax_minor
        self.is_removed: bool = row.is_removed
        self.demands: list[Demand] = []

    @property
    def live(self) -> int:
        """Units not cancelled; of a kit, whole kits."""
        if not self.demands:
            return self.quantity - self.given_up
        return min((each.ordered - each.cancelled) // each.per_unit for each in self.demands)

    @property
    def shipped(self) -> int:
        """Units that left; of a kit, whole kits."""
        return min((each.shipped // each.per_unit for each in self.demands), default=0)


class Current(NamedTuple):
    """An order as it stands. `is_begun`: some of it is on a floor, or gone.

    on_paper_minor: invoiced less credited. invoiced, credited: units on those papers, by line position.
    """

    row: Any
    lines: list[Line]
    is_begun: bool
    holds: frozenset[str]
    payments: Sequence[Payment]
    on_paper_minor: int
    invoiced: Mapping[int, int]
    credited: Mapping[int, int]

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is left to send."""
        return all(line.live <= line.shipped for line in self.lines)

    @property
    def demands(self) -> list[Demand]:
        """All its demands, by line."""
        return [demand for line in self.lines for demand in line.demands]


class Target(NamedTuple):
    """What becomes of one line. `line` is None for a new one, `form_index` for one left out.

    after, quantity: units wanted, and units the line is for from now on.
    """

    position: int
    line: Line | None
    form_index: int | None
    sku: str | None
    before: int
    after: int
    quantity: int


def read_current(tx: Tx, order_ids: Sequence[str]) -> dict[str, Current]:
    """The orders by id; their rows are locked by the caller. Ten statements, however many orders."""
    ids = array(sorted(set(order_ids)))
    lines = _read_lines(tx, ids)
    begun = {
        row.order_id
        for row in tx.rows(
            "SELECT DISTINCT order_id::text FROM fulfilment WHERE order_id = ANY(%(ids)s::uuid[])"
            " AND state IN ('released', 'picked', 'packed', 'shipped')",
            ids=ids,
        )
    }
    holds: dict[str, set[str]] = {}
    for row in tx.rows(
        "SELECT order_id::text, kind FROM hold WHERE order_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL"
        " AND fulfilment_id IS NULL",
        ids=ids,
    ):
        holds.setdefault(row.order_id, set()).add(row.kind)
    payments = lock_payments(tx, order_ids)
    totals = paper_totals(tx, order_ids)
    invoiced, credited = (units_on_papers(tx, order_ids, kind) for kind in ("invoice", "credit_note"))
    return {
        row.id: Current(
            row, lines.get(row.id, []), row.id in begun, frozenset(holds.get(row.id, ())), payments.get(row.id, ()),
            totals.get(row.id, {}).get("invoice", 0) - totals.get(row.id, {}).get("credit_note", 0),
            invoiced.get(row.id, {}), credited.get(row.id, {}),
        )
        for row in tx.rows(_ORDERS, ids=ids)
    }  # fmt: skip


_ORDERS = """
    SELECT id::text, number, channel, reference, state, is_held, version, currency, goods_minor, discount_minor,
           shipping_minor, tax_minor, total_minor, prices_include_tax, service, shortage, split, ship_complete,
           country, postal_code, placed_at, form, customer_id::text, cancel_until
    FROM orders WHERE id = ANY(%(ids)s::uuid[])
"""


def _read_lines(tx: Tx, ids: str) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    lines: dict[tuple[str, int], Line] = {}
    for row in tx.rows(
        "SELECT order_id::text, position, reference, sku, sku_given, title, quantity, cancelled, amount_minor,"
        " tax_minor, is_removed FROM order_line WHERE order_id = ANY(%(ids)s::uuid[]) ORDER BY order_id, position",
        ids=ids,
    ):
        line = lines[row.order_id, row.position] = Line(row)
        found.setdefault(row.order_id, []).append(line)
    demands: dict[str, Demand] = {}
    for row in tx.rows(
        "SELECT id::text, order_id::text, position, sku, per_unit, ordered, waiting, allocated, cancelled, shipped,"
        " claims FROM demand WHERE order_id = ANY(%(ids)s::uuid[]) ORDER BY order_id, position, sku",
        ids=ids,
    ):
        demand = demands[row.id] = Demand(row)
        lines[row.order_id, row.position].demands.append(demand)
    _read_planned(tx, ids, demands)
    return found


def _read_planned(tx: Tx, ids: str, demands: Mapping[str, Demand]) -> None:
    for row in tx.rows(
        """
        SELECT a.demand_id::text, a.fulfilment_id::text, f.site, a.allocated,
               EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL) AS is_apart
        FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id
        WHERE f.order_id = ANY(%(ids)s::uuid[]) AND f.state = 'planned' AND a.allocated > 0
        ORDER BY f.ship_by DESC, f.id DESC
        """,
        ids=ids,
    ):
        piece = Piece(row.fulfilment_id, row.site, row.allocated, row.is_apart)
        demands[row.demand_id].planned.append(piece)
