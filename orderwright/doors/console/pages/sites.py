"""Sites: where goods lie, their hours and capacity, and the layout of their floors, drawn as it is written."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.forms import SiteForm
from orderwright.business.catalog.listing import SiteRow, list_sites
from orderwright.business.warehouse.floors import get_floor
from orderwright.business.warehouse.walk_pictures import draw_floor
from orderwright.business.warehouse.walking.described import layout_of
from orderwright.business.warehouse.walking.picture import picture
from orderwright.doors.api.routes import catalog as routes
from orderwright.doors.api.routes import walks
from orderwright.doors.api.within import sites as within_sites
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page, sketch
from orderwright.doors.console.texts import text as _
from orderwright.values.findings import Finding
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

DAYS: Mapping[str, str] = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip
SHOWN = (
    "name", "address", "latitude", "longitude", "time_zone", "cut_off", "daily_capacity", "daily_units",
    "working_days", "holidays", "closed_dates", "handling_minor", "is_active",
)  # fmt: skip
MORE = 1
ZONE_NUMBERS = (
    "aisles", "bays", "aisle_pitch_mm", "bay_pitch_mm", "bay_sides", "cross_aisle_mm", "first_aisle", "x_mm", "y_mm",
)  # fmt: skip
ZONE_LISTS = ("cross_after_bays", "up", "down")
NUMBERS: Mapping[str, str] = {
    "aisles": _("Aisles"), "bays": _("Bays in each"), "aisle_pitch_mm": _("From aisle to aisle, in mm"),
    "bay_pitch_mm": _("From bay to bay, in mm"), "bay_sides": _("Sides of an aisle with bays (1 or 2)"),
    "cross_aisle_mm": _("Width of cross aisles, in mm"), "first_aisle": _("Number of the first aisle"),
    "x_mm": _("First aisle from the left, in mm"), "y_mm": _("Front from the bottom, in mm"),
    "cross_after_bays": _("Cross aisles behind bays"), "up": _("Aisles walked to the back only"),
    "down": _("Aisles walked to the front only"),
}  # fmt: skip
DEFAULTS: Mapping[str, int] = {
    "aisle_pitch_mm": 3000, "bay_pitch_mm": 1000, "bay_sides": 1, "cross_aisle_mm": 2000, "first_aisle": 1, "x_mm": 0,
    "y_mm": 0,
}  # fmt: skip
"""What a zone has that says nothing of it (docs/layout.md)."""


class SiteShown(NamedTuple):
    """A site to be changed, or a new one. version: 0 for a new one."""

    code: str
    form: SiteForm
    version: int
    may_write: bool
    days: Mapping[str, str]
    chosen: Sequence[str]


class LayoutShown(NamedTuple):
    """A site's layout to be written, and its picture. is_derived: nobody wrote one, it is told by the bins.

    zones: the text of each field of each zone. rest: what was written besides zones.
    """

    code: str
    version: int
    written: str
    zones: Sequence[Mapping[str, str]]
    rest: str
    picture: str
    findings: Sequence[Finding]
    unplaced: Sequence[Any]
    is_derived: bool
    may_write: bool
    numbers: Mapping[str, str]
    defaults: Mapping[str, int]


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
    return SiteShown(row.code, row.form, row.version, "admin" in asked.access.scopes, DAYS, chosen)


def _site_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The site as the form leaves it."""
    told = {name: value for name, value in tree.items() if name in SHOWN}
    days = tree.get("days", {})
    told["working_days"] = [day for day in DAYS if isinstance(days, dict) and day in days]
    told["closed_dates"] = writing.words_of(str(tree.get("closed_dates", "")).replace("\n", ","))
    address = dict(told.get("address", {}))
    if "country" in address:
        address["country"] = str(address["country"]).upper()
    told["address"] = address
    return told


change_site = deed("/settings/sites/{code}", routes.put_site, page=site, then="/settings/sites/{code}",
                   said=_("Saved."), body=_site_body)  # fmt: skip
