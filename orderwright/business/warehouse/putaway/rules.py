"""Where goods that came in are put. Pure: what a bin can take, and which bin is best, with the reasons."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Unfit = Literal["", "storage_class", "room", "load"]
Reason = Literal["same_lot", "same_product", "room_for_all", "empty", "near_start", "far_from_start", "as_often_picked"]


class Goods(NamedTuple):
    """Units to be put away. storage_class: what they ask for, '' nothing. unit_cm3, unit_g: 0 when nobody measured.

    rank_permille: how often they are picked among the site's products, 0 most often, 1000 never.
    """

    sku: str
    lot: str
    units: int
    storage_class: str
    unit_cm3: int
    unit_g: int
    rank_permille: int = 1000


class Bin(NamedTuple):
    """A bin. room_cm3, load_g: 0 when nobody said; used: by what lies there. skus: in it; has_lot: of the goods' lot.

    walk_permille: how far it is to walk from the start, 0 the nearest bin of the site, 1000 the farthest.
    """

    code: str
    storage_class: str
    room_cm3: int
    load_g: int
    used_cm3: int
    used_g: int
    skus: int
    has_sku: bool
    has_lot: bool
    walk_permille: int


class Choice(NamedTuple):
    """Units for a bin, and why this one."""

    place: str
    units: int
    reasons: tuple[Reason, ...]


def fits(goods: Goods, bin_: Bin) -> int:
    """How many of the units a bin takes: by room and load, where both are known. 0 for goods of another storage class.

    The class is that of temperature and hazard ("cold", "frozen", "flammable"): cold goods lie in cold bins alone, and
    goods that ask for nothing take no place from those that do.
    """
    if goods.storage_class != bin_.storage_class:
        return 0
    units = goods.units
    if bin_.room_cm3 and goods.unit_cm3:
        units = min(units, max(0, bin_.room_cm3 - bin_.used_cm3) // goods.unit_cm3)
    if bin_.load_g and goods.unit_g:
        units = min(units, max(0, bin_.load_g - bin_.used_g) // goods.unit_g)
    return units


def unfit(goods: Goods, bin_: Bin) -> Unfit:
    """Why a bin does not take all the units; '' when it does."""
    if goods.storage_class != bin_.storage_class:
        return "storage_class"
    if bin_.room_cm3 and goods.unit_cm3 and bin_.used_cm3 + goods.units * goods.unit_cm3 > bin_.room_cm3:
        return "room"
    if bin_.load_g and goods.unit_g and bin_.used_g + goods.units * goods.unit_g > bin_.load_g:
        return "load"
    return ""


def choose(goods: Goods, bins: Iterable[Bin], bins_max: int = 5) -> list[Choice]:
    """Bins for the units, best first, until all have one; fewer units than asked when the bins take no more.

    In this order: a bin that holds the lot, then the product; one that takes all the units; one that is empty; the one
    whose distance from the start is nearest to how often the product is picked (often: near, seldom: far), then its
    code. So what is picked often lies near the start, and what is not leaves that room free.
    """
    able = [(bin_, units) for bin_ in bins if (units := fits(goods, bin_))]
    able.sort(key=lambda each: _rank(goods, *each))
    chosen: list[Choice] = []
    left = goods.units
    for bin_, units in able:
        if not left or len(chosen) == bins_max:
            break
        part = min(left, units)
        chosen.append(Choice(bin_.code, part, _reasons(goods, bin_, units)))
        left -= part
    return chosen


def spares(goods: Goods, bins: Iterable[Bin], chosen: Sequence[Choice], spares_max: int = 4) -> list[Choice]:
    """The next best bins, in case one of the chosen turns out to be full; units: what each takes."""
    taken = {each.place for each in chosen}
    able = [(bin_, units) for bin_ in bins if (units := fits(goods, bin_)) and bin_.code not in taken]
    able.sort(key=lambda each: _rank(goods, *each))
    return [Choice(bin_.code, units, _reasons(goods, bin_, units)) for bin_, units in able[:spares_max]]


def _rank(goods: Goods, bin_: Bin, units: int) -> tuple[bool, bool, bool, bool, int, str]:
    away = abs(bin_.walk_permille - goods.rank_permille)
    return (not bin_.has_lot, not bin_.has_sku, units < goods.units, bin_.skus > 0, away, bin_.code)


def _reasons(goods: Goods, bin_: Bin, units: int) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if bin_.has_sku:
        reasons.append("same_lot" if bin_.has_lot and goods.lot else "same_product")
    if units == goods.units:
        reasons.append("room_for_all")
    if not bin_.skus:
        reasons.append("empty")
    if goods.rank_permille <= 200 and bin_.walk_permille <= 333:
        reasons.append("near_start")
    elif goods.rank_permille >= 800 and bin_.walk_permille >= 667:
        reasons.append("far_from_start")
    else:
        reasons.append("as_often_picked")
    return tuple(reasons)


def share_out(units: int, wanted: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Units for those who wait, first come first served: (who, units), without those who get none."""
    parts = []
    for who, asked in wanted:
        part = min(units, asked)
        units -= part
        if part:
            parts.append((who, part))
    return parts
