"""The people of the demo and how they err: at stated rates, by chance that can be repeated.

What really lies in a parcel nobody but this module knows. The shop sees what its checks see: a wrong code at the
scanner, a wrong weight on the scale, an undelivered parcel, a customer who writes why something comes back.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from orderwright.doors.demo.cartons import litres, tare_g
from orderwright.doors.demo.draws import WHOLE, Draws
from orderwright.doors.demo.goods import Good

Kind = Literal["wrong_item", "wrong_quantity"]
SCANNED = 60_000
"""Of the goods picked, the share (of WHOLE) that is held under the scanner."""


class Rates(NamedTuple):
    """How often each mistake is made, in hundred-thousandths of what it can happen to."""

    wrong_item: int = 50  # of pick list lines: another product is taken
    wrong_quantity: int = 60  # of pick list lines: one unit too few is taken
    overlooked: int = 60  # of pick list lines: the picker does not see what lies there, and says so
    swapped_labels: int = 150  # of parcels: the label of the next parcel of the same truck is put on, and the reverse
    misread_address: int = 500  # of parcels: the driver cannot find the house at first
    late_shift: int = 3_000  # of working days of a site: the truck leaves without anything
    forgotten_hold: int = 6_000  # of holds: looked at a day late
    late_supplier: int = 8_000  # of purchase orders: they come two days late
    short_line: int = 2_000  # of their lines: a fifth does not come
    over_line: int = 300  # of their lines: a pack too many comes
    broken_units: int = 1_000  # of their lines: up to a tenth is broken
    miscounted_line: int = 500  # of their lines: one unit more is counted than came

    def sentences(self) -> list[str]:
        """The rates in words."""
        told = {
            "wrong_item": "lines of a pick list: another product is taken",
            "wrong_quantity": "lines of a pick list: one unit too few is taken",
            "overlooked": "lines of a pick list: what lies there is not seen, and told to be missing",
            "swapped_labels": "parcels: labels of two parcels of one truck are swapped",
            "misread_address": "parcels: the house is not found at the first try",
            "late_shift": "working days of a site: nothing is ready for the truck",
            "forgotten_hold": "holds: looked at a day late",
            "late_supplier": "purchase orders: they come two days late",
            "short_line": "lines of a purchase order: a fifth of it does not come",
            "over_line": "lines of a purchase order: a pack too many comes",
            "broken_units": "lines of a purchase order: up to a tenth of it is broken",
            "miscounted_line": "lines of a purchase order: one unit more is counted than came",
        }
        return [f"{rate / WHOLE:.3%} of {told[name]}" for name, rate in self._asdict().items()]


NOBODY_ERRS = Rates(*[0] * len(Rates._fields))


class Packed(NamedTuple):
    """Units of one order line in a parcel."""

    reference: str
    position: int
    sku: str
    units: int


class Contents(NamedTuple):
    """A parcel: what should lie in it, what it weighed when it was closed, and its carton ('': none of ours)."""

    lines: list[Packed]
    weight_g: int
    carton: str


class Mistake(NamedTuple):
    """A mistake with one line of a parcel. off_g: what it makes the parcel weigh more (or less) than it should."""

    kind: Kind
    line: Packed
    is_scanned: bool
    off_g: int


class Judged(NamedTuple):
    """The mistakes of a parcel by where they were caught; those at the customer's were not."""

    at_scanner: list[Mistake]
    at_scale: list[Mistake]
    at_customer: list[Mistake]


class People:
    """Pickers, packers, drivers and clerks. goods: by sku; `rates`: how often they err."""

    def __init__(self, goods: Mapping[str, Good], rates: Rates, draws: Draws) -> None:
        self.rates, self.draws = rates, draws
        self._goods = goods
        self._skus = sorted(goods)

    def mistake(self, line: Packed) -> Mistake | None:
        """What goes wrong with picking a line of an order, if anything does."""
        about = (line.reference, line.position, line.sku)
        draws, rates = self.draws, self.rates
        drawn = draws.number("pick", *about) % WHOLE
        good = self._goods.get(line.sku)
        if good is None or drawn >= rates.wrong_item + rates.wrong_quantity:
            return None
        if drawn < rates.wrong_item:
            is_scanned = draws.happens(SCANNED, "scan", *about)
            return Mistake("wrong_item", line, is_scanned, self._goods[self.taken_for(line)].weight_g - good.weight_g)
        return Mistake("wrong_quantity", line, False, -good.weight_g)

    def overlooks(self, line: Packed) -> bool:
        """Whether the picker does not see the goods of a line where they lie."""
        return self.draws.happens(self.rates.overlooked, "overlooked", line.reference, line.position, line.sku)

    def taken_for(self, line: Packed) -> str:
        """The product that is taken instead: any other one."""
        other = self.draws.one_of(self._skus, "taken for", line.reference, line.position, line.sku)
        return other if other != line.sku else self._skus[self._skus.index(other) - 1]

    def judge(self, parcel: Contents) -> Judged:
        """Where the mistakes of a parcel were caught: under the scanner, on the scale, or at the customer's.

        What the scale caught was mended, so that the parcel weighed what is right when it was closed.
        """
        made = [mistake for line in parcel.lines if (mistake := self.mistake(line))]
        unseen = [mistake for mistake in made if not mistake.is_scanned]
        at_scanner = [mistake for mistake in made if mistake.is_scanned]
        if unseen:
            weighed_g, right_g = self.scale_g(parcel.lines, parcel.carton)
            if parcel.weight_g == right_g != weighed_g:
                return Judged(at_scanner, unseen, [])
        return Judged(at_scanner, [], unseen)

    def scale_g(self, lines: Sequence[Packed], carton: str) -> tuple[int, int]:
        """What the scale says of a parcel: with the mistakes nobody saw yet, and once they are mended.

        It weighs its goods, its carton and what fills that up: a gram a litre.
        """
        unseen = [mistake for line in lines if (mistake := self.mistake(line)) and not mistake.is_scanned]
        goods_g = sum(good.weight_g * units for good, units in self.goods_of(lines))
        right_g = goods_g + tare_g(carton) + litres(carton)
        return max(1, right_g + sum(mistake.off_g for mistake in unseen)), max(1, right_g)

    def goods_of(self, lines: Sequence[Packed]) -> list[tuple[Good, int]]:
        """The goods of lines, with units."""
        return [(self._goods[line.sku], line.units) for line in lines if line.sku in self._goods]

    def is_late(self, site: str, day: date) -> bool:
        """Whether a site has nothing ready for its truck on a day."""
        return self.draws.happens(self.rates.late_shift, "late", site, day)

    def is_misread(self, parcel: str) -> bool:
        """Whether a driver does not find the house of a parcel (a word for it) at first."""
        return self.draws.happens(self.rates.misread_address, "misread", parcel)

    def is_swapped(self, parcel: str) -> bool:
        """Whether a parcel gets the label of the next one."""
        return self.draws.happens(self.rates.swapped_labels, "swapped", parcel)
