"""Transfers between sites that end short: what is under way for ever is written off, with a reason."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from orderwright.business.stock import tables
from orderwright.business.stock.documents import Documents
from orderwright.business.stock.forms import Booked, CloseTransfer, CloseTransferForm, Pile
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import REASONS, Place
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

CLOSE = "transfer_close"


def close_transfers(tx: Tx, commands: Sequence[CloseTransfer]) -> list[Booked | Refusal]:
    """Write off what of transfers never arrived: out of transit, at what it cost, to loss or scrap.

    Closed before, for the same reason, it is answered as the first time. Refuses transfer_differs (closed for
    another reason), malformed, not_found (no such transfer), and short_stock when nothing is under way. What turns
    up after all is adjusted as `found`.
    """
    forms = [command.form for command in commands]
    keys = [(form.from_site, form.transfer) for form in forms]
    found = tables.documents(tx, "transfer_out", keys, lock=True)
    sent = {key: msgspec.json.decode(answer, type=Booked) for key, (_, answer) in found.items()}
    under_way = tables.under_way(tx, [each.id for each in sent.values()])
    codes = {(form.from_site, code) for form in forms for code in ("TRANSIT", REASONS[form.reason][1])}
    places = tables.places(tx, codes)
    documents = Documents(tx, CLOSE, "transfer_differs", Booked, keys)
    results: list[Booked | Refusal] = []
    moves: list[Move] = []
    for command, key, id_ in zip(commands, keys, new_ids(len(commands)), strict=True):
        findings = [*text_findings(command.form), *_findings(command.form, sent.get(key))]
        answer = refusal_of(findings) if findings else documents.earlier(*key, command.form)
        if answer is None:
            answer = _write_off(command, id_, sent[key].id, under_way[sent[key].id], places, moves)
            if isinstance(answer, Booked):
                documents.add(tx, *key, command.form, answer)
        results.append(answer)
    move_units(tx, moves)
    documents.write(tx)
    return results


def _findings(form: CloseTransferForm, sent: Booked | None) -> Iterator[Finding]:
    if sent is None:
        yield known_as("not_found", "/transfer")
    elif sent.to_site != form.site:
        yield worded("/site", "site", "This transfer goes to {site}.", site=sent.to_site)


def _write_off(
    command: CloseTransfer,
    id_: str,
    transfer_id: str,
    way: tables.UnderWay,
    places: Mapping[tuple[str, str], Place],
    moves: list[Move],
) -> Booked | Refusal:
    form = command.form
    source, target = (places[form.from_site, code] for code in ("TRANSIT", REASONS[form.reason][1]))
    lost = [(key, units) for key, units in sorted(way.left.items()) if units]
    if not lost:
        return Refusal("short_stock", transfer=form.transfer)
    for number, ((sku, lot), units) in enumerate(lost, 1):
        way.left[sku, lot] = 0
        moves.append(
            Move(
                sku, lot, source.id, target.id, units, "transfer", f"{CLOSE}:{transfer_id}", number, command.actor,
                unit_cost_micro=way.costs[sku, lot],
            )
        )  # fmt: skip
    return Booked(id_, form.site, form.transfer, [Pile(sku, units, target.code, lot) for (sku, lot), units in lost])
