"""The demo's pickers: they ask for work, are given a cart's walk, and scan their way through it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.pick import pick as pick_units
from orderwright.business.deeds.pick import report_short
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.forms import Pick, ShortPick
from orderwright.business.warehouse.sessions.forms import SCANS_MAX, OpenSession, ScanForm, SessionNow, TakeScans
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk, Walk
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts, side_by_side
from orderwright.doors.demo.people import Packed, People
from orderwright.doors.demo.sites import CART_TOTES, TOWNS, Town
from orderwright.values.refusal import Refusal

ACTOR = "demo"
WALKS_A_TIME = 12
CLAIMS_A_TIME = 40
PICKS_A_TIME = 2_000
SCANS_A_CALL = SCANS_MAX - 4
"""So many that the bin, the three scans and the `done` of one task more still fit into a call."""


class Stop(NamedTuple):
    """An open pick task of a walk, as the picker finds it."""

    task_id: str
    demand_id: str
    sku: str
    units: int
    place: str
    tote: str
    line: Packed


class Walkers:
    """Everybody who picks, at all sites."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def claim(self, towns: Sequence[Town] = TOWNS) -> list[Walk]:
        """Walks for as many pickers as there is work for now, at each site by itself; begun ones are gone on with."""
        claims = side_by_side(*(partial(self._claim, [town]) for town in towns))
        return [walk for walks in claims for walk in walks]

    def _claim(self, towns: Sequence[Town]) -> list[Walk]:
        claimed: dict[str, Walk] = {}
        asking = self._asking(towns, set())
        while asking:
            answers = in_parts(self._store, claim_work, asking, CLAIMS_A_TIME)
            claimed |= {walk.id: walk for walk in answers if not isinstance(walk, Refusal)}
            idle = {each.site for each, answer in zip(asking, answers, strict=True) if isinstance(answer, Refusal)}
            towns = [town for town in towns if town.code not in idle]  # where somebody got nothing, nothing is left
            asking = self._asking(towns, {walk.picker for walk in claimed.values()}) if towns else []
        return list(claimed.values())

    def _asking(self, towns: Sequence[Town], busy: Collection[str]) -> list[ClaimWork]:
        """Claims of all who have no walk yet, where there is work that is nobody's, or begun: at most one an order."""
        with self._store.read() as tx:
            rows = tx.rows(
                """
                SELECT f.site, count(*) AS orders FROM fulfilment f
                WHERE f.site = ANY(%(sites)s::text[]) AND f.state = 'released' AND EXISTS (
                    SELECT FROM pick_task t LEFT JOIN pick_batch b ON b.id = t.batch_id
                    WHERE t.fulfilment_id = f.id AND t.state = 'open'
                      AND (t.batch_id IS NULL OR NOT b.picker = ANY(%(busy)s::text[])))
                GROUP BY f.site
                """,
                sites=array(town.code for town in towns), busy=array(busy),
            )  # fmt: skip
        orders = {row.site: row.orders for row in rows}
        commands = []
        for town in towns:
            free = self._free_totes(town) if town.code in orders else iter(())
            people = [picker(town, number) for number in range(1, town.pickers_max + 1)]
            for person in [each for each in people if each not in busy][: orders.get(town.code, 0)]:
                totes = tuple(next(free) for _ in range(CART_TOTES))
                commands.append(ClaimWork(site=town.code, picker=person, totes=totes, actor=ACTOR))
        return commands

    def _free_totes(self, town: Town) -> Iterator[str]:
        with self._store.read() as tx:
            used = {row.code for row in tx.rows("SELECT code FROM tote WHERE site = %(site)s", site=town.code)}
        return (code for n in range(1, 100_000) if (code := f"T{n:04}") not in used)

    def walk(self, walks: Sequence[Walk], *, is_guided: bool) -> None:
        """Walk them all to the end. A wrong product under the scanner is refused, put back, and the right one taken.

        is_guided: one picker of the largest site has a scanner that says every step; the others, and whoever picks
        when it is charging, scan by a list, and tell it at its end.
        """
        guided = [walk for walk in walks if is_guided and walk.picker == GUIDED]
        listed = [walk for walk in walks if not is_guided or walk.picker != GUIDED]
        side_by_side(lambda: self._walk_guided(guided), lambda: self.walk_lists(listed))

    def _walk_guided(self, walks: Sequence[Walk]) -> None:
        for at in range(0, len(walks), WALKS_A_TIME):
            self._walk(walks[at : at + WALKS_A_TIME])

    def walk_lists(self, walks: Sequence[Walk]) -> None:
        """Walk them all by lists, at each site by itself: what was taken is told at the end."""
        sites = {walk.site: [each for each in walks if each.site == walk.site] for walk in walks}
        side_by_side(*(partial(self._walk_lists, mine) for mine in sites.values()))

    def _walk_lists(self, walks: Sequence[Walk]) -> None:
        found = self._stops([walk.id for walk in walks])
        stops = [(walk.picker, stop) for walk in walks for stop in found.get(walk.id, [])]
        overlooked = self._overlooked([stop for _, stop in stops])
        picks = [pick for by, stop in stops if stop not in overlooked for pick in self._picks(by, stop)]
        in_parts(self._store, pick_units, picks, PICKS_A_TIME)
        shorts = [
            ShortPick(task_id=stop.task_id, found=stop.line.units - stop.units, actor=by)
            for by, stop in stops if stop in overlooked
        ]  # fmt: skip
        in_parts(self._store, report_short, shorts, PICKS_A_TIME)
        ends = [EndWalk(walk_id=walk.id, reason="an order is held", actor=walk.picker) for walk in walks]
        in_parts(self._store, end_walk, ends, PICKS_A_TIME)

    def _overlooked(self, stops: Sequence[Stop]) -> set[Stop]:
        """Where the picker does not see what lies there. A line that was once missing is looked for well."""
        overlooked = {stop for stop in stops if self._people.overlooks(stop.line)}
        if not overlooked:
            return overlooked
        with self._store.read() as tx:
            once = {row.id for row in tx.rows("SELECT demand_id::text AS id FROM pick_task WHERE state = 'short'")}
        return {stop for stop in overlooked if stop.demand_id not in once}

    def _picks(self, by: str, stop: Stop) -> Iterator[Pick]:
        mistake = self._people.mistake(stop.line)
        right = Pick(
            task_id=stop.task_id, quantity=stop.line.units, sku=stop.sku, tote=stop.tote, actor=by
        )  # fmt: skip
        if mistake is not None and mistake.is_scanned:
            yield msgspec.structs.replace(right, sku=self._people.taken_for(stop.line))
        yield right

    def _walk(self, walks: Sequence[Walk]) -> None:
        opening = [
            OpenSession(kind="pick", site=walk.site, person=walk.picker, subject=walk.id, actor=ACTOR) for walk in walks
        ]
        opened: list[SessionNow] = in_parts(self._store, open_sessions, opening, WALKS_A_TIME)
        stops = self._stops([walk.id for walk in walks])
        calls = [
            list(self._calls(walk, session, stops.get(walk.id, [])))
            for walk, session in zip(walks, opened, strict=True)
        ]  # fmt: skip
        for turn in range(max((len(each) for each in calls), default=0)):
            in_parts(self._store, take_scans, [each[turn] for each in calls if turn < len(each)], WALKS_A_TIME)

    def _calls(self, walk: Walk, session: SessionNow, stops: Sequence[Stop]) -> Iterator[TakeScans]:
        """A walk's scans, in calls as large as a scanner sends that was out of reach for a while."""
        n = session.next_n
        said: list[dict[str, Any]] = []
        for place, mine in groupby(stops, key=lambda stop: stop.place):
            said.append({"code": f"L:{walk.site}/{place}"})
            for stop in mine:
                said += self._scans(stop)
                if len(said) >= SCANS_A_CALL:
                    yield _call(session, n, said)
                    n += len(said)
                    said = []
        yield _call(session, n, [*said, {"command": "done"}])

    def _scans(self, stop: Stop) -> Iterator[dict[str, Any]]:
        mistake = self._people.mistake(stop.line)
        if mistake is not None and mistake.is_scanned:
            yield {"code": self._people.taken_for(stop.line)}
        yield {"code": stop.sku, "quantity": stop.units}
        yield {"code": f"T:{stop.tote}"}

    def _stops(self, walk_ids: Sequence[str]) -> Mapping[str, list[Stop]]:
        """What is still to be picked, in the order of the way; held orders are left out, as the scanner leaves them."""
        with self._store.read() as tx:
            rows = tx.tuples(
                """
                SELECT t.batch_id::text, t.id::text, t.demand_id::text, t.sku, t.quantity - t.picked, p.code, t.tote,
                       o.reference, d.position, t.quantity
                FROM pick_task t JOIN place p ON p.id = t.place_id
                JOIN demand d ON d.id = t.demand_id JOIN orders o ON o.id = d.order_id
                WHERE t.batch_id = ANY(%(ids)s::uuid[]) AND t.state = 'open' AND NOT o.is_held
                ORDER BY t.batch_id, t.walk
                """,
                ids=array(walk_ids),
            )
        found: dict[str, list[Stop]] = {}
        for walk_id, task_id, demand_id, sku, left, place, tote, reference, position, quantity in rows:
            line = Packed(reference, position, sku, quantity)
            found.setdefault(walk_id, []).append(Stop(task_id, demand_id, sku, left, place, tote, line))
        return found


def picker(town: Town, number: int) -> str:
    """What a picker is called."""
    return f"picker:{town.code.lower()}-{number}"


GUIDED = picker(TOWNS[0], 1)


def _call(session: SessionNow, n: int, said: Sequence[Mapping[str, Any]]) -> TakeScans:
    scans = [ScanForm(n=n + i, **each) for i, each in enumerate(said)]
    return TakeScans(session_id=session.id, scans=scans, actor=ACTOR)
