"""Putting away: units go from the receiving bench into a bin, or straight to the orders that wait for them."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.fill import want_filling
from orderwright.business.stock.actions import Move, move_units
from orderwright.business.stock.coming_in import average_in
from orderwright.business.warehouse.places import bins_of, place_ids
from orderwright.business.warehouse.putaway.forms import PutAwayForm, Stowed, StowUnits
from orderwright.business.warehouse.putaway.reads import goods_of, named_bins
from orderwright.business.warehouse.putaway.rows import (
    Key,
    Part,
    Pile,
    lock_piles,
    note_overrides,
    save_piles,
    take_off,
)
from orderwright.business.warehouse.putaway.rules import Goods, unfit
from orderwright.business.warehouse.serials import shelve_units
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.refusal import Refusal

BENCH = "RECEIVING"


def stow(tx: Tx, commands: Sequence[StowUnits]) -> list[Stowed | Refusal]:
    """Put units from the receiving bench into bins, the oldest first; one `Stowed` or Refusal per command.

    From now on they are on hand, at the average cost, and whoever waits for them gets them. Refuses malformed,
    unknown_place (no bin of the site), nothing_to_put_away (fewer of that sku and lot lie on the bench), bin_unfit
    (why: another storage class, no room, too heavy), which a reason overrides and keeps.
    """
    results: list[Any] = [_malformed(each) for each in commands]
    sound = [each.form for each, refusal in zip(commands, results, strict=True) if refusal is None]
    piles = lock_piles(tx, {key_of(form) for form in sound})
    bins = bins_of(tx, [(form.site, form.place) for form in sound])
    fitting = _Fitting(tx, sound)
    done: list[tuple[StowUnits, Part]] = []
    overrides: list[tuple[str, str, str, int, str, str, str]] = []
    for i, command in enumerate(commands):
        form = command.form
        if results[i] is not None:
            continue
        if (form.site, form.place) not in bins:
            results[i] = Refusal("unknown_place", site=form.site, place=form.place)
            continue
        mine = piles.get(key_of(form), [])
        lying = sum(pile.left for pile in mine)
        why = fitting.unfit(form)
        if form.quantity > lying:
            results[i] = Refusal("nothing_to_put_away", sku=form.sku, lot=form.lot, asked=form.quantity, lying=lying)
        elif why and not form.reason:
            results[i] = Refusal("bin_unfit", place=form.place, why=why, sku=form.sku, units=form.quantity)
        else:
            if why:
                overrides.append((form.site, form.place, form.sku, form.quantity, why, form.reason, command.actor))
            fitting.fill(form)
            done += [(command, part) for part in take_off(mine, form.quantity)]
            results[i] = Stowed(form.site, form.sku, form.lot, form.place, form.quantity, lying - form.quantity)
    if done:
        note_overrides(tx, overrides)
        bring_off_bench(tx, [
            (command.form, part, bins[command.form.site, command.form.place], command.actor) for command, part in done
        ])  # fmt: skip
        want_filling(tx, {command.form.sku for command, _ in done})
    return results


def key_of(form: Any) -> Key:
    """(site, sku, lot) of a form."""
    return form.site, form.sku, form.lot


def bring_off_bench(tx: Tx, parts: Sequence[tuple[Any, Part, int, str]]) -> None:
    """Move parts of piles from their benches to places: (form with site, sku and lot, part, place id, actor)."""
    benches = place_ids(tx, [(form.site, BENCH) for form, _, _, _ in parts])
    piles: dict[str, Pile] = {part.pile.id: part.pile for _, part, _, _ in parts}
    save_piles(tx, piles)
    average_in(tx, [
        (form.sku, form.site, part.units, part.pile.cost_micro) for form, part, _, _ in parts
        if part.pile.cost_micro is not None
    ])  # fmt: skip
    move_units(tx, [
        Move(form.sku, form.lot, benches[form.site, BENCH], place, part.units, "put_away", f"put_away:{part.pile.id}",
             part.placed, actor, unit_cost_micro=part.pile.cost_micro)
        for form, part, place, actor in parts
    ])  # fmt: skip
    shelve_units(tx, [(benches[form.site, BENCH], form.sku, place, part.units) for form, part, place, _ in parts])


def _malformed(command: StowUnits) -> Refusal | None:
    findings = list(text_findings(command.form))
    return refusal_of(findings) if findings else None


class _Fitting:
    """What bins take, kept up to date while one command after the other goes in."""

    def __init__(self, tx: Tx, forms: Sequence[PutAwayForm]) -> None:
        self._goods = goods_of(tx, {(form.site, form.sku) for form in forms})
        self._bins = named_bins(tx, {(form.site, form.place) for form in forms})

    def unfit(self, form: PutAwayForm) -> str:
        """Why a bin does not take the units; '' when it does, or when bin or product are not known."""
        goods, bin_ = self._goods_of(form), self._bins.get((form.site, form.place))
        return unfit(goods, bin_) if goods is not None and bin_ is not None else ""

    def fill(self, form: PutAwayForm) -> None:
        """The units go in."""
        goods, bin_ = self._goods_of(form), self._bins.get((form.site, form.place))
        if goods is not None and bin_ is not None:
            self._bins[form.site, form.place] = bin_._replace(
                used_cm3=bin_.used_cm3 + goods.units * goods.unit_cm3, used_g=bin_.used_g + goods.units * goods.unit_g
            )

    def _goods_of(self, form: PutAwayForm) -> Goods | None:
        goods = self._goods.get((form.site, form.sku))
        return goods._replace(units=form.quantity, lot=form.lot) if goods is not None else None
