"""The demo's packers: they take the carton that is advised, or one that looks right, and put it on the scale."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.packing.advice import advised_codes, read_shelf
from orderwright.business.deeds.packing.bench import ADVISED_UNITS_MAX
from orderwright.business.deeds.packing.goods import read_goods
from orderwright.business.shipping.forms import Pack, ParcelForm
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.doors.demo.cartons import by_eye
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.people import Packed, People
from orderwright.values.refusal import Refusal

FULFILMENTS_A_TIME = 200
ADVISED_A_TIME = 50


class ToPack(NamedTuple):
    """What lies picked and complete of a fulfilment."""

    site: str
    lines: list[Packed]

    @property
    def units(self) -> int:
        """How many units lie there."""
        return sum(line.units for line in self.lines)


class Packers:
    """Everybody who packs, at all sites."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def to_pack(self) -> dict[str, ToPack]:
        """What lies picked and complete, and is not held, by fulfilment."""
        with self._store.read() as tx:
            rows = tx.tuples(
                """
                SELECT f.id::text, f.site, o.reference, d.position, d.sku, a.picked
                FROM fulfilment f JOIN orders o ON o.id = f.order_id AND NOT o.is_held
                JOIN allocation a ON a.fulfilment_id = f.id AND a.picked > 0 JOIN demand d ON d.id = a.demand_id
                WHERE f.site = ANY(%(sites)s::text[]) AND f.state = 'picked'
                ORDER BY f.ship_by, f.id, d.position, d.sku
                """,
                sites=array(row.code for row in tx.rows("SELECT code FROM site ORDER BY code")),
            )
        found: dict[str, ToPack] = {}
        for id_, site, reference, position, sku, units in rows:
            found.setdefault(id_, ToPack(site, [])).lines.append(Packed(reference, position, sku, units))
        return found

    def pack(self, contents: Mapping[str, ToPack]) -> None:
        """Pack into one parcel each, on the scale. What weighs wrong is opened, mended and packed again."""
        advised = self._advised(id_ for id_, each in contents.items() if each.units <= ADVISED_UNITS_MAX)
        mended: list[Pack] = []
        first: list[Pack] = []
        for id_, (site, lines) in contents.items():
            carton = advised.get(id_) or by_eye(self._people.goods_of(lines))
            weighed_g, right_g = self._people.scale_g(lines, carton)
            actor = f"packer:{site.lower()}-{self._people.draws.between(1, 3, 'packer', site, lines[0].reference)}"
            form = ParcelForm(weight_g=weighed_g, carton=carton, own_packing=not carton)
            first.append(Pack(fulfilment_id=id_, parcels=[form], actor=actor))
            right = msgspec.structs.replace(form, weight_g=right_g)
            mended.append(Pack(fulfilment_id=id_, parcels=[right], confirm=True, actor=actor))
        results = in_parts(self._store, pack, first, FULFILMENTS_A_TIME)
        again = [
            command
            for command, result in zip(mended, results, strict=True)
            if isinstance(result, Refusal) and result.code == "weight_off"
        ]
        in_parts(self._store, pack, again, FULFILMENTS_A_TIME)

    def _advised(self, ids: Iterable[str]) -> dict[str, str]:
        """The carton that is advised, by fulfilment: of those few units that go into one."""
        asked = list(ids)
        found: dict[str, str] = {}
        for at in range(0, len(asked), ADVISED_A_TIME):
            with self._store.read() as tx:
                goods = read_goods(tx, asked[at : at + ADVISED_A_TIME])
                codes = advised_codes(tx, list(goods.values()), read_shelf(tx))
            found |= {id_: mine[0] for id_, mine in codes.items() if len(mine) == 1}
        return found
