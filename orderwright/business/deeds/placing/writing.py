"""Writing a group of placed orders: a handful of COPYs, however many orders and lines.

The COPY lines are written by hand: these rows are in the path of every order.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.placing.forms import Draft
from orderwright.business.orders.facts import OrderPlaced
from orderwright.business.orders.rules import EXCEPTIONS, FINDINGS, Quantities, State, number_of, severity, state_of
from orderwright.business.routing.actions import NewFulfilment, plan_fulfilments
from orderwright.business.routing.reads import rate_card
from orderwright.database import facts
from orderwright.database.rows import NULL, text_field
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

encode = msgspec.json.encode


def write_orders(tx: Tx, drafts: Sequence[Draft], customers: dict[str, str]) -> None:
    """Write all rows of orders whose stock was taken. Gives each draft its id, number and fulfilment ids."""
    ids = iter(new_ids(sum([1 + len(draft.plan.parts) for draft in drafts])))
    for draft in drafts:
        draft.id = next(ids)
        draft.fulfilment_ids = [next(ids) for _ in draft.plan.parts]
    _claim_keys(tx, drafts)
    write_customers(tx, [each for each in drafts if each.command.customer not in customers], customers)
    batch = facts.first_of_chain(
        [facts.Recorded("order", draft.id, _number_and_tell(draft), draft.command.actor, _placed_at(tx, draft))
         for draft in drafts],
        tx.now, tx.store.flows,
    )  # fmt: skip
    _write_head_rows(tx, drafts, customers, batch.heads)
    _write_units(tx, drafts)
    _write_holds(tx, drafts)
    _write_payments(tx, drafts)
    tx.record_rows(batch.lines, batch.tasks)


def _state_of(draft: Draft) -> State:
    waiting = allocated = 0
    for i, want in enumerate(draft.wants):
        per = 1 if len(want.components) == 1 else sum(per_unit for _, per_unit in want.components)
        waits = draft.plan.waiting.get(i, 0)
        waiting += waits * per
        allocated += (want.quantity - waits) * per
    if None in draft.products:
        lines = draft.command.order.lines
        waiting += sum(line.quantity for line, sku in zip(lines, draft.products, strict=True) if sku is None)
    return state_of(Quantities(waiting + allocated, waiting, allocated, 0, 0, 0, 0, 0, 0), bool(draft.holds))


def _claim_keys(tx: Tx, drafts: Sequence[Draft]) -> None:
    """(channel, reference) goes in first, sorted; whoever meets a twin there starts over and finds it."""
    keyed = sorted(drafts, key=lambda draft: (draft.command.order.channel, draft.command.order.reference))
    tx.copy_text(
        "order_key",
        "channel, reference, order_id, body_hash",
        "".join([
            f"{text_field(draft.command.order.channel)}\t{text_field(draft.command.order.reference)}"
            f"\t{draft.id}\t\\\\x{draft.body_hash.hex()}\n"
            for draft in keyed
        ]),
    )  # fmt: skip
    numbers = tx.tuples("SELECT nextval('order_number') FROM generate_series(1, %(count)s::int)", count=len(drafts))
    for draft, (number,) in zip(drafts, numbers, strict=True):
        draft.number = number_of(number)
    _name_twins(drafts)


def _name_twins(drafts: Sequence[Draft]) -> None:
    """Probable duplicates that came together had no numbers when they were found: the later one names the first now."""
    first: dict[int, str] = {}
    for draft in drafts:
        number = first.setdefault(draft.fingerprint, draft.number) if draft.fingerprint else ""
        draft.findings = [
            each._replace(facts={**each.facts, "number": number})
            if each.code == "probable_duplicate" and not each.facts["number"] and number != draft.number
            else each
            for each in draft.findings
        ]


def write_customers(tx: Tx, drafts: Sequence[Draft], customers: dict[str, str]) -> None:
    """Make customers of buyers we do not have yet; their ids join `customers`. Whoever meets a twin starts over."""
    new: dict[str, Draft] = {}
    for draft in drafts:
        if draft.email_key and draft.email_key not in customers:
            new.setdefault(draft.email_key, draft)
    made = dict(zip(sorted(new), new_ids(len(new)), strict=True))
    people = ((key, id_, new[key].command.order.customer) for key, id_ in made.items())
    now = str(tx.now)
    tx.copy_text(
        "customer",
        "id, email_key, email, name, phone, reference, first_at",
        "".join([
            f"{id_}\t{text_field(key)}\t{text_field(each.email)}\t{text_field(each.name)}\t{text_field(each.phone)}"
            f"\t{text_field(each.reference)}\t{now}\n"
            for key, id_, each in people
        ]),
    )  # fmt: skip
    customers.update(made)


def _placed_at(tx: Tx, draft: Draft) -> Any:
    return draft.command.order.placed_at or tx.now


def _number_and_tell(draft: Draft) -> OrderPlaced:
    order, plan = draft.command.order, draft.plan
    draft.state = _state_of(draft)
    return OrderPlaced(
        channel=order.channel, currency=order.currency, total_minor=draft.priced.total_minor,
        state=draft.state, holds=draft.holds,
        lines=[(i + 1, sku, line.quantity)
               for i, (line, sku) in enumerate(zip(order.lines, draft.products, strict=True))],
        parts=[(id_, part.lane.site, _by_position(draft, part.units))
               for id_, part in zip(draft.fulfilment_ids, plan.parts, strict=True)],
        waiting=_by_position(draft, list(plan.waiting.items())), cancel_until=draft.cancel_until,
    )  # fmt: skip


def _by_position(draft: Draft, units: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(draft.wants[i].position, quantity) for i, quantity in units]


def _write_head_rows(
    tx: Tx, drafts: Sequence[Draft], customers: Mapping[str, str], heads: Mapping[str, facts.Head]
) -> None:
    orders: list[str] = []
    lines: list[str] = []
    decisions: list[str] = []
    now, currency = str(tx.now), rate_card(tx).currency
    for draft in drafts:
        id_, order, priced, policy = draft.id, draft.command.order, draft.priced, draft.policy
        seq, digest, _ = heads[id_]
        customer = customers.get(draft.command.customer) or customers.get(draft.email_key) or NULL
        orders.append(
            f"{id_}\t{draft.number}\t{text_field(order.channel)}\t{text_field(order.reference)}"
            f"\t{customer}\t{draft.state}\t{'t' if draft.holds else 'f'}\t{order.priority}"
            f"\t{order.placed_at or now}\t{now}\t{order.ship_before or NULL}"
            f"\t{draft.cancel_until or NULL}\t{text_field(order.service)}"
            f"\t{order.currency}\t{'t' if order.prices_include_tax else 'f'}"
            f"\t{priced.goods_minor}\t{priced.discount_minor}\t{priced.shipping_minor}\t{priced.tax_minor}"
            f"\t{priced.total_minor}\t{policy.shortage}\t{policy.split}\t{'t' if policy.ship_complete else 'f'}"
            f"\t{len(order.lines)}\t{draft.fingerprint}"
            f"\t{text_field(draft.email_key)}\t{text_field(draft.destination.postal_code)}"
            f"\t{text_field(order.ship_to.country)}\t{text_field(draft.form.decode())}"
            f"\t{seq}\t\\\\x{digest.hex()}\t{now}\n"
        )
        for i, (line, sku, money) in enumerate(zip(order.lines, draft.products, priced.lines, strict=True), 1):
            unit_price_micro, discount_minor, tax_minor, amount_minor = money
            lines.append(
                f"{id_}\t{i}\t{text_field(line.reference)}\t{text_field(sku) if sku else NULL}"
                f"\t{text_field(line.sku)}\t{text_field(line.title)}\t{line.quantity}\t{unit_price_micro}"
                f"\t{discount_minor}\t{tax_minor}\t{amount_minor}\n"
            )
        decisions.append(f"{id_}\t1\tplaced\t{now}\t{text_field(_document(draft, currency))}\n")
    tx.copy_text(
        "orders",
        "id, number, channel, reference, customer_id, state, is_held, priority, placed_at, taken_at, ship_before,"
        " cancel_until, service, currency, prices_include_tax, goods_minor, discount_minor, shipping_minor, tax_minor,"
        " total_minor, shortage, split, ship_complete, line_count, fingerprint, email_key, postal_code, country,"
        " form, fact_seq, fact_hash, fact_at",
        "".join(orders),
    )
    tx.copy_text(
        "order_line",
        "order_id, position, reference, sku, sku_given, title, quantity, unit_price_micro, discount_minor,"
        " tax_minor, amount_minor",
        "".join(lines),
    )
    tx.copy_text("decision", "order_id, seq, kind, made_at, document", "".join(decisions))


def _document(draft: Draft, currency: str) -> str:
    plan = draft.plan
    return encode({
        "outcome": plan.outcome,
        "candidates": plan.candidates,  # site, km, cost, units, reason
        "currency": currency,  # of their costs
        "policy": draft.policy,
        "findings": [(each.code, each.pointer, severity(each.code, draft.command.door), each.facts)
                     for each in draft.findings],
    }).decode()  # fmt: skip


def _write_units(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Demands, and the fulfilments that promise them."""
    demands: list[str] = []
    planned: list[NewFulfilment] = []
    ids = iter(new_ids(sum([len(want.components) for draft in drafts for want in draft.wants])))
    for draft in drafts:
        plan = draft.plan
        claims = "t" if plan.claims else "f"
        demand_ids: dict[tuple[int, str], str] = {}
        for i, want in enumerate(draft.wants):
            waits = plan.waiting.get(i, 0)
            for sku, per_unit in want.components:
                id_ = demand_ids[i, sku] = next(ids)
                demands.append(
                    f"{id_}\t{draft.id}\t{want.position}\t{text_field(sku)}\t{per_unit}\t{want.quantity * per_unit}"
                    f"\t{waits * per_unit}\t{(want.quantity - waits) * per_unit}\t{claims}\n"
                )
        for fulfilment_id, part in zip(draft.fulfilment_ids, plan.parts, strict=True):
            units = [
                (demand_ids[i, sku], quantity * per_unit)
                for i, quantity in part.units for sku, per_unit in draft.wants[i].components
            ]  # fmt: skip
            service = draft.command.order.service
            planned.append(NewFulfilment(fulfilment_id, draft.id, part.lane, service, part.cost_minor, units))
    columns = "id, order_id, position, sku, per_unit, ordered, waiting, allocated, claims"
    tx.copy_text("demand", columns, "".join(demands))
    plan_fulfilments(tx, planned)


