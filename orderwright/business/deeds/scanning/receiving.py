"""Receiving by scans: what is to come, and taking in what came."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.receiving.take_in import BENCH, QUARANTINE, take_in
from orderwright.business.deeds.scanning.ahead import goods_scanned, is_replay, lock_goods
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.purchasing.delivery_forms import Delivered, Delivery, DeliveryForm, DeliveryLineForm
from orderwright.business.stock.coming_in import dates_of_lots, lock_undated
from orderwright.business.warehouse.days import site_days
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.receive import Arriving, ReceiveView, TakeIn
from orderwright.business.warehouse.sessions.steps import notice
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """It is about a purchase order, by its number, or about whatever comes. Refuses not_found, purchase_step."""
    named = [each.subject.strip() for each in commands]
    rows = tx.rows(
        "SELECT id::text, number, site, state FROM purchase_order WHERE number = ANY(%(asked)s::text[])"
        " OR id::text = ANY(%(asked)s::text[])",
        asked=array(askable(spelled for name in named if name for spelled in (name, name.upper()))),
    )
    found = {name: row for row in rows for name in (row.number, row.id)}
    return [
        _begin(each, found.get(name) or found.get(name.upper())) if name else ""
        for each, name in zip(commands, named, strict=True)
    ]


def _begin(command: OpenSession, row: Any) -> str | Refusal:
    if row is None or row.site != command.site:
        return Refusal("not_found", purchase=command.subject)
    if row.state not in ("sent", "confirmed", "part_received"):
        return Refusal("purchase_step", purchase=row.number, state=row.state, deed="receive")
    return str(row.id)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, ReceiveView]:
    """What is to come for the sessions, and the products their scans are of, by session id."""
    again = is_replay(tx, asking)
    subjects = sorted({each.session.subject for each in asking if is_id(each.session.subject)})
    purchases = tx.rows(
        "SELECT id::text, number, ended_at IS NOT NULL AS is_over FROM purchase_order"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id" + (" FOR UPDATE" if again else ""),
        ids=array(subjects),
    )
    numbers = {row.id: row for row in purchases}
    lines: dict[str, dict[str, int]] = {}
    for row in tx.rows(
        "SELECT purchase_id::text AS id, sku, greatest(0, quantity - cancelled - accepted) AS units FROM purchase_line"
        " WHERE purchase_id = ANY(%(ids)s::uuid[])",
        ids=array(subjects),
    ):
        lines.setdefault(row.id, {})[row.sku] = row.units
    skus = {told.found.sku for each in asking for told in each.told} | {each.state.sku for each in asking}
    goods = tx.rows(
        "SELECT sku, title, tracking, asks_expiry FROM product WHERE sku = ANY(%(skus)s::text[])"
        + (" ORDER BY sku FOR NO KEY UPDATE" if again else ""),
        skus=array(askable(skus)),
    )
    lots = [pair for each in asking for pair in _lots(each, [row.sku for row in goods])]
    if again:
        lock_undated(tx, lots)
        lock_goods(tx, goods_scanned(tx, asking, BENCH, QUARANTINE), is_counted=False)
    days = dates_of_lots(tx, lots)
    today = site_days(tx, {each.session.site for each in asking})
    views = {}
    for each in asking:
        head, mine = numbers.get(each.session.subject), lines.get(each.session.subject, {})
        views[each.session.id] = ReceiveView(
            each.session.site, head.number if head else "", bool(head and head.is_over),
            {row.sku: Arriving(row.sku, row.title, row.tracking, mine.get(row.sku, 0), row.asks_expiry)
             for row in goods},
            sum(mine.values()), today[each.session.site], days,
        )  # fmt: skip
    return views


def _lots(each: Asking, skus: Sequence[str]) -> list[tuple[str, str]]:
    """Lots of products that a session has in hand, or that its scans may name."""
    scans = [told.found.scan for told in each.told]
    days = [str(scan.expires_on) for scan in scans if scan.expires_on]
    lots = {each.state.lot or "", *days, *(scan.lot or scan.text for scan in scans)}
    return [(sku, lot) for sku in skus for lot in sorted(lots - {""})]


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Take in what was counted; each line counts once, by the session and its number in it."""
    outcomes = Outcomes(wanted)
    outcomes.run(TakeIn, _delivery, lambda commands: take_in(tx, commands), _told)
    return outcomes.results


def _delivery(each: Wanted, want: TakeIn) -> Delivery:
    line = DeliveryLineForm(
        sku=want.sku, accepted=want.good, rejected=want.bad,
        reason="damaged" if want.reason == "damaged" else "expired" if want.reason else "", lot=want.lot,
        expires_on=want.expires_on, serials=list(want.serials),
    )  # fmt: skip
    form = DeliveryForm(
        site=each.session.site, purchase=each.view.purchase, lines=[line],
        reference=f"scan:{each.session.id}:{want.number}",
    )  # fmt: skip
    return Delivery(form=form, actor=each.session.person)


def _told(want: TakeIn, delivered: Delivered) -> Notice:
    line = delivered.lines[0]
    say = "arrival_held" if line.held else "arrival_on_bench"
    return notice(say, sku=line.sku, good=line.accepted, held=line.held, bad=line.rejected, why=line.held_for)
