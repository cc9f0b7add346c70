"""What placing answers: the decision, or the order as it stands when it was here before."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.placing.forms import Draft, Placed, Promise, PromisedLine, PromisedPart, Told
from orderwright.business.orders.checks import differing_fields
from orderwright.business.orders.rules import severity
from orderwright.business.orders.windows import FIRST_TIME_ZONE, cancel_note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def answer_of(draft: Draft) -> Placed:
    """The answer to an order just taken."""
    lines = draft.command.order.lines

    def promised(units: Sequence[tuple[int, int]]) -> list[PromisedLine]:
        return [
            PromisedLine(lines[position - 1].reference or str(position), lines[position - 1].sku, quantity)
            for position, quantity in ((draft.wants[i].position, quantity) for i, quantity in units)
        ]

    return Placed(
        draft.number,
        draft.state,
        list(draft.holds),
        promised(list(draft.plan.waiting.items())),
        [
            PromisedPart(id_, part.lane.site, promised(part.units), Promise(part.lane.ship_by, part.lane.deliver_by))
            for id_, part in zip(draft.fulfilment_ids, draft.plan.parts, strict=True)
        ],
        told(draft),
        cancel_until=draft.cancel_until,
        cancel_note=draft.cancel_note,
    )


def told(draft: Draft) -> list[Told]:
    """The findings as the caller reads them."""
    return [
        Told(each.code, each.pointer, severity(each.code, draft.command.door), dict(each.facts))
        for each in draft.findings
    ]


def twin_answer(draft: Draft, first: Draft, answer: Any) -> Any:
    """The answer to an order that stood twice in one group, given the answer to the first."""
    if draft.body_hash == first.body_hash:
        return msgspec.structs.replace(answer, repeated=True) if isinstance(answer, Placed) else answer
    if isinstance(answer, Placed):
        return _differs(draft, first.form, answer.number)
    return Refusal("twin_running", channel=draft.command.order.channel, reference=draft.command.order.reference)


def repeated_answers(
    tx: Tx, drafts: Sequence[Draft], existing: Mapping[tuple[str, str], tuple[str, bytes]]
) -> list[Any]:
    """For orders taken before: as they stand now when the form is the same, else order_differs with the fields."""
    found = [existing[draft.command.order.channel, draft.command.order.reference] for draft in drafts]
    ids = array(sorted({order_id for order_id, _ in found}))
    orders = {
        row.id: row
        for row in tx.rows(
            f"SELECT o.id::text, o.number, o.state, o.form, o.cancel_until, ({FIRST_TIME_ZONE}) AS time_zone"
            " FROM orders o WHERE o.id = ANY(%(ids)s::uuid[])",
            ids=ids,
        )
    }
    holds: dict[str, list[str]] = {}
    for row in tx.rows(
        "SELECT order_id::text, kind FROM hold WHERE order_id = ANY(%(ids)s::uuid[]) AND released_at IS NULL"
        " ORDER BY placed_at, kind",
        ids=ids,
    ):
        holds.setdefault(row.order_id, []).append(row.kind)
    waiting, parts = _units(tx, ids)
    answers: list[Any] = []
    for draft, (order_id, body_hash) in zip(drafts, found, strict=True):
        order = orders[order_id]
        if body_hash != draft.body_hash:
            answers.append(_differs(draft, order.form.encode(), order.number))
            continue
        answers.append(
            Placed(
                order.number, order.state, holds.get(order_id, []), waiting.get(order_id, []),
                parts.get(order_id, []), repeated=True, cancel_until=order.cancel_until,
                cancel_note=cancel_note(order.cancel_until, tx.now, order.time_zone),
            )
        )  # fmt: skip
    return answers


def _units(tx: Tx, ids: str) -> tuple[dict[str, list[PromisedLine]], dict[str, list[PromisedPart]]]:
    """Waiting lines and fulfilments of orders, in units of the lines (a kit counts once)."""
    waiting: dict[str, list[PromisedLine]] = {}
    for row in tx.rows(
        """
        SELECT d.order_id::text, l.reference, l.sku_given, d.position, max(d.waiting / d.per_unit) AS units
        FROM demand d JOIN order_line l USING (order_id, position)
        WHERE d.order_id = ANY(%(ids)s::uuid[]) AND d.waiting > 0
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 4
        """,
        ids=ids,
    ):
        line = PromisedLine(row.reference or str(row.position), row.sku_given, row.units)
        waiting.setdefault(row.order_id, []).append(line)
    parts: dict[str, list[PromisedPart]] = {}
    last = ""
    for row in tx.rows(
        """
        SELECT f.order_id::text, f.id::text, f.site, f.ship_by, f.deliver_by, l.reference, l.sku_given, d.position,
               max((a.allocated + a.picked + a.packed + a.shipped) / d.per_unit) AS units
        FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id JOIN demand d ON d.id = a.demand_id
        JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position
        WHERE f.order_id = ANY(%(ids)s::uuid[]) AND f.state <> 'cancelled'
        GROUP BY f.id, l.reference, l.sku_given, d.position ORDER BY f.id, d.position
        """,
        ids=ids,
    ):
        if row.id != last:
            promise = Promise(row.ship_by, row.deliver_by)
            parts.setdefault(row.order_id, []).append(PromisedPart(row.id, row.site, [], promise))
            last = row.id
        line = PromisedLine(row.reference or str(row.position), row.sku_given, row.units)
        parts[row.order_id][-1].lines.append(line)
    return waiting, parts


def _differs(draft: Draft, form: bytes, number: str) -> Refusal:
    fields = differing_fields(msgspec.json.decode(form), msgspec.json.decode(draft.form))
    return Refusal("order_differs", number=number, fields=fields)
