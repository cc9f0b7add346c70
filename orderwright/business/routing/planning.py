"""Which site ships which units of one order: pure, deterministic, with the reason for every candidate.

Whole before split: one parcel from one site unless a split is cheaper and allowed. A kit leaves one site
together. What no site has waits, or the order is refused, as its policy says.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date, datetime
from itertools import combinations
from typing import Literal, NamedTuple

from orderwright.business.routing.rates import Zone, parcel_cost_minor

SPLIT_SITES_MAX = 3
SPLIT_CANDIDATES_MAX = 6

Free = MutableMapping[tuple[str, str], int]
"""(sku, site) -> units this order's channel may take there."""


class Want(NamedTuple):
    """Units of one line. `components`: (sku, units in one); a plain line has one component of 1."""

    position: int
    quantity: int
    components: tuple[tuple[str, int], ...]
    unit_weight_g: int
    unit_value_minor: int


class Lane(NamedTuple):
    """One site as a candidate for one destination and service."""

    site: str
    distance_km: int
    zone: Zone
    handling_minor: int
    late_minor: int  # what leaving later than the earliest candidate counts
    ship_by: datetime
    ship_day: date  # of ship_by, in the site's zone
    deliver_by: date


class Policy(NamedTuple):
    """How an order deals with shortage and splitting."""

    shortage: str
    split: str
    ship_complete: bool
    split_value_min_minor: int


class Part(NamedTuple):
    """Units to ship from one lane: (index of the want, units of the line)."""

    lane: Lane
    units: tuple[tuple[int, int], ...]
    cost_minor: int


Outcome = Literal["whole", "split", "partial", "waiting", "refused"]


class Plan(NamedTuple):
    """The decision. `waiting`: index of the want -> units that wait; `claims`: whether they keep others out."""

    outcome: Outcome
    parts: tuple[Part, ...]
    waiting: dict[int, int]
    claims: bool
    candidates: list[tuple[str, int, int, int, str]]  # site, km, cost, units it could ship, reason


def plan_order(
    wants: Sequence[Want], lanes: Sequence[Lane], free: Mapping[tuple[str, str], int], policy: Policy
) -> Plan:
    """Decide one order. `lanes` in order of preference among equals (nearest first, then site code).

    Ties go to fewer parcels, then to the earlier lane, so the same input always gives the same plan. An order
    of which no product is known yet has no wants, and no parcel.
    """
    if not wants:
        return Plan("waiting", (), {}, True, [])
    weight_g = sum([want.quantity * want.unit_weight_g for want in wants])
    needs = _needs(wants)
    whole: list[tuple[int, int]] = []
    candidates: list[tuple[str, int, int, int, str]] = []
    for index, lane in enumerate(lanes):
        site, cost, reason = lane.site, _cost(lane, weight_g), "dearer"
        for sku, units in needs.items():
            if free.get((sku, site), 0) < units:
                reason = f"short of {sku}"
                break
        else:
            whole.append((cost, index))
        candidates.append((site, lane.distance_km, cost, 0, reason))
    best_cost, best_index = min(whole, default=(None, None))
    if policy.split == "cheapest" and (best_cost is None or _split_could_pay(lanes, best_cost)):
        split = _best_split(wants, lanes, free, policy, best_cost)
        if split is not None:
            return Plan("split", split, {}, True, _told(candidates, split))
    if best_index is not None and best_cost is not None:
        part = Part(lanes[best_index], tuple([(i, want.quantity) for i, want in enumerate(wants)]), best_cost)
        return Plan("whole", (part,), {}, True, _told(candidates, (part,)))
    return _short(wants, lanes, free, policy, candidates)


def consume(takes: Mapping[tuple[str, str], int], free: Free) -> None:
    """Take a plan's units out of `free`, so that the next order of the group sees what is left."""
    for key, units in takes.items():
        free[key] = free.get(key, 0) - units


