"""How exchanges end: kept once the return is settled, or over, and the return pays money."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from orderwright.business.billing.actions import Payment, lock_payments
from orderwright.business.billing.carrying import Carry, carry_over
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import place_kinds, release_kinds
from orderwright.business.deeds.replacing import on_account
from orderwright.business.deeds.settle import missing_minor, read_accounts, refunds_due
from orderwright.business.orders.actions import lock_orders, refresh_states
from orderwright.business.orders.changes import Finding, finding_document
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.orders.rules import EXCHANGE, stage_of
from orderwright.business.returns.actions import lock_returns, orders_of, raise_versions, returns_now
from orderwright.business.returns.exchanges import (
    ExchangedFor,
    ExchangeState,
    end_waiting,
    exchange_lines,
    lapsed_exchanges,
    lock_exchanges,
    replacements_of,
)
from orderwright.business.returns.facts import ExchangeKept, ExchangeOver
from orderwright.business.returns.forms import EndExchange
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.money import format_minor
from orderwright.values.refusal import Refusal

LAPSED_A_TIME = 500
NOT_RETURNED, LAPSED = "not_returned", "nothing_came"


def end_exchanges(tx: Tx, commands: Sequence[EndExchange]) -> list[Any]:
    """Let returns pay money instead of what was kept aside; one `ReturnNow` or Refusal per command. Again: `repeated`.

    What was kept aside is cancelled and free again. Refuses not_found, exchange_over (there is none, or its return is
    settled), return_step (`if_nothing_came`, and something did) and order_step: somebody let it go before, and it is on
    a floor or on its way.
    """
    homes = orders_of(tx, [each.return_id for each in commands])
    replacements = replacements_of(tx, homes)
    orders = lock_orders(tx, [*homes.values(), *replacements.values()])
    returns = lock_returns(tx, homes)
    exchanges = lock_exchanges(tx, replacements)
    results: list[Any] = []
    ended: dict[str, EndExchange] = {}
    for each in commands:
        exchange = exchanges.get(each.return_id)
        if each.return_id not in homes:
            results.append(Refusal("not_found", return_id=each.return_id))
        elif exchange is None or exchange.state == "kept":
            results.append(Refusal("exchange_over"))
        elif exchange.state == "over" or each.return_id in ended:
            results.append("repeated")
        elif each.if_nothing_came and returns[each.return_id].state != "asked":
            results.append(Refusal("return_step", state=returns[each.return_id].state))
        elif stage_of(state := orders[exchange.order_id].state) in ("floor", "away"):
            results.append(Refusal("order_step", state=state))
        else:
            ended[each.return_id] = each
            results.append(None)
    numbers = {id_: orders[exchanges[id_].order_id].number for id_ in ended}
    cancel_orders(tx, [CancelOrder(number=numbers[id_], reason=each.reason, actor=each.actor)
                       for id_, each in ended.items()])  # fmt: skip
    _write_over(tx, {id_: (numbers[id_], each.reason, each.actor) for id_, each in ended.items()})
    raise_versions(tx, ended)
    return _told(tx, commands, results)


def lapse_exchanges(tx: Tx, tasks: Sequence[Task]) -> None:
    """End exchanges of returns nothing of which came in time; what comes later pays money.

    A parcel that is booked in while they are looked for keeps its exchange: they are looked at again, locked.
    """
    due = lapsed_exchanges(tx, LAPSED_A_TIME)
    if due:
        end_exchanges(tx, [
            EndExchange(return_id=id_, reason=LAPSED, if_nothing_came=True, actor="worker") for id_ in due
        ])  # fmt: skip


def keep_exchanges(tx: Tx, settled: Mapping[str, tuple[Any, str, Mapping[int, int]]]) -> list[str]:
    """Let go what goes out for returns settled just now, as far as what it is for came back; orders it is about.

    settled: (the return's row, who settled it, units that came by line position), by return. All orders are locked, and
    what came is credited. Units nothing came for are cancelled. What the credit leaves over pays for the rest, to the
    minor unit; where that is not enough, the rest waits for the customer's money.
    """
    exchanges = {id_: row for id_, row in lock_exchanges(tx, settled).items() if row.state == "waiting"}
    if not exchanges:
        return []
    lines = exchange_lines(tx, exchanges)
    replacements = {row.order_id for row in exchanges.values()}
    orders = lock_orders(tx, replacements)
    accounts = read_accounts(tx, sorted(replacements))
    cancelled = []
    for id_, row in exchanges.items():
        live = accounts[row.order_id].live
        too_many = _without_return(lines[id_], settled[id_][2], live)
        if too_many:
            cancelled.append(CancelOrder(
                number=orders[row.order_id].number, reason=NOT_RETURNED, actor=settled[id_][1],
                lines=[LineUnits(position, units) for position, units in too_many.items()],
            ))  # fmt: skip
    cancel_orders(tx, cancelled)
    carried = _carry(tx, {id_: (settled[id_][0].order_id, row.order_id) for id_, row in exchanges.items()})
    _let_go(tx, exchanges, settled, carried)
    return sorted(replacements)


def _without_return(lines: Sequence[ExchangedFor], came: Mapping[int, int], live: Mapping[int, int]) -> dict[int, int]:
    """Units of a replacement's lines that are wanted still, and for which nothing came; by its own positions."""
    left = dict(came)
    found = {}
    for n, line in enumerate(lines, 1):
        earned = min(line.quantity, left.get(line.position, 0))
        left[line.position] = left.get(line.position, 0) - earned
        if live.get(n, 0) > earned:
            found[n] = live[n] - earned
    return found


def _carry(tx: Tx, orders: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """Let what orders are owed pay for their replacements; minor units by return. orders: (order, replacement)."""
    ids = sorted({id_ for pair in orders.values() for id_ in pair})
    payments = lock_payments(tx, ids)
    due = refunds_due(tx, sorted({order_id for order_id, _ in orders.values()}), payments)
    missing = missing_minor(tx, {order_id: payments.get(order_id, []) for _, order_id in orders.values()})
    carries: list[Carry] = []
    carried = dict.fromkeys(orders, 0)
    for id_, (order_id, replacement) in sorted(orders.items()):
        left: list[tuple[Payment, int]] = []
        for payment, amount in due.get(order_id, []):
            part = max(0, min(amount, missing[replacement] - carried[id_]))
            if part:
                carries.append(Carry(payment, part, replacement))
                carried[id_] += part
            left.append((payment, amount - part))
        due[order_id] = left
    carry_over(tx, carries)
    return carried


def _let_go(tx: Tx, exchanges: Mapping[str, Any], settled: Mapping[str, Any], carried: Mapping[str, int]) -> None:
    """Release replacements; one that is not paid for in full waits for its money instead."""
    ids = [row.order_id for row in exchanges.values()]
    orders, payments = lock_orders(tx, ids), lock_payments(tx, ids)
    missing = missing_minor(tx, {order_id: payments.get(order_id, []) for order_id in ids})
    for_nothing = on_account(tx, [settled[id_][0].order_id for id_ in exchanges])
    kept, over, short = {}, {}, []
    for id_, row in exchanges.items():
        order, actor = orders[row.order_id], settled[id_][1]
        if order.state == "cancelled":
            over[id_] = (order.number, NOT_RETURNED, actor)
            continue
        kept[id_] = (order.number, actor)
        if missing[row.order_id] > 0 and settled[id_][0].order_id not in for_nothing:
            due = {"amount_due": format_minor(missing[row.order_id], order.currency)}
            finding = Finding("payment_missing", "/payment", due)
            short.append((row.order_id, "payment", finding_document("payment", [finding])))
    place_kinds(tx, short, actor="worker")
    refresh_states(tx, [order_id for order_id, _, _ in short])
    for actor in sorted({actor for _, actor in kept.values()}):
        mine = [exchanges[id_].order_id for id_, (_, by) in kept.items() if by == actor]
        release_kinds(tx, [(order_id, EXCHANGE) for order_id in mine], actor=actor)
    states: dict[str, tuple[ExchangeState, int]] = {id_: ("kept", carried[id_]) for id_ in kept}
    end_waiting(tx, states)
    for id_, (number, actor) in kept.items():
        tx.record("return", id_, ExchangeKept(order=number, carried_minor=carried[id_]), actor=actor)
    _write_over(tx, over)


def _write_over(tx: Tx, over: Mapping[str, tuple[str, str, str]]) -> None:
    """Write exchanges that are over: (number of the replacement, why, who), by return."""
    end_waiting(tx, dict.fromkeys(over, ("over", 0)))
    for id_, (number, reason, actor) in over.items():
        tx.record("return", id_, ExchangeOver(order=number, reason=reason), actor=actor)


def _told(tx: Tx, commands: Sequence[EndExchange], results: Sequence[Any]) -> list[Any]:
    now = returns_now(tx, [each.return_id for each, result in zip(commands, results, strict=True)
                           if not isinstance(result, Refusal)])  # fmt: skip
    return [
        result if isinstance(result, Refusal)
        else replace(now[each.return_id], repeated=True) if result == "repeated" else now[each.return_id]
        for each, result in zip(commands, results, strict=True)
    ]  # fmt: skip
