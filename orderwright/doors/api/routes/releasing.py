"""The gate: how long it keeps orders, by which rule it lets work out, and what stands before it."""

from orderwright.business.catalog.forms import Saved
from orderwright.business.catalog.sale_events import (
    PutSaleEvent,
    SaleEventForm,
    SaleEventShown,
    list_sale_events,
    put_sale_events,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, whole_store
from orderwright.values.pages import Page


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


@deed(
    "PUT", "/v1/sale-events/{code}", "admin", put_sale_events, within=whole_store, answer=Saved, status=_status,
    example={
        "name": "Black Friday", "starts_at": "2026-11-27T00:00:00Z", "ends_at": "2026-11-28T00:00:00Z",
        "cancel_minutes": 120, "channels": ["web"], "skus": ["MUG"],
    },
)  # fmt: skip
def put_sale_event(request: Request[SaleEventForm]) -> PutSaleEvent:
    """Create or change a sale event: while it lasts, orders it covers have a cancel window of its own length.

    It covers an order when one product of it does; no `channels` or no `skus` means all of them.
    """
    return PutSaleEvent(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/sale-events", "orders:read", within=anywhere)
def sale_events(tx: Tx, question: Question[None]) -> Page[SaleEventShown]:
    """Sale events, those that end last first."""
    return list_sale_events(tx)