def _write_holds(tx: Tx, drafts: Sequence[Draft]) -> None:
    """A hold per kind, each with the exception a person works on."""
    held = [(draft, kind) for draft in drafts for kind in draft.holds]
    if not held:
        return
    ids = new_ids(2 * len(held))
    holds, exceptions = [], []
    for n, (draft, kind) in enumerate(held):
        causes = [(each.code, each.pointer, each.facts) for each in draft.findings if FINDINGS[each.code].hold == kind]
        document = encode({"findings": causes}).decode()
        start = EXCEPTIONS[kind]
        due_at = tx.now + timedelta(hours=start.due_hours)
        holds.append((ids[2 * n], draft.id, kind, tx.now, draft.command.actor, document))
        exceptions.append((
            ids[2 * n + 1], draft.id, draft.id, kind, start.severity, start.owner, document, tx.now, due_at,
        ))  # fmt: skip
    tx.copy("hold", "id, order_id, kind, placed_at, placed_by, document", holds)
    columns = "id, order_id, subject, kind, severity, owner, document, opened_at, due_at"
    tx.copy("exception", columns, exceptions)


def _write_payments(tx: Tx, drafts: Sequence[Draft]) -> None:
    """What the channel says was paid: a payment per order, and the money it captured in the ledger."""
    payments: list[str] = []
    entries: list[str] = []
    paid = [draft for draft in drafts if draft.is_paid]
    now = str(tx.now)
    ids = new_ids(3 * len(paid))
    for n, draft in enumerate(paid):
        order, payment = draft.command.order, draft.command.order.payment
        amount = draft.priced.total_minor if draft.priced.paid_minor is None else draft.priced.paid_minor
        captured = amount if payment.state == "paid" else 0
        state = "captured" if captured else "authorised"
        id_, cash_id, owed_id = ids[3 * n : 3 * n + 3]
        payments.append(
            f"{id_}\t{draft.id}\t{text_field(payment.gateway)}\t{text_field(payment.reference)}\t{order.currency}"
            f"\t{state}\t{amount}\t{captured}\t{amount}\t{captured}\t{now}\n"
        )
        if captured:
            rest = f"{order.currency}\t{now}\n"
            entries.append(f"{cash_id}\tgiven:{id_}\tcash\t{draft.id}\t{captured}\t{rest}")
            entries.append(f"{owed_id}\tgiven:{id_}\treceivable\t{draft.id}\t{-captured}\t{rest}")
    columns = (
        "id, order_id, gateway, reference, currency, state, given_authorised_minor, given_captured_minor,"
        " authorised_minor, captured_minor, made_at"
    )
    tx.copy_text("payment", columns, "".join(payments))
    columns = "id, booking, account, order_id, amount_minor, currency, booked_at"
    tx.copy_text("ledger_entry", columns, "".join(entries))
