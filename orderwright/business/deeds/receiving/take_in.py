"""Taking in deliveries: what is good goes to the receiving bench, what is not to quarantine."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from orderwright.business.deeds.receiving.naming import known_units, name_at
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.purchasing.deliveries import LineRow, insert_deliveries, tolerance_of
from orderwright.business.purchasing.delivery_forms import (
    Delivered,
    DeliveredLine,
    Delivery,
    DeliveryForm,
    DeliveryLineForm,
)
from orderwright.business.purchasing.facts import PurchaseReceived
from orderwright.business.purchasing.looking import want_looking
from orderwright.business.purchasing.ordering import step_refusal
from orderwright.business.purchasing.rows import Purchase, lock_purchases, save_purchases
from orderwright.business.purchasing.rules import Arriving, Line, Tolerance, judge, missing_for_good
from orderwright.business.stock.actions import Move, move_units
from orderwright.business.stock.coming_in import dates_of_lots, learn_lots
from orderwright.business.stock.documents import Documents
from orderwright.business.warehouse.days import site_days
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.putaway.rows import NewPile, add_piles
from orderwright.business.warehouse.serials import name_findings
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_ids
from orderwright.values.money import BadAmount, parse_micro
from orderwright.values.refusal import Refusal

_FROM, BENCH, QUARANTINE = "SUPPLIER", "RECEIVING", "QUARANTINE"


class _Known(NamedTuple):
    """What the rows around a call say; orders, lots and serials follow the deliveries as they are taken in."""

    purchases: dict[str, Purchase]
    goods: dict[str, Any]
    days: dict[str, date]
    places: dict[tuple[str, str], int]
    lots: dict[tuple[str, str], date | None]
    new_lots: dict[tuple[str, str], date | None]
    named: set[tuple[str, str]]
    tolerance: Tolerance


class _Taken(NamedTuple):
    """What a call takes in."""

    rows: list[tuple[str, str, str | None, str, str, list[LineRow]]]
    moves: list[Move]
    piles: list[NewPile]
    names: dict[tuple[str, str], int]
    exceptions: list[NewException]


def take_in(tx: Tx, commands: Sequence[Delivery]) -> list[Delivered | Refusal]:
    """Receive goods, by purchase order or blind; one `Delivered` or Refusal per command.

    What is good lies on the receiving bench, not yet on hand, until it is put away. Rejected units, and what the rules
    hold (over the tolerance, past their date or too near to it), go to quarantine; what is held opens
    delivery_differs. The same reference at a site again is answered as the first time, `repeated`. Refuses
    delivery_differs, malformed, not_found, purchase_step, unknown_site, unknown_sku, kit_not_stocked, lot_needed,
    expiry_needed, serial_needed, serial_elsewhere.
    """
    forms = [command.form for command in commands]
    keys = [(form.site, form.reference) for form in forms]
    documents = Documents(tx, "delivery", "delivery_differs", Delivered, keys)
    known = _read(tx, forms)
    results: list[Delivered | Refusal] = []
    taken = _Taken([], [], [], {}, [])
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = command.form
        findings = list(text_findings(form))
        answer = None if findings else documents.earlier(form.site, form.reference, form)
        if answer is None:
            answer = _refusal(form, findings, known) or _take(tx, command, id_, known, taken)
            if isinstance(answer, Delivered):
                documents.add(tx, form.site, form.reference, form, answer)
        results.append(answer)
    if taken.rows:
        save_purchases(tx, known.purchases.values())
        insert_deliveries(tx, taken.rows)
        learn_lots(tx, known.new_lots)
        add_piles(tx, taken.piles)
        move_units(tx, taken.moves)
        name_at(tx, taken.names)
        open_exceptions(tx, taken.exceptions)
        documents.write(tx)
        want_looking(tx, {line.sku for row in taken.rows for line in row[5]})
    return results


def _read(tx: Tx, forms: Sequence[DeliveryForm]) -> _Known:
    purchases = lock_purchases(tx, {form.purchase for form in forms if form.purchase})
    sites = askable(form.site for form in forms)
    lines = [line for form in forms for line in form.lines]
    # Locked: lots and piles that are new cannot be before they are written, so their products stand for them.
    rows = tx.rows(
        "SELECT sku, is_kit, tracking, asks_expiry FROM product WHERE sku = ANY(%(skus)s::text[])"
        " ORDER BY sku FOR NO KEY UPDATE",
        skus=array(askable(line.sku for line in lines)),
    )
    units = [(line.sku, serial) for line in lines for serial in line.serials]
    return _Known(
        purchases,
        {row.sku: row for row in rows},
        site_days(tx, sites),
        place_ids(tx, [(site, code) for site in sites for code in (_FROM, BENCH, QUARANTINE)]),
        dates_of_lots(tx, [(line.sku, line.lot) for line in lines if line.lot]),
        {},
        known_units(tx, units),
        tolerance_of(tx),
    )


def _refusal(form: DeliveryForm, findings: list[Finding], known: _Known) -> Refusal | None:
    if form.site not in known.days:
        findings.append(known_as("unknown_site", "/site"))
    named: set[tuple[str, str]] = set()
    for i, line in enumerate(form.lines):
        findings += _line_findings(f"/lines/{i}", line, known)
        if goods := known.goods.get(line.sku):
            unit = (line.sku, line.accepted + line.rejected, goods.tracking == "serial")
            findings += name_findings(f"/lines/{i}", unit, line.serials, known.named, named)
    if findings:
        return refusal_of(findings)
    if not form.purchase:
        return None
    purchase = known.purchases.get(form.purchase)
    refusal = step_refusal(purchase, form.purchase, "receive")
    if refusal is None and purchase is not None and purchase.site != form.site:
        finding = worded("/site", "site", "This order is for {site}.", site=purchase.site)
        return refusal_of([finding])
    return refusal


def _line_findings(pointer: str, line: DeliveryLineForm, known: _Known) -> Iterator[Finding]:
    goods = known.goods.get(line.sku)
    if goods is None:
        yield known_as("unknown_sku", f"{pointer}/sku")
    elif goods.is_kit:
        yield known_as("kit_not_stocked", f"{pointer}/sku")
    elif goods.tracking == "lot" and not line.lot:
        yield known_as("lot_needed", f"{pointer}/lot")
    if not line.accepted + line.rejected:
        yield Finding(f"{pointer}/accepted", "nothing", "Nothing of it came.")
    if bool(line.rejected) != bool(line.reason):
        yield Finding(f"{pointer}/reason", "reason", "Rejected units, and only they, have a reason.")
    if line.expires_on is not None and not line.lot:
        yield Finding(f"{pointer}/lot", "lot", "A date needs the lot it belongs to.")
    day = known.lots.get((line.sku, line.lot))
    if day is not None and line.expires_on not in (None, day):
        yield worded(f"{pointer}/expires_on", "lot", "This lot expires on {day}.", day=day)
    if goods is not None and goods.asks_expiry and line.lot and day is None and line.expires_on is None:
        yield known_as("expiry_needed", f"{pointer}/expires_on")
    try:
        if line.unit_cost is not None and parse_micro(line.unit_cost) < 0:
            yield Finding(f"{pointer}/unit_cost", "bad_money", "It is below zero.")
    except BadAmount as problem:
        yield worded(f"{pointer}/unit_cost", "bad_money", "It cannot be read: {problem}.", problem=problem.phrase)


def _take(tx: Tx, command: Delivery, id_: str, known: _Known, taken: _Taken) -> Delivered:
    form = command.form
    purchase = known.purchases.get(form.purchase)
    rows = [_line(form.site, line, purchase, known) for line in form.lines]
    taken.rows.append((id_, form.site, purchase.id if purchase else None, form.reference, command.actor, rows))
    bench, quarantine = known.places[form.site, BENCH], known.places[form.site, QUARANTINE]
    for number, (line, row) in enumerate(zip(form.lines, rows, strict=True), 1):
        for part, (target, units) in enumerate(((bench, row.accepted), (quarantine, row.rejected + row.held))):
            if units:
                taken.moves.append(Move(
                    row.sku, row.lot, known.places[form.site, _FROM], target, units, "receive", f"delivery:{id_}",
                    2 * number + part, command.actor, unit_cost_micro=row.cost_micro,
                ))  # fmt: skip
        if row.accepted:
            taken.piles.append(NewPile(id_, form.site, row.sku, row.lot, row.accepted, row.cost_micro))
        for i, serial in enumerate(line.serials):
            known.named.add((row.sku, serial))
            taken.names[row.sku, serial] = bench if i < row.accepted else quarantine
    held = [row for row in rows if row.held]
    if held:
        about = {
            "purchase": form.purchase,
            "lines": [
                {"sku": row.sku, "units": row.held, "why": row.held_for, "accepted": row.accepted} for row in held
            ],
        }
        taken.exceptions.append(NewException("", id_, "delivery_differs", about, form.site))
    if purchase is not None:
        told = [(row.position, row.accepted, row.rejected, row.held) for row in rows if row.position is not None]
        tx.record("purchase", purchase.id, PurchaseReceived(delivery_id=id_, lines=told), actor=command.actor)
    return Delivered(
        id_, form.site, form.reference,
        [DeliveredLine(row.sku, row.accepted, row.lot, row.rejected, row.held, row.held_for, row.reason, row.photo)
         for row in rows],
        form.purchase, purchase.state if purchase else "",
    )  # fmt: skip


def _line(site: str, form: DeliveryLineForm, purchase: Purchase | None, known: _Known) -> LineRow:
    """What becomes of a line; the order's line and the lot's date follow."""
    line = purchase.find(form.sku) if purchase is not None else None
    expires_on = known.lots.get((form.sku, form.lot)) or form.expires_on
    held, held_for = judge(_arriving(form, purchase, line, expires_on), known.tolerance, known.days[site])
    accepted = form.accepted - held
    if form.lot and (known.lots.get((form.sku, form.lot)) is None):
        known.lots[form.sku, form.lot] = known.new_lots[form.sku, form.lot] = expires_on
    if purchase is not None and line is not None:
        line = line._replace(accepted=line.accepted + accepted, rejected=line.rejected + form.rejected)
        line = line._replace(cancelled=line.cancelled + missing_for_good(line, known.tolerance))
        purchase.change(line)
    cost_micro = parse_micro(form.unit_cost) if form.unit_cost is not None else None
    if line is not None:
        cost_micro = line.cost_micro
    return LineRow(
        line.position if line else None, form.sku, form.lot, accepted, form.rejected, held, form.reason, held_for,
        form.photo, cost_micro,
    )  # fmt: skip


def _arriving(
    form: DeliveryLineForm, purchase: Purchase | None, line: Line | None, expires_on: date | None
) -> Arriving:
    if purchase is None:  # blind: as many as came are wanted
        return Arriving(form.accepted, form.accepted, form.accepted, expires_on, form.confirm_over)
    left, ordered = (line.left, line.quantity) if line is not None else (0, 0)
    return Arriving(form.accepted, left, ordered, expires_on, form.confirm_over)
