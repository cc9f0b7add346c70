"""One order as people see it: its lines with their stages, holds, fulfilments and parcels."""

from datetime import date, datetime
from typing import Any

import msgspec

from orderwright.business.orders.windows import FIRST_TIME_ZONE, cancel_note
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.refusal import Refusal


class Hold(msgspec.Struct, frozen=True):
    """An open hold."""

    kind: str
    placed_at: datetime
    placed_by: str


class OpenException(msgspec.Struct, frozen=True):
    """What needs a person."""

    id: str
    kind: str
    severity: str
    owner: str
    due_at: datetime


class Stages(msgspec.Struct, frozen=True):
    """Units of a line by position; of a kit, whole kits."""

    waiting: int
    allocated: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    cancelled: int = 0
    delivered: int = 0
    returned: int = 0


class LineView(msgspec.Struct, frozen=True):
    """One line. `sku` is null while no product is known by `sku_given`. expected_on: when what waits of it should be
    there; null where nothing waits, or nothing that is on its way is enough."""

    position: int
    reference: str
    sku: str | None
    sku_given: str
    title: str
    quantity: int
    unit_price: str
    discount: str
    tax: str
    amount: str
    stages: Stages
    expected_on: date | None = None


class PartLine(msgspec.Struct, frozen=True):
    """Units of one sku in a fulfilment; a kit shows as its components."""

    position: int
    sku: str
    quantity: int


class ParcelView(msgspec.Struct, frozen=True):
    """A parcel of a fulfilment."""

    id: str
    number: str
    state: str
    carrier: str | None
    tracking_code: str | None
    shipped_at: datetime | None
    delivered_at: datetime | None


class FulfilmentView(msgspec.Struct, frozen=True):
    """What one site ships."""

    id: str
    site: str
    state: str
    service: str
    ship_by: datetime
    deliver_by: date
    lines: list[PartLine]
    parcels: list[ParcelView]


class Amounts(msgspec.Struct, frozen=True):
    """What the order comes to: goods - discount + shipping (+ tax when prices are without)."""

    goods: str
    discount: str
    shipping: str
    tax: str
    total: str


class Policy(msgspec.Struct, frozen=True):
    """How shortage and split are dealt with."""

    shortage: str
    split: str
    ship_complete: bool


class Written(msgspec.Struct, frozen=True):
    """What the caller wrote about people and wishes; empty once it was erased."""

    customer: dict[str, Any] = {}
    ship_to: dict[str, Any] = {}
    bill_to: dict[str, Any] | None = None
    customer_reference: str = ""
    gift_note: str = ""
    tags: list[str] = []


class OrderView(msgspec.Struct, frozen=True):
    """One order. cancel_until: the end of its cancel window, if it has one; cancel_note says so in words. customer_id:
    whose it is; null for a guest's, who told no e-mail address. is_erased: all that was told of them is gone.
    """

    number: str
    channel: str
    reference: str
    version: int
    state: str
    is_held: bool
    priority: int
    service: str
    placed_at: datetime
    taken_at: datetime
    ship_before: datetime | None
    cancel_until: datetime | None
    cancel_note: str
    currency: str
    prices_include_tax: bool
    amounts: Amounts
    policy: Policy
    written: Written
    holds: list[Hold]
    exceptions: list[OpenException]
    lines: list[LineView]
    fulfilments: list[FulfilmentView]
    customer_id: str | None = None
    is_erased: bool = False


class _Line(msgspec.Struct):
    position: int
    reference: str
    sku: str | None
    sku_given: str
    title: str
    quantity: int
    unit_price_micro: int
    discount_minor: int
    tax_minor: int
    amount_minor: int
    stages: Stages | None


def get_order(tx: Tx, number: str) -> OrderView:
    """One order by its number, in one statement. Refuses not_found."""
    row = tx.row(_ORDER, number=number)
    if row is None:
        raise Refusal("not_found", order=number)

    def minor(amount: int) -> str:
        return money.format_minor(amount, row.currency)

    return OrderView(
        number=row.number, channel=row.channel, reference=row.reference, version=row.version, state=row.state,
        is_held=row.is_held, priority=row.priority, service=row.service, placed_at=row.placed_at,
        taken_at=row.taken_at, ship_before=row.ship_before, cancel_until=row.cancel_until,
        cancel_note=cancel_note(row.cancel_until, tx.now, row.time_zone), currency=row.currency,
        prices_include_tax=row.prices_include_tax,
        amounts=Amounts(
            minor(row.goods_minor), minor(row.discount_minor), minor(row.shipping_minor), minor(row.tax_minor),
            minor(row.total_minor),
        ),
        policy=Policy(row.shortage, row.split, row.ship_complete),
        written=msgspec.json.decode(row.form, type=Written),
        holds=msgspec.json.decode(row.holds, type=list[Hold]),
        exceptions=msgspec.json.decode(row.exceptions, type=list[OpenException]),
        lines=[_line(each, row.currency) for each in msgspec.json.decode(row.lines, type=list[_Line])],
        fulfilments=msgspec.json.decode(row.fulfilments, type=list[FulfilmentView]),
        customer_id=str(row.customer_id) if row.customer_id else None,
        is_erased=row.is_erased,
    )  # fmt: skip


