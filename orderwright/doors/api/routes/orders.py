"""Orders: take one or many; look at them."""

from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.orders.form import NewOrder
from orderwright.business.orders.order_view import OrderView
from orderwright.business.orders.reads import OrderQuery, OrderRow, list_orders
from orderwright.business.orders.story import Explanation, FactView, explain_order, list_facts
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, many, read
from orderwright.doors.api.within import anywhere, channels, order
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page

EXAMPLE = {
    "channel": "web", "reference": "1001", "placed_at": "2026-11-20T09:30:00Z", "currency": "USD",
    "customer": {"email": "buyer@example.org", "name": "A. Buyer", "phone": "+14155550100"},
    "ship_to": {"name": "A. Buyer", "lines": ["1 Market St", "Apt 4"], "city": "San Francisco", "region": "CA",
                "postal_code": "94105", "country": "US"},
    "service": "standard",
    "lines": [{"reference": "1", "sku": "ROSE-LIP-01", "quantity": 2, "unit_price": "19.99", "discount": "0.00",
               "tax": "3.40"}],
    "shipping": {"price": "4.99", "tax": "0.00"},
    "total": "48.37",
    "payment": {"state": "paid", "gateway": "stripe", "reference": "pi_123", "amount": "48.37"},
}  # fmt: skip


def _status(placed: Placed) -> int:
    return 200 if placed.repeated else 201


def _lines(form: NewOrder) -> int:
    return len(form.lines)


@deed(
    "POST", "/v1/orders", "orders:write", place_orders, within=channels(lambda request: [request.body.channel]),
    answer=Placed, status=_status, weight=_lines, example=EXAMPLE,
)  # fmt: skip
def take_order(request: Request[NewOrder]) -> PlaceOrder:
    """Take one order: checked, priced, routed and promised at once.

    201 with the decision; 200 and `repeated` if it is here already and the same; 409 `order_differs` if it is
    here and differs; 422 with all findings if it cannot be taken.
    """
    return PlaceOrder(order=request.body, door="api", actor=request.actor)


take_orders = many(
    "/v1/orders/batch", take_order,
    "Take many orders, each by itself: one bad order spoils no other.\n"
    "A JSON list of up to 1 MB, answered as `items`; or one order a line (application/x-ndjson), up to 64 MB,"
    " answered one result a line. Results come in the order of the orders, each with `index`, `status` and"
    " either `answer` or `problem`.",
)  # fmt: skip


@read("/v1/orders", "orders:read", within=anywhere, example={"state": "held", "limit": 50})
def orders(tx: Tx, question: Question[OrderQuery]) -> Page[OrderRow]:
    """Orders, newest first, by state, channel, or what they are searched for by."""
    return list_orders(tx, question.query, channels=question.access.channels, sites=question.access.sites)


@read("/v1/orders/{number}", "orders:read", within=order)
def one_order(tx: Tx, question: Question[None]) -> OrderView:
    """One order: its lines with their stages, holds, fulfilments and parcels."""
    return get_order_expecting(tx, question.at["number"])


class FactQuery(Form, frozen=True):
    """Which part of the timeline."""

    after: After | None = None
    limit: Limit = 200


@read("/v1/orders/{number}/timeline", "orders:read", within=order)
def timeline(tx: Tx, question: Question[FactQuery]) -> Page[FactView]:
    """Every fact of the order, its fulfilments, parcels and returns, newest first."""
    return list_facts(tx, question.at["number"], after=question.query.after, limit=question.query.limit)


@read("/v1/orders/{number}/explain", "orders:read", within=order)
def explain(tx: Tx, question: Question[None]) -> Explanation:
    """Why it was routed, held and split as it was: every candidate's cost and reason."""
    return explain_order(tx, question.at["number"])
