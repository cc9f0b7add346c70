"""What an order would become: its form drafted like a new one, its lines matched, what changes and what is wrong."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.reads import Catalog
from orderwright.business.deeds.editing.current import Current, Line, Target
from orderwright.business.deeds.editing.forms import Edition, EditOrder
from orderwright.business.deeds.placing import reading
from orderwright.business.deeds.placing.forms import Draft, PlaceOrder
from orderwright.business.orders.changes import (
    PAYMENT_FINDINGS,
    AskedLine,
    LineRow,
    changed_fields,
    hold_kinds,
    match_lines,
    new_findings,
    units_after,
)
from orderwright.business.orders.form import NewOrder
from orderwright.database.tx import Tx

decode = msgspec.json.decode


def draft_editions(tx: Tx, catalog: Catalog, asked: Sequence[tuple[EditOrder, Current]]) -> list[Edition]:
    """One edition per command, checked: its targets, the fields that change, new findings, holds."""
    drafts = reading.drafts_of(
        [PlaceOrder(each.form, each.actor, each.door, current.row.customer_id or "") for each, current in asked]
    )
    olds = [_old_draft(each, current) for each, current in asked]
    editions = [
        Edition(each, current, draft, old) for (each, current), draft, old in zip(asked, drafts, olds, strict=True)
    ]
    for edition in editions:
        edition.draft.sold_at = edition.current.row.placed_at
    products = reading.find_products(tx, catalog, drafts)
    known = catalog.products(tx, {line.sku for _, current in asked for line in current.lines if line.sku})
    products.update(known)
    products.update(catalog.products(tx, {part for each in known.values() for part, _ in each.components}))
    for edition in editions:
        _match(edition)
        channel = catalog.channels[edition.current.row.channel]
        for draft in (edition.draft, edition.old):
            if draft is not None:
                reading.check(draft, channel, products, tx)
    told = [each for edition in editions for each in (edition.draft, edition.old) if each]
    reading.excuse_regulars(tx, told)
    reading.excuse_agreed(tx, told)
    for edition in editions:
        _compare_findings(edition)
    return editions


def _old_draft(command: EditOrder, current: Current) -> Draft | None:
    """The form as it stands. None when it was erased, and so can no longer be read."""
    try:
        form = decode(current.row.form, type=NewOrder)
    except msgspec.MsgspecError:
        return None
    [draft] = reading.drafts_of([PlaceOrder(form, command.actor, command.door, current.row.customer_id or "")])
    return draft


def _match(edition: Edition) -> None:
    """Which line of the form is which line of the order; the products known by now; what differs."""
    lines = edition.current.lines
    rows = [LineRow(each.position, each.reference, each.sku, each.sku_given, each.is_removed) for each in lines]
    draft, old = edition.draft, edition.old
    found = match_lines(rows, _asked(draft))
    for i, n in enumerate(found):
        if n is not None and lines[n].sku is not None:
            draft.products[i] = lines[n].sku  # it stays what it was sold as, whatever its name means today
    before: list[int | None] = []
    if old is not None:
        old.products = [None] * len(old.command.order.lines)
        before = match_lines([row for row in rows if not row.is_removed], _asked(old))
        standing = [n for n, row in enumerate(rows) if not row.is_removed]
        before = [None if n is None else standing[n] for n in before]
        old.products = [None if n is None else lines[n].sku for n in before]
    edition.targets = _targets(edition, found)
    if draft.form:  # empty: it holds what cannot be written, and is refused for that
        edition.fields = changed_fields(
            {} if old is None else decode(old.form), decode(draft.form), _pairs(before, found)
        )  # fmt: skip


def _asked(draft: Draft) -> list[AskedLine]:
    return [
        AskedLine(line.reference, line.sku, sku)
        for line, sku in zip(draft.command.order.lines, draft.products, strict=True)
    ]


def _pairs(before: Sequence[int | None], after: Sequence[int | None]) -> list[tuple[int | None, int | None]]:
    """(index in the old form, index in the new one) of each line that is in either."""
    was = {n: i for i, n in enumerate(before) if n is not None}
    pairs: list[tuple[int | None, int | None]] = [
        (None if n is None else was.pop(n, None), i) for i, n in enumerate(after)
    ]
    return pairs + [(i, None) for i in was.values()]


def _targets(edition: Edition, found: Sequence[int | None]) -> list[Target]:
    """What becomes of each line: first those of the form, in its order, then those it leaves out."""
    lines, draft = edition.current.lines, edition.draft
    targets = []
    last = len(lines)
    for i, (asked, n) in enumerate(zip(draft.command.order.lines, found, strict=True)):
        if n is None:
            last += 1
            targets.append(Target(last, None, i, draft.products[i], 0, asked.quantity, asked.quantity))
        else:
            targets.append(_kept(lines[n], i, draft.products[i], asked.quantity))
    matched = {n for n in found if n is not None}
    for n, line in enumerate(lines):
        if n not in matched and not line.is_removed:
            targets.append(Target(line.position, line, None, line.sku, line.live, 0, line.quantity))
    return targets


def _kept(line: Line, index: int, sku: str | None, quantity: int) -> Target:
    after = units_after(line.live, 0 if line.is_removed else line.quantity, quantity)
    return Target(line.position, line, index, sku, line.live, after, quantity)


def _compare_findings(edition: Edition) -> None:
    before = [] if edition.old is None else _without_payment(edition.old)
    after = _without_payment(edition.draft)
    holds = edition.current.holds
    edition.findings = new_findings(before, after)
    # Whichever door it came in through: a channel's order is held for what the API would have refused.
    still = hold_kinds(after, "channel")
    edition.mended = [kind for kind in hold_kinds(before, "channel") if kind not in still and kind in holds]
    edition.gained = [kind for kind in hold_kinds(edition.findings, edition.command.door) if kind not in holds]


def _without_payment(draft: Draft) -> list[Any]:
    return [each for each in draft.findings if each.code not in PAYMENT_FINDINGS]
