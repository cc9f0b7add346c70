"""A cart for the picker who asks now: in milliseconds, from what is due first. Pure."""

from heapq import nsmallest

from orderwright.business.warehouse.batching.loads import Room, totes_shared
from orderwright.business.warehouse.batching.trips import Picking, part_key, part_size, whole
from orderwright.business.warehouse.batching.work import by_urgency

LOOKED_AT = 32
"""Candidates whose walk is measured for each place on the cart: those that need the fewest more aisles."""


def fill_cart(picking: Picking, first: int | None = None) -> list[int]:
    """Indices of the works a cart takes now, in the order they were chosen; [] when there is nothing to pick.

    Begins with `first`, or the most urgent work; then, window by window, always the work that fits and lengthens
    the walk least. A first work that is more than the cart takes goes alone; one without stops, not at all. At most
    LOOKED_AT walks are measured for each order on the cart, however many candidates there are.
    """
    works, floor, policy = picking.works, picking.floor, picking.policy
    ranked = [index for index in by_urgency(works, policy) if works[index].stops]
    chosen = ranked[:1] if first is None else [index for index in ranked if index == first]
    if not chosen:
        return []
    rank = {index: at for at, index in enumerate(ranked)}
    parts = whole(works)
    sizes = {index: part_size(picking, parts[index]) for index in ranked}
    room = Room(picking.cart)
    loads = {index: room.load_of(size) for index, size in sizes.items()}
    keys = {index: part_key(picking, parts[index]) for index in ranked}
    windows = {index: policy.window(works[index].ship_by) for index in ranked}
    aisles = {index: floor.aisles_of(key) for index, key in keys.items()}
    load, key, walked = loads[chosen[0]], keys[chosen[0]], aisles[chosen[0]]
    if not room.fits(load):
        return chosen
    left = [index for index in ranked if index != chosen[0]]
    while left := [index for index in left if room.fits(load + loads[index])]:
        due = [index for index in left if windows[index] == windows[left[0]]]
        near = nsmallest(
            LOOKED_AT, due, key=lambda index: ((aisles[index] & ~walked).bit_count(), aisles[index], index)
        )
        best = min(near, key=lambda index: (floor.length_mm(key | keys[index]), rank[index]))
        left.remove(best)
        if room.is_sharing and totes_shared([sizes[at] for at in [*chosen, best]], picking.cart) > picking.cart.totes:
            continue
        chosen.append(best)
        load, key, walked = load + loads[best], key | keys[best], walked | aisles[best]
    return chosen
