"""What a customer may still do to their order and what would come of it, before they decide: to the cent."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderwright.business.billing.actions import Payment
from orderwright.business.billing.reads import list_payments, paper_lines, paper_totals
from orderwright.business.billing.rules import part_worth
from orderwright.business.deeds.ask_return import Back, read_back
from orderwright.business.deeds.by_customer import begun_orders, returns_end
from orderwright.business.deeds.settle import Account, read_accounts, units_on_papers, wanted_for
from orderwright.business.orders.order_view import OrderView, Stages
from orderwright.business.returns.actions import open_lines
from orderwright.business.returns.forms import ReturnNow
from orderwright.business.shipping.pace import Work, packed_around
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.refusal import Refusal

OPEN = ("waiting", "allocated", "picked")


class CancelOffer(msgspec.Struct, frozen=True):
    """What cancelling all that is open would do. refund: money that goes back; let_go: that is not taken after all.

    is_whole: nothing of the order is left then. until: before that it is promised; None: until a floor begins with it.
    """

    units: int
    is_whole: bool
    refund: str
    let_go: str
    until: datetime | None


class Returnable(msgspec.Struct, frozen=True):
    """A line of which units can be sent back. refund: for all of them."""

    position: int
    sku: str
    title: str
    units: int
    refund: str


class PackedAround(msgspec.Struct, frozen=True):
    """When a fulfilment will be packed by the pace of its site; None where that cannot be told."""

    fulfilment_id: str
    packed_at: datetime | None


class CustomerMay(msgspec.Struct, frozen=True):
    """What the customer of an order may do now, and when what is not packed will be.

    cancel: None when it is too late, or nothing is left to cancel. returns_until: None while nothing left.
    """

    order: str
    currency: str
    cancel: CancelOffer | None
    can_readdress: bool
    returnable: list[Returnable]
    returns_until: datetime | None
    packed: list[PackedAround]


class RefundedLine(msgspec.Struct, frozen=True):
    """What sending back units of one line pays back, its tax included."""

    position: int
    quantity: int
    refund: str


class ReturnPreview(msgspec.Struct, frozen=True):
    """What a return pays back if all of it comes and every return asked for before it is settled first."""

    order: str
    currency: str
    lines: list[RefundedLine]
    refund: str


def customer_may(tx: Tx, order: OrderView, order_id: str) -> CustomerMay:
    """What the customer of an order may do; a fixed number of statements."""
    is_begun = bool(begun_orders(tx, [order_id]))
    account = read_accounts(tx, [order_id])[order_id]
    until = returns_end(tx, [order_id]).get(order_id)
    returnable = _returnable(tx, order, account) if until is not None and tx.now < until else []
    open_units = {line.position: open_of(line.stages) for line in order.lines}
    is_open = not is_begun and any(open_units.values())
    return CustomerMay(
        order.number, order.currency, _offer(tx, order, account, open_units) if is_open else None,
        is_open and order.state != "cancelled", returnable, until, _packed(tx, order),
    )  # fmt: skip


def preview_return(tx: Tx, order_id: str, number: str, lines: Sequence[tuple[int, int]]) -> ReturnPreview:
    """What sending back (position, units) would pay back. Refuses unknown_line, return_too_much, as asking does."""
    account = read_accounts(tx, [order_id])[order_id]
    back = read_back(tx, [order_id]).get(order_id, {})
    before = _before(tx, account)
    told: list[RefundedLine] = []
    asked: Counter[int] = Counter()
    for position, units in lines:
        asked[position] += units
    total = 0
    for position, units in asked.items():
        possible = _possible(back.get(position))
        if position not in back:
            raise Refusal("unknown_line", position=position)
        if units > possible:
            raise Refusal("return_too_much", position=position, asked=units, possible=possible)
        amount = _refund_minor(account, position, before, units)
        total += amount
        told.append(RefundedLine(position, units, money.format_minor(amount, account.currency)))
    return ReturnPreview(number, account.currency, told, money.format_minor(total, account.currency))


def preview_open_return(tx: Tx, order_id: str, found: ReturnNow) -> ReturnPreview:
    """What a return that is not settled will pay back, as far as it is known: what came of it, or was asked for."""
    account = read_accounts(tx, [order_id])[order_id]
    per_unit = account.per_unit
    before, units = _before(tx, account, until=found.id), open_lines(tx, order_id, per_unit, only=found.id)
    told = [
        RefundedLine(
            position, count, money.format_minor(_refund_minor(account, position, before, count), account.currency)
        )
        for position, count in sorted(units.items())
    ]
    total = sum(_refund_minor(account, position, before, count) for position, count in units.items())
    return ReturnPreview(found.order, account.currency, told, money.format_minor(total, account.currency))


def open_of(stages: Stages) -> int:
    """Units of a line that are not packed."""
    return sum(getattr(stages, stage) for stage in OPEN)


def _offer(tx: Tx, order: OrderView, account: Account, open_units: dict[int, int]) -> CancelOffer:
    live = {position: units - open_units.get(position, 0) for position, units in account.live.items()}
    after = account._replace(live=live, is_open=False)
    payments = [
        Payment(row.id, account.order_id, row.gateway, row.reference, account.currency, *row[4:])
        for row in list_payments(tx, account.order_id)
    ]
    totals = paper_totals(tx, [account.order_id]).get(account.order_id, {})
    invoiced = units_on_papers(tx, [account.order_id], "invoice").get(account.order_id, {})
    on_paper = totals.get("invoice", 0) - totals.get("credit_note", 0)
    wanted = wanted_for(after, payments, on_paper, after.worth_beyond_minor(invoiced))
    goes_back, let_go = (sum(each.amount_minor for each in wanted if each.kind == kind) for kind in ("refund", "void"))
    until = order.cancel_until if order.cancel_until is not None and order.cancel_until > tx.now else None
    return CancelOffer(
        sum(open_units.values()), not any(live.values()), money.format_minor(goes_back, account.currency),
        money.format_minor(let_go, account.currency), until,
    )  # fmt: skip


def _returnable(tx: Tx, order: OrderView, account: Account) -> list[Returnable]:
    back = read_back(tx, [account.order_id]).get(account.order_id, {})
    before = _before(tx, account)
    found = []
    for line in order.lines:
        units = _possible(back.get(line.position))
        if units > 0:
            refund = money.format_minor(_refund_minor(account, line.position, before, units), account.currency)
            found.append(Returnable(line.position, line.sku or line.sku_given, line.title, units, refund))
    return found


def _possible(backs: Sequence[Back] | None) -> int:
    return min((each.possible // each.per_unit for each in backs or ()), default=0)


def _before(tx: Tx, account: Account, until: str = "") -> dict[int, int]:
    """Units credited before, or to be credited by returns asked for before (`until`: before that one), by position."""
    before: dict[int, int] = {}
    for paper in paper_lines(tx, [account.order_id], "credit_note").get(account.order_id, []):
        for line in paper:
            before[line.position] = before.get(line.position, 0) + line.units
    for position, units in open_lines(tx, account.order_id, account.per_unit, until=until).items():
        before[position] = before.get(position, 0) + units
    return before


def _refund_minor(account: Account, position: int, before: dict[int, int], units: int) -> int:
    (line,) = [each for each in account.lines if each.position == position]
    return sum(part_worth(line, before.get(position, 0), units))


def _packed(tx: Tx, order: OrderView) -> list[PackedAround]:
    until: Any = order.cancel_until
    works = [
        Work(each.id, each.site, each.ship_by, until)
        for each in order.fulfilments
        if each.state in ("planned", "released", "picked")
    ]
    told = packed_around(tx, works) if not order.is_held else {}
    return [PackedAround(each.id, told.get(each.id)) for each in works]