def takes_of(wants: Sequence[Want], plan: Plan) -> dict[tuple[str, str], int]:
    """Units to allocate by (sku, site)."""
    takes: dict[tuple[str, str], int] = {}
    for part in plan.parts:
        site = part.lane.site
        for index, quantity in part.units:
            for sku, per_unit in wants[index].components:
                key = (sku, site)
                takes[key] = takes.get(key, 0) + quantity * per_unit
    return takes


def _short(
    wants: Sequence[Want],
    lanes: Sequence[Lane],
    free: Mapping[tuple[str, str], int],
    policy: Policy,
    candidates: list[tuple[str, int, int, int, str]],
) -> Plan:
    everything = {i: want.quantity for i, want in enumerate(wants)}
    if policy.shortage == "refuse":
        return Plan("refused", (), everything, False, candidates)
    if policy.ship_complete or policy.split == "never":
        # It cannot use a part yet, so it neither takes one nor keeps others from it.
        return Plan("waiting", (), everything, False, candidates)
    parts, left = _fill_most(wants, lanes, free)
    if not parts:
        return Plan("waiting", (), everything, True, candidates)
    shipped = sum(_value(wants, part.units) for part in parts)
    waiting_value = sum(units * wants[i].unit_value_minor for i, units in left.items())
    if min(shipped, waiting_value) < policy.split_value_min_minor:
        return Plan("waiting", (), everything, False, candidates)
    return Plan("partial", parts, left, True, _told(candidates, parts))


def _needs(wants: Sequence[Want]) -> dict[str, int]:
    needs: dict[str, int] = {}
    for want in wants:
        for sku, per_unit in want.components:
            needs[sku] = needs.get(sku, 0) + want.quantity * per_unit
    return needs


def _cost(lane: Lane, weight_g: int) -> int:
    return parcel_cost_minor(lane.zone, weight_g) + lane.handling_minor + lane.late_minor


def _split_could_pay(lanes: Sequence[Lane], whole_cost: int) -> bool:
    # Two empty parcels are the least a split can cost.
    least = sorted([_cost(lane, 0) for lane in lanes])[:2]
    return len(least) == 2 and least[0] + least[1] < whole_cost


def _best_split(
    wants: Sequence[Want],
    lanes: Sequence[Lane],
    free: Mapping[tuple[str, str], int],
    policy: Policy,
    beat: int | None,
) -> tuple[Part, ...] | None:
    best: tuple[int, int, tuple[Part, ...]] | None = None
    worth = _split_lanes(wants, lanes, free)
    reach = _Reach(wants, worth, free)
    if not reach.covers_all():
        return None
    for size in range(2, SPLIT_SITES_MAX + 1):
        for chosen in combinations(range(len(worth)), size):
            parts, left = _assign(wants, worth, chosen, reach)
            cost = sum(part.cost_minor for part in parts)
            if left or len(parts) < 2 or (beat is not None and cost >= beat):
                continue
            if min(_value(wants, part.units) for part in parts) < policy.split_value_min_minor:
                continue
            if best is None or (cost, len(parts)) < best[:2]:
                best = (cost, len(parts), parts)
    return best[2] if best else None


def _fill_most(
    wants: Sequence[Want], lanes: Sequence[Lane], free: Mapping[tuple[str, str], int]
) -> tuple[tuple[Part, ...], dict[int, int]]:
    best: tuple[int, int, int] | None = None
    found: tuple[tuple[Part, ...], dict[int, int]] = ((), {i: want.quantity for i, want in enumerate(wants)})
    worth = _split_lanes(wants, lanes, free)
    reach = _Reach(wants, worth, free)
    for size in range(1, SPLIT_SITES_MAX + 1):
        for chosen in combinations(range(len(worth)), size):
            parts, left = _assign(wants, worth, chosen, reach)
            rank = (sum(left.values()), sum(part.cost_minor for part in parts), len(parts))
            if parts and (best is None or rank < best):
                best, found = rank, (parts, left)
    return found


