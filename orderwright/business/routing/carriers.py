"""Who brings parcels and by which services: put by forms, with where they go, what they cost and how long they take."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.catalog.actions import raise_revision
from orderwright.business.catalog.forms import Saved, Version
from orderwright.business.routing.card import currency_of, outdate_rate_card
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.countries import COUNTRIES
from orderwright.values.findings import Finding, askable, refusal_of, text_findings, worded
from orderwright.values.forms import Amount, Command, Form, Word
from orderwright.values.refusal import Refusal

LINKED = ("practice",)
"""The carriers there is a link to: labels are bought through it, so there are no others."""
KM_MAX = 25_000
Name = Annotated[str, Meta(min_length=1, max_length=64)]
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
"""What a service is called by orders."""
Grams = Annotated[int, Meta(ge=1, le=1_000_000)]


class CarrierForm(Form, frozen=True):
    """A carrier. account: ours there, told with each label. Of one that is not active no service is offered."""

    name: Name
    account: Annotated[str, Meta(max_length=64)] = ""
    is_active: bool = True


class ZoneForm(Form, frozen=True):
    """How far a service goes for a price: up to km_max from the site, at home or abroad.

    base: of a parcel up to included_g; step: for each begun step_g above that. transit_days: delivery days on the way.
    """

    name: Name
    km_max: Annotated[int, Meta(ge=1, le=KM_MAX)]
    base: Amount
    transit_days: Annotated[int, Meta(ge=0, le=60)]
    is_domestic: bool = True
    included_g: Grams = 1_000
    step_g: Grams = 1_000
    step: Amount = "0"


class ServiceForm(Form, frozen=True):
    """A service of a carrier. weight_max_g: of one parcel; countries: it goes to; empty: all.

    zones: at home and abroad, each in ascending distance. Of one that is not active no order is taken any more.
    currency: of its prices; empty: the rate card's, and there is no other.
    """

    name: Name
    zones: Annotated[list[ZoneForm], Meta(min_length=1, max_length=50)]
    carrier: Word = LINKED[0]
    is_active: bool = True
    weight_max_g: Grams | None = None
    countries: Annotated[list[Annotated[str, Meta(pattern="^[A-Z]{2}$")]], Meta(max_length=300)] = msgspec.field(
        default_factory=list
    )
    currency: Annotated[str, Meta(max_length=3)] = ""


class PutCarrier(Command, frozen=True):
    """Change a carrier. version: the one the caller read (If-Match), None to write blindly."""

    code: Word
    form: CarrierForm
    version: Version | None = None


class PutServiceTerms(Command, frozen=True):
    """Create or replace a service. version: as in `PutCarrier`."""

    code: str
    form: ServiceForm
    version: Version | None = None


class CarrierShown(CarrierForm, frozen=True, omit_defaults=False):
    """A carrier as it stands."""

    code: str = ""
    version: int = 0


class ServiceShown(ServiceForm, frozen=True, omit_defaults=False):
    """A service as it stands."""

    code: str = ""
    version: int = 0


def list_carriers(tx: Tx) -> list[CarrierShown]:
    """The carriers, by code."""
    rows = tx.rows("SELECT name, account, is_active, code, version FROM carrier ORDER BY code")
    return [CarrierShown(*row) for row in rows]


def list_services(tx: Tx) -> list[ServiceShown]:
    """The services, by code."""
    currency = currency_of(tx)
    return [
        ServiceShown(
            row.name, [_zone_form(each, currency) for each in msgspec.json.decode(row.zones)], row.carrier,
            row.is_active, row.weight_max_g, sorted(row.countries), currency, row.code, row.version,
        )
        for row in tx.rows("SELECT * FROM carrier_service ORDER BY code")
    ]  # fmt: skip


def put_carriers(tx: Tx, commands: Sequence[PutCarrier]) -> list[Saved | Refusal]:
    """Change carriers. Refuses malformed (also where there is no link to the carrier), stale."""
    _lock(tx)
    known = {each.code: each for each in list_carriers(tx)}
    replacing = Replacing("carrier", {code: CarrierForm(*_own(each, CarrierForm)) for code, each in known.items()})
    versions = {code: each.version for code, each in known.items()}
    results: list[Saved | Refusal] = []
    forms: dict[str, CarrierForm] = {}
    for each in commands:
        findings = list(text_findings(each.form))
        if each.code not in LINKED:
            known_ones = ", ".join(LINKED)
            findings.append(
                worded("/code", "no_link", "Labels are bought of these carriers: {codes}.", codes=known_ones)
            )
        results.append(_saved(each, findings, versions))
        if isinstance(results[-1], Saved):
            forms[each.code] = each.form
            replacing.put(each.code, each.form, each.actor)
    if forms:
        _write(tx, "carrier", {code: {**msgspec.structs.asdict(form)} for code, form in forms.items()}, versions)
        replacing.note(tx)
    return results


def put_services(tx: Tx, commands: Sequence[PutServiceTerms]) -> list[Saved | Refusal]:
    """Create or replace services; orders taken and labels bought from now on follow them.

    What was promised before stays. Refuses malformed (each finding at its field), stale.
    """
    _lock(tx)
    carriers, currency = {each.code for each in list_carriers(tx)}, currency_of(tx)
    known = {each.code: each for each in list_services(tx)}
    replacing = Replacing("service", {code: ServiceForm(*_own(each, ServiceForm)) for code, each in known.items()})
    versions = {code: each.version for code, each in known.items()}
    results: list[Saved | Refusal] = []
    forms: dict[str, ServiceForm] = {}
    for each in commands:
        results.append(_saved(each, list(_findings(each, carriers, currency)), versions))
        if isinstance(results[-1], Saved):
            forms[each.code] = each.form
            replacing.put(each.code, _as_kept(each.form, currency), each.actor)
    if forms:
        _write(tx, "carrier_service", {code: _row(form, currency) for code, form in forms.items()}, versions)
        outdate_rate_card(tx)
        replacing.note(tx)
    return results


def lock_service(tx: Tx, code: str) -> ServiceShown | None:
    """A service, with all of them locked: for who takes it away."""
    _lock(tx)
    return next((each for each in list_services(tx) if each.code == code), None)


def forget_services(tx: Tx, codes: Sequence[str]) -> None:
    """Take services away that nothing names any more."""
    tx.write("DELETE FROM carrier_service WHERE code = ANY(%(codes)s::text[])", codes=array(askable(codes)))
    raise_revision(tx)


def _findings(command: PutServiceTerms, carriers: set[str], currency: str) -> Iterator[Finding]:
    form = command.form
    yield from text_findings(form)
    if not CODE.fullmatch(command.code):
        yield Finding("/code", "bad_code_form", "Small letters, digits, - and _, at most 40.")
    if form.carrier not in carriers:
        yield Finding("/carrier", "unknown_carrier", "There is no such carrier.")
    if form.currency not in ("", currency):
        yield worded(
            "/currency", "other_currency", "Carriers' prices are in {currency} in this store.", currency=currency
        )
    for i, country in enumerate(form.countries):
        if country not in COUNTRIES:
            yield worded(f"/countries/{i}", "unknown_country", "{country} is no country.", country=country)
    reached = {True: 0, False: 0}
    for i, zone in enumerate(form.zones):
        if zone.km_max <= reached[zone.is_domestic]:
            yield Finding(f"/zones/{i}/km_max", "not_ascending", "Each zone reaches further than the one before.")
        reached[zone.is_domestic] = zone.km_max
        for name in ("base", "step"):
            if _minor(getattr(zone, name), currency) is None:
                yield worded(f"/zones/{i}/{name}", "bad_amount", "This is no amount in {currency}.", currency=currency)


def _saved(command: Any, findings: Sequence[Finding], versions: dict[str, int]) -> Saved | Refusal:
    """What a command comes to; versions: those that stand, the new one is written there."""
    before = versions.get(command.code, 0)
    if command.version is not None and command.version != before:
        return Refusal("stale", version=before)
    if findings:
        return refusal_of(findings)
    versions[command.code] = before + 1
    return Saved(command.code, before + 1, before == 0)


def _write(tx: Tx, table: str, rows: Mapping[str, Mapping[str, Any]], versions: Mapping[str, int]) -> None:
    """Write things as they are now, by code: those that stand and new ones."""
    tx.write(f"DELETE FROM {table} WHERE code = ANY(%(codes)s::text[])", codes=array(rows))
    columns = list(next(iter(rows.values())))
    tx.copy(
        table, ", ".join(["code", "version", *columns]),
        [(code, versions[code], *(row[name] for name in columns)) for code, row in rows.items()],
    )  # fmt: skip
    raise_revision(tx)


def _lock(tx: Tx) -> None:
    tx.rows("SELECT 1 FROM carrier ORDER BY code FOR UPDATE")


def _own(shown: Any, form: type[msgspec.Struct]) -> list[Any]:
    """The fields of a thing that its form has."""
    return [getattr(shown, name) for name in form.__struct_fields__]


def _row(form: ServiceForm, currency: str) -> dict[str, Any]:
    zones = [
        (each.name, each.is_domestic, each.km_max, _minor(each.base, currency), each.included_g, each.step_g,
         _minor(each.step, currency), each.transit_days)
        for each in form.zones
    ]  # fmt: skip
    return {
        "carrier": form.carrier, "name": form.name, "is_active": form.is_active, "weight_max_g": form.weight_max_g,
        "countries": sorted(set(form.countries)), "zones": msgspec.json.encode(zones).decode(),
    }  # fmt: skip


def _as_kept(form: ServiceForm, currency: str) -> ServiceForm:
    """A form as it will be read again: amounts and countries written in one way."""
    kept = msgspec.json.decode(_row(form, currency)["zones"])
    return msgspec.structs.replace(
        form,
        countries=sorted(set(form.countries)),
        zones=[_zone_form(each, currency) for each in kept],
        currency=currency,
    )


def _zone_form(kept: Sequence[Any], currency: str) -> ZoneForm:
    name, is_domestic, km_max, base, included_g, step_g, step, days = kept
    told = [money.format_minor(each, currency) for each in (base, step)]
    return ZoneForm(name, km_max, told[0], days, is_domestic, included_g, step_g, told[1])


def _minor(amount: str, currency: str) -> int | None:
    try:
        return money.parse_minor(amount, currency)
    except ValueError:
        return None
