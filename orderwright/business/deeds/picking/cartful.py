"""One cart's work: which candidates go on it, which way it goes, which tote is whose. Pure, over what was read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from orderwright.business.deeds.picking.candidates import Candidate
from orderwright.business.warehouse.batching.claiming import fill_cart
from orderwright.business.warehouse.batching.loads import Size, size_of, totes_for, totes_shared
from orderwright.business.warehouse.batching.trips import Picking
from orderwright.business.warehouse.batching.work import Cart, PickPolicy
from orderwright.business.warehouse.floors import SiteFloor
from orderwright.business.warehouse.walk_forms import Strategy
from orderwright.business.warehouse.walking.baselines import s_shape_mm
from orderwright.business.warehouse.walking.walks import walk_of


class Way(NamedTuple):
    """The way past a cart's stops. tasks: pick tasks in its order; totes: how many are filled at least."""

    tasks: tuple[str, ...]
    predicted_mm: int
    predicted_s: int
    totes: int
    due_at: datetime


def limited_to(cart: Cart, codes: Sequence[str]) -> Cart:
    """The cart with the totes a picker put on it; without codes as it is."""
    return replace(cart, totes=min(cart.totes, len(codes))) if codes else cart


def way_of(floor: SiteFloor, cart: Cart, picked: Sequence[Candidate], zone: str | None = None) -> Way:
    """The shortest way past all stops of a cartful, and how long it takes. zone: of a zone's walk."""
    stops = [stop for each in picked for stop in each.work.stops]
    tasks = [task for each in picked for task in each.tasks]
    walk = walk_of(floor.seen_in(zone).layout, [stop.at for stop in stops])
    seconds = floor.pace.seconds(walk.length_mm, len({stop.code for stop in stops}), sum(s.units for s in stops))
    due_at = min(each.work.ship_by for each in picked)
    totes = totes_needed(picked, cart, floor.policy)
    return Way(tuple(tasks[i] for i in walk.order), walk.length_mm, seconds, totes, due_at)


def totes_needed(picked: Sequence[Candidate], cart: Cart, policy: PickPolicy) -> int:
    """How many totes of a cart these fill at least."""
    sizes = [size_of(each.work.stops, policy) for each in picked]
    return totes_shared(sizes, cart) if cart.orders_per_tote > 1 else sum(totes_for(size, cart) for size in sizes)


def taken_by(floor: SiteFloor, cart: Cart, candidates: Sequence[Candidate], zone: str | None = None) -> list[Candidate]:
    """What a cart takes of the candidates now, the most urgent of them in any case. zone: of a zone's walk."""
    picking = Picking([each.work for each in candidates], floor.seen_in(zone), cart, floor.policy, floor.pace)
    return [candidates[index] for index in fill_cart(picking)]


def first_come_mm(floor: SiteFloor, picked: Sequence[Candidate]) -> int:
    """How far the same orders are walked one by one, aisle by aisle (S-shape): the way without us."""
    return sum(s_shape_mm(floor.layout, [stop.at for stop in each.work.stops]) for each in picked)


class ToteFor(NamedTuple):
    """A tote on the cart. fulfilment_id: None when its units are sorted later."""

    code: str
    slot: int
    fulfilment_id: str | None


def deal_totes(
    strategy: Strategy, fulfilments: Sequence[tuple[str, Size]], codes: Sequence[str], cart: Cart | None
) -> tuple[list[ToteFor], dict[str, str]]:
    """Which tote on the cart is whose, and the tote each fulfilment's units go into first.

    fulfilments: (id, size), in the order they are come to. codes: empty totes in the order of the slots. A wave's
    totes are everybody's; so are all of them where there are fewer totes than orders and the cart lets orders share.
    """
    shared = strategy == "wave" or (cart is not None and cart.orders_per_tote > 1 and len(codes) < len(fulfilments))
    if shared:
        return [ToteFor(code, slot, None) for slot, code in enumerate(codes, 1)], {}
    totes: list[ToteFor] = []
    first: dict[str, str] = {}
    left = list(enumerate(codes, 1))
    for at, (id_, size) in enumerate(fulfilments):
        wanted = 1 if cart is None else totes_for(size, cart)
        later = len(fulfilments) - at - 1
        for slot, code in left[: max(1, min(wanted, len(left) - later))]:
            totes.append(ToteFor(code, slot, id_))
            first.setdefault(id_, code)
        left = left[max(1, min(wanted, len(left) - later)) :]
    return totes + [ToteFor(code, slot, None) for slot, code in left], first
