"""The demo's cartons: which there are, how many lie at each site, which one a packer takes who sees much at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from orderwright.business.shipping.packing.cartons import put_cartons, stock_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton, StockCartons
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.sites import ACTOR, TOWNS
from orderwright.doors.demo.window import ZONE
from orderwright.values.refusal import Refusal


class Kind(NamedTuple):
    """A kind of carton, inside in mm. each_day: how many of a hundred parcels go out in it."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_g: int
    cost_minor: int
    each_day: int

    @property
    def litres(self) -> int:
        """Its inside."""
        return self.length_mm * self.width_mm * self.height_mm // 1_000_000


KINDS = (
    Kind("S", 300, 200, 150, 90, 24, 10),
    Kind("M", 400, 300, 250, 260, 52, 15),
    Kind("L", 600, 400, 350, 620, 110, 35),
    Kind("XL", 800, 600, 500, 1_600, 260, 40),
    Kind("PALLET-BOX", 1_200, 800, 950, 9_500, 1_450, 20),
)
"""The smallest first. What none of them holds is wrapped on a pallet."""
FULL_PERCENT = 75
"""How much of a carton goods fill when nobody reckons where each goes."""
DAYS_KEPT, DAYS_LOW = 6, 2
_TARES = {kind.code: kind.tare_g for kind in KINDS}
_LITRES = {kind.code: kind.litres for kind in KINDS}


def tare_g(carton: str | None) -> int:
    """What a carton weighs by itself; nothing where there is none."""
    return _TARES.get(carton or "", 0)


def litres(carton: str | None) -> int:
    """The inside of a carton; nothing where there is none."""
    return _LITRES.get(carton or "", 0)


def by_eye(contents: Iterable[tuple[Good, int]]) -> str:
    """The smallest carton that goods (with units) seem to go into; '' where none does: they go on a pallet."""
    goods = list(contents)
    room = sum(good.length_mm * good.width_mm * good.height_mm * units for good, units in goods)
    sides = [sorted((good.length_mm, good.width_mm, good.height_mm)) for good, _ in goods]
    largest = [max((each[at] for each in sides), default=0) for at in range(3)]
    for kind in KINDS:
        inside = sorted((kind.length_mm, kind.width_mm, kind.height_mm))
        holds = kind.length_mm * kind.width_mm * kind.height_mm * FULL_PERCENT // 100
        if room <= holds and all(side <= most for side, most in zip(largest, inside, strict=True)):
            return kind.code
    return ""


def open_cartons(store: Store, now: datetime) -> None:
    """Name the kinds there are, and book what lies at each site at first. Again, it changes nothing."""
    kinds = [
        PutCarton(
            code=kind.code, actor=ACTOR,
            form=CartonForm(
                length_mm=kind.length_mm, width_mm=kind.width_mm, height_mm=kind.height_mm, tare_g=kind.tare_g,
                cost_minor=kind.cost_minor,
            ),
        )
        for kind in KINDS
    ]  # fmt: skip
    _all_done(in_parts(store, put_cartons, kinds, len(kinds)))
    wanted = {(kind.code, town.code): 0 for kind in KINDS for town in TOWNS}
    _bring(store, wanted, "opening", now)


def replenish_cartons(store: Store, now: datetime) -> None:
    """Bring cartons where few are left, up to what is kept; once a day, however often this runs."""
    with store.read() as tx:
        low = tx.rows("SELECT carton, site, quantity FROM carton_stock WHERE is_counted AND quantity <= low_at")
    _bring(store, {(row.carton, row.site): row.quantity for row in low}, "cartons", now)


def _bring(store: Store, there: dict[tuple[str, str], int], why: str, now: datetime) -> None:
    a_day = {(kind.code, town.code): max(1, kind.each_day * town.daily_capacity // 100)
             for kind in KINDS for town in TOWNS}  # fmt: skip
    commands = [
        StockCartons(
            carton=carton, site=site, kind="receive", quantity=DAYS_KEPT * a_day[carton, site] - units,
            low_at=DAYS_LOW * a_day[carton, site], reference=f"{why} {now.astimezone(ZONE).date()}", actor=ACTOR,
        )
        for (carton, site), units in sorted(there.items())
    ]  # fmt: skip
    _all_done(in_parts(store, stock_cartons, commands, len(commands) or 1))


def _all_done(results: Iterable[object]) -> None:
    for result in results:
        # What came today came before the demo was interrupted.
        if isinstance(result, Refusal) and result.code != "adjustment_differs":
            raise RuntimeError(f"the demo has no cartons: {result!r}")
