"""Opening the demo's shop: sites, goods, bins, a channel; all through the actions any shop uses."""

from collections.abc import Sequence
from datetime import datetime

from orderwright.business.catalog.actions import put_channels, put_places, put_products, put_sites
from orderwright.business.catalog.forms import (
    ChannelForm,
    ChannelPolicyForm,
    ProductForm,
    PutChannel,
    PutProduct,
)
from orderwright.business.warehouse.floors import put_floors
from orderwright.database.invented import Mark, mark_invented
from orderwright.database.store import Store
from orderwright.doors.demo.cartons import open_cartons
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.sites import ACTOR, TOWNS, floor_commands, place_commands, range_of, site_commands
from orderwright.settings import PutSettings, put_settings
from orderwright.values.refusal import Refusal

CHANNEL = "web"
PRICE_TOLERANCE_PERMILLE = 900
"""The shop has two prices for most of its goods, one twice the other: what is further off is looked at."""
SETTINGS = {"counts.large_pick_units": 500}
"""Wholesale takes fifty of a thing every day: that alone is no reason to count."""
PRODUCTS_A_TIME, PLACES_A_TIME = 1_000, 2_000


def open_shop(store: Store, goods: Sequence[Good], now: datetime) -> None:
    """Set up an empty store. goods: those asked for most first. Doing it again changes nothing."""
    with store.begin() as tx:
        mark_invented(tx, Mark("demo"))
    channel = ChannelForm(
        name="Web shop and wholesale", kind="file", currency="GBP",
        policy=ChannelPolicyForm(price_tolerance_permille=PRICE_TOLERANCE_PERMILLE),
    )  # fmt: skip
    _all_done(in_parts(store, put_channels, [PutChannel(code=CHANNEL, form=channel, actor=ACTOR)], 1))
    _all_done(in_parts(store, put_products, [_product(good) for good in goods], PRODUCTS_A_TIME))
    # Sites come last: a site opens its counters for all goods at once.
    _all_done(in_parts(store, put_sites, site_commands(), len(TOWNS)))
    for town in TOWNS:
        places = list(place_commands(town, len(range_of(town, goods))))
        _all_done(in_parts(store, put_places, places, PLACES_A_TIME))
    _all_done(in_parts(store, put_floors, floor_commands(), len(TOWNS)))
    open_cartons(store, now)
    _all_done(in_parts(store, put_settings, [PutSettings(values=SETTINGS, actor=ACTOR)], 1))


def _product(good: Good) -> PutProduct:
    form = ProductForm(
        title=good.title, price=good.price, currency="GBP", weight_g=good.weight_g, length_mm=good.length_mm,
        width_mm=good.width_mm, height_mm=good.height_mm,
    )  # fmt: skip
    return PutProduct(sku=good.sku, form=form, actor=ACTOR)


def _all_done(results: Sequence[object]) -> None:
    for result in results:
        if isinstance(result, Refusal):
            raise RuntimeError(f"the demo's shop cannot be set up: {result!r}")
