"""Small sites and orders for the tests of carts, and a verifier that shares nothing with what it verifies."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.trips import Picking
from orderwright.business.warehouse.batching.work import Cart, Effort, PickPolicy, PickStop, Work
from orderwright.business.warehouse.walking.layout import Aisle, Bin, CrossAisle, Layout, Point
from orderwright.business.warehouse.walking.walks import WorkPace, walk_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
QUICK = Effort(moves=2_560, moves_per_order=10, passes=2)
CART = Cart("four totes", 4, 10_000, 20_000, 30_000, 60_000)
ROOMY = Cart("roomy", 50, 10**6, 10**6, 10**8, 10**8)


def site(aisles: int = 6, bays: int = 10, rows: int = 2) -> Layout:
    """Aisles of 12 m, 3 m apart, bays a metre apart, cross aisles evenly spread; each half of the aisles a zone."""
    back = (bays + 1) * 1_000
    middles = {bay: bay * 1_000 for bay in range(1, bays + 1)}
    width = (aisles - 1) * 3_000
    return Layout(
        tuple(Aisle("AB"[2 * n // aisles], n + 1, n * 3_000, 0, back, "both", middles) for n in range(aisles)),
        tuple(CrossAisle(at * back // (rows - 1), 0, width) for at in range(rows)),
        Point(0, 0),
        Point(0, 0),
    )


def at(aisle: int, bay: int, aisles: int = 6) -> Bin:
    """A bin of `site`."""
    return Bin("AB"[2 * (aisle - 1) // aisles], aisle, bay)


def stop(aisle: int, bay: int, units: int = 1, weight_g: int | None = 100, volume_cm3: int | None = 200) -> PickStop:
    """A line at a bin, its units together as heavy and large as said."""
    return PickStop(f"{aisle}-{bay}", at(aisle, bay), units, weight_g, volume_cm3)


def work(name: str, *stops: PickStop, due_h: float = 4, priority: int = 0) -> Work:
    """An order that leaves so many hours after noon."""
    return Work(name, stops, NOON + timedelta(hours=due_h), priority)


def random_works(seed: int, count: int, *, lines_max: int = 3, windows: int = 3) -> list[Work]:
    """Orders of `site()` with all kinds of sizes, some without."""
    chance = random.Random(seed)
    works = []
    for number in range(count):
        places = {(chance.randrange(1, 7), chance.randrange(1, 11)) for _ in range(chance.randint(1, lines_max))}
        stops = []
        for aisle, bay in sorted(places):
            sizes = (
                (chance.randrange(50, 6_000), chance.randrange(100, 12_000)) if chance.random() < 0.9 else (None, None)
            )
            stops.append(stop(aisle, bay, chance.randint(1, 3), *sizes))
        works.append(work(f"f{number}", *stops, due_h=chance.randrange(windows) + 1, priority=chance.randrange(2)))
    return works


def picking(works: list[Work], cart: Cart = CART, layout: Layout | None = None, **policy: object) -> Picking:
    """A question about these works, answered quickly."""
    return Picking(works, Floor(layout or site()), cart, PickPolicy(**{"effort": QUICK, **policy}), WorkPace())


def faults(asked: Picking, trips, *, in_bulk: bool = False) -> list[str]:
    """What is wrong with a plan, all of it worked out anew; [] when nothing is."""
    found = []
    left = Counter({(n, s): each.units for n, work in enumerate(asked.works) for s, each in enumerate(work.stops)})
    for number, trip in enumerate(trips):
        left.subtract({(pick.work, pick.stop): pick.units for pick in trip.picks})
        bins = {
            asked.works[pick.work].stops[pick.stop].code: asked.works[pick.work].stops[pick.stop] for pick in trip.picks
        }
        if (
            not trip.zone
            and trip.length_mm != walk_of(asked.floor.layout, [each.at for each in bins.values()]).length_mm
        ):
            found.append(f"trip {number} is not as long as its walk")
        if trip.is_over:
            found += [f"trip {number} is too much and not alone"] * (len(trip.works) != 1)
        else:
            found += [f"trip {number}: {what}" for what in _too_much(asked, trip, in_bulk)]
    return found + [f"{key} is short of {units}" for key, units in left.items() if units]


def _too_much(asked: Picking, trip, in_bulk: bool) -> list[str]:
    cart, policy = asked.cart, asked.policy
    weight, volume = Counter(), Counter()
    for pick in trip.picks:
        line = asked.works[pick.work].stops[pick.stop]
        weight[pick.work] += (line.weight_g or policy.unit_weight_g * line.units) * pick.units / line.units
        volume[pick.work] += (line.volume_cm3 or policy.unit_volume_cm3 * line.units) * pick.units / line.units
    totes = sum(
        max(1, -(-weight[work] // cart.tote_weight_g), -(-volume[work] // cart.tote_volume_cm3)) for work in weight
    )
    weight_max = min(cart.weight_g, cart.totes * cart.tote_weight_g)
    volume_max = min(cart.volume_cm3, cart.totes * cart.tote_volume_cm3)
    return [
        *["too heavy"] * (sum(weight.values()) > weight_max),
        *["too large"] * (sum(volume.values()) > volume_max),
        *["too many totes"] * (not in_bulk and cart.orders_per_tote == 1 and totes > cart.totes),
        *["too many orders"] * (not in_bulk and len(weight) > cart.totes * cart.orders_per_tote),
    ]
