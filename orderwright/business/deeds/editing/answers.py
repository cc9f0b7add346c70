"""What editing answers: the order before and after, what its sites promise, and what is owed."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.editing.current import Current
from orderwright.business.deeds.editing.forms import Edited, Edition, LineChange, SiteUnits
from orderwright.business.deeds.editing.money import owed_before
from orderwright.business.deeds.placing.answers import told
from orderwright.business.deeds.placing.forms import Promise, PromisedLine, PromisedPart
from orderwright.business.orders.changes import state_after
from orderwright.business.orders.order_view import Amounts
from orderwright.values.money import format_minor


def answer_of(edition: Edition, state: str | None) -> Edited:
    """The answer to an edit that was made (`state`: the order's now), or with None to one that was only asked about."""
    row, priced = edition.current.row, edition.draft.priced
    before, after = _amounts(row, row.currency), _amounts(priced, row.currency)
    allocated, given_back = _moved(edition)
    holds = sorted((edition.current.holds - set(edition.mended)) | set(edition.gained))
    draft = edition.draft
    draft.findings = edition.findings
    return Edited(
        number=row.number, version=row.version + (state is not None), state=state or _state_to_be(edition, bool(holds)),
        fields=edition.fields, before=before, after=after,
        lines=[
            LineChange(each.position, reference, sku, each.before, each.after)
            for each in edition.targets if each.before != each.after
            for reference, sku in [_name(edition, each)]
        ],
        allocated=allocated, given_back=given_back,
        backordered=[
            PromisedLine(*_name(edition, target), units) for target, units in edition.units.waiting()
        ],
        fulfilments=_parts(edition), holds=holds, findings=told(draft),
        amount_due=format_minor(edition.amount_due_minor, row.currency),
        refund=format_minor(edition.refund_minor, row.currency), dry_run=state is None,
    )  # fmt: skip


def as_it_stands(current: Current, *, dry_run: bool) -> Edited:
    """The answer to an edit that changes nothing."""
    row, owed = current.row, owed_before(current)
    amounts = _amounts(row, row.currency)
    return Edited(
        number=row.number, version=row.version, state=row.state, fields=[], before=amounts, after=amounts, lines=[],
        allocated=[], given_back=[], backordered=[], fulfilments=[], holds=sorted(current.holds), findings=[],
        amount_due=format_minor(owed.amount_due_minor, row.currency),
        refund=format_minor(owed.refund_minor, row.currency), dry_run=dry_run, repeated=True,
    )  # fmt: skip


def _amounts(money: Any, currency: str) -> Amounts:
    return Amounts(
        format_minor(money.goods_minor, currency), format_minor(money.discount_minor, currency),
        format_minor(money.shipping_minor, currency), format_minor(money.tax_minor, currency),
        format_minor(money.total_minor, currency),
    )  # fmt: skip


def _name(edition: Edition, target: Any) -> tuple[str, str]:
    """What people call a line: its reference, else its position; and its product, else what was asked for."""
    if target.form_index is None:
        return target.line.reference or str(target.position), target.sku or target.line.sku_given
    asked = edition.command.form.lines[target.form_index]
    return asked.reference or str(target.position), target.sku or asked.sku


def _moved(edition: Edition) -> tuple[list[SiteUnits], list[SiteUnits]]:
    """What sites promise more of than before, and less of."""
    freed, takes = edition.units.freed, edition.units.takes()
    net = {key: takes.get(key, 0) - freed.get(key, 0) for key in sorted(set(freed) | set(takes))}
    return _sites(net, 1), _sites(net, -1)


def _sites(net: dict[tuple[str, str], int], sign: int) -> list[SiteUnits]:
    return [SiteUnits(site, sku, sign * units) for (sku, site), units in net.items() if sign * units > 0]


def _parts(edition: Edition) -> list[PromisedPart]:
    units = edition.units
    parts: Sequence[Any] = units.plan.parts if units.plan else ()
    ids = edition.fulfilment_ids or [""] * len(parts)  # of a preview none was made
    targets = {target.position: target for target, _ in units.lines}
    return [
        PromisedPart(id_, part.lane.site, [
            PromisedLine(*_name(edition, targets[units.wants[i].position]), count) for i, count in part.units
        ], Promise(part.lane.ship_by, part.lane.deliver_by))
        for id_, part in zip(ids, parts, strict=True)
    ]  # fmt: skip


def _state_to_be(edition: Edition, is_held: bool) -> str:
    """The state a preview foretells. What has begun keeps its own, since only its price can change."""
    if edition.current.is_begun:
        return str(edition.current.row.state)
    accounts = edition.units.accounts
    bare = [target for target, mine in edition.units.lines if not mine]
    return state_after(
        sum(each.ordered for each in accounts) + sum(each.quantity for each in bare),
        sum(each.waiting for each in accounts) + sum(each.after for each in bare),
        sum(each.allocated for each in accounts),
        sum(each.cancelled for each in accounts) + sum(each.quantity - each.after for each in bare),
        is_held=is_held,
    )