def _line(line: _Line, currency: str) -> LineView:
    return LineView(
        line.position, line.reference, line.sku, line.sku_given, line.title, line.quantity,
        money.format_micro(line.unit_price_micro, currency), money.format_minor(line.discount_minor, currency),
        money.format_minor(line.tax_minor, currency), money.format_minor(line.amount_minor, currency),
        line.stages or Stages(line.quantity),
    )  # fmt: skip


# Everything that hangs on the order is gathered by PostgreSQL: one round trip, one moment.
# Of a kit only whole kits count: waiting as soon as one component waits, further on when all are.
_ORDER = f"""
SELECT o.*, ({FIRST_TIME_ZONE}) AS time_zone,
  EXISTS (SELECT FROM customer WHERE id = o.customer_id AND erased_at IS NOT NULL) AS is_erased,
  (SELECT coalesce(json_agg(json_build_object('kind', kind, 'placed_at', placed_at, 'placed_by', placed_by)
                            ORDER BY placed_at, kind), '[]')::text
   FROM hold WHERE order_id = o.id AND released_at IS NULL) AS holds,
  (SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'severity', severity, 'owner', owner,
                                              'due_at', due_at) ORDER BY due_at, id), '[]')::text
   FROM exception WHERE order_id = o.id AND closed_at IS NULL) AS exceptions,
  (SELECT json_agg(json_build_object(
       'position', l.position, 'reference', l.reference, 'sku', l.sku, 'sku_given', l.sku_given,
       'title', l.title, 'quantity', l.quantity, 'unit_price_micro', l.unit_price_micro,
       'discount_minor', l.discount_minor, 'tax_minor', l.tax_minor, 'amount_minor', l.amount_minor,
       'stages', d.stages) ORDER BY l.position)::text
   FROM order_line l LEFT JOIN (
       SELECT position, json_build_object(
           'waiting', max((waiting + per_unit - 1) / per_unit), 'allocated', min(allocated / per_unit),
           'picked', min(picked / per_unit), 'packed', min(packed / per_unit), 'shipped', min(shipped / per_unit),
           'cancelled', min(cancelled / per_unit), 'delivered', min(delivered / per_unit),
           'returned', min(returned / per_unit)) AS stages
       FROM demand WHERE order_id = o.id GROUP BY position) AS d USING (position)
   WHERE l.order_id = o.id) AS lines,
  (SELECT coalesce(json_agg(json_build_object(
       'id', f.id, 'site', f.site, 'state', f.state, 'service', f.service, 'ship_by', f.ship_by,
       'deliver_by', f.deliver_by, 'lines', coalesce(a.lines, '[]'), 'parcels', coalesce(p.parcels, '[]'))
       ORDER BY f.id), '[]')::text
   FROM fulfilment f
   LEFT JOIN (
       SELECT a.fulfilment_id, json_agg(json_build_object(
           'position', d.position, 'sku', d.sku, 'quantity', a.allocated + a.picked + a.packed + a.shipped)
           ORDER BY d.position, d.sku) AS lines
       FROM demand d JOIN allocation a ON a.demand_id = d.id WHERE d.order_id = o.id
       GROUP BY a.fulfilment_id) AS a ON a.fulfilment_id = f.id
   LEFT JOIN (
       SELECT fulfilment_id, json_agg(json_build_object(
           'id', id, 'number', number, 'state', state, 'carrier', carrier, 'tracking_code', tracking_code,
           'shipped_at', shipped_at, 'delivered_at', delivered_at) ORDER BY id) AS parcels
       FROM parcel WHERE order_id = o.id GROUP BY fulfilment_id) AS p ON p.fulfilment_id = f.id
   WHERE f.order_id = o.id) AS fulfilments
FROM orders o WHERE o.number = %(number)s
"""
