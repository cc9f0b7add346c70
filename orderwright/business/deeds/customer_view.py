"""What a customer may still do to their order and what would come of it, before they decide: to the cent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderwright.business.billing.actions import Payment
from orderwright.business.billing.reads import list_payments, paper_lines, paper_totals
from orderwright.business.billing.rules import part_worth
from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.ask_return import Back, read_back
from orderwright.business.deeds.by_customer import begun_orders, returns_end
from orderwright.business.deeds.exchanging.wishes import Wish, Wishes
from orderwright.business.deeds.settle import Account, read_accounts, units_on_papers, wanted_for
from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.order_view import OrderView, Stages
from orderwright.business.returns.actions import open_lines
from orderwright.business.returns.exchanges import replacements_of
from orderwright.business.returns.forms import AskedLine, ReturnNow
from orderwright.business.shipping.pace import Work, packed_around
from orderwright.business.stock.reads import free_for
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


class ExchangedLine(msgspec.Struct, frozen=True):
    """What goes out for units of a line. price: of all its units, tax included."""

    position: int
    sku: str
    title: str
    quantity: int
    price: str


class ReturnPreview(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a return pays back if all of it comes and every return asked for before it is settled first.

    exchanges: what goes out for it; the lines' refunds pay for that first. to_pay: what they do not cover.
    """

    order: str
    currency: str
    lines: list[RefundedLine]
    refund: str
    exchanges: list[ExchangedLine] = []
    to_pay: str = ""

    @property
    def pays_back(self) -> bool:
        """Whether any money goes back."""
        return self.refund.strip("0.") != ""


class Choice(msgspec.Struct, frozen=True):
    """What a line can be exchanged for. difference: what one costs more or, below zero, less. available: units now."""

    sku: str
    title: str
    options: Mapping[str, str]
    difference: str
    available: int

    @property
    def says(self) -> str:
        """Its options in words."""
        return ", ".join(self.options.values())

    @property
    def costs_more(self) -> bool:
        """Whether it costs more than what comes back."""
        return not self.difference.startswith("-") and self.difference.strip("0.") != ""


class LineChoices(msgspec.Struct, frozen=True):
    """What a line of an order can be exchanged for: the same where it is still sold, then others of its family."""

    position: int
    sku: str
    choices: list[Choice]


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


class Sum(msgspec.Struct, frozen=True):
    """What an order comes to as it is now. cancelled: what it was placed for beyond that; "" where that is nothing."""

    total: str
    cancelled: str


def sum_of(tx: Tx, order: OrderView, order_id: str) -> Sum:
    """What an order comes to, less what was cancelled of it."""
    worth = read_accounts(tx, [order_id])[order_id].worth_minor
    less = money.parse_minor(order.amounts.total, order.currency) - worth
    return Sum(money.format_minor(worth, order.currency), money.format_minor(less, order.currency) if less > 0 else "")


def list_returnable(tx: Tx, order: OrderView, order_id: str) -> list[Returnable]:
    """What of an order can come back, whoever asks and however late."""
    return _returnable(tx, order, read_accounts(tx, [order_id])[order_id])


def preview_return(tx: Tx, order_id: str, number: str, lines: Sequence[AskedLine]) -> ReturnPreview:
    """What sending back lines would pay back, and cost. Refuses customer_step (their data were erased), unknown_line,
    return_too_much, not_a_variant.
    """
    if of_erased(tx, [order_id]):
        raise Refusal("customer_step", merged_into="")
    account = read_accounts(tx, [order_id])[order_id]
    back = read_back(tx, [order_id]).get(order_id, {})
    before = _before(tx, account)
    told: list[RefundedLine] = []
    asked: Counter[int] = Counter()
    for line in lines:
        asked[line.position] += line.quantity
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
    wished = [] if not any(line.exchange for line in lines) else _wished(tx, account, lines)
    return _previewed(tx, number, account.currency, told, total, wished)


def exchange_choices(tx: Tx, order_id: str, channel: str) -> list[LineChoices]:
    """What the lines of an order can be exchanged for, with what is free of it for the order's channel just now."""
    account = read_accounts(tx, [order_id])[order_id]
    wishes = Wishes(tx, {order_id: account})
    variants = {line.position: wishes.variants_of(order_id, line.position) for line in account.lines}
    free = free_for(tx, {each.sku for mine in variants.values() for each in mine}, channel)
    return [
        LineChoices(position, wishes.sku_of(order_id, position), [
            Choice(each.sku, each.title, each.options,
                   money.format_minor(wishes.difference(order_id, position, each.sku), account.currency),
                   free[each.sku].total)
            for each in mine if each.sku in free
        ])
        for position, mine in variants.items()
    ]  # fmt: skip


def _wished(tx: Tx, account: Account, lines: Sequence[AskedLine]) -> list[Wish]:
    wished = Wishes(tx, {account.order_id: account}).wishes_of(account.order_id, lines)
    if isinstance(wished, Refusal):
        raise wished
    return wished


def _previewed(
    tx: Tx, number: str, currency: str, told: list[RefundedLine], total_minor: int, wished: Sequence[Wish]
) -> ReturnPreview:
    """What is paid back once what goes out is paid for."""
    products = catalog_of(tx).products(tx, {each.sku for each in wished})
    titles = {sku: each.title for sku, each in products.items()}
    left = total_minor - sum(each.total_minor for each in wished)
    return ReturnPreview(
        number, currency, told, money.format_minor(max(0, left), currency),
        [ExchangedLine(each.position, each.sku, titles.get(each.sku, each.sku), each.units,
                       money.format_minor(each.total_minor, currency)) for each in wished],
        money.format_minor(-left, currency) if left < 0 else "",
    )  # fmt: skip


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
    wished = _to_go_out(tx, found, units) if found.exchange and found.exchange.state == "waiting" else []
    return _previewed(tx, found.order, account.currency, told, total, wished)


def _to_go_out(tx: Tx, found: ReturnNow, units: Mapping[int, int]) -> list[Wish]:
    """What goes out for units that are on their way back, or came, at the prices it was placed at: what of it was not
    cancelled since.
    """
    replacement = replacements_of(tx, [found.id])[found.id]
    account = read_accounts(tx, [replacement])[replacement]
    placed = {each.position: each for each in account.lines}
    left, wished = dict(units), []
    for n, line in enumerate(found.exchange.lines if found.exchange else [], 1):
        count = min(line.quantity, left.get(line.position, 0))
        left[line.position] = left.get(line.position, 0) - count
        each, count = placed[n], min(count, account.live.get(n, 0))
        if count:
            price = (each.goods_minor + each.tax_minor) // each.quantity
            wished.append(Wish(line.position, line.sku, count, price, each.tax_minor // each.quantity))
    return wished


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
    if order.is_erased:
        return []
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