add_site = deed("/settings/sites/new", routes.put_site, page=adding, then="/settings/sites/{code}",
                said=_("The site is added."), body=_site_body, named=("code",))  # fmt: skip


@page("/settings/sites/{code}/layout", template="layout_editor.html", scope="floor:read", title=_("Layout"),
      section="settings", within=within_sites(lambda asked: [asked.at["code"]]))  # fmt: skip
def layout(asked: Asked[None]) -> LayoutShown:
    """A site's layout, drawn as it is written down to this moment."""
    code = asked.at["code"]
    floor = get_floor(asked.tx, code)
    kept = floor.floor.layout
    document = kept or {}
    findings: list[Finding] = []
    if asked.tried is not None:
        document = _document(_tree(asked.tried.values))
    drawn = ""
    if kept is None and asked.tried is None:
        drawn = draw_floor(asked.tx, code)
    else:
        found, findings = layout_of(document)
        if found is not None:
            drawn = picture(found, title=code)
    return LayoutShown(
        code, floor.version, writing.written(floor.floor), _zones(document), _rest(document),
        f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}" if drawn else "", findings,
        floor.unplaced if asked.tried is None else (), kept is None, "floor:write" in asked.access.scopes, NUMBERS,
        DEFAULTS,
    )  # fmt: skip


def _tree(values: Mapping[str, str]) -> dict[str, Any]:
    """The zones of a form, from the names of its fields."""
    zones: dict[str, dict[str, str]] = {}
    for name, text in values.items():
        number, _slash, field = name.removeprefix("layout/zone/").partition("/")
        if name.startswith("layout/zone/") and text.strip():
            zones.setdefault(number, {})[field] = text.strip()
    ordered = [zones[number] for number in sorted(zones, key=lambda text: int(text) if text.isdigit() else 0)]
    return {"zone": ordered, "rest": values.get("layout/rest", "")}


def _document(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The layout a form describes; what is no number stays a text, for the rules to say so."""
    document: dict[str, Any] = {}
    try:
        rest = msgspec.json.decode(str(tree.get("rest") or "{}"))
        document = dict(rest) if isinstance(rest, dict) else {}
    except msgspec.DecodeError:
        document = {"rest": "?"}
    zones = [_zone(each) for each in tree.get("zone", ()) if isinstance(each, dict) and each.get("aisles")]
    return {**({"zone": zones} if zones else {}), **document}


def _zone(fields: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: _number(fields[name]) for name in ZONE_NUMBERS if fields.get(name)}
    for name in ZONE_LISTS:
        if fields.get(name):
            told[name] = [_number(each) for each in writing.words_of(fields[name])]
    if fields.get("name"):
        told["name"] = fields["name"]
    return told


def _number(text: Any) -> Any:
    plain = str(text).strip()
    return int(plain) if plain.lstrip("-").isdigit() and len(plain) < 12 else text


def _zones(document: Mapping[str, Any]) -> list[Mapping[str, str]]:
    zones = document.get("zone", ())
    texts = [
        {name: ", ".join(map(str, each)) if isinstance(each, list) else str(each) for name, each in zone.items()}
        for zone in (zones if isinstance(zones, list) else ())
        if isinstance(zone, dict)
    ]
    return [*texts, *([{}] * MORE)]


def _rest(document: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in document.items() if name != "zone"}
    return msgspec.json.format(msgspec.json.encode(rest), indent=2).decode() if rest else ""


def _floor_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The floor with the layout of the form; none at all lets the bins tell it."""
    body = writing.rewritten(tree, ("layout",))
    told = tree.get("layout", {})
    document = _document(told if isinstance(told, dict) else {})
    return body | {"layout": document} if document else body


change_layout = deed(
    "/settings/sites/{code}/layout", walks.put_floor, page=layout, then="/settings/sites/{code}/layout",
    said=_("The layout is saved."), body=_floor_body,
)  # fmt: skip
draw_layout = sketch("/settings/sites/{code}/layout/drawn", page=layout)
