"""Writing a group of edits: the same statements, however many orders and lines."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.correct import correct_invoices
from orderwright.business.deeds.editing.current import Target
from orderwright.business.deeds.editing.forms import Edition
from orderwright.business.deeds.editing.money import correction, due_finding
from orderwright.business.deeds.editing.units import Account, merged
from orderwright.business.deeds.fill import want_filling
from orderwright.business.deeds.hold import place_kinds, release_kinds
from orderwright.business.deeds.placing.reading import find_customers
from orderwright.business.deeds.placing.writing import write_customers
from orderwright.business.deeds.settle import want_settling
from orderwright.business.orders.actions import refresh_states
from orderwright.business.orders.changes import finding_document
from orderwright.business.orders.facts import OrderEdited
from orderwright.business.routing.actions import NewFulfilment, drop_units, next_decision_numbers, plan_fulfilments
from orderwright.business.routing.reads import rate_card
from orderwright.business.stock.promises import allocate_freely, give_back, wait_less, wait_more
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids

encode = msgspec.json.encode


def write_editions(tx: Tx, editions: Sequence[Edition]) -> None:
    """Write editions that were decided; the orders' rows and all availability they touch are locked."""
    _write_units(tx, editions)
    _write_lines(tx, editions)
    _write_fulfilments(tx, editions)
    _write_holds(tx, editions)
    refresh_states(tx, [each.current.row.id for each in editions])
    _write_orders(tx, editions)
    _write_decisions(tx, editions)
    for edition in editions:
        tx.record("order", edition.current.row.id, _fact(edition), actor=edition.command.actor)
    want_settling(tx, [each.current.row.id for each in editions])
    correct_invoices(
        tx, {f"edit:{each.current.row.id}:{each.current.row.version + 1}": correction(each) for each in editions}
    )


def _write_units(tx: Tx, editions: Sequence[Edition]) -> None:
    dropped = merged(each.units.dropped for each in editions)
    freed = merged(each.units.freed for each in editions)
    if dropped:
        drop_units(tx, dropped)
    give_back(tx, freed)
    allocate_freely(tx, merged(each.units.takes() for each in editions))
    claims: dict[str, int] = {}
    for edition in editions:
        for sku, units in edition.units.claims_changed().items():
            claims[sku] = claims.get(sku, 0) + units
    wait_more(tx, {sku: units for sku, units in claims.items() if units > 0})
    wait_less(tx, {sku: -units for sku, units in claims.items() if units < 0})
    _write_demands(tx, editions)
    want_filling(tx, sorted({sku for sku, _ in freed} | {sku for sku, units in claims.items() if units < 0}))


def _write_demands(tx: Tx, editions: Sequence[Edition]) -> None:
    new = {demand.id: demand for edition in editions for demand in edition.units.new}
    kept: list[Account] = []
    made: list[tuple[object, ...]] = []
    for edition in editions:
        for account in edition.units.accounts:
            demand = new.get(account.id)
            if demand is None:
                kept.append(account)
            else:
                made.append((account.id, edition.current.row.id, demand.position, account.sku, account.per_unit,
                             account.ordered, account.waiting, account.allocated, account.cancelled,
                             account.claims))  # fmt: skip
    columns = "id, order_id, position, sku, per_unit, ordered, waiting, allocated, cancelled, claims"
    tx.copy("demand", columns, made)
    tx.write(
        """
        UPDATE demand d SET ordered = a.ordered, waiting = a.waiting, allocated = a.allocated,
               cancelled = a.cancelled, claims = a.claims
        FROM unnest(%(ids)s::uuid[], %(ordered)s::bigint[], %(waiting)s::bigint[], %(allocated)s::bigint[],
                    %(cancelled)s::bigint[], %(claims)s::boolean[])
             AS a(id, ordered, waiting, allocated, cancelled, claims)
        WHERE d.id = a.id
        """,
        ids=array(each.id for each in kept), ordered=array(each.ordered for each in kept),
        waiting=array(each.waiting for each in kept), allocated=array(each.allocated for each in kept),
        cancelled=array(each.cancelled for each in kept), claims=array(each.claims for each in kept),
    )  # fmt: skip


