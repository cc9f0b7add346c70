"""The four ways to pick a set of orders, each as the trips it makes. Pure."""

from dataclasses import replace

from orderwright.business.warehouse.batching.carts import plan_carts
from orderwright.business.warehouse.batching.loads import Room
from orderwright.business.warehouse.batching.search import ENDLESS, Moves
from orderwright.business.warehouse.batching.trips import Picking, in_zone, part_size, picks_of, trip_of, whole
from orderwright.business.warehouse.batching.waves import wave_trips
from orderwright.business.warehouse.batching.work import Strategy, Trip, by_urgency


def single_trips(picking: Picking) -> list[Trip]:
    """A walk per order, the most urgent first."""
    parts = whole(picking.works)
    room = Room(picking.cart)
    trips = []
    for index in by_urgency(picking.works, picking.policy):
        if parts[index].stops:
            trip = trip_of(picking, picks_of(picking.works, [parts[index]]))
            trips.append(replace(trip, is_over=not room.fits(room.load_of(part_size(picking, parts[index])))))
    return trips


def zone_trips(picking: Picking, bound: Moves = ENDLESS) -> list[Trip]:
    """Carts zone by zone, each walked from its zone's hand-over point and handed over there; urgent ones first.

    Part orders share carts within their zone alone; every part costs a hand-over.
    """
    trips: list[Trip] = []
    for zone in sorted({stop.at.zone for work in picking.works for stop in work.stops}):
        floor = picking.floor.of_zone(zone, picking.policy.hand_over_points.get(zone))
        # A zone without a name is a zone too.
        trips += plan_carts(replace(picking, floor=floor), bound, in_zone(picking.works, zone), zone or "-")
    works, urgency = picking.works, picking.policy.urgency
    return sorted(trips, key=lambda trip: (min(urgency(works[work]) for work in trip.works), trip.zone, trip.works))


def trips_by(strategy: Strategy, picking: Picking, bound: Moves = ENDLESS) -> list[Trip]:
    """The trips of a strategy, in order of leaving; every unit of every work is on exactly one."""
    if strategy == "single":
        return single_trips(picking)
    if strategy == "batch":
        return plan_carts(picking, bound)
    if strategy == "zone":
        return zone_trips(picking, bound)
    return wave_trips(picking, bound)
