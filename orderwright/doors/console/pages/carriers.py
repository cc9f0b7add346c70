"""Who brings parcels and by which services: looked at, changed, added, taken away."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.routing.card import RateCardShown, currency_of, read_rate_card
from orderwright.business.routing.carriers import CarrierShown, ServiceShown, list_carriers, list_services
from orderwright.doors.api.routes import carriers as routes
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.refusal import Refusal

MORE = 2
"""Empty rows for further zones."""
READ = "shipping:read"
WHY: Mapping[str, str] = {
    "usual": _("It cannot go: orders that name no service are sent by it."),
    "orders": _("It cannot go: order %(of)s, for one, is still to be sent by it. Make it inactive until then."),
    "quotes": _("It cannot go: quote %(of)s, for one, asks for it. Make it inactive until then."),
    "truck": _("It cannot go: a truck of site %(of)s takes it. Take it off that truck first."),
}
"""Why a service cannot be taken away."""


class CarriersShown(NamedTuple):
    """The carriers, and the services of each. currency: of all their prices."""

    carriers: Sequence[CarrierShown]
    services: Mapping[str, Sequence[ServiceShown]]
    may_write: bool
    currency: str


class CarrierPage(NamedTuple):
    """A carrier to be changed."""

    carrier: CarrierShown
    may_write: bool


class ServicePage(NamedTuple):
    """A service to be changed, or a new one (None). carriers: codes and names. why: words for what it is needed by."""

    service: ServiceShown | None
    carriers: Sequence[tuple[str, str]]
    rows: int
    currency: str
    may_write: bool
    why: Mapping[str, str]


class CardPage(NamedTuple):
    """The rate card to be changed. services: each, and whether somebody put its prices."""

    card: RateCardShown
    services: Sequence[tuple[ServiceShown, bool]]


@page("/settings/carriers", template="carriers.html", scope=READ, title=_("Carriers"), section="settings",
      within=whole_store)  # fmt: skip
def carriers(asked: Asked[None]) -> CarriersShown:
    """The carriers and their services, with what they cost and how long they take."""
    found, services = list_carriers(asked.tx), list_services(asked.tx)
    by_carrier = {each.code: [one for one in services if one.carrier == each.code] for each in found}
    return CarriersShown(found, by_carrier, "admin" in asked.access.scopes, currency_of(asked.tx))


@page("/settings/carriers/{code}", template="carrier.html", scope=READ, title=_("Carrier"), section="settings",
      within=whole_store)  # fmt: skip
def carrier(asked: Asked[None]) -> CarrierPage:
    """One carrier."""
    found = next((each for each in list_carriers(asked.tx) if each.code == asked.at["code"]), None)
    if found is None:
        raise Refusal("not_found", carrier=asked.at["code"])
    return CarrierPage(found, "admin" in asked.access.scopes)


@page("/settings/services/new", template="service.html", scope="admin", title=_("New service"), section="settings",
      within=whole_store)  # fmt: skip
def adding(asked: Asked[None]) -> ServicePage:
    """A form for a new service."""
    return _service(asked, None)


@page("/settings/services/{code}", template="service.html", scope=READ, title=_("Service"), section="settings",
      within=whole_store)  # fmt: skip
def service(asked: Asked[None]) -> ServicePage:
    """One service."""
    found = next((each for each in list_services(asked.tx) if each.code == asked.at["code"]), None)
    if found is None:
        raise Refusal("not_found", service=asked.at["code"])
    return _service(asked, found)


def _service(asked: Asked[None], found: ServiceShown | None) -> ServicePage:
    rows = (len(found.zones) if found else 0) + MORE
    return ServicePage(
        found,
        [(each.code, each.name) for each in list_carriers(asked.tx)],
        rows,
        currency_of(asked.tx),
        "admin" in asked.access.scopes,
        WHY,
    )


@page("/settings/rate-card", template="rate_card.html", scope="admin", title=_("Currency of carriers' prices"),
      section="settings", within=whole_store)  # fmt: skip
def card(asked: Asked[None]) -> CardPage:
    """What carriers' prices are in, with all of them to be put again."""
    found = read_rate_card(asked.tx)
    services = list_services(asked.tx)
    return CardPage(found, [(each, each.code in found.priced_again) for each in services])


def _body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A service as the form leaves it."""
    body = {name: value for name, value in tree.items() if name != "code"}
    body["countries"] = [word.upper() for word in writing.words_of(body.get("countries"))]
    body["zones"] = writing.filled(body.get("zones"), "name")
    return body


def _card_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A rate card as the form leaves it: currencies are written large."""
    return {**tree, "currency": str(tree.get("currency", "")).upper()}


change_card = deed("/settings/rate-card", routes.put_rate_card, page=card, then="/settings/carriers",
                   said=_("Saved."), body=_card_body)  # fmt: skip
change_carrier = deed("/settings/carriers/{code}", routes.put_carrier, page=carrier, then="/settings/carriers",
                      said=_("Saved."))  # fmt: skip
change_service = deed("/settings/services/{code}", routes.put_service, page=service, then="/settings/services/{code}",
                      said=_("Saved."), body=_body)  # fmt: skip
add_service = deed("/settings/services/new", routes.put_service, page=adding, then="/settings/services/{code}",
                   said=_("The service is added."), body=_body, named=("code",))  # fmt: skip
drop_service = deed("/settings/services/{code}/drop", routes.drop_service, page=service, then="/settings/carriers",
                    said=_("The service is gone."))  # fmt: skip
