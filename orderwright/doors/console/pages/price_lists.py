"""Lists of prices: which there are, what each product costs at one, who buys at it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.customers.forms import PriceListForm, PriceListNow, PriceQuery, PriceRow
from orderwright.business.customers.price_reads import count_buyers, get_price_list, list_price_lists, list_prices
from orderwright.doors.api.routes import customers as routes
from orderwright.doors.api.within import whole_store
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.pages import Page

READ, WRITE, SECTION = "orders:read", "admin", "settings"


class PriceListsShown(NamedTuple):
    """All lists."""

    lists: list[PriceListNow]
    may_write: bool


class PriceListShown(NamedTuple):
    """A list with some of its prices, or a new one: version 0. buyers: how many buy at it, BUYERS_MAX at most."""

    code: str
    form: PriceListForm
    version: int
    is_valid: bool
    prices: Page[PriceRow]
    q: str
    buyers: int
    may_write: bool


@page("/settings/price-lists", template="price_lists.html", scope=READ, title=_("Price lists"), section=SECTION)
def price_lists(asked: Asked[None]) -> PriceListsShown:
    """The lists of prices."""
    return PriceListsShown(list_price_lists(asked.tx), WRITE in asked.access.scopes)


@page("/settings/price-lists/new", template="price_list.html", scope=WRITE, title=_("New price list"), section=SECTION,
      within=whole_store)  # fmt: skip
def adding(asked: Asked[None]) -> PriceListShown:
    """A form for a new list, in the currency most channels have."""
    currencies = [each.currency for each in catalog_of(asked.tx).channels.values()]
    form = PriceListForm(name="", currency=max(currencies, key=currencies.count, default=""))
    return PriceListShown("", form, 0, True, Page([]), "", 0, True)


@page("/settings/price-lists/{code}", template="price_list.html", scope=READ, title=_("Price list"), section=SECTION)
def price_list(asked: Asked[PriceQuery]) -> PriceListShown:
    """One list, with its prices by SKU."""
    code, query = asked.at["code"], asked.query
    found = get_price_list(asked.tx, code)
    return PriceListShown(
        code, found.form, found.version, found.is_valid, list_prices(asked.tx, code, query), query.q,
        count_buyers(asked.tx, code), WRITE in asked.access.scopes,
    )  # fmt: skip


def _list_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    body = {name: tree[name] for name in PriceListForm.__struct_fields__ if name in tree}
    return {"name": "", **body, "currency": str(tree.get("currency", "")).upper()}


def _price_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A price; the button that takes one away sends none."""
    return {"price": tree["price"]} if "price" in tree else {}


HERE = "/settings/price-lists/{code}"
add_list = deed("/settings/price-lists/new", routes.put_price_list, page=adding, then=HERE,
                said=_("The price list is added."), body=_list_body, named=("code",))  # fmt: skip
change_list = deed(HERE, routes.put_price_list, page=price_list, then=HERE, said=_("Saved."), body=_list_body)
put_price = deed("/settings/price-lists/{code}/prices", routes.put_price, page=price_list, then=HERE,
                 said=_("The price is saved."), body=_price_body, named=("sku",))  # fmt: skip
