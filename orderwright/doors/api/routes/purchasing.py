"""Buying: suppliers, purchase orders, what is on its way, what runs low."""

from orderwright.business.deeds.supply.expecting import SupplyNow, supply_now
from orderwright.business.deeds.supply.low import (
    LevelQuery,
    RequestQuery,
    list_levels,
    list_requests,
    order_requests,
    put_levels,
)
from orderwright.business.purchasing.forms import (
    AnswerForm,
    ChangeForm,
    ChangePurchase,
    ConfirmPurchase,
    DraftPurchase,
    DraftsMade,
    EndForm,
    EndPurchase,
    LevelForm,
    LevelNow,
    OrderRequests,
    OrderRequestsForm,
    PurchaseForm,
    PurchaseNow,
    PutLevel,
    PutSupplier,
    RequestNow,
    SendPurchase,
    SupplierForm,
    SupplierNow,
)
from orderwright.business.purchasing.ordering import (
    cancel_purchases,
    change_purchases,
    close_purchases,
    confirm_purchases,
    draft_purchases,
    send_purchases,
)
from orderwright.business.purchasing.papers import purchase_paper
from orderwright.business.purchasing.reads import PurchaseQuery, get_purchase, list_purchases, list_suppliers
from orderwright.business.purchasing.suppliers import put_suppliers
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.routes.papers import PDF, SheetQuery
from orderwright.doors.api.within import Asked, sites, whole_store
from orderwright.papers.purchase_orders import purchase_order_pdf
from orderwright.values.forms import Form, Word
from orderwright.values.pages import After, Limit, Page

