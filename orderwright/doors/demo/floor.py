"""The crew of the sites: they pick what is released, pack what is picked, and hand over when the truck is there."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from functools import partial
from typing import Protocol

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.release import release_due
from orderwright.business.shipping.forms import HandOver
from orderwright.business.warehouse.forms import ReleaseDue
from orderwright.business.warehouse.labour.actions import clock_in, clock_out
from orderwright.business.warehouse.labour.forms import ClockIn, ClockOut
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts, side_by_side
from orderwright.doors.demo.packers import Packers
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import TOWNS, Town
from orderwright.doors.demo.steps import Step
from orderwright.doors.demo.walkers import Walkers, picker
from orderwright.doors.demo.window import ZONE
from orderwright.values.calendars import is_working_day

PARCELS_A_TIME = 300
RELEASES_A_TIME = 200
SHIFT = (time(9), time(18))
"""When pickers clock in and out on a working day."""


class Floor(Protocol):
    """Whoever works on the floors of all sites: here, or in a process of its own."""

    def look(self, step: Step) -> None:
        """See what there is to do at a stop, before anybody begins."""

    def work(self, step: Step) -> None:
        """Do what was seen."""


class Crew:
    """Everybody on the floors of all sites."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        self._walkers = Walkers(store, people)
        self._packers = Packers(store, people)
        self._seen: list[Callable[[], object]] = []

    def look(self, step: Step) -> None:
        """See what there is to walk, to pack and to load. Half an hour before a truck all planned work is let out."""
        self._clock(step.at)
        self._seen = []
        if step.is_wave:
            is_first = step.at.astimezone(ZONE).time() == SHIFT[0]
            self._seen += [
                partial(self._walkers.walk, self._walkers.claim(), is_guided=is_first),
                partial(self._packers.pack, self._packers.to_pack()),
            ]
        to_load = [parcel for town in step.trucks for parcel in self._to_load(town, step.at)]
        if to_load:
            self._seen.append(partial(in_parts, self._store, hand_over, to_load, PARCELS_A_TIME))
        if step.rushed:
            self._let_out(step.rushed)
            self._seen.append(partial(self._hurry, step.rushed))

    def work(self, step: Step) -> None:
        """Do what was seen: what was picked before is packed, what was released before is picked.

        Packing goes in one order: what it learns of weights is then the same in every run.
        """
        side_by_side(*self._seen)

    def _clock(self, now: datetime) -> None:
        """Pickers come and go at the hours of their shift; who was noted before is not noted again."""
        local = now.astimezone(ZONE)
        people = [
            (town.code, picker(town, number))
            for town in TOWNS
            if is_working_day(town.calendar, local.date())
            for number in range(1, town.pickers + 1)
        ]
        if local.time() == SHIFT[0]:
            begin = [ClockIn(person=person, site=site, task="pick", actor=person) for site, person in people]
            in_parts(self._store, clock_in, begin, len(begin) or 1)
        elif local.time() == SHIFT[1]:
            end = [ClockOut(person=person, actor=person) for _, person in people]
            in_parts(self._store, clock_out, end, len(end) or 1)

    def _let_out(self, towns: Sequence[Town]) -> None:
        """Let out all that is planned at sites whose truck is near."""
        commands = [ReleaseDue(site=town.code, limit=RELEASES_A_TIME, actor="lead") for town in towns]
        in_parts(self._store, release_due, commands, len(towns))

    def _hurry(self, towns: Sequence[Town]) -> None:
        """Pick whatever is open at sites whose truck is near, and pack whatever is picked."""
        side_by_side(partial(self._packers.pack, self._packers.to_pack()), partial(self._walk_all, towns))
        self._packers.pack(self._packers.to_pack())

    def _walk_all(self, towns: Sequence[Town]) -> None:
        while walks := self._walkers.claim(towns):
            self._walkers.walk_lists(walks)

    def _to_load(self, town: Town, now: datetime) -> list[HandOver]:
        """What has its label as the truck comes; on the day of a late shift, nothing."""
        if self._people.is_late(town.code, now.astimezone(ZONE).date()):
            return []
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT p.id::text FROM parcel p JOIN orders o ON o.id = p.order_id AND NOT o.is_held"
                " WHERE p.site = %(site)s AND p.state = 'labelled' AND p.packed_at < %(now)s"
                " ORDER BY p.packed_at, p.id",
                site=town.code,
                now=now,
            )
        driver = f"driver:{town.code.lower()}"
        return [HandOver(parcel_id=row.id, actor=driver) for row in rows]
