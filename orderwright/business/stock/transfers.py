"""Units change places: within a site, or out of one on the way to another one.

What leaves a bin may be held by orders: the `_shortfalls` reads say so, and the verbs assume it was freed.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from orderwright.business.stock import tables
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Booked, Dispatch, DispatchForm, Pile, Transfer, TransferForm
from orderwright.business.stock.goods import goods_findings, place_findings
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import Books, Place, Shortfall, Step
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


class _Leg(NamedTuple):
    """One line of a form, with the codes of the places it goes between."""

    sku: str
    quantity: int
    lot: str
    source: str
    target: str


class _Known(NamedTuple):
    goods: dict[str, tables.Goods]
    sites: dict[str, str]
    places: dict[tuple[str, str], Place]
    counters: dict[tuple[str, str], tables.Counter]
    books: Books


class _Plan(NamedTuple):
    results: list[Booked | Refusal]
    moves: list[Move]
    books: Books
    documents: Documents[Booked]


def transfer(tx: Tx, commands: Sequence[Transfer]) -> list[Booked | Refusal]:
    """Move units between places of a site: all lines of a command or none.

    The same reference at a site again is answered as the first time. Refuses transfer_differs, malformed,
    unknown_site, unknown_sku, unknown_place, kit_not_stocked, lot_needed (all findings at once), and short_stock
    when a place does not hold what is to leave it, or orders still hold it.
    """
    return _write(tx, _plan(tx, commands, "transfer", is_freed=True))


def transfer_shortfalls(tx: Tx, commands: Sequence[Transfer]) -> list[Shortfall]:
    """What orders hold of units these transfers take away, by (sku, site); the rows stay locked."""
    return _plan(tx, commands, "transfer", is_freed=False).books.shortfalls()


def transfer_out(tx: Tx, commands: Sequence[Dispatch]) -> list[Booked | Refusal]:
    """Send units on their way to another site, at what they cost here; `transfer_in` takes them in there.

    The answer's `reference` names the transfer. Repeats and refusals as for `transfer`.
    """
    return _write(tx, _plan(tx, commands, "transfer_out", is_freed=True))


def dispatch_shortfalls(tx: Tx, commands: Sequence[Dispatch]) -> list[Shortfall]:
    """What orders hold of units these dispatches take away, by (sku, site); the rows stay locked."""
    return _plan(tx, commands, "transfer_out", is_freed=False).books.shortfalls()


def _write(tx: Tx, plan: _Plan) -> list[Booked | Refusal]:
    move_units(tx, plan.moves)
    plan.documents.write(tx)
    return plan.results


def _legs(form: Any) -> list[_Leg]:
    if isinstance(form, TransferForm):
        return [_Leg(line.sku, line.quantity, line.lot, line.from_place, line.to_place) for line in form.lines]
    return [_Leg(line.sku, line.quantity, line.lot, line.place, "TRANSIT") for line in form.lines]


def _plan(tx: Tx, commands: Sequence[Transfer | Dispatch], kind: str, *, is_freed: bool) -> _Plan:
    forms = [command.form for command in commands]
    known = _read(tx, forms)
    keys = [(form.site, form.reference) for form in forms]
    plan = _Plan([], [], known.books, Documents(tx, kind, "transfer_differs", Booked, keys))
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = command.form
        findings = list(text_findings(form))
        earlier = None if findings else plan.documents.earlier(form.site, form.reference, form)
        if earlier is None:
            findings += _findings(form, known)
        if earlier or findings:
            plan.results.append(earlier or refusal_of(findings))
            continue
        steps = _steps(form, known)
        refusal = known.books.post(steps, is_freed=is_freed)
        plan.results.append(refusal or _book(tx, command, kind, id_, steps, known, plan))
    return plan


def _read(tx: Tx, forms: Sequence[TransferForm | DispatchForm]) -> _Known:
    legs = [(form.site, leg) for form in forms for leg in _legs(form)]
    places = tables.places(tx, {(site, code) for site, leg in legs for code in (leg.source, leg.target)})
    counters = tables.lock_counters(tx, [(leg.sku, site) for site, leg in legs])
    lying = tables.lock_lying(
        tx,
        [
            (leg.sku, places[site, code].id, leg.lot)
            for site, leg in legs
            for code in (leg.source, leg.target)
            if (site, code) in places
        ],
    )
    sites = {form.site for form in forms} | {form.to_site for form in forms if isinstance(form, DispatchForm)}
    return _Known(
        tables.goods(tx, [leg.sku for _, leg in legs]),
        tables.time_zones(tx, sites),
        places,
        counters,
        tables.open_books(counters, lying),
    )


def _findings(form: TransferForm | DispatchForm, known: _Known) -> Iterator[Finding]:
    if form.site not in known.sites:
        yield known_as("unknown_site", "/site")
    if isinstance(form, DispatchForm):
        if form.to_site not in known.sites:
            yield known_as("unknown_site", "/to_site")
        if form.to_site == form.site:
            yield Finding("/to_site", "site", "It is the site the units leave.")
    names = ("from_place", "to_place") if isinstance(form, TransferForm) else ("place", "")
    for i, leg in enumerate(_legs(form)):
        yield from goods_findings(f"/lines/{i}", leg.sku, leg.lot, known.goods)
        if leg.source == leg.target:
            yield Finding(f"/lines/{i}/{names[1]}", "place", "It is the place the units leave.")
        for code, name in zip((leg.source, leg.target), names, strict=True):
            if name and form.site in known.sites:
                yield from place_findings(f"/lines/{i}/{name}", known.places.get((form.site, code)))


def _steps(form: TransferForm | DispatchForm, known: _Known) -> list[Step]:
    places = known.places
    return [
        Step(leg.sku, leg.lot, places[form.site, leg.source], places[form.site, leg.target], leg.quantity)
        for leg in _legs(form)
    ]


def _book(
    tx: Tx, command: Transfer | Dispatch, kind: str, id_: str, steps: Sequence[Step], known: _Known, plan: _Plan
) -> Booked:
    form = command.form
    is_out = kind == "transfer_out"
    reference = form.reference or (id_ if is_out else "")
    piles = [
        Pile(step.sku, step.quantity, step.source.code if is_out else step.target.code, step.lot) for step in steps
    ]
    to_site = form.to_site if isinstance(form, DispatchForm) else ""
    answer = Booked(id_, form.site, reference, piles, to_site)
    plan.documents.add(tx, form.site, reference, form, answer)
    plan.moves.extend(
        Move(
            step.sku, step.lot, step.source.id, step.target.id, step.quantity, "transfer", f"{kind}:{id_}", number,
            command.actor,
            unit_cost_micro=known.counters[step.sku, form.site].cost_micro if is_out else None,
        )
        for number, step in enumerate(steps, 1)
    )  # fmt: skip
    return answer
