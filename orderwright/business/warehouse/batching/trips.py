"""From orders to trips: what a cart's walk stops at, takes and walks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.loads import Size, size_of, totes_for
from orderwright.business.warehouse.batching.work import Cart, Pick, PickPolicy, Trip, Work
from orderwright.business.warehouse.walking.walks import WorkPace


@dataclass(frozen=True)
class Picking:
    """Everything a plan depends on, but the effort of the search, which is the policy's."""

    works: Sequence[Work]
    floor: Floor
    cart: Cart
    policy: PickPolicy
    pace: WorkPace = field(default_factory=WorkPace)

    @property
    def trip_mm(self) -> int:
        """The walk that takes as long as setting out once more: what one cart less is worth."""
        return self.pace.setup_s * self.pace.walk_mm_s


class Part(NamedTuple):
    """What one trip takes of a work: all of it, or its stops in one zone. work, stops: indices."""

    work: int
    stops: tuple[int, ...]


def whole(works: Sequence[Work]) -> list[Part]:
    """Every work as one part."""
    return [Part(index, tuple(range(len(work.stops)))) for index, work in enumerate(works)]


def in_zone(works: Sequence[Work], zone: str) -> list[Part]:
    """The parts of the works that lie in a zone."""
    parts = (
        Part(index, tuple(at for at, stop in enumerate(work.stops) if stop.at.zone == zone))
        for index, work in enumerate(works)
    )
    return [part for part in parts if part.stops]


def part_size(picking: Picking, part: Part) -> Size:
    """What a part weighs and fills."""
    stops = picking.works[part.work].stops
    return size_of((stops[at] for at in part.stops), picking.policy)


def part_key(picking: Picking, part: Part) -> int:
    """The key of a part's stops on the floor."""
    stops = picking.works[part.work].stops
    return picking.floor.key_of(stops[at].at for at in part.stops)


def picks_of(works: Sequence[Work], parts: Iterable[Part]) -> list[Pick]:
    """Every unit of these parts."""
    return [Pick(part.work, at, works[part.work].stops[at].units) for part in parts for at in part.stops]


def trip_of(picking: Picking, picks: Sequence[Pick], *, zone: str = "", sorted_units: int = 0) -> Trip:
    """The trip that makes these picks, by the shortest walk. In a zone every order's part is handed over."""
    works = picking.works
    bins = {works[pick.work].stops[pick.stop].code: works[pick.work].stops[pick.stop].at for pick in picks}
    orders = {pick.work for pick in picks}
    return Trip(
        tuple(picks),
        tuple(bins.values()),
        picking.floor.walk_mm(list(bins.values())),
        min(works[order].ship_by for order in orders),
        zone,
        sorted_units,
        len(orders) if zone else 0,
    )


def units_in_shared_totes(picking: Picking, parts: Sequence[Part]) -> int:
    """Units that are sorted at packing because their orders share totes; 0 where each order has totes of its own.

    Counts every order of one tote or less once there are not totes enough for all: rather too many than too few.
    """
    totes = [totes_for(part_size(picking, part), picking.cart) for part in parts]
    if sum(totes) <= picking.cart.totes:
        return 0
    small = [part for part, count in zip(parts, totes, strict=True) if count == 1]
    return sum(pick.units for pick in picks_of(picking.works, small))
