"""The second half of a transfer between sites: what was sent comes in, at what it cost where it came from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from orderwright.business.stock import tables
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Arrival, ArrivalForm, Booked, DispatchLine, Pile
from orderwright.business.stock.goods import goods_findings, place_findings
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import SELLABLE, Books, Costs, Place, Step
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


class _Known(NamedTuple):
    """What the rows around a call say; `left`, costs and books follow the arrivals as they are booked."""

    goods: dict[str, tables.Goods]
    places: dict[tuple[str, str], Place]
    sent: dict[tuple[str, str], Booked]  # by (site, reference)
    under_way: dict[str, tables.UnderWay]  # by transfer id
    costs: Costs
    books: Books


def transfer_in(tx: Tx, commands: Sequence[Arrival]) -> list[Booked | Refusal]:
    """Take in units of a transfer, in one arrival or several; what did not arrive stays in transit
    until the rest comes or the transfer is closed.

    The same reference at a site again is answered as the first time. Refuses transfer_differs, malformed,
    not_found (no such transfer), unknown_sku, unknown_place, kit_not_stocked, lot_needed (all findings at once), and
    short_stock when more arrives than is under way, or nothing is.
    """
    forms = [command.form for command in commands]
    known = _read(tx, forms)
    documents = Documents(
        tx, "transfer_in", "transfer_differs", Booked, [(form.site, form.reference) for form in forms]
    )
    results: list[Booked | Refusal] = []
    moves: list[Move] = []
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = command.form
        findings = list(text_findings(form))
        answer = None if findings else documents.earlier(form.site, form.reference, form)
        if answer is None:
            findings += _findings(command, known)
            answer = refusal_of(findings) if findings else _take_in(command, id_, known, moves)
            if isinstance(answer, Booked):
                documents.add(tx, form.site, form.reference, form, answer)
        results.append(answer)
    move_units(tx, moves)
    tables.save_costs(tx, known.costs.changed)
    documents.write(tx)
    return results


def _read(tx: Tx, forms: Sequence[ArrivalForm]) -> _Known:
    found = tables.documents(tx, "transfer_out", [(form.from_site, form.transfer) for form in forms], lock=True)
    sent = {key: msgspec.json.decode(answer, type=Booked) for key, (_, answer) in found.items()}
    under_way = tables.under_way(tx, [each.id for each in sent.values()])
    skus = {pile.sku for each in sent.values() for pile in each.lines}
    skus |= {line.sku for form in forms for line in form.lines}
    places = {(form.from_site, "TRANSIT") for form in forms}
    places |= {(form.site, code) for form in forms for code in ("STOCK", *(line.place for line in form.lines))}
    counters = tables.lock_counters(tx, {(sku, form.site) for form in forms for sku in skus})
    costs = Costs({pair: counter.cost_micro for pair, counter in counters.items()})
    return _Known(
        tables.goods(tx, skus), tables.places(tx, places), sent, under_way, costs, tables.open_books(counters, {})
    )  # fmt: skip


def _findings(command: Arrival, known: _Known) -> Iterator[Finding]:
    form = command.form
    sent = known.sent.get((form.from_site, form.transfer))
    if sent is None:
        yield known_as("not_found", "/transfer")
    elif sent.to_site != form.site:
        yield worded("/site", "site", "This transfer goes to {site}.", site=sent.to_site)
    for i, line in enumerate(form.lines):
        yield from goods_findings(f"/lines/{i}", line.sku, line.lot, known.goods)
        if sent is not None and sent.to_site == form.site:
            place = known.places.get((form.site, line.place))
            yield from place_findings(f"/lines/{i}/place", place, is_bench_open=command.is_bench_open)


def _take_in(command: Arrival, id_: str, known: _Known, moves: list[Move]) -> Booked | Refusal:
    form = command.form
    sent = known.sent[form.from_site, form.transfer]
    way = known.under_way[sent.id]
    lines = form.lines or [
        DispatchLine(sku=sku, quantity=units, lot=lot) for (sku, lot), units in sorted(way.left.items()) if units
    ]
    if not lines:
        return Refusal("short_stock", transfer=form.transfer)
    wanted = Counter[tuple[str, str]]()
    for line in lines:
        wanted[line.sku, line.lot] += line.quantity
    for (sku, lot), units in wanted.items():
        left = way.left.get((sku, lot), 0)
        if units > left:
            return Refusal("short_stock", sku=sku, lot=lot, wanted=units, free=left)
    source = known.places[form.from_site, "TRANSIT"]
    for line in lines:
        way.left[line.sku, line.lot] -= line.quantity
        way.arrivals += 1
        place = known.places[form.site, line.place]
        cost_micro = way.costs[line.sku, line.lot]
        if place.kind in SELLABLE:
            on_hand = known.books.on_hand(line.sku, form.site)
            known.costs.add(line.sku, form.site, on_hand, cost_micro, line.quantity)
        known.books.post([Step(line.sku, line.lot, source, place, line.quantity)], is_freed=True)
        moves.append(
            Move(
                line.sku, line.lot, source.id, place.id, line.quantity, "transfer", f"transfer_in:{sent.id}",
                way.arrivals, command.actor, unit_cost_micro=cost_micro,
            )
        )  # fmt: skip
    piles = [Pile(line.sku, line.quantity, line.place, line.lot) for line in lines]
    return Booked(id_, form.site, form.reference, piles)
