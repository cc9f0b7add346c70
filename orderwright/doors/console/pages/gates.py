"""A site's gate: when its trucks leave, and how much work may be on the floor at once."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

from orderwright.business.catalog.forms import EVERY_WORKDAY
from orderwright.business.routing.carriers import CarrierShown, ServiceShown, list_carriers, list_services
from orderwright.business.warehouse.release_policy import ReleasePolicyShown, TruckForm, get_release_policy
from orderwright.doors.api.routes import releasing as routes
from orderwright.doors.api.within import sites as within_sites
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.pages.sites import DAYS
from orderwright.doors.console.texts import text as _

MORE = 2
"""Empty rows for further trucks and zones."""
Named = Sequence[tuple[str, str]]


class GateShown(NamedTuple):
    """The rule of a site's gate, to be changed. version: 0 where nobody made one.

    rows: how many trucks and zones are shown, with empty rows. carriers, services: codes and names.
    """

    code: str
    form: ReleasePolicyShown
    trucks: Sequence[TruckForm | None]
    rows: int
    carriers: Named
    services: Named
    may_write: bool
    tried_days: frozenset[str] | None
    days: Mapping[str, str] = DAYS
    usual_days: Sequence[str] = EVERY_WORKDAY


@page("/settings/sites/{code}/trucks", template="gate.html", scope="floor:read", title=_("Trucks"), section="settings",
      within=within_sites(lambda asked: [asked.at["code"]]))  # fmt: skip
def gate(asked: Asked[None]) -> GateShown:
    """When trucks leave a site, and how much may be on its floor."""
    code = asked.at["code"]
    form = get_release_policy(asked.tx, code)
    tried = asked.tried.values if asked.tried else None
    days = None if tried is None else frozenset(name for name in tried if "/days/" in name)
    return GateShown(
        code, form, [*form.trucks, *[None] * _spare(tried, "trucks", len(form.trucks))],
        len(form.zones) + _spare(tried, "zones", len(form.zones)),
        _with_kept(list_carriers(asked.tx), {each.carrier for each in form.trucks}),
        _with_kept(list_services(asked.tx), {each.service for each in form.trucks}),
        "admin" in asked.access.scopes, days,
    )  # fmt: skip


def _spare(tried: Mapping[str, str] | None, kind: str, kept: int) -> int:
    """Rows besides those kept: empty ones, and those a form that was refused has besides."""
    places = {name.split("/")[1] for name in tried or () if name.startswith(f"{kind}/") and name.count("/") > 1}
    return max(MORE, min(len(places), 500) - kept)


def _with_kept(found: Sequence[CarrierShown | ServiceShown], kept: Set[str]) -> list[tuple[str, str]]:
    """What can be chosen, with its name; and what was chosen by the API, which knows no names."""
    named = {each.code: each.name for each in found}
    return [*named.items(), *[(code, code) for code in sorted(kept - named.keys() - {""})]]


def _gate_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as the form leaves it; rows without a time, or without a zone, are left out."""
    body = {name: value for name, value in tree.items() if name in ("orders_max", "lead_minutes")}
    body["zones"] = writing.filled(tree.get("zones"), "zone")
    body["trucks"] = [_truck(each) for each in writing.filled(tree.get("trucks"), "leaves_at")]
    return body


def _truck(told: Mapping[str, Any]) -> dict[str, Any]:
    days = told.get("days", {})
    weekdays = [day for day in DAYS if isinstance(days, dict) and day in days]
    return {**{name: value for name, value in told.items() if name != "days"}, "weekdays": weekdays}


change_gate = deed("/settings/sites/{code}/trucks", routes.put_release_policy, page=gate,
                   then="/settings/sites/{code}/trucks", said=_("Saved."), body=_gate_body)  # fmt: skip
