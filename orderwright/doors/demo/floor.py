"""The crew of the sites: they pick what is released, pack what is picked, and hand over when the truck is there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.release import release_due
from orderwright.business.shipping.forms import HandOver, Pack, ParcelForm
from orderwright.business.warehouse.forms import Pick, ReleaseDue
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.people import Packed, People
from orderwright.doors.demo.sites import Town
from orderwright.doors.demo.window import ZONE
from orderwright.values.refusal import Refusal

TASKS_A_TIME = 2_000
FULFILMENTS_A_TIME = 200
PARCELS_A_TIME = 300
RELEASES_A_TIME = 200
PICKERS = 6


class Crew:
    """Everybody on the floors of all sites."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def work(self, to_pack: dict[str, tuple[str, list[Packed]]], to_pick: Sequence[Any]) -> None:
        """One wave: what was picked before is packed, what was released before is picked."""
        self.pack(to_pack)
        self.pick(to_pick)

    def hurry(self, towns: Sequence[Town]) -> None:
        """Let out all that is planned at sites whose truck is near, and pick and pack whatever is open."""
        commands = [ReleaseDue(site=town.code, limit=RELEASES_A_TIME, actor="lead") for town in towns]
        in_parts(self._store, release_due, commands, len(towns))
        self.pick(self.to_pick())
        self.pack(self.to_pack())

    def to_pick(self) -> list[Any]:
        """Open tasks of pick lists, fulfilment by fulfilment in the order of their ship-by."""
        with self._store.read() as tx:
            return tx.tuples(
                """
                SELECT t.id::text, t.sku, t.quantity, f.site, o.reference, d.position
                FROM fulfilment f JOIN pick_task t ON t.fulfilment_id = f.id AND t.state = 'open'
                JOIN demand d ON d.id = t.demand_id JOIN orders o ON o.id = f.order_id
                WHERE f.site = ANY(%(sites)s::text[]) AND f.state = 'released'
                ORDER BY f.ship_by, f.id, t.walk
                """,
                sites=_all_sites(tx),
            )

    def pick(self, tasks: Sequence[Any]) -> None:
        """Walk pick lists. A wrong product under the scanner is refused, put back, and the right one taken."""
        commands = [command for task in tasks for command in self._picks(*task)]
        in_parts(self._store, pick, commands, TASKS_A_TIME)

    def _picks(self, task_id: str, sku: str, quantity: int, site: str, reference: str, position: int) -> list[Pick]:
        line = Packed(reference, position, sku, quantity)
        actor = f"picker:{site.lower()}-{self._people.draws.between(1, PICKERS, 'picker', site, reference)}"
        picks = [Pick(task_id=task_id, quantity=quantity, sku=sku, actor=actor)]
        mistake = self._people.mistake(line)
        if mistake is not None and mistake.is_scanned:
            picks.insert(0, Pick(task_id=task_id, quantity=quantity, sku=self._people.taken_for(line), actor=actor))
        return picks

    def to_pack(self) -> dict[str, tuple[str, list[Packed]]]:
        """What lies picked and complete, and is not held: site and contents by fulfilment."""
        with self._store.read() as tx:
            rows = tx.tuples(
                """
                SELECT f.id::text, f.site, o.reference, d.position, d.sku, a.picked
                FROM fulfilment f JOIN orders o ON o.id = f.order_id AND NOT o.is_held
                JOIN allocation a ON a.fulfilment_id = f.id AND a.picked > 0 JOIN demand d ON d.id = a.demand_id
                WHERE f.site = ANY(%(sites)s::text[]) AND f.state = 'picked'
                ORDER BY f.ship_by, f.id, d.position, d.sku
                """,
                sites=_all_sites(tx),
            )
        found: dict[str, tuple[str, list[Packed]]] = {}
        for id_, site, reference, position, sku, units in rows:
            found.setdefault(id_, (site, []))[1].append(Packed(reference, position, sku, units))
        return found

    def pack(self, contents: dict[str, tuple[str, list[Packed]]]) -> None:
        """Pack into one parcel each, on the scale. What weighs wrong is opened, mended and packed again."""
        mended: list[Pack] = []
        first: list[Pack] = []
        for id_, (site, lines) in contents.items():
            weighed_g, right_g = self._people.scale_g(lines)
            actor = f"packer:{site.lower()}-{self._people.draws.between(1, 3, 'packer', site, lines[0].reference)}"
            first.append(Pack(fulfilment_id=id_, parcels=[ParcelForm(weight_g=weighed_g)], actor=actor))
            mended.append(Pack(fulfilment_id=id_, parcels=[ParcelForm(weight_g=right_g)], actor=actor))
        results = in_parts(self._store, pack, first, FULFILMENTS_A_TIME)
        again = [
            command
            for command, result in zip(mended, results, strict=True)
            if isinstance(result, Refusal) and result.code == "weight_off"
        ]
        in_parts(self._store, pack, again, FULFILMENTS_A_TIME)

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


def _all_sites(tx: Tx) -> str:
    return array(row.code for row in tx.rows("SELECT code FROM site ORDER BY code"))
