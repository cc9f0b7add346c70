"""Products: found, looked at, changed, added."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from orderwright.business.catalog.forms import ProductForm
from orderwright.business.catalog.listing import ProductRow, list_products, product_version
from orderwright.business.catalog.reads import catalog_of, product_forms
from orderwright.business.catalog.rules import options_of
from orderwright.business.catalog.variants import Variant, siblings_of
from orderwright.doors.api.routes import catalog as routes
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page
from orderwright.values.refusal import Refusal

SHOWN = (
    "title", "price", "currency", "weight_g", "length_mm", "width_mm", "height_mm", "hs_code", "origin", "hazard",
    "storage_class", "tracking", "asks_expiry", "is_retired", "family", "options", "packing", "codes", "components",
)  # fmt: skip
TRACKING: Mapping[str, str] = {"none": _("Nothing"), "lot": _("Lot"), "serial": _("Serial number")}
CODES: Mapping[str, str] = {
    "gtin": _("Barcode (EAN, UPC, GTIN)"), "alias": _("Another name"), "channel": _("Name on one channel"),
}  # fmt: skip
MORE = 2
"""Empty rows after those there are."""


class ProductsQuery(Form, frozen=True):
    """What is looked for, and where the list goes on."""

    q: Annotated[str, Meta(max_length=200)] = ""
    after: After | None = None


class NewProductQuery(Form, frozen=True):
    """What is known of a new product already."""

    sku: Annotated[str, Meta(max_length=64)] = ""


class ProductsShown(NamedTuple):
    """Products, and what was looked for."""

    page: Page[ProductRow]
    q: str
    may_write: bool


class ProductShown(NamedTuple):
    """A product to be changed, or a new one. version: 0 for a new one. siblings: the rest of its family."""

    sku: str
    form: ProductForm
    version: int
    written: str
    may_write: bool
    channels: list[str]
    tracking: Mapping[str, str]
    kinds: Mapping[str, str]
    code_rows: int
    part_rows: int
    siblings: list[Variant]

    @property
    def options(self) -> str:
        """What tells it apart, as it is written."""
        return ", ".join(f"{name}={value}" for name, value in self.form.options.items())


@page("/products", template="products.html", scope="stock:read", title=_("Products"), section="stock")
def products(asked: Asked[ProductsQuery]) -> ProductsShown:
    """The products."""
    query = asked.query
    found = list_products(asked.tx, q=query.q, after=query.after)
    return ProductsShown(found, query.q, "stock:write" in asked.access.scopes)


@page("/products/new", template="product.html", scope="stock:write", title=_("New product"), section="stock")
def adding(asked: Asked[NewProductQuery]) -> ProductShown:
    """A form for a new product, in the currency most channels have."""
    currencies = [each.currency for each in catalog_of(asked.tx).channels.values()]
    currency = max(currencies, key=currencies.count, default="")
    return _shown(asked, asked.query.sku, ProductForm(title="-", price="", currency=currency), 0)


@page("/products/{sku}", template="product.html", scope="stock:read", title=_("Product"), section="stock")
def product(asked: Asked[None]) -> ProductShown:
    """One product."""
    sku = asked.at["sku"]
    form = product_forms(asked.tx, [sku]).get(sku)
    if form is None:
        raise Refusal("not_found", sku=sku)
    return _shown(asked, sku, form, product_version(asked.tx, sku))


def _shown(asked: Asked[Any], sku: str, form: ProductForm, version: int) -> ProductShown:
    tried = asked.tried.values if asked.tried else {}
    return ProductShown(
        sku, form, version, writing.written(form), "stock:write" in asked.access.scopes,
        sorted(catalog_of(asked.tx).channels), TRACKING, CODES,
        max(len(form.codes), _rows(tried, "codes")) + MORE,
        max(len(form.components), _rows(tried, "components")) + MORE,
        [each for each in siblings_of(asked.tx, [sku]).get(sku, []) if each.sku != sku],
    )  # fmt: skip


def _rows(values: Mapping[str, str], name: str) -> int:
    """How many rows of a list were sent."""
    return len({each.split("/")[1] for each, text in values.items() if each.startswith(f"{name}/") and text})


def _body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The product as the form leaves it."""
    body = writing.rewritten(tree, SHOWN)
    packing = dict(body.get("packing", {}))
    for name in ("groups", "apart_from"):
        packing[name] = writing.words_of(packing.get(name))
    body["packing"] = packing
    body["options"] = _options(str(body.get("options", "")))
    body["codes"] = writing.filled(body.get("codes"), "code")
    body["components"] = writing.filled(body.get("components"), "sku")
    if "currency" in body:
        body["currency"] = str(body["currency"]).upper()
    if "origin" in body:
        body["origin"] = str(body["origin"]).upper()
    return body


def _options(text: str) -> dict[str, str]:
    """Options written as `size=M, colour=blue`. Refuses malformed, at the field."""
    options = options_of(writing.words_of(text))
    if options is None:
        says = _("Write it as in: size=M, colour=blue.")
        raise Refusal("malformed", findings=[{"pointer": "/options", "code": "wrong_value", "message": says}])
    return options


change_product = deed("/products/{sku}", routes.put_product, page=product, then="/products/{sku}", said=_("Saved."),
                      body=_body)  # fmt: skip
add_product = deed("/products/new", routes.put_product, page=adding, then="/products/{sku}",
                   said=_("The product is added."), body=_body, named=("sku",))  # fmt: skip
