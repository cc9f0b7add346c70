"""Placing orders: checked, priced, routed, allocated and promised in one transaction, many at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.catalog.reads import Catalog, Channel, Product, catalog_of
from orderwright.business.deeds.placing import reading, windows
from orderwright.business.deeds.placing.answers import answer_of, repeated_answers, told, twin_answer
from orderwright.business.deeds.placing.forms import Draft, PlaceOrder
from orderwright.business.deeds.placing.writing import write_orders
from orderwright.business.orders.rules import FINDINGS, Finding, severity
from orderwright.business.purchasing.looking import want_looking
from orderwright.business.routing.lanes import Departures, lanes_to
from orderwright.business.routing.planning import consume, plan_order, takes_of
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.stock.promises import take, wait_more
from orderwright.business.stock.reads import withheld_at
from orderwright.database.tx import Collision, Tx
from orderwright.values.refusal import Refusal


def place_orders(tx: Tx, commands: Sequence[PlaceOrder]) -> list[Any]:
    """Take orders; one `Placed` or Refusal per command, in order. A bad one spoils no other.

    The same order again (channel, reference and form) answers as it stands, with `repeated`.
    Refuses order_differs (fields), order_refused (findings), short_stock (policy "refuse").
    A constant number of statements, however many orders and lines. Raises Collision when another process
    took what was planned; the writer then runs the group again, locking first.
    """
    drafts = reading.drafts_of(commands)
    answers: list[Any] = [None] * len(drafts)
    fresh, twins = _without_known(tx, drafts, answers)
    if fresh:
        _place(tx, drafts, fresh, answers)
    for i, first in twins:
        answers[i] = twin_answer(drafts[i], drafts[first], answers[first])
    return answers


def _place(tx: Tx, drafts: Sequence[Draft], fresh: list[int], answers: list[Any]) -> None:
    catalog = catalog_of(tx)
    products = reading.find_products(tx, catalog, [drafts[i] for i in fresh])
    fresh = [i for i in fresh if _checked(tx, drafts[i], catalog, products, answers, i)]
    reading.excuse_regulars(tx, [drafts[i] for i in fresh])
    reading.excuse_agreed(tx, [drafts[i] for i in fresh])
    reading.check_history(tx, [drafts[i] for i in fresh])
    if tx.is_again:
        # Payments meet at their unique reference, so this is asked only of a group that broke there (or elsewhere).
        reading.check_payments(tx, [drafts[i] for i in fresh])
    windows.set_windows(tx, [drafts[i] for i in fresh], catalog)
    card, departures = rate_card(tx), Departures(catalog.sites, loads(tx), tx.now)
    for i in fresh:
        draft = drafts[i]
        settle_holds(draft)
        draft.lanes = lanes_to(draft.destination, departures.ready_at(draft.cancel_until), card)
    free = _plan(tx, [drafts[i] for i in fresh], catalog.channels)
    taken = []
    for i in fresh:
        draft = drafts[i]
        if draft.plan.outcome == "refused":
            answers[i] = Refusal("short_stock", lines=_short_lines(draft))
        else:
            if draft.plan.waiting and draft.policy.shortage == "hold":
                _note(draft, Finding("stock_short", "", {}))
            taken.append(draft)
    if taken:
        write_orders(tx, taken, reading.find_customers(tx, taken))
        # Last, since other groups wait for these rows until we commit. What is no longer free undoes it all.
        _take(tx, taken, catalog.channels)
        # What runs out is asked for once this is done: the queue of orders does not wait for it.
        want_looking(tx, _scarce(taken, free))
        windows.note_windows(tx, taken, catalog)
        for i in fresh:
            if answers[i] is None:
                answers[i] = answer_of(drafts[i])


def _without_known(tx: Tx, drafts: Sequence[Draft], answers: list[Any]) -> tuple[list[int], list[tuple[int, int]]]:
    """Answer what was taken before. Returns the positions that are new, and (position, first) of twins here."""
    existing = reading.existing_orders(tx, drafts)
    first: dict[tuple[str, str], int] = {}
    fresh, again, twins = [], [], []
    for i, draft in enumerate(drafts):
        key = (draft.command.order.channel, draft.command.order.reference)
        if key in existing:
            again.append(i)
        elif key in first:
            twins.append((i, first[key]))
        else:
            first[key] = i
            fresh.append(i)
    if again:
        found = repeated_answers(tx, [drafts[i] for i in again], existing)
        for i, answer in zip(again, found, strict=True):
            answers[i] = answer
    return fresh, twins


def _checked(
    tx: Tx, draft: Draft, catalog: Catalog, products: Mapping[str, Product], answers: list[Any], i: int
) -> bool:
    order = draft.command.order
    channel = catalog.channels.get(order.channel)
    if channel is None or not channel.is_active:
        draft.findings.append(Finding("unknown_channel", "/channel", {"channel": order.channel}))
    else:
        reading.check(draft, channel, products, tx)
    refused = [each for each in draft.findings if severity(each.code, draft.command.door) == "refuse"]
    if refused:
        answers[i] = Refusal("order_refused", findings=told(draft))
        return False
    return True


def settle_holds(draft: Draft) -> None:
    """Place the holds that its findings so far call for."""
    for finding in list(draft.findings):
        if severity(finding.code, draft.command.door) == "hold":
            _add_hold(draft, FINDINGS[finding.code].hold)


def _note(draft: Draft, finding: Finding) -> None:
    draft.findings.append(finding)
    _add_hold(draft, FINDINGS[finding.code].hold)


def _add_hold(draft: Draft, hold: str) -> None:
    if hold not in draft.holds:
        draft.holds.append(hold)


class _ChannelFree(dict[tuple[str, str], int]):
    """What is free for one channel: what is free, less what is withheld from it."""

    def __init__(self, free: dict[tuple[str, str], int], withheld: Mapping[tuple[str, str], int]) -> None:
        super().__init__()
        self._free = free
        self._withheld = withheld

    def get(self, key: Any, default: Any = None) -> Any:
        return self._free.get(key, default) - withheld_at(self._withheld, *key)


def _plan(tx: Tx, drafts: Sequence[Draft], channels: Mapping[str, Channel]) -> dict[tuple[str, str], int]:
    """Plan on what is seen without locks; when anything has to wait, look again with the rows locked.

    Whoever decides that an order waits must hold the rows it waits for, else units that arrive in the
    same moment would pass it by. Returns what is free afterwards, by (sku, site).
    """
    skus = {sku for draft in drafts for want in draft.wants for sku, _ in want.components}
    if not skus:
        for draft in drafts:
            draft.plan = plan_order([], draft.lanes, {}, draft.policy)
        return {}
    free: dict[tuple[str, str], int] = {}
    for lock in (True,) if tx.is_again else (False, True):
        free = reading.read_free(tx, skus, lock=lock)
        for draft in drafts:
            plan_one(draft, channels[draft.command.order.channel], free)
        if not any(draft.plan.waiting and draft.plan.outcome != "refused" for draft in drafts):
            break
    return free


def _scarce(drafts: Sequence[Draft], free: Mapping[tuple[str, str], int]) -> list[str]:
    """Products of which orders took the last free unit of a site, or that they wait for."""
    taken = {sku for draft in drafts for sku, site in draft.takes if free.get((sku, site), 1) <= 0}
    return sorted(taken.union(*(waiting_of(draft) for draft in drafts if draft.plan.waiting)))


def plan_one(draft: Draft, channel: Channel, free: dict[tuple[str, str], int]) -> None:
    """Plan an order on what is free, and take it out of that."""
    seen = _ChannelFree(free, channel.withheld) if channel.withheld else free
    draft.plan = plan_order(draft.wants, draft.lanes, seen, draft.policy)
    draft.takes = takes_of(draft.wants, draft.plan)
    if draft.plan.outcome == "refused":
        return
    consume(draft.takes, free)
    for sku, units in waiting_of(draft).items() if draft.plan.claims else ():
        for key in [key for key in free if key[0] == sku]:
            free[key] -= units


def waiting_of(draft: Draft) -> dict[str, int]:
    """Units that wait, by stocked sku."""
    waiting: dict[str, int] = {}
    for index, units in draft.plan.waiting.items():
        for sku, per_unit in draft.wants[index].components:
            waiting[sku] = waiting.get(sku, 0) + units * per_unit
    return waiting


def _take(tx: Tx, drafts: Sequence[Draft], channels: Mapping[str, Channel]) -> None:
    quantities: dict[tuple[str, str], int] = {}
    keeps: dict[tuple[str, str], int] = {}
    waits: dict[str, int] = {}
    for draft in drafts:
        withheld = channels[draft.command.order.channel].withheld
        for key, units in draft.takes.items():
            quantities[key] = quantities.get(key, 0) + units
            if withheld:
                keeps[key] = max(keeps.get(key, 0), withheld_at(withheld, *key))
        if draft.plan.claims:
            for sku, units in waiting_of(draft).items():
                waits[sku] = waits.get(sku, 0) + units
    if take(tx, quantities, {} if tx.is_again else keeps):
        raise Collision
    if waits:
        wait_more(tx, waits)


def _short_lines(draft: Draft) -> list[dict[str, object]]:
    lines = draft.command.order.lines
    return [
        {"reference": lines[position - 1].reference, "sku": lines[position - 1].sku, "wanted": units}
        for position, units in ((draft.wants[i].position, units) for i, units in draft.plan.waiting.items())
    ]
