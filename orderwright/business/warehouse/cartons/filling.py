"""Units into one carton: the search's flat numbers, made once and used for every carton that is tried."""

from collections.abc import Sequence
from itertools import accumulate

from orderwright.business.warehouse.cartons.engine import Engine
from orderwright.business.warehouse.cartons.model import Carton, PackingRules, Placement
from orderwright.business.warehouse.cartons.prices import fill_g
from orderwright.business.warehouse.cartons.search import SCORES, Goods, Places, Room
from orderwright.business.warehouse.cartons.units import Unit, clashes, volume_mm3, weight_g

USUAL_UNITS = 12
STARTS_MIN = 4
UNTOLD_G = 1 << 40  # what a carton without a limit holds


class Pile:
    """Units waiting to be packed."""

    def __init__(self, units: Sequence[Unit], rules: PackingRules, engine: Engine) -> None:
        self.units = units
        self.rules = rules
        self.engine = engine
        self._turns = [turn for unit in units for turn in unit.turns]
        self.goods = self._as_goods()
        self._orders = self._first_orders()

    def fill(self, carton: Carton) -> tuple[Placement, ...] | None:
        """A place for every unit, in the order of filling; None when no start found one."""
        sequence, count = self.engine.sequence, len(self.units)
        chains = len(self._orders) * SCORES
        orders = sequence([unit for order in self._orders for _ in range(SCORES) for unit in order])
        places = self._no_places()
        room = Room(*carton.sizes, self._goods_max_g(carton, volume_mm3(self.units)))
        starts = self._starts(chains)
        used = self.engine.fill_whole(self.goods, room, orders, sequence([0] * chains), starts, places)
        return None if used < 0 else self._placements(places, range(count))

    def fill_most(self, carton: Carton, starts: int) -> tuple[list[int], tuple[Placement, ...]]:
        """As much volume as finds a place: which units, and where."""
        orders = self.engine.sequence([unit for order in self._orders for unit in order])
        places = self._no_places()
        # What void fill will weigh is not known before; an empty carton's is the most it can be.
        room = Room(*carton.sizes, self._goods_max_g(carton, 0))
        self.engine.fill_most(self.goods, room, orders, len(self._orders), starts, places)
        placed = [unit for unit in range(len(self.units)) if places.turn[unit] >= 0]
        return placed, self._placements(places, placed)

    def _starts(self, chains: int) -> int:
        count = len(self.units)
        if self.rules.starts:
            return self.rules.starts
        # A start's time grows with the square of the units, or a little faster.
        share = self.engine.starts * USUAL_UNITS**2 // max(count, USUAL_UNITS) ** 2
        return min(chains, share) if count <= 2 else max(STARTS_MIN, share)

    def _goods_max_g(self, carton: Carton, goods_mm3: int) -> int:
        if not carton.weight_max_g:
            return UNTOLD_G
        return carton.weight_max_g - carton.tare_g - fill_g(carton.inner_mm3 - goods_mm3, self.rules)

    def _no_places(self) -> Places:
        count, sequence = len(self.units), self.engine.sequence
        return Places(sequence([0] * count), sequence([0] * count), sequence([0] * count), sequence([-1] * count))

    def _as_goods(self) -> Goods:
        sequence = self.engine.sequence
        apart = clashes(self.units)
        turns = self._turns
        return Goods(
            turn_start=sequence([0, *accumulate(len(unit.turns) for unit in self.units)]),
            dx=sequence([turn.length_mm for turn in turns]),
            dy=sequence([turn.width_mm for turn in turns]),
            dz=sequence([turn.height_mm for turn in turns]),
            weight=sequence([unit.item.weight_g for unit in self.units]),
            bears=sequence([unit.load_g for unit in self.units]),
            clash=sequence([int(clash) for row in apart for clash in row]),
            least=min(min(turn[:3]) for turn in turns),
            has_limits=int(any(unit.load_g >= 0 for unit in self.units)),
            has_clashes=int(any(map(any, apart))),
            support=self.rules.support_percent,
        )

    def _first_orders(self) -> list[list[int]]:
        """By weight and volume, longest side, largest face, shortest side: what is heavy or awkward goes first.

        What bears not even the lightest unit goes last, so that it ends on top.
        """
        lightest_g = min(unit.item.weight_g for unit in self.units)
        rows = []
        for unit in self.units:
            short, middle, long = sorted(unit.turns[0][:3])
            rows.append((unit.item.weight_g, long, long * middle, short))

        def key(measure: int, index: int) -> tuple[int, int, int, int]:
            unit = self.units[index]
            is_delicate = 0 <= unit.load_g < lightest_g
            return int(is_delicate), -rows[index][measure], -unit.volume_mm3, index

        return [sorted(range(len(rows)), key=lambda index, of=of: key(of, index)) for of in range(4)]  # type: ignore[misc]

    def _placements(self, places: Places, placed: Sequence[int]) -> tuple[Placement, ...]:
        """From the bottom up, back to front, left to right: then nothing is put under or behind what stands there."""
        inside = sorted(placed, key=lambda unit: (int(places.z[unit]), int(places.y[unit]), int(places.x[unit])))
        return tuple(self._placement(places, step, unit) for step, unit in enumerate(inside, 1))

    def _placement(self, places: Places, step: int, unit: int) -> Placement:
        turn = self._turns[int(places.turn[unit])]
        x, y, z = int(places.x[unit]), int(places.y[unit]), int(places.z[unit])
        sku = self.units[unit].item.sku
        return Placement(step, sku, x, y, z, turn.length_mm, turn.width_mm, turn.height_mm, turn.turned)


def goods_of(units: Sequence[Unit]) -> tuple[int, int]:
    """Weight in g and volume in mm3."""
    return weight_g(units), volume_mm3(units)
