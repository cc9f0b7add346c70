"""Broken goods: out of sale at once, with the promises they break; a supervisor is told and judges."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orderwright.business.deeds.books import adjust_stock, transfer_unread
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Transfer, TransferForm, TransferLine
from orderwright.business.warehouse.damage.forms import DamageShown, JudgeDamage, JudgeForm, ReportDamage
from orderwright.business.warehouse.damage.rows import add_damage, damage_now, known_as, lock_damage, save_verdicts
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

_KIND = "goods_damaged"


def remove_damaged(tx: Tx, commands: Sequence[ReportDamage]) -> list[DamageShown | Refusal]:
    """Take units out of sale, to quarantine or to scrap; one `DamageShown` or Refusal per command.

    Orders that were promised them are routed again or wait; an exception tells a supervisor, until they are judged. The
    same reference again: `repeated`. Refuses what adjustments refuse (malformed, unknown_site, unknown_place,
    unknown_sku, lot_needed, kit_not_stocked, short_stock, adjustment_differs, serial_needed, serial_elsewhere).
    """
    results: list[Any] = [_text_refusal(each.form) for each in commands]
    sound = [i for i, each in enumerate(results) if each is None]
    for i, booked in zip(sound, adjust_stock(tx, [_adjustment(commands[i]) for i in sound]), strict=True):
        results[i] = booked
    ids = new_ids(len(commands))
    new = [(ids[i], commands[i]) for i in sound if not isinstance(results[i], Refusal) and not results[i].repeated]
    _report(tx, new)
    before = known_as(tx, [(each.form.site, each.form.reference) for each in commands if each.form.reference])
    told = [
        each if isinstance(each, Refusal) else before.get((command.form.site, command.form.reference), id_)
        for each, command, id_ in zip(results, commands, ids, strict=True)
    ]
    now = damage_now(tx, [each for each in told if not isinstance(each, Refusal)])
    return [
        each if isinstance(each, Refusal) else msgspec.structs.replace(now[each], repeated=booked.repeated)
        for each, booked in zip(told, results, strict=True)
    ]


def want_judging(tx: Tx, reports: Sequence[ReportDamage]) -> None:
    """Tell a supervisor of units that somebody has put into quarantine already."""
    if reports:
        _report(tx, list(zip(new_ids(len(reports)), reports, strict=True)))


def _report(tx: Tx, new: Sequence[tuple[str, ReportDamage]]) -> None:
    add_damage(tx, new)
    open_exceptions(tx, [
        NewException("", id_, _KIND, {"sku": each.form.sku, "place": each.form.place, "units": each.form.quantity,
                                      "reason": each.form.reason, "sent_to": each.form.sent_to}, site=each.form.site)
        for id_, each in new
    ])  # fmt: skip


def _text_refusal(form: msgspec.Struct) -> Refusal | None:
    findings = list(text_findings(form))
    return refusal_of(findings) if findings else None


def _adjustment(command: ReportDamage) -> Adjustment:
    form = command.form
    reference = f"damage:{form.reference}" if form.reference else ""
    reason: Any = "quarantined" if form.sent_to == "quarantine" else "damaged"
    return Adjustment(
        form=AdjustmentForm(
            site=form.site, sku=form.sku, reason=reason, quantity=-form.quantity, place=form.place, lot=form.lot,
            serials=form.serials, reference=reference,
        ),
        actor=command.actor,
    )  # fmt: skip


def judge_damaged(tx: Tx, commands: Sequence[JudgeDamage]) -> list[DamageShown | Refusal]:
    """Decide what becomes of units taken out: scrap, or back into a bin; the exception closes.

    What went to scrap at once can only be confirmed. The same verdict again: `repeated`. Refuses malformed, not_found,
    damage_step (judged otherwise, or gone to scrap), and what adjustments and transfers refuse.
    """
    rows = lock_damage(tx, [each.damage_id for each in commands])
    results: list[Any] = []
    judged: dict[str, JudgeDamage] = {}
    for each in commands:
        refusal = _text_refusal(JudgeForm(verdict=each.verdict, place=each.place))
        row = rows.get(each.damage_id)
        if refusal is not None or row is None:
            results.append(refusal or Refusal("not_found", damage_id=each.damage_id))
            continue
        before = judged[row.id].verdict if row.id in judged else row.verdict
        if before == each.verdict:
            results.append(True)
        elif before or (row.sent_to == "scrap" and each.verdict == "restock"):
            results.append(Refusal("damage_step", damage_id=row.id, verdict=before or "scrap"))
        else:
            refusal = _book(tx, row, each)
            results.append(refusal or False)
            if refusal is None:
                judged[row.id] = each
    if judged:
        save_verdicts(tx, judged)
        for verdict in sorted({each.verdict for each in judged.values()}):
            mine = [each for each in judged.values() if each.verdict == verdict]
            closed = [(each.damage_id, _KIND) for each in mine]
            close_exceptions(tx, closed, actor=mine[0].actor, resolution=verdict)
    now = damage_now(tx, rows)
    return [
        each if isinstance(each, Refusal) else msgspec.structs.replace(now[command.damage_id], repeated=each)
        for command, each in zip(commands, results, strict=True)
    ]


def _book(tx: Tx, row: DamageShown, command: JudgeDamage) -> Refusal | None:
    """Move what lies in quarantine; judging is seldom, so one after the other."""
    if row.sent_to == "scrap":
        return None
    if command.verdict == "scrap":
        form = AdjustmentForm(
            site=row.site, sku=row.sku, reason="damaged", quantity=-row.units, place="QUARANTINE", lot=row.lot,
            serials=row.serials, reference=f"damage:{row.id}",
        )  # fmt: skip
        [booked] = adjust_stock(tx, [Adjustment(form=form, actor=command.actor)])
    else:
        line = TransferLine(
            sku=row.sku,
            quantity=row.units,
            from_place="QUARANTINE",
            to_place=command.place or row.place,
            lot=row.lot,
            serials=row.serials,
        )
        move = TransferForm(site=row.site, lines=[line], reference=f"damage:{row.id}")
        [booked] = transfer_unread(tx, [Transfer(form=move, actor=command.actor)])
    return booked if isinstance(booked, Refusal) else None
