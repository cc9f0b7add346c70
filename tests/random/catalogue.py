"""What happens to the catalogue: products, sites, places, channels, and what is kept back."""

from datetime import date, timedelta
from typing import Any

from orderwright.business.catalog.actions import put_channels, put_places, put_sites
from orderwright.business.catalog.forms import (
    BufferForm,
    ChannelForm,
    ChannelPolicyForm,
    CodeForm,
    ComponentForm,
    PlaceForm,
    ProductForm,
    PutChannel,
    PutPlace,
    PutProduct,
    PutSite,
    SiteForm,
)
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.business.stock.actions import put_safety_stock
from orderwright.business.stock.forms import SafetyStock
from orderwright.values.forms import AddressForm
from tests.random.steps import step
from tests.random.world import World
from tests.shop import SITES

PLAIN = ("MUG", "TEE", "HAT", "ANVIL")
LOTTED = "MILK"
NAMED = "CAM"
KITS = {"SET": {"MUG": 2, "TEE": 1}, "BOX": {"MUG": 1, "HAT": 3}}
LATER = ("SOAP", "COMB")
"""Products that come into the catalogue some time, if at all."""
GTIN, OTHER_GTIN = "4006381333931", "96385074"
CONTROL = "a\x07b"


def furnish(world: World) -> None:
    """What a world begins with, beside what every test's shop has: stock, lots, kits, bins, channels."""
    shop = world.shop
    shop.product("ANVIL", weight_g=40_000)
    shop.product("LAMP", length_mm=90, width_mm=90, height_mm=60)
    shop.product(LOTTED, tracking="lot", codes=[{"code": GTIN}])
    shop.product(NAMED, tracking="serial")
    shop.product("OLD", is_retired=True)
    shop.product("UNKNOWN_WEIGHT", weight_g=0)
    for sku, parts in KITS.items():
        shop.product(sku, price="20.00", parts=parts)
    for sku in PLAIN:
        worn = {"family": "WEAR", "options": {"kind": sku}} if sku in ("TEE", "HAT") else {}
        codes = [{"code": f"{sku}-ALIAS", "kind": "alias"}]
        shop.product(sku, weight_g=40_000 if sku == "ANVIL" else 300, codes=codes, **worn)
    for code in SITES:
        world.one(put_places, PutPlace(site=code, code="A-1", form=PlaceForm(zone="A", aisle=1), actor="random"))
        world.one(put_places, PutPlace(site=code, code="A-2", form=PlaceForm(zone="A", aisle=2), actor="random"))
        shop.stock(code, **{sku: world.rng.randint(2, 12) for sku in PLAIN})
    _channel(world, "market", buffers=[BufferForm(withheld=1, sku="MUG")], shortage="hold")
    _channel(world, "picky", split="never", countries=("GB",), price_tolerance_permille=0)
    _channel(world, "bulk", ship_complete=True, split_value_min="15.00")
    for code in ("yen", "dinar"):
        form = ChannelForm(name=code, kind="api", currency={"yen": "JPY", "dinar": "KWD"}[code])
        world.one(put_channels, PutChannel(code=code, form=form, actor="random"))


def _channel(world: World, code: str, buffers: Any = (), **policy: Any) -> None:
    form = ChannelForm(name=code, kind="api", currency="GBP", policy=ChannelPolicyForm(**policy), buffers=list(buffers))
    world.one(put_channels, PutChannel(code=code, form=form, actor="random"))


def a_sku(world: World) -> str:
    """A product, seldom one there is not or that is not stocked."""
    return str(world.pick(*PLAIN, *PLAIN, LOTTED, *(world.pick("SET", "OLD", "NOPE", *LATER),)))


def serials_of(world: World, sku: str, units: int) -> list[str]:
    """Serials of units, most times as many as there are; none of products that have none."""
    if sku != NAMED:
        return []
    return [f"S{world.rng.randrange(40)}" for _ in range(units if world.chance(0.9) else units - 1)]


def a_site(world: World) -> str:
    return "NOWHERE" if world.chance(0.04) else str(world.pick(*SITES))


def product_form(world: World, sku: str, **changes: Any) -> ProductForm:
    """What a product is, or would be with these changes."""
    told: dict[str, Any] = {
        "title": sku.title(), "price": world.pick("7.50", "7.50", "8.00"), "currency": "GBP",
        "weight_g": 40_000 if sku == "ANVIL" else world.pick(0, 300, 300, 450),
        "tracking": "lot" if sku == LOTTED else "none", "is_retired": sku == "OLD",
    }  # fmt: skip
    if sku in KITS:
        told["components"] = [ComponentForm(sku=part, quantity=count) for part, count in KITS[sku].items()]
    return ProductForm(**told | changes)


