"""Broken goods by scans: what lies where people scan, and taking it out of sale."""

from collections.abc import Sequence

from orderwright.business.deeds.damaged import remove_damaged
from orderwright.business.deeds.scanning.ahead import goods_scanned, is_replay, lock_goods
from orderwright.business.deeds.scanning.asking import Asking, Wanted, begin_whole
from orderwright.business.deeds.scanning.lying import lying_where_scanned, skus_of
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.damage.forms import DamageForm, DamageShown, ReportDamage
from orderwright.business.warehouse.serials import Unit, holders_of, places_of
from orderwright.business.warehouse.sessions.damage import DamageView, TakeOut
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.steps import notice, serial_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.refusal import Refusal


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """It is about whatever is broken at a site. Refuses malformed: a subject."""
    return begin_whole(commands)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, DamageView]:
    """What lies where the sessions scan, by session id."""
    if is_replay(tx, asking):
        lock_goods(tx, goods_scanned(tx, asking, "QUARANTINE"))
    piles = lying_where_scanned(tx, asking)
    at = _places_read(tx, asking)
    rows = tx.rows(
        "SELECT sku, title, tracking FROM product WHERE sku = ANY(%(skus)s::text[])",
        skus=array(askable(sku for each in asking for sku in skus_of(each))),
    )
    titles = {row.sku: row.title for row in rows}
    by_serial = frozenset(row.sku for row in rows if row.tracking == "serial")
    return {
        each.session.id: DamageView(titles, piles.get(each.session.site, {}), by_serial, at[each.session.site])
        for each in asking
    }


def _places_read(tx: Tx, asking: Sequence[Asking]) -> dict[str, dict[Unit, str]]:
    """Where the books have the units whose serials are scanned, as people of each site call it."""
    serials = {
        (each.session.id, sku, serial_of(told)) for each in asking for told in each.told for sku in skus_of(each)
    }
    units = {(sku, serial) for _, sku, serial in serials if serial}
    lying, holders = places_of(tx, units), holders_of(tx, units)
    return {
        site: {unit: code if at == site else f"{at}/{code}" for unit, (at, code) in lying.items()} | holders
        for site in {each.session.site for each in asking}
    }


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Take units out of sale; a supervisor is told."""
    outcomes = Outcomes(wanted)
    outcomes.run(TakeOut, _report, lambda commands: remove_damaged(tx, commands), _told)
    return outcomes.results


def _report(each: Wanted, want: TakeOut) -> ReportDamage:
    form = DamageForm(
        site=each.session.site,
        sku=want.sku,
        quantity=want.units,
        reason=want.reason,
        place=want.place,
        lot=want.lot,
        serials=list(want.serials),
    )
    return ReportDamage(form=form, actor=each.session.person)


def _told(want: TakeOut, shown: DamageShown) -> Notice:
    return notice("damage_told", units=want.units, sku=want.sku, where=shown.sent_to)
