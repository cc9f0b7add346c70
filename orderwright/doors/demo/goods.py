"""The goods of the year as a catalogue: title and price as the file says, sizes and weights made up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.business.orders.form import LineForm, NewOrder
from orderwright.doors.demo.draws import Draws
from orderwright.values.money import format_minor, parse_micro

RECENT = timedelta(weeks=8)
MICRO_A_PENNY = 10_000


class Good(NamedTuple):
    """One product. price_micro: millionths of a pound. `lines`: order lines in the weeks before the window."""

    sku: str
    title: str
    price_micro: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    lines: int

    @property
    def price(self) -> str:
        """The list price as a decimal text."""
        return format_minor(max(1, round(self.price_micro / MICRO_A_PENNY)), "GBP")


def goods_of(orders: Sequence[NewOrder], begin: datetime, end: datetime, draws: Draws) -> dict[str, Good]:
    """Products of the orders up to `end`, by sku.

    The title is the most frequent description. The list price is the most frequent price of the eight weeks before
    `begin`, else of all the time before; a product first sold in the window has the price it is first sold at.
    """
    titles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    recent: defaultdict[str, Counter[str]] = defaultdict(Counter)
    before: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, str] = {}
    lines: Counter[str] = Counter()
    for order, line in _lines(orders, end):
        titles[line.sku][line.title] += 1
        if line.unit_price.strip("0.") == "":
            continue  # given away: no price anybody asks
        placed_at = order.placed_at or begin
        if placed_at < begin:
            before[line.sku][line.unit_price] += 1
            if placed_at >= begin - RECENT:
                recent[line.sku][line.unit_price] += 1
                lines[line.sku] += 1
        else:
            first.setdefault(line.sku, line.unit_price)
    found = {}
    for sku, told in titles.items():
        prices = recent.get(sku) or before.get(sku) or Counter([first.get(sku, "0.01")])
        found[sku] = _good(sku, _most(told), parse_micro(_most(prices)), lines[sku], draws)
    return found


def _lines(orders: Iterable[NewOrder], end: datetime) -> Iterable[tuple[NewOrder, LineForm]]:
    return ((order, line) for order in orders if order.placed_at and order.placed_at <= end for line in order.lines)


def _most(counted: Mapping[str, int]) -> str:
    """The most frequent text that says something; of equals the first in the alphabet."""
    return min(counted, key=lambda text: (not text.strip(), -counted[text], text))


def _good(sku: str, title: str, price_micro: int, lines: int, draws: Draws) -> Good:
    # Dearer gifts tend to be heavier: 20 g and about 90 g a pound, half of it to twice that by chance.
    weight_g = 20 + price_micro * draws.between(45, 180, "weight", sku) // 1_000_000
    weight_g = min(weight_g, 12_000)
    side_mm = max(20, round((weight_g * 4_000) ** (1 / 3)))
    length, width, height = (side_mm * draws.between(50, 150, side, sku) // 100 for side in ("l", "w", "h"))
    return Good(sku, title.strip() or sku, price_micro, weight_g, length, width, height, lines)
