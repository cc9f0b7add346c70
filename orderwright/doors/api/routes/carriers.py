"""Who brings parcels, and by which services."""

from orderwright.business.catalog.forms import Saved
from orderwright.business.deeds.carrier_currency import put_rate_cards
from orderwright.business.deeds.not_offered import DropServiceTerms, ServiceDropped, drop_services
from orderwright.business.routing.card import PutRateCard, RateCardForm, RateCardShown, read_rate_card
from orderwright.business.routing.carriers import (
    CarrierForm,
    CarrierShown,
    PutCarrier,
    PutServiceTerms,
    ServiceForm,
    ServiceShown,
    list_carriers,
    list_services,
    put_carriers,
    put_services,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, whole_store
from orderwright.values.pages import Page

EXAMPLE = {
    "name": "Economy", "weight_max_g": 10_000, "countries": ["GB", "IE"],
    "zones": [
        {"name": "home", "km_max": 25_000, "base": "2.95", "step": "0.20", "transit_days": 3},
        {"name": "abroad", "is_domestic": False, "km_max": 2_000, "base": "6.50", "transit_days": 6},
    ],
}  # fmt: skip


def _status(saved: Saved) -> int:
    return 201 if saved.is_new else 200


@read("/v1/carriers", "shipping:read", within=anywhere)
def carriers(tx: Tx, question: Question[None]) -> Page[CarrierShown]:
    """The carriers there are links to."""
    return Page(list_carriers(tx))


@deed(
    "PUT", "/v1/carriers/{code}", "admin", put_carriers, within=whole_store, answer=Saved, status=_status,
    example={"name": "Practice carrier", "account": "AC-1042"},
)  # fmt: skip
def put_carrier(request: Request[CarrierForm]) -> PutCarrier:
    """Change a carrier: its name, our account there, and whether its services are offered at all."""
    return PutCarrier(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@read("/v1/services", "shipping:read", within=anywhere)
def services(tx: Tx, question: Question[None]) -> Page[ServiceShown]:
    """The services, with what they cost and how long they take."""
    return Page(list_services(tx))


@deed(
    "PUT", "/v1/services/{code}", "admin", put_services, within=whole_store, answer=Saved, status=_status,
    example=EXAMPLE,
)  # fmt: skip
def put_service(request: Request[ServiceForm]) -> PutServiceTerms:
    """Create or change a service. Routing and labels follow it from now on; what was promised stays."""
    return PutServiceTerms(code=request.at["code"], form=request.body, version=request.version, actor=request.actor)


@deed("DELETE", "/v1/services/{code}", "admin", drop_services, within=whole_store, answer=ServiceDropped)
def drop_service(request: Request[None]) -> DropServiceTerms:
    """Take a service away. 409 `service_in_use` while orders, open quotes, a truck or orders that name none need it."""
    return DropServiceTerms(code=request.at["code"], actor=request.actor)


@read("/v1/rate-card", "shipping:read", within=anywhere)
def rate_card(tx: Tx, question: Question[None]) -> RateCardShown:
    """What carriers' prices are in, and what leaving a day later counts where sites compete."""
    return read_rate_card(tx)


@deed(
    "PUT", "/v1/rate-card", "admin", put_rate_cards, within=whole_store, answer=Saved, status=_status,
    example={"currency": "USD", "late_day": "0.75",
             "services": [{"code": "economy", "zones": [{"base": "3.95", "step": "0.30"}, {"base": "9.50"}]}]},
)  # fmt: skip
def put_rate_card(request: Request[RateCardForm]) -> PutRateCard:
    """Say what carriers' prices are in. With another currency come all prices that somebody put, in it.

    422 while sites, cartons or void fill have a cost in the old one: it would be taken for another amount.
    """
    return PutRateCard(form=request.body, version=request.version, actor=request.actor)
