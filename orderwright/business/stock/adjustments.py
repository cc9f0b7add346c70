"""Books set right: counted, found, lost, damaged. The books never refuse the truth, they learn it in two steps.

`adjustment_shortfalls` says what orders hold of units that are not there; once that was freed, `adjust` books.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orderwright.business.stock import tables
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Adjusted, Adjustment, AdjustmentForm
from orderwright.business.stock.goods import goods_findings, place_findings
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import REASONS, Books, Place, Shortfall, Step
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_ids
from orderwright.values.phrases import phrase
from orderwright.values.refusal import Refusal


class _Plan(NamedTuple):
    results: list[Adjusted | Refusal]
    moves: list[Move]
    books: Books
    documents: Documents[Adjusted]
    lots: set[tuple[str, str]]


class _Known(NamedTuple):
    goods: dict[str, tables.Goods]
    sites: dict[str, str]
    places: dict[tuple[str, str], Place]
    books: Books


def adjustment_shortfalls(tx: Tx, commands: Sequence[Adjustment]) -> list[Shortfall]:
    """What orders hold of units these adjustments take away, by (sku, site); the rows stay locked.

    Adjustments that would be refused, or were booked before, count for nothing.
    """
    return _plan(tx, commands, is_freed=False).books.shortfalls()


def adjust(tx: Tx, commands: Sequence[Adjustment]) -> list[Adjusted | Refusal]:
    """Book adjustments; what orders held of it was freed before.

    The same reference at a site again is answered as the first time. Refuses adjustment_differs, malformed,
    unknown_site, unknown_sku, unknown_place, kit_not_stocked, lot_needed (all findings at once), and short_stock
    when the place does not hold what is to be taken away, or orders still hold it.
    """
    plan = _plan(tx, commands, is_freed=True)
    tables.keep_lots(tx, dict.fromkeys(sorted(plan.lots)))
    move_units(tx, plan.moves)
    plan.documents.write(tx)
    return plan.results


def _plan(tx: Tx, commands: Sequence[Adjustment], *, is_freed: bool) -> _Plan:
    forms = [command.form for command in commands]
    known = _read(tx, forms)
    keys = [(form.site, form.reference) for form in forms]
    documents = Documents(tx, "adjustment", "adjustment_differs", Adjusted, keys)
    plan = _Plan([], [], known.books, documents, set())
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = command.form
        findings = [*text_findings(form), *_amount_findings(form)]
        earlier = None if findings else documents.earlier(form.site, form.reference, form)
        if earlier is None:
            findings += _findings(command, known)
        if earlier or findings:
            plan.results.append(earlier or refusal_of(findings))
        else:
            plan.results.append(_book(tx, command, id_, known, plan, is_freed=is_freed))
    return plan


def _read(tx: Tx, forms: Sequence[AdjustmentForm]) -> _Known:
    sites = {form.site for form in forms}
    ends = {code for pair in REASONS.values() for code in pair if code}
    keys = {(site, code) for site in sites for code in ends} | {(form.site, form.place) for form in forms}
    places = tables.places(tx, keys)
    counters = tables.lock_counters(tx, [(form.sku, form.site) for form in forms])
    lying = tables.lock_lying(
        tx,
        [
            (form.sku, places[form.site, code].id, form.lot)
            for form in forms
            for code in (form.place, "QUARANTINE")
            if (form.site, code) in places
        ],
    )
    goods = tables.goods(tx, [form.sku for form in forms])
    return _Known(goods, tables.time_zones(tx, sites), places, tables.open_books(counters, lying))


def _amount_findings(form: AdjustmentForm) -> Iterator[Finding]:
    source, target = REASONS[form.reason]
    reason = phrase(form.reason)
    if form.quantity is not None and form.counted is not None:
        yield Finding("/counted", "quantity", "Give the change or what was counted, not both.")
    elif form.counted is not None:
        if form.reason != "counted":
            yield worded("/counted", "quantity", "Say by how much it changed: it was {reason}.", reason=reason)
    elif not form.quantity:
        yield Finding("/quantity", "quantity", "Give the change, which is not 0, or what was counted.")
    elif form.quantity > 0 and not source:
        yield worded(
            "/quantity", "quantity", "What is {reason} is taken away: give a negative quantity.", reason=reason
        )
    elif form.quantity < 0 and not target:
        yield worded("/quantity", "quantity", "What is {reason} is added: give a positive quantity.", reason=reason)
    if target == form.place:
        yield worded("/place", "place", "It lies in {place} already.", place=form.place)


def _findings(command: Adjustment, known: _Known) -> Iterator[Finding]:
    form = command.form
    yield from goods_findings("", form.sku, form.lot, known.goods)
    if form.site not in known.sites:
        yield known_as("unknown_site", "/site")
    else:
        place = known.places.get((form.site, form.place))
        yield from place_findings("/place", place, is_bench_open=command.is_bench_open)


def _book(tx: Tx, command: Adjustment, id_: str, known: _Known, plan: _Plan, *, is_freed: bool) -> Adjusted | Refusal:
    form = command.form
    place = known.places[form.site, form.place]
    held = known.books.quantity(form.sku, place, form.lot)
    change = form.quantity if form.quantity is not None else (form.counted or 0) - held
    source, target = REASONS[form.reason]
    if change > 0:
        step = Step(form.sku, form.lot, known.places[form.site, source], place, change)
    else:
        step = Step(form.sku, form.lot, place, known.places[form.site, target or source], -change)
    refusal = known.books.post([step], is_freed=is_freed)
    if refusal is not None:
        return refusal
    answer = Adjusted(
        id_, form.site, form.sku, form.place, change, held + change, lot=form.lot, reference=form.reference
    )
    plan.documents.add(tx, form.site, form.reference, form, answer)
    if form.lot:
        plan.lots.add((form.sku, form.lot))
    cause = f"adjustment:{form.site}/{form.reference}" if form.reference else f"adjustment:{id_}"
    plan.moves.append(
        Move(form.sku, form.lot, step.source.id, step.target.id, step.quantity, "adjust", cause, 1, command.actor)
    )
    return answer
