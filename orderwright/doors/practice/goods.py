"""What the invented shop sells and who buys there. Nobody of these names lives at these addresses."""

from typing import NamedTuple

from orderwright.business.practice.rules import Name

WRONG_LINE = "42 Mill Lane"
"""What the customer of the order to review wrote by mistake."""
WHY_HELD = "Ana Ruiz called: she lives at number 24, not 42. Correct the address, then let the order go on."


class Thing(NamedTuple):
    """A product. price_minor: pence."""

    sku: str
    title: str
    price_minor: int
    weight_g: int
    size_mm: int


THINGS = (
    Thing("MUG-RED", "Red mug", 1_200, 320, 100), Thing("MUG-BLUE", "Blue mug", 1_200, 320, 100),
    Thing("TEAPOT", "Teapot, one litre", 3_400, 900, 180), Thing("PLATE", "Dinner plate", 950, 480, 150),
    Thing("BOWL", "Soup bowl", 800, 350, 120), Thing("VASE", "Tall vase", 2_600, 1_100, 160),
    Thing("JUG", "Milk jug", 1_500, 410, 110), Thing("CANDLE", "Beeswax candle", 600, 210, 70),
    Thing("TRAY", "Oak tray", 4_200, 1_300, 200), Thing("NAPKIN", "Linen napkin", 450, 60, 90),
)  # fmt: skip
UNITS_EACH = 40


class Buyer(NamedTuple):
    """Somebody who orders: name, first line of the address, town, postcode."""

    name: str
    line: str
    city: str
    postal_code: str


class Wish(NamedTuple):
    """An order of the invented shop. times: how often the list price it is charged. lines: (sku, units)."""

    word: str
    buyer: Buyer
    lines: tuple[tuple[str, int], ...]
    times: int = 1


def _course(name: Name, buyer: Buyer, *lines: tuple[str, int], times: int = 1) -> Wish:
    return Wish(name.upper(), buyer, lines, times)


COURSE = (
    _course("review", Buyer("Ana Ruiz", WRONG_LINE, "Leeds", "LS1 4AP"), ("TEAPOT", 1), ("MUG-BLUE", 2)),
    _course("exception", Buyer("Ben Okafor", "7 Harbour Road", "Bristol", "BS1 4UA"), ("VASE", 1), times=3),
    _course("pick", Buyer("Chloe Martin", "3 Station Street", "York", "YO1 7HB"), ("MUG-RED", 2), ("PLATE", 1)),
    _course("pack", Buyer("Daniel Weiss", "18 Church Hill", "Glasgow", "G2 1AL"), ("BOWL", 3)),
    _course("return", Buyer("Elif Demir", "51 Canal Side", "Leicester", "LE1 6ZB"), ("JUG", 2)),
)
"""The orders of the course."""
OTHERS = (
    Wish("A", Buyer("Femi Adeyemi", "9 Park Row", "Leeds", "LS1 5HD"), (("CANDLE", 4),)),
    Wish("B", Buyer("Grace Lin", "30 Orchard Way", "York", "YO1 8SG"), (("TRAY", 1), ("NAPKIN", 6))),
    Wish("C", Buyer("Hugo Silva", "2 Bridge End", "Bristol", "BS1 5TR"), (("MUG-RED", 1),)),
)
"""Orders that were sent already, so that lists are not empty."""
