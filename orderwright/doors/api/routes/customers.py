"""Customers and the prices they buy at."""

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import (
    CustomerCard,
    JoinCustomer,
    JoinForm,
    PriceForm,
    PriceListForm,
    PriceListNow,
    PriceQuery,
    PriceRow,
    PriceSaved,
    PutCustomer,
    PutPrice,
    PutPriceList,
)
from orderwright.business.customers.price_lists import put_price_lists, put_prices
from orderwright.business.customers.price_reads import get_price_list, list_price_lists, list_prices
from orderwright.business.deeds.customer_record import CustomerRecord, get_customer_record
from orderwright.business.deeds.erase_customers import (
    EraseCustomer,
    EraseForm,
    Erasing,
    erase_customers,
    look_at_erasing,
)
from orderwright.business.deeds.keep_buyers import KeepBuyer, KeepForm, keep_buyers
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.orders.customer_list import CustomerQuery, CustomerRow, is_seen, list_customers
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import Asked, anywhere, order, whole_store
from orderwright.values.forms import Form
from orderwright.values.ids import is_id
from orderwright.values.pages import After, Page

CARD = {
    "name": "Corner Shop", "email": "orders@corner.example", "phone": "+441134960000", "language": "en",
    "addresses": [{"company": "Corner Shop", "lines": ["1 Market St"], "city": "Leeds", "postal_code": "LS1 1AA",
                   "country": "GB"}],
    "price_list": "TRADE", "pays_within_days": 30,
}  # fmt: skip


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


def within_customer(tx: Tx, asked: Asked) -> bool:
    """It is about the customer `{id}`, who ordered within the limits; one that does not exist passes."""
    return _within_customer(tx, asked, asked.at["id"])


def within_buyer(tx: Tx, asked: Asked) -> bool:
    """It is about the order `{number}` within the limits, and so is the customer whose it is to be."""
    assert isinstance(asked, Request)
    return order(tx, asked) and _within_customer(tx, asked, asked.body.customer)


def _within_customer(tx: Tx, asked: Asked, id_: str) -> bool:
    exists = is_id(id_) and tx.row("SELECT 1 FROM customer WHERE id = %(id)s::uuid", id=id_) is not None
    return not exists or is_seen(tx, id_, asked.access.channels, asked.access.sites)


class RecordQuery(Form, frozen=True):
    """Where the orders of a customer go on."""

    after: After | None = None


@read("/v1/customers", "orders:read", within=anywhere, example={"q": "LS1"})
def customers(tx: Tx, question: Question[CustomerQuery]) -> Page[CustomerRow]:
    """Customers, those written down last first; with `q` those who fit. A limited key must say `q`."""
    access = question.access
    return list_customers(tx, question.query, channels=access.channels, sites=access.sites)


@read("/v1/customers/{id}", "orders:read", within=within_customer)
def customer(tx: Tx, question: Question[RecordQuery]) -> CustomerRecord:
    """One customer, with a page of their orders, how often something came back, and what was changed of them."""
    access = question.access
    return get_customer_record(
        tx, question.at["id"], after=question.query.after, channels=access.channels, sites=access.sites
    )


@deed(
    "PUT", "/v1/customers/{id}", "orders:write", put_customers, within=within_customer, answer=Saved, status=_status,
    example=CARD,
)  # fmt: skip
def put_customer(request: Request[CustomerCard]) -> PutCustomer:
    """Write a customer down, or change what is kept of them. A new one has an id the caller makes up."""
    return PutCustomer(id=request.at["id"], card=request.body, version=request.version, actor=request.actor)


@deed(
    "POST", "/v1/customers/{id}/join", "orders:write", join_same_customers, within=whole_store, answer=Saved,
    example={"into": "019aa000-0000-7000-8000-0000000000c1"},
)  # fmt: skip
def join_customer(request: Request[JoinForm]) -> JoinCustomer:
    """Say that a customer is the same as another one, who is kept and gets their orders. It cannot be undone."""
    return JoinCustomer(id=request.at["id"], into=request.body.into, actor=request.actor)


@deed(
    "POST", "/v1/orders/{number}/customer", "orders:write", keep_buyers, within=within_buyer, answer=Saved,
    status=_status, example={"customer": "019aa000-0000-7000-8000-0000000000c1"},
)  # fmt: skip
def keep_buyer(request: Request[KeepForm]) -> KeepBuyer:
    """Keep the buyer of an order that is nobody's, as it tells no e-mail address, as a customer.

    Without `customer` a new one is made of what the order says, 201. What was sent again or exchanged for it is theirs
    too. 409 `order_step` where it is another customer's.
    """
    return KeepBuyer(number=request.at["number"], customer=request.body.customer, actor=request.actor)


@read("/v1/customers/{id}/erase", "admin", within=whole_store)
def erasing(tx: Tx, question: Question[None]) -> Erasing:
    """What erasing a customer would come to: what goes, what stays, and which orders stand in the way."""
    return look_at_erasing(tx, question.at["id"])


@deed(
    "POST", "/v1/customers/{id}/erase", "admin", erase_customers, within=whole_store, answer=Saved,
    example={"name": "Corner Shop"},
)  # fmt: skip
def erase_customer(request: Request[EraseForm]) -> EraseCustomer:
    """Erase what is personal of a customer, for ever. `name`: theirs, as it is kept, so that it is surely they."""
    return EraseCustomer(id=request.at["id"], name=request.body.name, actor=request.actor)


@read("/v1/price-lists", "orders:read", within=anywhere)
def price_lists(tx: Tx, question: Question[None]) -> list[PriceListNow]:
    """All lists of prices, by code."""
    return list_price_lists(tx)


@read("/v1/price-lists/{code}", "orders:read", within=anywhere)
def price_list(tx: Tx, question: Question[None]) -> PriceListNow:
    """One list of prices, without its prices."""
    return get_price_list(tx, question.at["code"])


@read("/v1/price-lists/{code}/prices", "orders:read", within=anywhere, example={"q": "MUG"})
def prices(tx: Tx, question: Question[PriceQuery]) -> Page[PriceRow]:
    """The prices of a list, by SKU."""
    return list_prices(tx, question.at["code"], question.query)


@deed(
    "PUT", "/v1/price-lists/{code}", "admin", put_price_lists, within=whole_store, answer=Saved, status=_status,
    example={"name": "Trade", "currency": "GBP", "valid_from": "2026-01-01"},
)  # fmt: skip
def put_price_list(request: Request[PriceListForm]) -> PutPriceList:
    """Make or change a list of prices: its name, currency, and the days it is valid."""
    return PutPriceList(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@deed(
    "PUT", "/v1/price-lists/{code}/prices/{sku}", "admin", put_prices, within=whole_store, answer=PriceSaved,
    example={"price": "6.125"},
)  # fmt: skip
def put_price(request: Request[PriceForm]) -> PutPrice:
    """Say what a unit of a product costs at a list, to a millionth; without a price it costs what it costs all."""
    return PutPrice(price_list=request.at["code"], sku=request.at["sku"], form=request.body, actor=request.actor)
