"""What most sites do, to be measured against: carts filled in order of arrival, walked in an S. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from orderwright.business.warehouse.batching.loads import Room, totes_shared
from orderwright.business.warehouse.batching.trips import (
    Part,
    Picking,
    part_size,
    picks_of,
    trip_of,
    units_in_shared_totes,
    whole,
)
from orderwright.business.warehouse.batching.work import Trip
from orderwright.business.warehouse.walking.baselines import s_shape_mm
from orderwright.business.warehouse.walking.layout import Bin, Layout


def first_come_trips(
    picking: Picking, length_mm: Callable[[Layout, Sequence[Bin]], int] | None = s_shape_mm
) -> list[Trip]:
    """The works in the order given, onto one cart after the other: the next cart begins where one does not fit.

    length_mm: how a cart's walk is measured; None for the shortest.
    """
    trips = []
    for parts in _cartloads(picking):
        trip = trip_of(picking, picks_of(picking.works, parts), sorted_units=units_in_shared_totes(picking, parts))
        trips.append(replace(trip, length_mm=length_mm(picking.floor.layout, trip.bins)) if length_mm else trip)
    return trips


def _cartloads(picking: Picking) -> Iterator[list[Part]]:
    room = Room(picking.cart)
    on_cart: list[Part] = []
    load = 0
    for part in whole(picking.works):
        if not part.stops:
            continue
        more = room.load_of(part_size(picking, part))
        sizes = [part_size(picking, each) for each in [*on_cart, part]] if room.is_sharing else []
        if on_cart and not (room.fits(load + more) and totes_shared(sizes, picking.cart) <= picking.cart.totes):
            yield on_cart
            on_cart, load = [], 0
        on_cart.append(part)
        load += more
    if on_cart:
        yield on_cart
