"""Sites: where goods lie, their hours and capacity."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.catalog.forms import NO_LIMIT, SiteForm
from orderwright.business.catalog.listing import SiteRow, list_sites
from orderwright.business.routing.card import currency_of
from orderwright.doors.api.routes import catalog as routes
from orderwright.doors.api.within import sites as within_sites
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values import money
from orderwright.values.forms import AddressForm
from orderwright.values.postcodes import locate
from orderwright.values.refusal import Refusal

DAYS: Mapping[str, str] = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip
SHOWN = (
    "name", "address", "latitude", "longitude", "time_zone", "cut_off", "daily_capacity", "daily_units",
    "working_days", "holidays", "closed_dates", "handling_minor", "is_active",
)  # fmt: skip


class SiteShown(NamedTuple):
    """A site to be changed, or a new one. version: 0 for a new one. currency: of what a parcel costs there; whole: how
    many of its smallest units are one."""

    code: str
    form: SiteForm
    version: int
    may_write: bool
    days: Mapping[str, str]
    chosen: Sequence[str]
    currency: str
    whole: int
    no_limit: int = NO_LIMIT


@page("/settings/sites", template="sites.html", scope="stock:read", title=_("Sites"), section="settings")
def sites(asked: Asked[None]) -> list[SiteRow]:
    """The sites."""
    return [each for each in list_sites(asked.tx) if asked.access.sites is None or each.code in asked.access.sites]


@page("/settings/sites/new", template="site.html", scope="admin", title=_("New site"), section="settings",
      within=within_sites(lambda asked: [""]))  # fmt: skip
def adding(asked: Asked[None]) -> SiteShown:
    """A form for a new site."""
    form = SiteForm(
        name="", address=AddressForm(country=""), latitude=0, longitude=0, time_zone="", cut_off="16:00",
        daily_capacity=1_000,
    )  # fmt: skip
    return _site(asked, SiteRow("", form, 0))


@page("/settings/sites/{code}", template="site.html", scope="stock:read", title=_("Site"), section="settings",
      within=within_sites(lambda asked: [asked.at["code"]]))  # fmt: skip
def site(asked: Asked[None]) -> SiteShown:
    """One site."""
    found = next((each for each in list_sites(asked.tx) if each.code == asked.at["code"]), None)
    if found is None:
        raise Refusal("not_found", site=asked.at["code"])
    return _site(asked, found)


def _site(asked: Asked[None], row: SiteRow) -> SiteShown:
    tried = asked.tried.values if asked.tried else None
    chosen = row.form.working_days if tried is None else [day for day in DAYS if tried.get(f"days/{day}")]
    currency = currency_of(asked.tx)
    return SiteShown(
        row.code, row.form, row.version, "admin" in asked.access.scopes, DAYS, chosen, currency,
        10 ** money.digits_of(currency),
    )  # fmt: skip


def _site_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The site as the form leaves it."""
    told = {name: value for name, value in tree.items() if name in SHOWN}
    if not str(told.get("daily_units", "")).strip():
        told["daily_units"] = NO_LIMIT
    days = tree.get("days", {})
    told["working_days"] = [day for day in DAYS if isinstance(days, dict) and day in days]
    told["closed_dates"] = writing.words_of(str(tree.get("closed_dates", "")).replace("\n", ","))
    address = dict(told.get("address", {}))
    if "country" in address:
        address["country"] = str(address["country"]).upper()
    told["address"] = address
    return _point_of(address) | told


def _point_of(address: Mapping[str, Any]) -> dict[str, float]:
    """Where the postcode is; nothing where only its country is known."""
    country, code = str(address.get("country", "")), str(address.get("postal_code", ""))
    point = locate(country, code) if code else None
    return {"latitude": point.latitude, "longitude": point.longitude} if point and point.region else {}


change_site = deed("/settings/sites/{code}", routes.put_site, page=site, then="/settings/sites/{code}",
                   said=_("Saved."), body=_site_body)  # fmt: skip
add_site = deed("/settings/sites/new", routes.put_site, page=adding, then="/settings/sites/{code}",
                said=_("The site is added."), body=_site_body, named=("code",))  # fmt: skip
