"""Which way to pick a set of orders: every candidate with its figures, and the one the policy wants. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from orderwright.business.warehouse.batching.figures import Figures, figures
from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.search import Moves
from orderwright.business.warehouse.batching.strategies import trips_by
from orderwright.business.warehouse.batching.trips import Picking
from orderwright.business.warehouse.batching.work import Cart, PickPolicy, Strategy, Trip, Work
from orderwright.business.warehouse.walking.layout import Layout
from orderwright.business.warehouse.walking.walks import WorkPace


class Choice(NamedTuple):
    """The way chosen, its trips in order of leaving, its figures, and those of every candidate, best first."""

    strategy: Strategy
    cart: Cart
    trips: list[Trip]
    figures: Figures
    candidates: list[Figures]


def choose_strategy(
    works: Sequence[Work],
    layout: Layout,
    carts: Sequence[Cart],
    pickers: int,
    pace: WorkPace,
    policy: PickPolicy,
    *,
    begins_at: datetime | None = None,
    moves_max: float = math.inf,
) -> Choice:
    """The way to pick these orders that leaves the fewest late and is then the cheapest by the policy's aim.

    Tries every allowed strategy with every kind of cart; zones only where there are several. begins_at: when picking
    begins; without it nobody is late. moves_max: of all searches together, an equal part for each candidate: the
    answer depends on the question alone. Equal candidates: the one named first. ValueError without carts or pickers.
    """
    if not carts or pickers < 1 or not policy.allowed:
        raise ValueError("choose_strategy: needs a cart, a picker and an allowed strategy")
    floor = Floor(layout)
    unplaced = sum(layout.find_spot(stop.at) is None for work in works for stop in work.stops)
    zones = {stop.at.zone for work in works for stop in work.stops}
    allowed = [each for each in policy.allowed if each != "zone" or len(zones) > 1] or list(policy.allowed)
    # An order at a time needs no particular cart.
    ways = [(each, cart) for each in allowed for cart in (carts[:1] if each == "single" else carts)]
    searching = sum(strategy != "single" for strategy, _ in ways)
    found: list[Choice] = []
    for strategy, cart in ways:
        trips = trips_by(strategy, Picking(works, floor, cart, policy, pace), Moves(moves_max / max(1, searching)))
        told = figures(strategy, cart.kind, trips, works, pickers, pace, policy, begins_at, unplaced)
        found.append(Choice(strategy, cart, trips, told, []))
    found.sort(key=lambda choice: rank(choice.figures, policy))
    return found[0]._replace(candidates=[choice.figures for choice in found])


def rank(told: Figures, policy: PickPolicy) -> tuple[int, int, int]:
    """What sorts candidates: late orders, then what the policy aims at, then the other of the two."""
    if policy.aim == "makespan":
        return told.late_orders, told.makespan_s, told.seconds
    return told.late_orders, told.seconds, told.makespan_s