def _write_lines(tx: Tx, editions: Sequence[Edition]) -> None:
    columns = (
        "order_id", "position", "reference", "sku", "sku_given", "title", "quantity", "unit_price_micro",
        "discount_minor", "tax_minor", "cancelled", "amount_minor", "is_removed",
    )  # fmt: skip
    kept: list[tuple[object, ...]] = []
    made: list[tuple[object, ...]] = []
    for edition in editions:
        for target in edition.targets:
            (made if target.line is None else kept).append(_line_row(edition, target))
    tx.copy("order_line", ", ".join(columns), made)
    kinds = ("uuid", "int", "text", "text", "text", "text", *("bigint",) * 6, "boolean")
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in zip(columns, kinds, strict=True))
    sets = ", ".join(f"{name} = n.{name}" for name in columns[2:])
    tx.write(
        f"UPDATE order_line l SET {sets} FROM unnest({given}) AS n({', '.join(columns)})"
        " WHERE l.order_id = n.order_id AND l.position = n.position",
        **{name: array(row[i] for row in kept) for i, name in enumerate(columns)},
    )


def _line_row(edition: Edition, target: Target) -> tuple[object, ...]:
    order_id, line = edition.current.row.id, target.line
    # What was cancelled counts on the line itself only while it has no demands to count it on.
    given_up = target.quantity - target.after if target.sku is None else 0
    if target.form_index is None:
        if line is None:
            raise ValueError(f"order {order_id}: line {target.position} is neither asked for nor there")
        return (order_id, target.position, line.reference, line.sku, line.sku_given, line.title, line.quantity, 0, 0, 0,
                given_up, 0, True)  # fmt: skip
    asked, money = edition.command.form.lines[target.form_index], edition.draft.priced.lines[target.form_index]
    return (order_id, target.position, asked.reference, target.sku, asked.sku, asked.title, target.quantity,
            money.unit_price_micro, money.discount_minor, money.tax_minor, given_up, money.amount_minor,
            False)  # fmt: skip


def _write_fulfilments(tx: Tx, editions: Sequence[Edition]) -> None:
    planned: list[NewFulfilment] = []
    for edition in editions:
        units = edition.units
        parts = units.plan.parts if units.plan else ()
        edition.fulfilment_ids = new_ids(len(parts)) if parts else []
        for id_, part in zip(edition.fulfilment_ids, parts, strict=True):
            promised = [
                (account.id, count * account.per_unit) for i, count in part.units for account in units.demands[i]
            ]
            planned.append(NewFulfilment(
                id_, edition.current.row.id, part.lane, edition.command.form.service, part.cost_minor, promised,
            ))  # fmt: skip
    plan_fulfilments(tx, planned)


def _write_holds(tx: Tx, editions: Sequence[Edition]) -> None:
    for actor in sorted({each.command.actor for each in editions}):
        mine = [each for each in editions if each.command.actor == actor]
        release_kinds(tx, [(each.current.row.id, kind) for each in mine for kind in each.mended], actor=actor)
        place_kinds(tx, [
            (each.current.row.id, kind, finding_document(kind, each.findings))
            for each in mine for kind in each.gained
        ], actor=actor)  # fmt: skip
    due = [each for each in editions if "payment" in each.current.holds and "payment" not in each.mended]
    tx.write(
        "UPDATE hold h SET document = n.document FROM unnest(%(ids)s::uuid[], %(documents)s::text[])"
        " AS n(order_id, document) WHERE h.order_id = n.order_id AND h.kind = 'payment' AND h.released_at IS NULL",
        ids=array(each.current.row.id for each in due),
        documents=array(encode(finding_document("payment", [due_finding(each)])).decode() for each in due),
    )


