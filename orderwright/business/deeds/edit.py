"""Editing orders: an order becomes what a whole new form says, checked, routed and priced like a new one.

How money and units read after an edit, in the words of the glossary:

- A line's `quantity` is what its order is for now: an edit to fewer units makes it smaller, and units cancelled
  before count towards the reduction first. Its amount is for that quantity, so what is live of it is worth its
  share, and an order's goods are the sum of its lines.
- A line that is left out stays on record with all its units cancelled, at price 0: it is worth nothing. It comes
  back when a later edit names it again.
- More units, new lines, another destination, service or way of splitting: all that nobody works on yet is planned
  anew, with the units it held as its own, behind what others wait for. Everything else stays where it was planned.
- What a person judged is not judged again: only findings the order did not have before refuse or hold it, and a
  hold whose finding is gone releases itself.
- Money is judged by the payments there are: an edit that raises what is due holds the order for it, one that
  lowers it pays back what is over, and one that returns to the original leaves nothing owed either way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.editing.answers import answer_of, as_it_stands
from orderwright.business.deeds.editing.current import Current, read_current
from orderwright.business.deeds.editing.deciding import decide
from orderwright.business.deeds.editing.drafting import draft_editions
from orderwright.business.deeds.editing.forms import Edited, Edition, EditOrder
from orderwright.business.deeds.editing.writing import write_editions
from orderwright.business.deeds.placing.answers import told
from orderwright.business.orders.changes import fixed_fields, late_fields, refused_by
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.shipping.readdressing import awaited, lock_unsent, take_back_stale
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def edit_orders(tx: Tx, commands: Sequence[EditOrder]) -> list[Edited | Refusal]:
    """Edit orders to whole new forms; one `Edited` or Refusal per command. An edit raises the version by one.

    Once work on an order has begun only money, what nobody on the floor reads, and the address within its
    country can change: prices do so even on a fully shipped line, without touching stock; with an address the
    labels bought for the old one are taken back, and no parcel leaves with one. Refuses not_found, stale (also
    for the second of two edits of one order at once), order_step (state, fields: too late), edit_fixed (fields),
    order_refused (findings that are new), short_stock (policy "refuse"), label_pending (a carrier is being asked
    for a label to the address as it is), too_late_for_customer.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    currents = read_current(tx, [order.id for order in orders.values()])
    by_number = {current.row.number: current for current in currents.values()}
    results: list[Any] = [_refusal(each, by_number) for each in commands]
    asked: dict[str, int] = {}
    for i, each in enumerate(commands):
        if results[i] is None and each.number in asked and not each.dry_run:
            results[i] = Refusal("stale", version=by_number[each.number].row.version + 1)
        elif results[i] is None and not each.dry_run:
            asked[each.number] = i
    open_ = [i for i, result in enumerate(results) if result is None]
    if open_:
        answers = edit_currents(tx, [(commands[i], by_number[commands[i].number]) for i in open_])
        for i, answer in zip(open_, answers, strict=True):
            results[i] = answer
    return results


def _refusal(command: EditOrder, currents: Mapping[str, Current]) -> Refusal | None:
    current = currents.get(command.number)
    if current is None:
        return Refusal("not_found", number=command.number)
    if command.version is not None and command.version != current.row.version:
        return Refusal("stale", version=current.row.version)
    if current.row.state == "cancelled":
        return Refusal("order_step", state=current.row.state, fields=[])
    return None


def edit_currents(
    tx: Tx, asked: Sequence[tuple[EditOrder, Current]], *, is_resolving: bool = False
) -> list[Edited | Refusal]:
    """Edit orders that are locked and read, each once but for previews. is_resolving: their products became known."""
    catalog = catalog_of(tx)
    editions = draft_editions(tx, catalog, asked)
    for edition in editions if is_resolving else ():
        edition.is_resolving = True
        known = [each for each in edition.targets if each.line and each.line.sku is None and each.sku]
        edition.fields = [f"/lines/{each.form_index}/sku" for each in known]
    results: list[Any] = [None if is_resolving else _judged(each) for each in editions]
    readdressed = [i for i, each in enumerate(editions) if results[i] is None and each.is_readdressed]
    parcels = _lock_parcels(tx, editions, readdressed, results) if readdressed else {}
    going = [i for i, result in enumerate(results) if result is None]
    if not going:
        return results
    for i, refusal in zip(going, decide(tx, catalog, [editions[i] for i in going]), strict=True):
        results[i] = refusal
    written = [editions[i] for i in going if results[i] is None and not editions[i].command.dry_run]
    if written:
        write_editions(tx, written)
        stale = [(parcel, each.command.actor) for each in written for parcel in parcels.get(each.current.row.id, ())]
        take_back_stale(tx, stale)
    states = _states(tx, written)
    for i in going:
        if results[i] is None:
            results[i] = answer_of(editions[i], states.get(editions[i].current.row.id))
    return results


def _lock_parcels(
    tx: Tx, editions: Sequence[Edition], readdressed: Sequence[int], results: list[Any]
) -> dict[str, list[Any]]:
    """The unsent parcels of orders that get another address; those a carrier is being asked about refuse."""
    parcels = lock_unsent(tx, [editions[i].current.row.id for i in readdressed])
    asked = awaited(tx, [parcel for mine in parcels.values() for parcel in mine])
    for i in readdressed:
        if (number := asked.get(editions[i].current.row.id)) is not None:
            results[i] = Refusal("label_pending", number=number)
    return parcels


def _judged(edition: Edition) -> Edited | Refusal | None:
    """What needs no look at the stock. None when the edit may go on."""
    command, current = edition.command, edition.current
    fields = edition.fields
    if not fields and edition.old is not None and edition.draft.form:
        return as_it_stands(current, dry_run=command.dry_run)
    if command.by_customer and (refusal := _beyond_customer(edition)):
        return refusal
    if fixed := fixed_fields(fields):
        return Refusal("edit_fixed", number=command.number, fields=fixed)
    if current.is_begun and (late := late_fields(fields, is_gone=current.is_gone)):
        return Refusal("order_step", state=current.row.state, fields=late)
    moved = [field for field in fields if field.startswith(("/ship_to", "/service"))]
    if moved and any(piece.is_apart for demand in current.demands for piece in demand.planned):
        return Refusal("order_step", state=current.row.state, fields=moved)
    if refused_by(edition.findings, command.door):
        edition.draft.findings = edition.findings
        return Refusal("order_refused", findings=told(edition.draft))
    return None


def _beyond_customer(edition: Edition) -> Refusal | None:
    """Why a customer may not change this: another thing than the address within its country, or too late."""
    number, current = edition.command.number, edition.current
    beyond = [
        field for field in edition.fields if not field.startswith("/ship_to/") or field.startswith("/ship_to/country")
    ]
    if beyond:
        return Refusal("edit_fixed", number=number, fields=beyond)
    return Refusal("too_late_for_customer", number=number) if current.is_begun else None


def _states(tx: Tx, written: Sequence[Edition]) -> dict[str, str]:
    rows = tx.rows(
        "SELECT id::text, state FROM orders WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(each.current.row.id for each in written),
    )
    return {row.id: row.state for row in rows}