PURCHASE = {"supplier": "POTTERY", "site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 100, "due_on": "2026-12-01"}]}


def _its_site(tx: Tx, asked: Asked) -> bool:
    """It is about the site of the purchase order `{number}`; one that does not exist passes, to be refused."""
    if asked.access.sites is None:
        return True
    row = tx.row("SELECT site FROM purchase_order WHERE number = %(number)s", number=asked.at["number"])
    return row is None or row.site in asked.access.sites


def _lines(form: PurchaseForm) -> int:
    return len(form.lines)


@deed(
    "PUT", "/v1/suppliers/{code}", "stock:write", put_suppliers, within=whole_store, answer=SupplierNow,
    weight=lambda form: 1 + len(form.products),
    example={"name": "The Pottery", "currency": "GBP", "email": "orders@pottery.example", "lead_time_days": 9,
             "products": [{"sku": "MUG", "unit_cost": "3.1000", "code": "P-77", "pack_size": 12}]},
)  # fmt: skip
def put_supplier(request: Request[SupplierForm]) -> PutSupplier:
    """Create or replace a supplier, with all they sell."""
    return PutSupplier(code=request.at["code"], form=request.body, actor=request.actor)


class SupplierQuery(Form, frozen=True):
    """A page of suppliers."""

    after: After | None = None
    limit: Limit = 50


@read("/v1/suppliers", "stock:read", within=whole_store)
def suppliers(tx: Tx, question: Question[SupplierQuery]) -> Page[SupplierNow]:
    """All suppliers, by code."""
    return list_suppliers(tx, question.query.after or "", question.query.limit)


@deed(
    "POST", "/v1/purchase-orders", "stock:write", draft_purchases, within=sites(lambda request: [request.body.site]),
    answer=PurchaseNow, status=201, weight=_lines, example=PURCHASE,
)  # fmt: skip
def draft(request: Request[PurchaseForm]) -> DraftPurchase:
    """Draw up a purchase order. Costs and dates that are left out are the supplier's; nothing is ordered yet."""
    return DraftPurchase(form=request.body, actor=request.actor)


@read(
    "/v1/purchase-orders", "stock:read", within=sites(lambda question: [question.query.site]),
    example={"state": "open", "site": "LEEDS"},
)  # fmt: skip
def purchases(tx: Tx, question: Question[PurchaseQuery]) -> Page[PurchaseNow]:
    """Purchase orders, newest first."""
    return list_purchases(tx, question.query)


@read("/v1/purchase-orders/{number}", "stock:read", within=_its_site)
def purchase(tx: Tx, question: Question[None]) -> PurchaseNow:
    """One purchase order: what was ordered, when it comes, what came."""
    return get_purchase(tx, question.at["number"])


@read(
    "/v1/purchase-orders/{number}/order.pdf", "stock:read", within=_its_site, content_type=PDF,
    example={"language": "es", "size": "a4"},
)  # fmt: skip
def purchase_file(tx: Tx, question: Question[SheetQuery]) -> bytes:
    """A purchase order to print: its number in bars, where to, by when, at what price. The same is mailed."""
    query = question.query
    paper = purchase_paper(tx, question.at["number"])
    return purchase_order_pdf(paper, language=query.language, size=query.size).content


@deed(
    "POST", "/v1/purchase-orders/{number}/change", "stock:write", change_purchases, within=_its_site,
    answer=PurchaseNow, example={"lines": [{"sku": "MUG", "quantity": 120}]},
)  # fmt: skip
def change(request: Request[ChangeForm]) -> ChangePurchase:
    """Give a draft other lines."""
    return ChangePurchase(number=request.at["number"], form=request.body, actor=request.actor)


@deed("POST", "/v1/purchase-orders/{number}/send", "stock:write", send_purchases, within=_its_site, answer=PurchaseNow)
def send(request: Request[None]) -> SendPurchase:
    """Order it: the units count as on their way, and the supplier is mailed. Sent before: `repeated`."""
    return SendPurchase(number=request.at["number"], actor=request.actor)


@deed(
    "POST", "/v1/purchase-orders/{number}/confirm", "stock:write", confirm_purchases, within=_its_site,
    answer=PurchaseNow, example={"due_on": "2026-12-04", "lines": [{"sku": "MUG", "quantity": 90}]},
)  # fmt: skip
def confirm(request: Request[AnswerForm]) -> ConfirmPurchase:
    """Take down what the supplier answered. Orders that wait are expected on the new day, earlier or later."""
    return ConfirmPurchase(number=request.at["number"], form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/purchase-orders/{number}/cancel", "stock:write", cancel_purchases, within=_its_site,
    answer=PurchaseNow, example={"reason": "supplier_cannot"},
)  # fmt: skip
def cancel(request: Request[EndForm]) -> EndPurchase:
    """Nothing of it is to come."""
    return EndPurchase(number=request.at["number"], form=request.body, actor=request.actor)


@deed(
    "POST", "/v1/purchase-orders/{number}/close", "stock:write", close_purchases, within=_its_site,
    answer=PurchaseNow, example={"reason": "too_late"},
)  # fmt: skip
def close_short(request: Request[EndForm]) -> EndPurchase:
    """Some of it came, and the rest is not to come."""
    return EndPurchase(number=request.at["number"], form=request.body, actor=request.actor)


class SupplyQuery(Form, frozen=True):
    """Of which product."""

    sku: Word


@read("/v1/supply", "stock:read", within=whole_store, example={"sku": "MUG"})
def supply(tx: Tx, question: Question[SupplyQuery]) -> SupplyNow:
    """What is on its way of a product, day by day, and when each order that waits can have its units."""
    return supply_now(tx, question.query.sku)


@deed(
    "PUT", "/v1/sites/{code}/levels/{sku}", "stock:write", put_levels,
    within=sites(lambda request: [request.at["code"]]), answer=LevelNow, example={"reorder_point": 20, "target": 60},
)  # fmt: skip
def put_level(request: Request[LevelForm]) -> PutLevel:
    """When to order more of a product for a site, and up to how many; with neither, worked out from the picks."""
    return PutLevel(sku=request.at["sku"], site=request.at["code"], form=request.body, actor=request.actor)


@read(
    "/v1/levels", "stock:read", within=sites(lambda question: [question.query.site]),
    example={"site": "LEEDS", "low": "true"},
)  # fmt: skip
def levels(tx: Tx, question: Question[LevelQuery]) -> Page[LevelNow]:
    """Products that have a level: how they stand, and which of them are low."""
    return list_levels(tx, question.query)


@read(
    "/v1/replenishments", "stock:read", within=sites(lambda question: [question.query.site]),
    example={"state": "open", "site": "LEEDS"},
)  # fmt: skip
def replenishments(tx: Tx, question: Question[RequestQuery]) -> Page[RequestNow]:
    """What runs low and was asked for, latest first."""
    return list_requests(tx, question.query)


@deed(
    "POST", "/v1/replenishments/order", "stock:write", order_requests,
    within=sites(lambda request: [request.body.site]), answer=DraftsMade, example={"site": "LEEDS"},
)  # fmt: skip
def order(request: Request[OrderRequestsForm]) -> OrderRequests:
    """Turn open requests into drafts, one per supplier and site, in whole packs. What nobody sells is named."""
    return OrderRequests(form=request.body, actor=request.actor)
