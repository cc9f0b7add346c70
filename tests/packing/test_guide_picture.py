"""The picture in the guide is the product's own."""

from pathlib import Path

from orderwright.business.warehouse.cartons.choose import choose_cartons
from orderwright.business.warehouse.cartons.model import Carton, Item, PackingPlan, Rate
from orderwright.business.warehouse.cartons.picture import strip

PICTURE = Path(__file__).parents[2] / "docs" / "packing.svg"
ITEMS = [
    Item("PLATE", 2, 250, 250, 30, 600, "Plate"),
    Item("BULB", 1, 90, 90, 120, 80, "Glass bulb", fragile=True, this_side_up=True, padding_mm=10),
]


def drawn() -> str:
    """The carton of the guide, step by step."""
    plan = choose_cartons(ITEMS, [Carton("M", 300, 300, 200, 55, 200)], Rate(lambda _: 0), compiled=False)
    assert isinstance(plan, PackingPlan)
    return strip(plan.cartons[0], {item.sku: item.title for item in ITEMS}, 3) + "\n"


def test_the_guide_shows_what_the_product_draws() -> None:
    assert PICTURE.read_text() == drawn()
