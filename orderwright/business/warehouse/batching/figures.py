"""What a set of trips costs: metres, minutes, picks per hour, and when all is done. One evaluator for all. Pure."""

import heapq
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.business.warehouse.batching.work import PickPolicy, Strategy, Trip, Work
from orderwright.business.warehouse.walking.walks import WorkPace


class Figures(NamedTuple):
    """The predicted figures of one way to pick. seconds: of all pickers together; makespan_s: until all is done.

    bound_s: no schedule of these trips ends earlier: the longest trip, or everything divided by the pickers.
    late_orders: not done when they have to leave (0 when no beginning was given). over_orders: more than a cart
    takes. unsized_orders: counted with default sizes somewhere. unplaced_stops: bins the layout lacks, not walked to.
    """

    strategy: Strategy
    cart: str
    trips: int
    orders: int
    stops: int
    units: int
    walk_mm: int
    seconds: int
    makespan_s: int
    bound_s: int
    late_orders: int
    over_orders: int
    unsized_orders: int
    unplaced_stops: int

    @property
    def metres(self) -> int:
        """Metres walked, rounded up."""
        return -(-self.walk_mm // 1000)

    @property
    def minutes(self) -> int:
        """Minutes of work, rounded up."""
        return -(-self.seconds // 60)

    @property
    def picks_per_hour(self) -> int:
        """Units picked per hour of work, rounded down."""
        return self.units * 3600 // self.seconds if self.seconds else 0


def trip_seconds(trip: Trip, pace: WorkPace, policy: PickPolicy) -> int:
    """How long a trip takes: set-up, walk, stops, units, then sorting and handing over."""
    picking = pace.seconds(trip.length_mm, len(trip.bins), trip.units)
    return picking + policy.sort_s * trip.sorted_units + policy.hand_over_s * trip.hand_overs


def finished(trips: Sequence[Trip], seconds: Sequence[int], pickers: int) -> list[int]:
    """When each trip is done, in seconds from the beginning: in their order, each by the first picker who is free.

    With several zones and pickers enough, pickers stay in their zones: one each, the others where most work is.
    With fewer pickers than zones everybody walks everywhere. ValueError without pickers.
    """
    if pickers < 1:
        raise ValueError("finished: nobody to pick")
    work_of: dict[str, int] = {}
    for trip, needed in zip(trips, seconds, strict=True):
        work_of[trip.zone] = work_of.get(trip.zone, 0) + needed
    crews = _crews(work_of, pickers)
    # Zone -> when each of its pickers is free; one crew for all when there are too few.
    free = {zone: [0] * crew for zone, crew in crews.items()}
    done = []
    for trip, needed in zip(trips, seconds, strict=True):
        crew = free.get(trip.zone) or free[""]
        done.append(crew[0] + needed)
        heapq.heapreplace(crew, crew[0] + needed)
    return done


def _crews(work_of: dict[str, int], pickers: int) -> dict[str, int]:
    if len(work_of) < 2 or pickers < len(work_of):
        return {"": pickers}
    crews = dict.fromkeys(sorted(work_of), 1)
    for _ in range(pickers - len(crews)):
        busiest = max(crews, key=lambda zone: work_of[zone] / crews[zone])
        crews[busiest] += 1
    return crews


def figures(
    strategy: Strategy,
    cart: str,
    trips: Sequence[Trip],
    works: Sequence[Work],
    pickers: int,
    pace: WorkPace,
    policy: PickPolicy,
    begins_at: datetime | None = None,
    unplaced_stops: int = 0,
) -> Figures:
    """The figures of trips made in their order by so many pickers from `begins_at` on."""
    seconds = [trip_seconds(trip, pace, policy) for trip in trips]
    done = finished(trips, seconds, pickers)
    ready: dict[int, int] = {}
    for trip, end in zip(trips, done, strict=True):
        for work in trip.works:
            ready[work] = max(ready.get(work, 0), end)
    late = 0
    if begins_at is not None:
        late = sum(begins_at + timedelta(seconds=end) > works[work].ship_by for work, end in ready.items())
    return Figures(
        strategy,
        cart,
        len(trips),
        len(ready),
        sum(len(trip.bins) for trip in trips),
        sum(trip.units for trip in trips),
        sum(trip.length_mm for trip in trips),
        sum(seconds),
        max(done, default=0),
        max(max(seconds, default=0), -(-sum(seconds) // pickers)),
        late,
        len({work for trip in trips if trip.is_over for work in trip.works}),
        sum(not works[work].is_sized for work in ready),
        unplaced_stops,
    )