@step(3)
def put_a_product(world: World) -> None:
    sku = world.pick(*PLAIN, *LATER, *KITS, "OLD", LOTTED)
    changes = world.pick(*wrong_products(world, sku)) if world.chance(0.3) else {}
    version = world.pick(None, None, None, 99)
    form = product_form(world, sku, **changes)
    world.one(put_products_and_look, PutProduct(sku=sku, form=form, version=version, actor="random"))


def wrong_products(world: World, sku: str) -> list[dict[str, Any]]:
    """Changes that each make a product wrong, or at least strange, in one way."""
    now = world.now
    return [
        {"codes": [CodeForm(code=GTIN[:-1] + "0")]},
        {"codes": [CodeForm(code=GTIN)]},
        {"codes": [CodeForm(code=OTHER_GTIN)]},
        {"codes": [CodeForm(code="MUG", kind="alias")]},
        {"codes": [CodeForm(code=f"{sku}-C", kind="channel", channel="web")]},
        {"codes": [CodeForm(code="TWICE", kind="alias"), CodeForm(code="TWICE", kind="alias")]},
        {"codes": [CodeForm(code="ENDED", kind="alias", valid_from=now, valid_to=now - timedelta(days=1))]},
        {"codes": [CodeForm(code="NOPE", kind="alias", valid_to=now + timedelta(days=2))]},
        {"components": [ComponentForm(sku="MUG"), ComponentForm(sku="NOPE-2")]},
        {"components": [ComponentForm(sku="SET")]},
        {"components": [ComponentForm(sku="TEE", quantity=2)]},
        {"price": "-1.00"}, {"price": "cheap"}, {"currency": "ZZZ"}, {"title": CONTROL}, {"is_retired": True},
    ]  # fmt: skip


@step(3)
def put_a_site(world: World) -> None:
    code = world.pick(*SITES, *SITES, "OSLO")
    latitude, longitude = SITES.get(code, (59.9, 10.7))
    told: dict[str, Any] = {
        "name": code, "address": AddressForm(country="GB", lines=["1 Dock St"]), "latitude": latitude,
        "longitude": longitude, "time_zone": "Europe/London", "cut_off": "16:00", "daily_capacity": 1_000,
    }  # fmt: skip
    changes = world.pick(
        {}, {}, {"daily_capacity": 1}, {"daily_units": 3}, {"daily_capacity": 0}, {"is_active": False},
        {"time_zone": "Pacific/Auckland", "cut_off": "02:30"}, {"holidays": "GB-SCT"}, {"handling_minor": 150},
        {"closed_dates": [date(2026, 11, 20), date(2026, 11, 23)]}, {"working_days": ("sat",)},
        {"time_zone": "Mars/Base"}, {"holidays": "XX"}, {"working_days": ("mon", "mon")}, {"name": CONTROL},
    )  # fmt: skip
    version = world.pick(None, None, None, 99)
    world.one(put_sites, PutSite(code=code, form=SiteForm(**told | changes), version=version, actor="random"))


@step(1)
def put_a_place(world: World) -> None:
    code, kind = world.pick(
        ("A-1", "bin"), ("A-9", "bin"), ("Q-1", "quarantine"), ("A-1", "quarantine"), ("LOST", "bin"), (CONTROL, "bin")
    )
    form = PlaceForm(kind=kind, zone=world.pick("A", "B"), aisle=world.rng.randint(-1, 4))
    world.one(put_places, PutPlace(site=a_site(world), code=code, form=form, actor="random"))


@step(2)
def put_a_channel(world: World) -> None:
    code = world.pick("market", "picky", "bulk", "closed")
    policy: dict[str, Any] = {
        "shortage": world.pick(None, "backorder", "refuse", "hold"), "split": world.pick(None, "cheapest", "never"),
        "ship_complete": world.pick(None, True, False), "price_tolerance_permille": world.pick(None, 0, 1_000),
        "split_value_min": world.pick(None, "0", "30.00", "1.001"), "countries": world.pick(None, ("GB",), ("ZZ",)),
    }  # fmt: skip
    buffers = [
        BufferForm(withheld=world.pick(0, 1, 3), sku=world.pick("", "MUG", "NOPE-2"), site=world.pick("", "LEEDS", "X"))
        for _ in range(world.pick(0, 1, 2))
    ]
    form = ChannelForm(
        name=world.pick("Shop", CONTROL), kind="api", currency=world.pick("GBP", "GBP", "ZZZ"),
        policy=ChannelPolicyForm(**policy), buffers=buffers, is_active=code != "closed",
    )  # fmt: skip
    version = world.pick(None, None, None, 99)
    world.one(put_channels, PutChannel(code=code, form=form, version=version, actor="random"))


@step(2)
def keep_some_back(world: World) -> None:
    units = world.pick(0, 0, 1, 4)
    world.one(put_safety_stock, SafetyStock(sku=a_sku(world), site=a_site(world), units=units, actor="random"))
