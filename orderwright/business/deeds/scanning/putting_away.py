"""Putting away by scans: what lies on the receiving bench, and what its scans want done."""

from collections.abc import Sequence

from orderwright.business.deeds.receiving.bench import list_bench
from orderwright.business.deeds.receiving.cross_dock import cross_dock, lock_waiting
from orderwright.business.deeds.receiving.stow import BENCH, stow
from orderwright.business.deeds.scanning.ahead import goods_scanned, is_replay, lock_goods
from orderwright.business.deeds.scanning.asking import Asking, Wanted, begin_whole
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.putaway.forms import CrossDock, CrossDockForm, PutAwayForm, StowUnits
from orderwright.business.warehouse.putaway.rows import lock_piles_of
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.put_away import Dock, Pile, PutAwayView, Stow
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """It is about the whole receiving bench of a site. Refuses malformed: a subject."""
    return begin_whole(commands)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, PutAwayView]:
    """The benches of the sessions' sites, by session id."""
    if is_replay(tx, asking):
        _lock(tx, asking)
    in_hand: dict[str, set[str]] = {each.session.site: set() for each in asking}
    for each in asking:
        in_hand[each.session.site] |= {each.state.sku, *(told.found.sku for told in each.told)} - {""}
    piles = {
        site: tuple(
            Pile(
                each.sku, each.title, each.lot, each.units,
                tuple((waits.order, waits.units) for waits in each.cross_dock),
                tuple((place.place, place.units) for place in (*each.places, *each.spares)),
            )
            for each in list_bench(tx, site, skus)
        )
        for site, skus in sorted(in_hand.items())
    }  # fmt: skip
    return {each.session.id: PutAwayView(each.session.site, piles[each.session.site]) for each in asking}


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Bring units to who waits for them, and put others into bins."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        Dock, lambda each, want: CrossDock(
            form=CrossDockForm(site=each.session.site, sku=want.sku, lot=want.lot, quantity=want.units),
            actor=each.session.person),
        lambda commands: cross_dock(tx, commands),
    )  # fmt: skip
    outcomes.run(
        Stow, lambda each, want: StowUnits(
            form=PutAwayForm(
                site=each.session.site, sku=want.sku, lot=want.lot, quantity=want.units, place=want.place),
            actor=each.session.person),
        lambda commands: stow(tx, commands),
    )  # fmt: skip
    return outcomes.results


def _lock(tx: Tx, asking: Sequence[Asking]) -> None:
    """Lock who waits for what is scanned, then its piles, then what is on hand and lies there."""
    goods = goods_scanned(tx, asking, BENCH)
    lock_waiting(tx, {sku for _, _, sku in goods})
    lock_piles_of(tx, {(site, sku) for site, _, sku in goods})
    lock_goods(tx, goods)
