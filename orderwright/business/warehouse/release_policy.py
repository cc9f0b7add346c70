"""By which rule a site's gate lets work out: how much may be on the floor, in all and by zone, and the trucks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, structs

from orderwright.business.catalog.forms import EVERY_WORKDAY, Count, Saved, ShortText, Version, Weekday
from orderwright.business.catalog.reads import Site
from orderwright.business.warehouse.trucks import Timetable, Truck
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.calendars import WEEKDAYS, SiteCalendar
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.forms import Command, Form, Word
from orderwright.values.refusal import Refusal

LEAD_MINUTES = 60
"""From release to the truck, where a site does not say."""


class ZoneLimitForm(Form, frozen=True):
    """How many units of a zone may be on pick lists and not picked yet; 0 lets nothing of it out."""

    zone: ShortText
    units_max: Count


class TruckForm(Form, frozen=True):
    """A regular departure, by the clock on the site's wall, on its working days. service: '' takes all."""

    leaves_at: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    weekdays: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)] = EVERY_WORKDAY
    carrier: ShortText = ""
    service: Annotated[str, Meta(max_length=40)] = ""


class ReleasePolicyForm(Form, frozen=True):
    """The rule of a site's gate. orders_max: on the floor and not picked, null without a limit.

    lead_minutes: how long before its truck work has to be on the floor.
    """

    orders_max: Count | None = None
    lead_minutes: Annotated[int, Meta(ge=0, le=2_880)] = LEAD_MINUTES
    zones: Annotated[list[ZoneLimitForm], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    trucks: Annotated[list[TruckForm], Meta(max_length=500)] = msgspec.field(default_factory=list)


class PutReleasePolicy(Command, frozen=True):
    """Replace the rule of a site's gate. `version`: the one the caller read (If-Match), None to write blindly."""

    site: Word
    form: ReleasePolicyForm
    version: Version | None = None


class ReleasePolicyShown(ReleasePolicyForm, frozen=True, omit_defaults=False):
    """The rule as it stands; version 0: nobody made one."""

    site: str = ""
    version: int = 0


class Policy(NamedTuple):
    """The rule of a site's gate at one version."""

    version: int
    orders_max: int | None
    lead_minutes: int
    zone_max: Mapping[str, int]
    trucks: Sequence[Truck]


_NO_CALENDAR = SiteCalendar(time_zone="UTC")
NO_POLICY = Policy(0, None, LEAD_MINUTES, {}, ())


def put_release_policies(tx: Tx, commands: Sequence[PutReleasePolicy]) -> list[Saved | Refusal]:
    """Replace the rules of sites' gates. A run of the gate that goes on meanwhile ends by the rule it began with.

    Refuses stale, unknown_site, and malformed with all findings at once.
    """
    asked = array(askable(command.site for command in commands))
    known = {row.code: row.version for row in tx.rows(
        "SELECT s.code, coalesce(p.version, 0) AS version FROM site s"
        " LEFT JOIN LATERAL (SELECT version FROM release_policy WHERE site = s.code FOR UPDATE) p ON true"
        " WHERE s.code = ANY(%(sites)s::text[]) ORDER BY s.code",
        sites=asked,
    )}  # fmt: skip
    before = {site: _form(policy) for site, policy in policies_of(tx, known).items()}
    replacing = Replacing("release_policy", before)
    results: list[Saved | Refusal] = []
    forms: dict[str, ReleasePolicyForm] = {}
    for command in commands:
        version = known.get(command.site, 0)
        findings = list(_findings(command, known))
        if command.version is not None and command.version != version:
            results.append(Refusal("stale", version=version))
        elif findings:
            results.append(refusal_of(findings))
        else:
            known[command.site] = version + 1
            forms[command.site] = command.form
            replacing.put(command.site, command.form, command.actor)
            results.append(Saved(command.site, version + 1, version == 0))
    if forms:
        _save(tx, forms, known)
        replacing.note(tx)
    return results


def _findings(command: PutReleasePolicy, sites: Mapping[str, int]) -> Iterator[Finding]:
    form = command.form
    yield from text_findings(form)
    if command.site not in sites:
        yield known_as("unknown_site", "/site")
    zones = [each.zone for each in form.zones]
    if len(set(zones)) < len(zones):
        yield Finding("/zones", "twice", "A zone is there twice.")
    leaving = [
        (day, each.leaves_at, each.service, each.carrier) for each in form.trucks for day in each.weekdays
    ]  # fmt: skip
    if len(set(leaving)) < len(leaving):
        yield Finding("/trucks", "twice", "A departure is there twice.")


def _save(tx: Tx, forms: Mapping[str, ReleasePolicyForm], versions: Mapping[str, int]) -> None:
    sites = sorted(forms)
    tx.write(
        """
        INSERT INTO release_policy AS p (site, orders_max, lead_minutes, version, changed_at)
        SELECT *, %(now)s FROM unnest(%(sites)s::text[], %(most)s::int[], %(leads)s::int[], %(versions)s::int[])
        ON CONFLICT (site) DO UPDATE SET orders_max = excluded.orders_max, lead_minutes = excluded.lead_minutes,
            version = greatest(p.version + 1, excluded.version), changed_at = excluded.changed_at
        """,
        now=tx.now, sites=array(sites), most=array(forms[site].orders_max for site in sites),
        leads=array(forms[site].lead_minutes for site in sites), versions=array(versions[site] for site in sites),
    )  # fmt: skip
    for table in ("zone_limit", "truck"):
        tx.write(f"DELETE FROM {table} WHERE site = ANY(%(sites)s::text[])", sites=array(sites))
    tx.copy(
        "zone_limit", "site, zone, units_max",
        [(site, each.zone, each.units_max) for site in sites for each in forms[site].zones],
    )  # fmt: skip
    tx.copy(
        "truck", "site, carrier, service, weekday, leaves_at",
        [
            (site, each.carrier, each.service, day, each.leaves_at)
            for site in sites for each in forms[site].trucks for day in each.weekdays
        ],
    )  # fmt: skip


_POLICIES = """
    SELECT p.site, p.version, p.orders_max, p.lead_minutes,
           (SELECT coalesce(json_object_agg(zone, units_max), '{}')::text FROM zone_limit WHERE site = p.site) AS zones,
           (SELECT coalesce(json_agg(json_build_array(carrier, service, weekday, leaves_at)
                                     ORDER BY leaves_at, service, carrier, weekday), '[]')::text
            FROM truck WHERE site = p.site) AS trucks
    FROM release_policy p WHERE p.site = ANY(%(sites)s::text[])
"""


def policies_of(tx: Tx, sites: Iterable[str]) -> dict[str, Policy]:
    """The rules of sites' gates, each as of one version: read in one statement. Sites without one are left out."""
    rows = tx.rows(_POLICIES, sites=array(askable(sites)))
    return {row.site: _policy(row) for row in rows}


def _policy(row: Any) -> Policy:
    trucks = msgspec.json.decode(row.trucks, type=list[Truck])
    zones = msgspec.json.decode(row.zones, type=dict[str, int])
    return Policy(row.version, row.orders_max, row.lead_minutes, zones, trucks)


def timetable_of(site: Site | None, policy: Policy, now: datetime) -> Timetable:
    """When the trucks of a site leave from now on; from one that is not active none does."""
    return Timetable(_NO_CALENDAR, (), now) if site is None else Timetable(site.calendar, policy.trucks, now)


def get_release_policy(tx: Tx, site: str) -> ReleasePolicyShown:
    """The rule of a site's gate. Refuses not_found for a site there is none of."""
    if tx.row("SELECT FROM site WHERE code = %(site)s", site=site) is None:
        raise Refusal("not_found", site=site)
    policy = policies_of(tx, [site]).get(site, NO_POLICY)
    return ReleasePolicyShown(**structs.asdict(_form(policy)), site=site, version=policy.version)


def _form(policy: Policy) -> ReleasePolicyForm:
    """The rule as a PUT that changes nothing would write it."""
    days: dict[tuple[str, str, str], list[Weekday]] = {}
    for truck in sorted(policy.trucks, key=lambda each: (*each[3:], *each[:2], WEEKDAYS.index(each.weekday))):
        days.setdefault((truck.leaves_at, truck.service, truck.carrier), []).append(truck.weekday)  # type: ignore[arg-type]
    return ReleasePolicyForm(
        orders_max=policy.orders_max, lead_minutes=policy.lead_minutes,
        zones=[ZoneLimitForm(zone=zone, units_max=most) for zone, most in sorted(policy.zone_max.items())],
        trucks=[
            TruckForm(leaves_at=leaves_at, service=service, carrier=carrier, weekdays=tuple(mine))
            for (leaves_at, service, carrier), mine in days.items()
        ],
    )  # fmt: skip
