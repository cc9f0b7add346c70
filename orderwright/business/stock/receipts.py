"""Units arrive: from the supplier into bins, at a cost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from orderwright.business.stock import tables
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Booked, Pile, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.goods import goods_findings, place_findings
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import SELLABLE, Books, Costs, Place, Step
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_ids
from orderwright.values.money import BadAmount, format_micro, parse_micro
from orderwright.values.refusal import Refusal


class _Known(NamedTuple):
    """What the rows around a call say; lots, costs and books follow the receipts as they are booked."""

    goods: dict[str, tables.Goods]
    sites: Mapping[str, str]
    places: dict[tuple[str, str], Place]
    lots: dict[tuple[str, str], date | None]
    costs: Costs
    books: Books


def receive(tx: Tx, commands: Sequence[Receipt]) -> list[Booked | Refusal]:
    """Book arrivals: supplier to place, on hand, and the moving average cost of what is sellable.

    The same reference at a site again is answered as the first time. Refuses receipt_differs, malformed,
    unknown_site, unknown_sku, unknown_place, kit_not_stocked, retired_sku, lot_needed, expiry_needed: all
    findings at once.
    """
    forms = [command.form for command in commands]
    known = _read(tx, forms)
    documents = Documents(tx, "receipt", "receipt_differs", Booked, [(form.site, form.reference) for form in forms])
    results: list[Booked | Refusal] = []
    moves: list[Move] = []
    new_lots: dict[tuple[str, str], date | None] = {}
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = command.form
        unreadable = findings_of_form(form)
        if unreadable:
            results.append(refusal_of([*unreadable, *_findings(form, known)]))
            continue
        form = _normal(form)
        earlier = documents.earlier(form.site, form.reference, form)
        findings = [] if earlier else list(_findings(form, known))
        if earlier or findings:
            results.append(earlier or refusal_of(findings))
            continue
        answer = _answer(id_, form)
        documents.add(tx, form.site, form.reference, form, answer)
        results.append(answer)
        moves += _book(command.actor, id_, form, known, new_lots)
    tables.keep_lots(tx, new_lots)
    move_units(tx, moves)
    tables.save_costs(tx, known.costs.changed)
    documents.write(tx)
    return results


def _read(tx: Tx, forms: Sequence[ReceiptForm]) -> _Known:
    lines = [(form.site, line) for form in forms for line in form.lines]
    # Locked before the products are read: a product that is being made a kit holds these rows.
    counters = tables.lock_counters(tx, [(line.sku, site) for site, line in lines])
    places = [(site, line.place) for site, line in lines] + [(form.site, "SUPPLIER") for form in forms]
    return _Known(
        tables.goods(tx, [line.sku for _, line in lines]),
        tables.time_zones(tx, [form.site for form in forms]),
        tables.places(tx, places),
        tables.expiries(tx, [(line.sku, line.lot) for _, line in lines if line.lot]),
        Costs({pair: counter.cost_micro for pair, counter in counters.items()}),
        tables.open_books(counters, {}),
    )


def findings_of_form(form: ReceiptForm) -> list[Finding]:
    """What of a receipt is wrong by itself, whatever the store holds: texts, dates without a lot, costs."""
    findings = list(text_findings(form))
    for i, line in enumerate(form.lines):
        if line.expires_on is not None and not line.lot:
            findings.append(Finding(f"/lines/{i}/lot", "lot", "A date needs the lot it belongs to."))
        try:
            is_negative = line.unit_cost is not None and parse_micro(line.unit_cost) < 0
        except BadAmount as problem:
            at = f"/lines/{i}/unit_cost"
            findings.append(worded(at, "bad_money", "It cannot be read: {problem}.", problem=problem.phrase))
        else:
            if is_negative:
                findings.append(Finding(f"/lines/{i}/unit_cost", "bad_money", "It is below zero."))
    return findings


def _normal(form: ReceiptForm) -> ReceiptForm:
    """The same form with costs written one way, so that 3.10 is no other receipt than 3.1."""
    replace = msgspec.structs.replace
    lines = [
        line if line.unit_cost is None else replace(line, unit_cost=format_micro(parse_micro(line.unit_cost)))
        for line in form.lines
    ]
    return replace(form, lines=lines)


def _findings(form: ReceiptForm, known: _Known) -> Iterator[Finding]:
    if form.site not in known.sites:
        yield known_as("unknown_site", "/site")
    lots: dict[tuple[str, str], date] = {}
    for i, line in enumerate(form.lines):
        pointer = f"/lines/{i}"
        yield from goods_findings(pointer, line.sku, line.lot, known.goods, is_arrival=True)
        if form.site in known.sites:
            yield from place_findings(f"{pointer}/place", known.places.get((form.site, line.place)))
        key = (line.sku, line.lot)
        goods = known.goods.get(line.sku)
        if line.expires_on is None and line.lot and goods is not None and goods.asks_expiry:
            if not (known.lots.get(key) or lots.get(key)):
                yield known_as("expiry_needed", f"{pointer}/expires_on")
        elif line.expires_on is not None:
            expires_on = known.lots.get(key) or lots.setdefault(key, line.expires_on)
            if expires_on != line.expires_on:
                yield worded(f"{pointer}/expires_on", "lot", "This lot expires on {day}.", day=expires_on)


def _answer(id_: str, form: ReceiptForm) -> Booked:
    piles = [Pile(line.sku, line.quantity, line.place, line.lot) for line in form.lines]
    return Booked(id_, form.site, form.reference, piles)


def _book(
    actor: str,
    id_: str,
    form: ReceiptForm,
    known: _Known,
    new_lots: dict[tuple[str, str], date | None],
) -> Iterator[Move]:
    cause = f"receipt:{form.site}/{form.reference}" if form.reference else f"receipt:{id_}"
    supplier = known.places[form.site, "SUPPLIER"]
    for number, line in enumerate(form.lines, 1):
        place = known.places[form.site, line.place]
        cost_micro = None if line.unit_cost is None else parse_micro(line.unit_cost)
        if cost_micro is not None and place.kind in SELLABLE:
            on_hand = known.books.on_hand(line.sku, form.site)
            known.costs.add(line.sku, form.site, on_hand, cost_micro, line.quantity)
        known.books.post([Step(line.sku, line.lot, supplier, place, line.quantity)], is_freed=True)
        if line.lot:
            _learn(line, known.lots, new_lots)
        yield Move(
            line.sku, line.lot, supplier.id, place.id, line.quantity, "receive", cause, number, actor,
            unit_cost_micro=cost_micro,
        )  # fmt: skip


def _learn(
    line: ReceiptLine,
    lots: dict[tuple[str, str], date | None],
    new_lots: dict[tuple[str, str], date | None],
) -> None:
    key = (line.sku, line.lot)
    if key not in lots or (lots[key] is None and line.expires_on is not None):
        lots[key] = new_lots[key] = line.expires_on
