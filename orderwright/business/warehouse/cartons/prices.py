"""What a parcel is billed and what a filled carton costs."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from orderwright.business.warehouse.cartons.model import Carton, PackingRules, Rate

MM3_PER_LITRE = 1_000_000
NO_PARCEL_G = 1 << 40


def price_by_steps(steps: Sequence[tuple[int, int]]) -> Callable[[int], int | None]:
    """A carrier's weight table: (up to g, minor units), ascending; None above the last step.

    Raises ValueError for steps that do not ascend, or a price that falls.
    """
    limits, prices = [limit for limit, _ in steps], [price for _, price in steps]
    if sorted(set(limits)) != limits or sorted(prices) != prices:
        raise ValueError("weight steps ascend, and their prices do not fall")

    def price_minor(weight_g: int) -> int | None:
        at = bisect_left(limits, weight_g)
        return prices[at] if at < len(prices) else None

    return price_minor


def billed_g(gross_g: int, outer_mm3: int, rate: Rate) -> int:
    """The greater of the scale's weight and the dimensional weight, rounded up to the g.

    Source: carriers' tariffs; 5000 cm3 per kg means 5000 mm3 per g.
    """
    if rate.divisor_cm3_per_kg <= 0:
        return gross_g
    return max(gross_g, -(-outer_mm3 // rate.divisor_cm3_per_kg))


def heaviest_g(rate: Rate) -> int | None:
    """The most a carrier takes; None when it takes what no parcel ever weighs."""
    if rate.price_minor(NO_PARCEL_G) is not None:
        return None
    return bisect_left(range(NO_PARCEL_G), 1, key=lambda weight_g: rate.price_minor(weight_g) is None) - 1


def fill_g(void_mm3: int, rules: PackingRules) -> int:
    """What the void fill weighs, rounded up."""
    return -(-void_mm3 * rules.fill_g_per_litre // MM3_PER_LITRE)


def gross_g(carton: Carton, goods_g: int, goods_mm3: int, rules: PackingRules) -> int:
    """What the scale should show: carton, goods, void fill."""
    return carton.tare_g + goods_g + fill_g(carton.inner_mm3 - goods_mm3, rules)


def parcel_minor(
    carton: Carton, goods_g: int, goods_mm3: int, protection_minor: int, rate: Rate, rules: PackingRules
) -> int | None:
    """Carton, protection, void fill and carriage; None when the carrier does not take it."""
    carriage = rate.price_minor(billed_g(gross_g(carton, goods_g, goods_mm3, rules), carton.outer_mm3, rate))
    if carriage is None:
        return None
    fill = -(-(carton.inner_mm3 - goods_mm3) * rules.fill_minor_per_litre // MM3_PER_LITRE)
    return carton.cost_minor + protection_minor + fill + carriage