def _write_orders(tx: Tx, editions: Sequence[Edition]) -> None:
    drafts = [each.draft for each in editions]
    customers = find_customers(tx, drafts)
    write_customers(tx, drafts, customers)
    rows = [_order_row(each, customers) for each in editions]
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in _ORDER_COLUMNS.items())
    sets = ", ".join(f"{name} = n.{name}" for name in _ORDER_COLUMNS if name != "id")
    tx.write(
        f"UPDATE orders o SET {sets} FROM unnest({given}) AS n({', '.join(_ORDER_COLUMNS)}) WHERE o.id = n.id",
        **{name: array(row[i] for row in rows) for i, name in enumerate(_ORDER_COLUMNS)},
    )
    tx.write(
        "UPDATE order_key k SET body_hash = n.body_hash"
        " FROM unnest(%(channels)s::text[], %(references)s::text[], %(hashes)s::bytea[])"
        " AS n(channel, reference, body_hash) WHERE k.channel = n.channel AND k.reference = n.reference",
        channels=array(each.current.row.channel for each in editions),
        references=array(each.current.row.reference for each in editions),
        hashes=array(draft.body_hash for draft in drafts),
    )


_ORDER_COLUMNS = {
    "id": "uuid", "customer_id": "uuid", "version": "int", "priority": "int", "ship_before": "timestamptz",
    "service": "text", "prices_include_tax": "boolean", "goods_minor": "bigint", "discount_minor": "bigint",
    "shipping_minor": "bigint", "tax_minor": "bigint", "total_minor": "bigint", "shortage": "text", "split": "text",
    "ship_complete": "boolean", "line_count": "int", "fingerprint": "bigint", "email_key": "text",
    "postal_code": "text", "country": "text", "form": "text",
}  # fmt: skip


def _order_row(edition: Edition, customers: Mapping[str, str]) -> tuple[Any, ...]:
    row, draft, form = edition.current.row, edition.draft, edition.command.form
    priced, policy = draft.priced, draft.policy
    line_count = len(edition.current.lines) + sum(each.line is None for each in edition.targets)
    return (
        row.id, customers.get(draft.email_key) or row.customer_id, row.version + 1, form.priority, form.ship_before,
        form.service, form.prices_include_tax, priced.goods_minor, priced.discount_minor, priced.shipping_minor,
        priced.tax_minor, priced.total_minor, policy.shortage, policy.split, policy.ship_complete, line_count,
        draft.fingerprint, draft.email_key, draft.destination.postal_code, form.ship_to.country, draft.form.decode(),
    )  # fmt: skip


def _write_decisions(tx: Tx, editions: Sequence[Edition]) -> None:
    currency = rate_card(tx).currency
    numbers = next_decision_numbers(tx, [each.current.row.id for each in editions])
    rows = []
    for edition in editions:
        id_, plan = edition.current.row.id, edition.units.plan
        document = {
            "outcome": "kept" if plan is None else plan.outcome,
            "candidates": [] if plan is None else plan.candidates,
            "currency": currency,
            "policy": edition.draft.policy,
            "findings": finding_document(None, edition.findings)["findings"],
            "fields": edition.fields,
            "total_minor": (edition.current.row.total_minor, edition.draft.priced.total_minor),
        }
        rows.append((id_, numbers[id_], "edited", tx.now, encode(document).decode()))
    tx.copy("decision", "order_id, seq, kind, made_at, document", rows)


def _fact(edition: Edition) -> OrderEdited:
    units = edition.units
    parts = units.plan.parts if units.plan else ()
    return OrderEdited(
        fields=edition.fields,
        total_minor=edition.draft.priced.total_minor,
        total_before_minor=edition.current.row.total_minor,
        lines=[(each.position, each.before, each.after) for each in edition.targets if each.before != each.after],
        parts=[
            (id_, part.lane.site, [(units.wants[i].position, count) for i, count in part.units])
            for id_, part in zip(edition.fulfilment_ids, parts, strict=True)
        ],
        waiting=[(target.position, count) for target, count in units.waiting()],
        holds=edition.gained,
    )
