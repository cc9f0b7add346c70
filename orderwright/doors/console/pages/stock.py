"""Stock: what lies where, what of it is promised, and books set right."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of, product_forms
from orderwright.business.stock.reads import Level, list_levels
from orderwright.doors.api.access import Access
from orderwright.doors.api.routes import stock as routes
from orderwright.doors.console import forms, writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page
from orderwright.values.refusal import Refusal

ROWS = 50
REASONS: Mapping[str, str] = {
    "counted": _("Counted: so many lie there"), "found": _("Found"), "lost": _("Lost"), "stolen": _("Stolen"),
    "damaged": _("Damaged"), "expired": _("Past its date"), "quarantined": _("Set aside"),
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "bin": _("Bin"), "packing": _("Packing"), "quarantine": _("Quarantine"), "returns": _("Returns"),
    "receiving": _("Receiving"),
}  # fmt: skip


class StockQuery(Form, frozen=True):
    """Which stock."""

    sku: Annotated[str, Meta(max_length=64)] = ""
    site: Annotated[str, Meta(max_length=64)] = ""
    after: After | None = None


class StockShown(NamedTuple):
    """Stock by product and site."""

    page: Page[Level]
    sku: str
    site: str
    sites: Sequence[str]
    titles: Mapping[str, str]
    may_import: bool


class GoodsShown(NamedTuple):
    """One product's stock at each site."""

    sku: str
    title: str
    tracking: str
    levels: Sequence[Level]
    sites: Sequence[str]
    reasons: Mapping[str, str]
    kinds: Mapping[str, str]
    may_write: bool

    @property
    def site_pairs(self) -> list[tuple[str, str]]:
        """The sites, to choose from."""
        return [(site, site) for site in self.sites]


@page("/stock", template="stock.html", scope="stock:read", title=_("Stock"), section="stock")
def stock(asked: Asked[StockQuery]) -> StockShown:
    """What is on hand, promised, and free."""
    query, sites = asked.query, _sites(asked.tx, asked.access)
    site = query.site if query.site in sites else sites[0] if asked.access.sites is not None and sites else ""
    if asked.access.sites is not None and not sites:
        found: Page[Level] = Page([])
    else:
        found = list_levels(asked.tx, sku=query.sku or None, site=site or None, after=query.after, limit=ROWS)
    products = catalog_of(asked.tx).products(asked.tx, {each.sku for each in found.items})
    titles = {sku: each.title for sku, each in products.items()}
    may_import = "stock:write" in asked.access.scopes and not asked.access.is_limited
    return StockShown(found, query.sku, site, sites, titles, may_import)


@page("/stock/{sku}", template="goods.html", scope="stock:read", title=_("Stock"), section="stock")
def goods(asked: Asked[None]) -> GoodsShown:
    """One product at each site, bin by bin."""
    sku = asked.at["sku"]
    form = product_forms(asked.tx, [sku]).get(sku)
    if form is None:
        raise Refusal("not_found", sku=sku)
    sites = _sites(asked.tx, asked.access)
    levels = [each for each in list_levels(asked.tx, sku=sku).items if each.site in sites]
    return GoodsShown(
        sku, form.title, form.tracking, levels, sites, REASONS, KINDS, "stock:write" in asked.access.scopes
    )  # fmt: skip


def _sites(tx: Any, access: Access) -> list[str]:
    known = sorted(catalog_of(tx).sites)
    return known if access.sites is None else [site for site in known if site in access.sites]


def _adjusted(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What was counted is a number by itself; with every other reason units come or go."""
    told = dict(tree)
    units = str(told.pop("units", "")).strip()
    reason = told.get("reason", "")
    told["serials"] = writing.words_of(told.get("serials"))
    if reason == "counted":
        return told | {"counted": units}
    number = forms.whole_number(units)
    if number is not None:
        units = str(abs(number) * (1 if reason == "found" else -1))
    return told | {"quantity": units}


adjust = deed("/stock/{sku}", routes.adjust, page=goods, then="/stock/{sku}", said=_("The books are set right."),
              body=_adjusted)  # fmt: skip
