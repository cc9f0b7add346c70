"""Waves: the lines of many orders picked together, bin by bin, and sorted to their orders afterwards. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from orderwright.business.warehouse.batching.loads import Room, Size, packed
from orderwright.business.warehouse.batching.pool import Pool, members
from orderwright.business.warehouse.batching.search import ENDLESS, Moves, searched
from orderwright.business.warehouse.batching.trips import Picking, trip_of
from orderwright.business.warehouse.batching.work import Cart, Pick, PickPolicy, PickStop, Trip, by_urgency


class _Piece(NamedTuple):
    """What a cart takes from one bin for a wave. is_over: one unit alone is more than the cart takes."""

    picks: tuple[Pick, ...]
    size: Size
    is_over: bool = False


def wave_trips(picking: Picking, bound: Moves = ENDLESS) -> list[Trip]:
    """Waves of at most `wave_orders` orders due in one window, the most urgent first, each picked in bulk.

    Units of all orders of a wave lie mixed on its carts, within the weight and volume of all totes; a bin is
    visited once, unless what is wanted from it is more than a cart takes. Every unit is sorted afterwards.
    """
    trips: list[Trip] = []
    ranked = [index for index in by_urgency(picking.works, picking.policy) if picking.works[index].stops]
    for _, due in groupby(ranked, lambda index: picking.policy.window(picking.works[index].ship_by)):
        window = list(due)
        for start in range(0, len(window), picking.policy.wave_orders):
            trips += _wave(picking, window[start : start + picking.policy.wave_orders], bound)
    return trips


def _wave(picking: Picking, orders: Sequence[int], bound: Moves) -> list[Trip]:
    room = Room(in_bulk(picking.cart))
    pieces = list(_pieces(picking, orders, room.cart))
    fitting = [piece for piece in pieces if not piece.is_over]
    pool = Pool(
        [picking.floor.key_of([_stop(picking, piece.picks[0]).at]) for piece in fitting],
        [packed(0, piece.size) for piece in fitting],
        room.top,
        picking.floor.length_mm,
        picking.floor.width,
        picking.trip_mm,
    )
    effort = picking.policy.effort.for_part(len(fitting), len(picking.works))
    batches = searched(pool, effort, bound)
    trips = [_trip(picking, [pick for at in members(batch) for pick in fitting[at].picks]) for batch in batches]
    return trips + [replace(_trip(picking, piece.picks), is_over=True) for piece in pieces if piece.is_over]


def in_bulk(cart: Cart) -> Cart:
    """A cart whose totes are filled together: what it takes is bounded by weight and volume alone."""
    weight, volume = cart.totes * cart.tote_weight_g, cart.totes * cart.tote_volume_cm3
    return Cart(
        cart.kind,
        totes=1,
        tote_weight_g=min(weight, cart.weight_g),
        tote_volume_cm3=min(volume, cart.volume_cm3),
        weight_g=min(weight, cart.weight_g),
        volume_cm3=min(volume, cart.volume_cm3),
    )


def _stop(picking: Picking, pick: Pick) -> PickStop:
    return picking.works[pick.work].stops[pick.stop]


def _trip(picking: Picking, picks: Sequence[Pick]) -> Trip:
    return trip_of(picking, picks, sorted_units=sum(pick.units for pick in picks))


def _pieces(picking: Picking, orders: Sequence[int], cart: Cart) -> Iterator[_Piece]:
    """What the orders want, bin by bin, cut where it is more than a cart takes."""
    by_bin: dict[str, list[Pick]] = {}
    for order in orders:
        for at, stop in enumerate(picking.works[order].stops):
            by_bin.setdefault(stop.code, []).append(Pick(order, at, stop.units))
    for picks in by_bin.values():
        piece, left = list[Pick](), Size(cart.weight_g, cart.volume_cm3)
        for pick in picks:
            unit = unit_size(_stop(picking, pick), picking.policy)
            wanted = pick.units
            while wanted:
                taken = min([wanted, *(has // one for has, one in zip(left, unit, strict=True) if one)])
                if taken:
                    piece.append(pick._replace(units=taken))
                    left = Size(left.weight_g - taken * unit.weight_g, left.volume_cm3 - taken * unit.volume_cm3)
                    wanted -= taken
                elif piece:
                    yield _piece(piece, left, cart)
                    piece, left = [], Size(cart.weight_g, cart.volume_cm3)
                else:
                    yield _Piece((pick._replace(units=wanted),), Size(0, 0), is_over=True)
                    wanted = 0
        if piece:
            yield _piece(piece, left, cart)


def _piece(picks: Sequence[Pick], left: Size, cart: Cart) -> _Piece:
    return _Piece(tuple(picks), Size(cart.weight_g - left.weight_g, cart.volume_cm3 - left.volume_cm3))


def unit_size(stop: PickStop, policy: PickPolicy) -> Size:
    """What one unit of a stop weighs and fills, rounded up."""
    weight = policy.unit_weight_g if stop.weight_g is None else -(-stop.weight_g // stop.units)
    volume = policy.unit_volume_cm3 if stop.volume_cm3 is None else -(-stop.volume_cm3 // stop.units)
    return Size(weight, volume)
