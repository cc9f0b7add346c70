"""Carts for the orders of a site: whoever is due first goes first, and neighbours go together. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from operator import or_

from orderwright.business.warehouse.batching.loads import Room, Size, totes_for, totes_shared
from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.batching.search import ENDLESS, Moves, searched
from orderwright.business.warehouse.batching.trips import (
    Part,
    Picking,
    part_key,
    part_size,
    picks_of,
    trip_of,
    units_in_shared_totes,
    whole,
)
from orderwright.business.warehouse.batching.work import Trip


@dataclass(frozen=True)
class _Item:
    """What goes onto a cart as one: a part of an order, or a cart of an earlier window that has room left."""

    parts: tuple[Part, ...]
    sizes: tuple[Size, ...]
    key: int
    load: int


def plan_carts(
    picking: Picking, bound: Moves = ENDLESS, parts: Sequence[Part] | None = None, zone: str = ""
) -> list[Trip]:
    """Trips for all works, or for the given parts of them: each is on exactly one, and they stand in order of leaving.

    Due windows are taken one after the other, so the carts of earlier orders leave first; a cart that is at most
    half full takes orders of the next window along if the policy tops up. Every cart is within its totes, weight
    and volume, but for an order that is too large alone: its trip says `is_over`. bound: `searched`.
    """
    planner = _Planner(picking, bound, zone)
    parts = whole(picking.works) if parts is None else parts
    return planner.planned([part for part in parts if part.stops])


class _Planner:
    def __init__(self, picking: Picking, bound: Moves, zone: str) -> None:
        self.picking = picking
        self.room = Room(picking.cart)
        self.bound = bound
        self.zone = zone

    def window(self, part: Part) -> int:
        return self.picking.policy.window(self.picking.works[part.work].ship_by)

    def planned(self, parts: Sequence[Part]) -> list[Trip]:
        over: list[_Item] = []
        done: list[_Item] = []
        waiting: list[_Item] = []
        for _, due in groupby(sorted(parts, key=lambda part: (self.window(part), part)), self.window):
            items = [self.item(part) for part in due]
            over += [item for item in items if not self.room.fits(item.load)]
            joined = self.joined(waiting + [item for item in items if self.room.fits(item.load)], len(parts))
            waiting = [item for item in joined if self.picking.policy.tops_up and self.has_half_left(item)]
            done += [item for item in joined if item not in waiting]
        trips = [self.trip(item) for item in done + waiting] + [replace(self.trip(item), is_over=True) for item in over]
        works, urgency = self.picking.works, self.picking.policy.urgency
        return sorted(trips, key=lambda trip: (min(urgency(works[work]) for work in trip.works), trip.works))

    def item(self, part: Part) -> _Item:
        size = part_size(self.picking, part)
        return _Item((part,), (size,), part_key(self.picking, part), self.room.load_of(size))

    def has_half_left(self, item: _Item) -> bool:
        return self.room.fits(2 * item.load)

    def joined(self, items: list[_Item], count: int) -> list[_Item]:
        pool = Pool(
            [item.key for item in items],
            [item.load for item in items],
            self.room.top,
            self.picking.floor.length_mm,
            self.picking.floor.width,
            self.picking.trip_mm,
            self.packable(items) if self.room.is_sharing else None,
        )
        effort = self.picking.policy.effort.for_part(len(items), count)
        return [self.merged([items[at] for at in members(batch)]) for batch in searched(pool, effort, self.bound)]

    def packable(self, items: list[_Item]) -> Callable[[list[int]], bool]:
        cart = self.picking.cart
        # Where there are totes for all, nobody has to share: most batches are told so at once.
        alone = [sum(totes_for(size, cart) for size in item.sizes) for item in items]

        def is_packable(batch: list[int]) -> bool:
            if sum(alone[at] for at in batch) <= cart.totes:
                return True
            return totes_shared([size for at in batch for size in items[at].sizes], cart) <= cart.totes

        return is_packable

    @staticmethod
    def merged(items: list[_Item]) -> _Item:
        return _Item(
            tuple(part for item in items for part in item.parts),
            tuple(size for item in items for size in item.sizes),
            reduce(or_, (item.key for item in items)),
            sum(item.load for item in items),
        )

    def trip(self, item: _Item) -> Trip:
        sorted_units = units_in_shared_totes(self.picking, item.parts) if self.room.is_sharing else 0
        picks = picks_of(self.picking.works, item.parts)
        return trip_of(self.picking, picks, zone=self.zone, sorted_units=sorted_units)
