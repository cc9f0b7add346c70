"""What holds for stock. Pure: books over the rows that were locked, the cost average, the choice of bins."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from orderwright.values.refusal import Refusal

SELLABLE = frozenset({"bin", "packing"})
"""Kinds of places that count as on hand; in `packing` lie the units picked for an order."""
PHYSICAL = SELLABLE | {"quarantine", "returns", "receiving"}
"""Kinds of places units lie in; all others are on paper only."""
OPEN_TO_BOOKING = PHYSICAL - {"packing", "returns", "receiving"}
"""Kinds of places people may book from and to; what lies in packing belongs to orders, on the returns bench to
returns and put-backs, on the receiving bench to deliveries, which say what becomes of it."""

REASONS: Mapping[str, tuple[str, str]] = {
    "counted": ("FOUND", "LOST"),
    "found": ("FOUND", ""),
    "lost": ("", "LOST"),
    "stolen": ("", "LOST"),
    "damaged": ("", "SCRAP"),
    "expired": ("", "SCRAP"),
    "quarantined": ("", "QUARANTINE"),
}
"""Reason of an adjustment -> codes of the places units come from (more) and go to (less); '' may not be."""


class Place(NamedTuple):
    """A place of a site."""

    id: int
    site: str
    code: str
    kind: str


class Step(NamedTuple):
    """Units of one lot ('' where none is kept) that go from one place to another."""

    sku: str
    lot: str
    source: Place
    target: Place
    quantity: int


class Shortfall(NamedTuple):
    """Units that orders hold here and that will not be there.

    units: allocated beyond what will be on hand at the site; may be 0. committed: (place id, lot, units)
    on open pick lists beyond what will lie there.
    """

    sku: str
    site: str
    units: int
    committed: tuple[tuple[int, str, int], ...]


class Books:
    """The locked rows, kept up to date while one command after the other is planned.

    lying: (sku, place id, lot) -> (quantity, committed). counters: (sku, site) -> (on hand, allocated).
    """

    def __init__(
        self,
        lying: Mapping[tuple[str, int, str], tuple[int, int]],
        counters: Mapping[tuple[str, str], tuple[int, int]],
    ) -> None:
        self._lying = dict(lying)
        self._counters = dict(counters)
        self._places: dict[int, Place] = {}

    def quantity(self, sku: str, place: Place, lot: str) -> int:
        """What lies in a place."""
        return self._lying.get((sku, place.id, lot), (0, 0))[0]

    def on_hand(self, sku: str, site: str) -> int:
        """What is on hand at a site."""
        return self._counters.get((sku, site), (0, 0))[0]

    def post(self, steps: Sequence[Step], *, is_freed: bool) -> Refusal | None:
        """Book all steps of a command, or none of them: short_stock when a place does not hold enough.

        is_freed: what orders hold counts as not there; otherwise it is taken, and shows as a shortfall.
        """
        lying, counters = _changes(steps)
        self._places.update((place.id, place) for step in steps for place in (step.source, step.target))
        refusal = self._problem(lying, counters, is_freed)
        if refusal is None:
            for key, change in lying.items():
                quantity, committed = self._lying.get(key, (0, 0))
                self._lying[key] = (quantity + change, committed)
            for pair, change in counters.items():
                on_hand, allocated = self._counters.get(pair, (0, 0))
                self._counters[pair] = (on_hand + change, allocated)
        return refusal

    def shortfalls(self) -> list[Shortfall]:
        """What orders hold and will not be there, by (sku, site)."""
        committed: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
        for (sku, place_id, lot), (quantity, held) in sorted(self._lying.items()):
            if held > quantity:
                committed.setdefault((sku, self._places[place_id].site), []).append((place_id, lot, held - quantity))
        over = {
            pair: allocated - on_hand for pair, (on_hand, allocated) in self._counters.items() if allocated > on_hand
        }
        return [
            Shortfall(*pair, over.get(pair, 0), tuple(committed.get(pair, ())))
            for pair in sorted(over.keys() | committed.keys())
        ]

    def _problem(
        self,
        lying: Mapping[tuple[str, int, str], int],
        counters: Mapping[tuple[str, str], int],
        is_freed: bool,
    ) -> Refusal | None:
        for (sku, place_id, lot), change in sorted(lying.items()):
            quantity, committed = self._lying.get((sku, place_id, lot), (0, 0))
            held = committed if is_freed else 0
            if change < 0 and quantity + change < held:
                code = self._places[place_id].code
                return Refusal("short_stock", sku=sku, place=code, lot=lot, wanted=-change, free=quantity - held)
        for (sku, site), change in sorted(counters.items()):
            on_hand, allocated = self._counters.get((sku, site), (0, 0))
            if is_freed and change < 0 and on_hand + change < allocated:
                return Refusal("short_stock", sku=sku, site=site, wanted=-change, free=on_hand - allocated)
        return None


def _changes(
    steps: Iterable[Step],
) -> tuple[dict[tuple[str, int, str], int], dict[tuple[str, str], int]]:
    lying: dict[tuple[str, int, str], int] = {}
    counters: dict[tuple[str, str], int] = {}
    for step in steps:
        for place, change in ((step.source, -step.quantity), (step.target, step.quantity)):
            if place.kind in PHYSICAL:
                key = (step.sku, place.id, step.lot)
                lying[key] = lying.get(key, 0) + change
            if place.kind in SELLABLE:
                pair = (step.sku, place.site)
                counters[pair] = counters.get(pair, 0) + change
    return lying, counters


def average_cost_micro(cost_micro: int, on_hand: int, unit_cost_micro: int, quantity: int) -> int:
    """The moving average unit cost after `quantity` (>= 1) units came in, in millionths of a major unit.

    Weighted by what was on hand before (>= 0), rounded half to even. Source: IAS 2, weighted average cost.
    """
    total = on_hand + quantity
    average, rest = divmod(cost_micro * on_hand + unit_cost_micro * quantity, total)
    if rest * 2 > total or (rest * 2 == total and average & 1):
        average += 1
    return average


class Costs:
    """Average unit costs by (sku, site) while units come in. `changed`: those that are no longer as they were."""

    def __init__(self, costs: Mapping[tuple[str, str], int]) -> None:
        self._costs = dict(costs)
        self.changed: dict[tuple[str, str], int] = {}

    def add(self, sku: str, site: str, on_hand: int, unit_cost_micro: int, quantity: int) -> None:
        """Average in `quantity` units, `on_hand` being what was there before."""
        pair = (sku, site)
        self._costs[pair] = average_cost_micro(self._costs[pair], on_hand, unit_cost_micro, quantity)
        self.changed[pair] = self._costs[pair]


class Bin(NamedTuple):
    """Units of one lot in one bin that are on no pick list. `walk`: where it comes on a walk through the site."""

    place_id: int
    lot: str
    free: int
    expires_on: date | None
    walk: tuple[int, int, int, str]


def choose_bins(bins: Iterable[Bin], quantity: int, today: date) -> list[tuple[Bin, int]]:
    """From which bins to pick `quantity` units, and how many from each; less when there is less.

    What expires first goes first (nothing past its date on `today`, the site's own); within one date from
    as few bins as possible, and of equally good ones the earliest on the walk.
    """
    chosen: list[tuple[Bin, int]] = []
    fresh = [each for each in bins if each.free > 0 and (each.expires_on is None or each.expires_on >= today)]
    for day in sorted({each.expires_on or date.max for each in fresh}):
        same = [each for each in fresh if (each.expires_on or date.max) == day]
        while quantity and same:
            enough = [each for each in same if each.free >= quantity]
            best = min(enough or same, key=lambda each: (0 if enough else -each.free, each.walk, each.lot))
            same.remove(best)
            taken = min(best.free, quantity)
            chosen.append((best, taken))
            quantity -= taken
    return chosen
