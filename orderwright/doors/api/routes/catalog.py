"""Sites and their places, products, channels."""

from orderwright.business.catalog.actions import put_channels, put_places, put_sites
from orderwright.business.catalog.forms import (
    ChannelForm,
    PlaceForm,
    ProductForm,
    PutChannel,
    PutPlace,
    PutProduct,
    PutSite,
    Saved,
    SiteForm,
)
from orderwright.business.catalog.variants import Family, get_family
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, channels, sites

SITE = {
    "name": "Leeds",
    "address": {"name": "Leeds", "lines": ["1 Dock St"], "city": "Leeds", "postal_code": "LS1 1AA", "country": "GB"},
    "latitude": 53.8, "longitude": -1.55, "time_zone": "Europe/London", "cut_off": "16:00",
    "working_days": ["mon", "tue", "wed", "thu", "fri"], "daily_capacity": 5000,
}  # fmt: skip
PRODUCT = {
    "title": "Mug", "price": "7.50", "currency": "GBP", "weight_g": 320, "length_mm": 110, "width_mm": 90,
    "height_mm": 100,
}  # fmt: skip


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


@deed(
    "PUT", "/v1/sites/{code}", "admin", put_sites, within=sites(lambda request: [request.at["code"]]),
    answer=Saved, status=_status, example=SITE,
)  # fmt: skip
def put_site(request: Request[SiteForm]) -> PutSite:
    """Create or change a site: its address, clock, working days and capacity."""
    return PutSite(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@deed(
    "PUT", "/v1/sites/{code}/places/{place}", "stock:write", put_places,
    within=sites(lambda request: [request.at["code"]]), answer=Saved, status=_status,
    example={"kind": "bin", "zone": "A", "aisle": 3, "bay": 12, "level": 1, "x_mm": 4200, "y_mm": 900},
)  # fmt: skip
def put_place(request: Request[PlaceForm]) -> PutPlace:
    """Create or change a place of a site: a bin with its coordinates, a bench, quarantine."""
    return PutPlace(site=request.at["code"], code=request.at["place"], form=request.body, actor=request.actor)


@deed(
    "PUT", "/v1/products/{sku}", "stock:write", put_products_and_look, within=anywhere, answer=Saved, status=_status,
    example=PRODUCT,
)  # fmt: skip
def put_product(request: Request[ProductForm]) -> PutProduct:
    """Create or change a product: title, price, codes, sizes, kit components, tracking, its family and options."""
    return PutProduct(sku=request.at["sku"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/families/{code}", "stock:read", within=anywhere)
def family(tx: Tx, question: Question[None]) -> Family:
    """The products of a family: the same thing in other sizes, colours or the like."""
    return get_family(tx, question.at["code"])


@deed(
    "PUT", "/v1/channels/{code}", "admin", put_channels, within=channels(lambda request: [request.at["code"]]),
    answer=Saved, status=_status, example={"name": "Web shop", "kind": "api", "currency": "GBP"},
)  # fmt: skip
def put_channel(request: Request[ChannelForm]) -> PutChannel:
    """Create or change a sales channel: what it withholds, and how its orders deal with shortage and splits."""
    return PutChannel(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)
