"""The crew of the sites: they pick what is released, pack what is picked, and hand over when the truck is there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import partial

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.release import release_due
from orderwright.business.shipping.forms import HandOver
from orderwright.business.warehouse.forms import ReleaseDue
from orderwright.business.warehouse.labour.actions import clock_in, clock_out
from orderwright.business.warehouse.labour.forms import ClockIn, ClockOut
from orderwright.business.warehouse.walk_forms import Walk
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts, side_by_side
from orderwright.doors.demo.packers import Packers, ToPack
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import TOWNS, Town
from orderwright.doors.demo.walkers import Walkers, picker
from orderwright.doors.demo.window import ZONE
from orderwright.values.calendars import is_working_day

PARCELS_A_TIME = 300
RELEASES_A_TIME = 200
SHIFT = (time(9), time(18))
"""When pickers clock in and out: at the first wave of a working day, and at the last."""


class Crew:
    """Everybody on the floors of all sites."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        self._walkers = Walkers(store, people)
        self._packers = Packers(store, people)

    def work(self, to_pack: Mapping[str, ToPack], walks: Sequence[Walk]) -> None:
        """One wave: what was picked before is packed, what was released before is picked; walks of each site by itself.

        Packing goes in one order: what it learns of weights is then the same in every run.
        """
        sites = [[walk for walk in walks if walk.site == town.code] for town in TOWNS]
        side_by_side(partial(self._packers.pack, to_pack), *[partial(self._walkers.walk, each) for each in sites])

    def clock(self, now: datetime) -> None:
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

    def let_out(self, towns: Sequence[Town]) -> None:
        """Let out all that is planned at sites whose truck is near."""
        commands = [ReleaseDue(site=town.code, limit=RELEASES_A_TIME, actor="lead") for town in towns]
        in_parts(self._store, release_due, commands, len(towns))

    def hurry(self, towns: Sequence[Town]) -> None:
        """Pick whatever is open at sites whose truck is near, and pack whatever is picked."""
        while walks := self.to_walk(towns):
            self._walkers.walk_lists(walks)
        self._packers.pack(self.to_pack())

    def to_walk(self, towns: Sequence[Town] = TOWNS) -> list[Walk]:
        """Walks for pickers of these sites, as far as there is work."""
        return self._walkers.claim(towns)

    def to_pack(self) -> dict[str, ToPack]:
        """What lies picked and complete, and is not held, by fulfilment."""
        return self._packers.to_pack()

    def to_load(self, town: Town, now: datetime) -> list[HandOver]:
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

    def load(self, parcels: Sequence[HandOver]) -> None:
        """Hand parcels over to their driver."""
        in_parts(self._store, hand_over, parcels, PARCELS_A_TIME)