def _split_lanes(wants: Sequence[Want], lanes: Sequence[Lane], free: Mapping[tuple[str, str], int]) -> list[Lane]:
    """The few lanes worth combining: those with anything to give, most units first, then cheapest."""
    ranked = []
    for index, lane in enumerate(lanes):
        units = sum([min(want.quantity, _units_at(want, lane.site, free, {})) for want in wants])
        if units:
            ranked.append((-units, _cost(lane, 0), index))
    kept = sorted(index for _, _, index in sorted(ranked)[:SPLIT_CANDIDATES_MAX])
    return sorted((lanes[index] for index in kept), key=lambda lane: _cost(lane, 0))


class _Reach:
    """Units each want could have at each lane (by their positions), looked up once for all combinations of lanes.

    Wants that share a product are told apart: what one takes, the other cannot have.
    """

    def __init__(self, wants: Sequence[Want], lanes: Sequence[Lane], free: Mapping[tuple[str, str], int]) -> None:
        self._wants, self._lanes, self._free = wants, lanes, free
        self._rows = [[_units_at(want, lane.site, free, {}) for lane in lanes] for want in wants]
        seen: dict[str, int] = {}
        for want in wants:
            for sku, _ in want.components:
                seen[sku] = seen.get(sku, 0) + 1
        self.is_shared = [any(seen[sku] > 1 for sku, _ in want.components) for want in wants]

    def covers_all(self) -> bool:
        """Whether all lanes together have enough for each want by itself."""
        return all(sum(row) >= want.quantity for row, want in zip(self._rows, self._wants, strict=True))

    def units(self, index: int, used: Mapping[tuple[str, str], int]) -> list[int]:
        """Of a want, by lane, when so much is used already."""
        if not self.is_shared[index]:
            return self._rows[index]
        return [_units_at(self._wants[index], lane.site, self._free, used) for lane in self._lanes]


def _assign(
    wants: Sequence[Want], lanes: Sequence[Lane], chosen: Sequence[int], reach: _Reach
) -> tuple[tuple[Part, ...], dict[int, int]]:
    """Give each line to the first chosen lane that has all of it, else piece by piece; what is left over."""
    used: dict[tuple[str, str], int] = {}
    given: dict[int, list[tuple[int, int]]] = {at: [] for at in chosen}
    left: dict[int, int] = {}
    for index, want in enumerate(wants):
        have = reach.units(index, used)
        remaining = want.quantity
        whole = [at for at in chosen if have[at] >= remaining]
        for at in whole[:1] or chosen:
            taken = min(have[at], remaining)
            if taken <= 0:
                continue
            given[at].append((index, taken))
            remaining -= taken
            if reach.is_shared[index]:
                for sku, per_unit in want.components:
                    key = (sku, lanes[at].site)
                    used[key] = used.get(key, 0) + taken * per_unit
        if remaining:
            left[index] = remaining
    parts = []
    for at, units_given in given.items():
        if units_given:
            weight_g = sum([units * wants[i].unit_weight_g for i, units in units_given])
            parts.append(Part(lanes[at], tuple(units_given), _cost(lanes[at], weight_g)))
    return tuple(parts), left


def _units_at(want: Want, site: str, free: Mapping[tuple[str, str], int], used: Mapping[tuple[str, str], int]) -> int:
    if len(want.components) == 1:  # no kit: what almost every line is
        sku, per_unit = want.components[0]
        left = free.get((sku, site), 0) - used.get((sku, site), 0)
        return left // per_unit if left > 0 else 0
    return max(
        0,
        min((free.get((sku, site), 0) - used.get((sku, site), 0)) // per_unit for sku, per_unit in want.components),
    )


def _value(wants: Sequence[Want], units: Sequence[tuple[int, int]]) -> int:
    return sum(quantity * wants[i].unit_value_minor for i, quantity in units)


def _told(
    candidates: list[tuple[str, int, int, int, str]], parts: Sequence[Part]
) -> list[tuple[str, int, int, int, str]]:
    chosen = {part.lane.site: part for part in parts}
    return [
        (site, km, chosen[site].cost_minor, sum([units for _, units in chosen[site].units]), "chosen")
        if site in chosen
        else (site, km, cost, units, reason)
        for site, km, cost, units, reason in candidates
    ]
