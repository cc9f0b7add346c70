"""From the trips a search found to walks: their way while nothing waits, and their rows of what is still free."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orderwright.business.deeds.picking.candidates import Candidate
from orderwright.business.warehouse.batching.choosing import Choice
from orderwright.business.warehouse.batching.figures import trip_seconds
from orderwright.business.warehouse.batching.loads import size_of, totes_for
from orderwright.business.warehouse.batching.work import Cart, PickStop, Trip
from orderwright.business.warehouse.floors import SiteFloor
from orderwright.business.warehouse.pick_tasks import insert_rests, save_tasks, tasks_by_id
from orderwright.business.warehouse.walk_facts import WalkPlanned
from orderwright.business.warehouse.walking.baselines import s_shape_mm
from orderwright.business.warehouse.walking.walks import walk_of
from orderwright.business.warehouse.walks import NewWalk, insert_walks
from orderwright.database.tx import Tx
from orderwright.values.ids import new_id, new_ids


class Drawn(NamedTuple):
    """A trip with its way. takes: (fulfilment, pick task, units) in the order of the way."""

    takes: tuple[tuple[str, str, int], ...]
    cart: str
    zone: str
    wave: str
    totes: int
    due_at: datetime
    predicted_mm: int
    predicted_s: int
    first_come_mm: int


def drawn_trips(floor: SiteFloor, choice: Choice, candidates: Sequence[Candidate], wave: str) -> list[Drawn]:
    """The trips of a choice, each with the order of its way, in order of leaving."""
    waves = _waves(choice.trips, wave) if choice.strategy == "wave" else {}
    return [_drawn(floor, choice, trip, candidates, waves.get(n, "")) for n, trip in enumerate(choice.trips)]


def _drawn(floor: SiteFloor, choice: Choice, trip: Trip, candidates: Sequence[Candidate], wave: str) -> Drawn:
    stops = [candidates[pick.work].work.stops[pick.stop] for pick in trip.picks]
    zone = "" if trip.zone == "-" else trip.zone
    walk = walk_of(floor.seen_in(zone if choice.strategy == "zone" else None).layout, [stop.at for stop in stops])
    takes = []
    for index in walk.order:
        pick = trip.picks[index]
        each = candidates[pick.work]
        takes.append((each.work.fulfilment_id, each.tasks[pick.stop], pick.units))
    first_come = 0
    for work in trip.works:
        mine = [stop.at for stop, pick in zip(stops, trip.picks, strict=True) if pick.work == work]
        first_come += s_shape_mm(floor.layout, mine)
    return Drawn(
        tuple(takes), choice.cart.kind, zone, wave, _totes(floor, choice.strategy, choice.cart, trip, candidates),
        trip.due, walk.length_mm, trip_seconds(trip, floor.pace, floor.policy), first_come,
    )  # fmt: skip


def _totes(floor: SiteFloor, strategy: str, cart: Cart, trip: Trip, candidates: Sequence[Candidate]) -> int:
    """How many totes of the cart a trip fills at least; one that is more than the cart takes, as many as it has."""
    by_work: dict[int, list[int]] = {}
    for at, pick in enumerate(trip.picks):
        by_work.setdefault(-1 if strategy == "wave" else pick.work, []).append(at)
    total = 0
    for mine in by_work.values():
        picks = [trip.picks[at] for at in mine]
        stops = [_share(candidates[pick.work].work.stops[pick.stop], pick.units) for pick in picks]
        total += totes_for(size_of(stops, floor.policy), cart)
    return min(-(-total // cart.orders_per_tote), cart.totes)


def _share(stop: PickStop, units: int) -> PickStop:
    """Some of the units of a stop."""
    weight = None if stop.weight_g is None else -(-stop.weight_g * units // stop.units)
    volume = None if stop.volume_cm3 is None else -(-stop.volume_cm3 * units // stop.units)
    return stop._replace(units=units, weight_g=weight, volume_cm3=volume)


def _waves(trips: Sequence[Trip], name: str) -> dict[int, str]:
    """The wave of each trip: trips that pick for the same orders are sorted together."""
    number_of: dict[int, int] = {}
    waves: dict[int, str] = {}
    for n, trip in enumerate(trips):
        known = {number_of[work] for work in trip.works if work in number_of}
        number = min(known) if known else len(set(number_of.values())) + 1
        number_of.update(dict.fromkeys(trip.works, number))
        waves[n] = f"{name}{'-' if name else ''}{number}"
    return waves


def write_trips(
    tx: Tx, floor: SiteFloor, strategy: str, trips: Sequence[Drawn], free: Mapping[str, Candidate], actor: str
) -> tuple[int, int]:
    """Write walks of what is free, its orders locked; (walks, pick tasks left out because they are not)."""
    open_tasks = {task for each in free.values() for task in each.tasks}
    left_out = {task for trip in trips for _, task, _ in trip.takes} - open_tasks
    parts = _split(tx, [(task, units) for trip in trips for _, task, units in trip.takes if task in open_tasks])
    new: list[NewWalk] = []
    going = [(trip, [parts[task].pop(0) for _, task, _ in trip.takes if parts.get(task)]) for trip in trips]
    ids = new_ids(len(trips))
    for id_, (trip, tasks) in zip(ids, going, strict=True):
        if tasks:
            new.append(NewWalk(
                id_, floor.site, strategy, trip.zone, trip.wave, trip.cart, trip.totes, trip.due_at, None,
                trip.predicted_mm, trip.predicted_s, trip.first_come_mm, tasks,
            ))  # fmt: skip
    insert_walks(tx, new)
    for each in new:
        fact = WalkPlanned(
            site=floor.site, strategy=strategy, tasks=list(each.tasks), predicted_mm=each.predicted_mm,
            first_come_mm=each.first_come_mm,
        )  # fmt: skip
        tx.record("walk", each.id, fact, actor=actor)
    return len(new), len(left_out)


def _split(tx: Tx, takes: Sequence[tuple[str, int]]) -> dict[str, list[str]]:
    """Pick tasks by task that was planned, one for each walk it is on: where several share one, it is split."""
    wanted: dict[str, list[int]] = {}
    for task, units in takes:
        wanted.setdefault(task, []).append(units)
    parts = {task: [task] for task in wanted}
    several = {task: units for task, units in wanted.items() if len(units) > 1}
    if not several:
        return parts
    tasks = tasks_by_id(tx, several)
    rests = []
    for id_, shares in several.items():
        for count in shares[1:]:
            if tasks[id_].left > count:
                rests.append(tasks[id_].split_off(new_id(), count))
                parts[id_].append(rests[-1].id)
    save_tasks(tx, tasks.values())
    insert_rests(tx, rests)
    return parts
