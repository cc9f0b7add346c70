"""What orders weigh and fill, and whether a cart takes them. Pure.

A load is one whole number with three fields: totes, weight, volume. So loads add up with one `+`, and one `-` and
one `&` tell whether all three are within the cart's limits: the search asks that a million times.
"""

from collections.abc import Iterable
from typing import NamedTuple

from orderwright.business.warehouse.batching.work import Cart, PickPolicy, PickStop

FIELD_BITS = 44
# Far beyond what any cart takes, and so small that many of them add up within their field.
_FIELD_MAX = 1 << (FIELD_BITS - 12)
GUARD = sum(1 << (FIELD_BITS * (at + 1) - 1) for at in range(3))
"""The top bit of each field. `(GUARD | limits) - load` keeps a field's guard as long as that field is within."""


class Size(NamedTuple):
    """Weight and volume."""

    weight_g: int
    volume_cm3: int


def size_of(stops: Iterable[PickStop], policy: PickPolicy) -> Size:
    """What stops weigh and fill; where a product has no sizes the policy's defaults count for each unit."""
    weight = volume = 0
    for stop in stops:
        weight += stop.units * policy.unit_weight_g if stop.weight_g is None else stop.weight_g
        volume += stop.units * policy.unit_volume_cm3 if stop.volume_cm3 is None else stop.volume_cm3
    return Size(weight, volume)


def totes_for(size: Size, cart: Cart) -> int:
    """How many totes of a cart an order of this size fills by weight and by volume; at least one."""
    return max(1, -(-size.weight_g // cart.tote_weight_g), -(-size.volume_cm3 // cart.tote_volume_cm3))


def packed(places: int, size: Size) -> int:
    """Places, weight and volume as one load."""
    fields = (places, size.weight_g, size.volume_cm3)
    return sum(min(value, _FIELD_MAX) << (FIELD_BITS * at) for at, value in enumerate(fields))


class Room:
    """What a cart takes, asked with loads.

    Where orders share totes, a load's places are orders and `shares` tells whether the totes really do.
    """

    def __init__(self, cart: Cart) -> None:
        self.cart = cart
        self.is_sharing = cart.orders_per_tote > 1
        places = cart.totes * cart.orders_per_tote
        self.top = GUARD | packed(places, Size(cart.weight_g, cart.volume_cm3))

    def load_of(self, size: Size) -> int:
        """The load of an order of this size. One of several totes takes all the places of those."""
        totes = totes_for(size, self.cart)
        return packed(1 if totes == 1 else totes * self.cart.orders_per_tote, size)

    def fits(self, load: int) -> bool:
        """Whether a load is within every limit."""
        return (self.top - load) & GUARD == GUARD


def totes_shared(sizes: Iterable[Size], cart: Cart) -> int:
    """How many totes orders fill that may share one: first fit, the largest first. Never fewer than needed."""
    totes: list[list[int]] = []
    whole = 0
    for volume, weight in sorted(((size[1], size[0]) for size in sizes), reverse=True):
        if volume > cart.tote_volume_cm3 or weight > cart.tote_weight_g:
            whole += totes_for(Size(weight, volume), cart)
            continue
        for tote in totes:
            if tote[0] >= volume and tote[1] >= weight and tote[2]:
                tote[0] -= volume
                tote[1] -= weight
                tote[2] -= 1
                break
        else:
            totes.append([cart.tote_volume_cm3 - volume, cart.tote_weight_g - weight, cart.orders_per_tote - 1])
    return whole + len(totes)
