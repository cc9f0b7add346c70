"""The demo's suppliers: what each sells, and what comes of what was ordered from them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from orderwright.business.purchasing.forms import PutSupplier, SupplierForm, SupplierProductForm
from orderwright.business.purchasing.suppliers import put_suppliers
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import ACTOR
from orderwright.doors.demo.supply import COST_PERCENT
from orderwright.values.money import format_micro
from orderwright.values.refusal import Refusal

NAMES = (
    "Amber Lane", "Birch & Son", "Canal Street", "Dovecote", "Elmfield", "Foundry Row", "Garden Gate", "Hill House",
    "Ironbridge", "Juniper", "Kiln Yard", "Lantern",
)  # fmt: skip
LEAD_DAYS, LATE_DAYS = 5, 2
PENNIES_IN_SIX = 300
"""What is listed at less comes in packs of six."""
CURRENCY = "GBP"


class Bought(NamedTuple):
    """Units of a product on a purchase order. `on`: the day it was drawn up."""

    supplier: str
    site: str
    on: date
    sku: str
    units: int

    @property
    def word(self) -> tuple[object, ...]:
        """What draws about it are made with: nothing that another run has otherwise."""
        return (self.supplier, self.site, self.on, self.sku)


class Came(NamedTuple):
    """What came of a line: units as goods-in counts them, and of them how many are broken."""

    counted: int
    broken: int


def supplier_of(sku: str, people: People) -> str:
    """Whom a product is bought from."""
    return people.draws.one_of(NAMES, "supplier", sku).upper().replace(" ", "-").replace("&", "AND")


def pack_size(good: Good) -> int:
    """How many of a product come together."""
    return 6 if good.price_micro < PENNIES_IN_SIX * 10_000 else 1


def open_suppliers(store: Store, goods: Sequence[Good], people: People) -> None:
    """Name the suppliers and what they sell; orders are sent to them by hand. Again, it changes nothing."""
    codes = {name.upper().replace(" ", "-").replace("&", "AND"): name for name in NAMES}
    sold: dict[str, list[SupplierProductForm]] = {code: [] for code in codes}
    for good in goods:
        cost = format_micro(good.price_micro * COST_PERCENT // 100, CURRENCY)
        form = SupplierProductForm(sku=good.sku, unit_cost=cost, pack_size=pack_size(good))
        sold[supplier_of(good.sku, people)].append(form)
    commands = [
        PutSupplier(
            code=code, actor=ACTOR,
            form=SupplierForm(name=name, currency=CURRENCY, lead_time_days=LEAD_DAYS, products=sold[code]),
        )
        for code, name in codes.items()
    ]  # fmt: skip
    for result in in_parts(store, put_suppliers, commands, len(commands)):
        if isinstance(result, Refusal):
            raise RuntimeError(f"the demo's supplier is refused: {result!r}")


def comes_on(people: People, supplier: str, site: str, on: date, due_on: date) -> date:
    """The day a purchase order drawn up on a day is delivered: as it is due, or late."""
    is_late = people.draws.happens(people.rates.late_supplier, "late supplier", supplier, site, on)
    return due_on + timedelta(days=LATE_DAYS) if is_late else due_on


def what_came(people: People, line: Bought, pack: int) -> Came:
    """What a supplier sends of a line, and how it is counted: now and then too few, too many, broken, miscounted."""
    draws, rates = people.draws, people.rates
    units = line.units
    if draws.happens(rates.short_line, "short line", *line.word):
        units -= -(-units // 5)
    elif draws.happens(rates.over_line, "over line", *line.word):
        units += pack
    if not units:
        return Came(0, 0)
    broken = 0
    if draws.happens(rates.broken_units, "broken", *line.word):
        broken = draws.between(1, max(1, units // 10), "how many broken", *line.word)
    return Came(units + is_miscounted(people, line.word), broken)


def is_miscounted(people: People, word: Iterable[object]) -> bool:
    """Whether goods-in counts one unit more of a line than came."""
    return people.draws.happens(people.rates.miscounted_line, "miscounted", *word)
