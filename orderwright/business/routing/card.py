"""The rate card: the one currency carriers' prices are in, changed only together with the prices."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.catalog.actions import raise_revision
from orderwright.business.catalog.forms import Saved, Version
from orderwright.database.changes import Change, difference, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.findings import Finding, refusal_of, worded
from orderwright.values.forms import Amount, Command, Form, Word
from orderwright.values.refusal import Refusal

BASE, STEP = 3, 6
"""Where the prices stand in a zone as it is kept."""


class PriceAgain(Form, frozen=True):
    """The prices of a zone, as in `ZoneForm`."""

    base: Amount
    step: Amount = "0"


class ServicePrices(Form, frozen=True):
    """The prices of a service, zone by zone in its order; none: they are not put again."""

    code: Word
    zones: Annotated[list[PriceAgain], Meta(max_length=50)] = msgspec.field(default_factory=list)


class RateCardForm(Form, frozen=True):
    """What carriers' prices are in. late_day: what leaving a day later than another site counts where sites compete.

    services: with another currency, the prices of each in it.
    """

    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    late_day: Amount
    services: Annotated[list[ServicePrices], Meta(max_length=1_000)] = msgspec.field(default_factory=list)


class PutRateCard(Command, frozen=True):
    """Change the rate card. version: the one the caller read (If-Match), None to write blindly; any service that is put
    raises it, too."""

    form: RateCardForm
    version: Version | None = None


class RateCardShown(msgspec.Struct, frozen=True):
    """The rate card as it stands. priced_again: services whose prices another currency asks for anew."""

    currency: str
    late_day: str
    version: int
    priced_again: list[str]


class _Priced(NamedTuple):
    code: str
    name: str
    zones: list[list[Any]]
    is_preset: bool


def read_rate_card(tx: Tx) -> RateCardShown:
    """The rate card."""
    row = _row(tx)
    again = tx.rows("SELECT code FROM carrier_service WHERE NOT is_preset ORDER BY code")
    return RateCardShown(
        row.currency, money.format_minor(row.late_day_minor, row.currency), row.version, [each.code for each in again]
    )


def lock_rate_card(tx: Tx) -> None:
    """Nobody else changes the rate card, carriers or services until the transaction ends."""
    tx.rows("SELECT 1 FROM carrier ORDER BY code FOR UPDATE")


def currency_of(tx: Tx) -> str:
    """What carriers' prices are in."""
    return str(_row(tx).currency)


def read_card_terms(tx: Tx) -> tuple[str, int]:
    """The currency of carriers' prices, and what a day later counts in its minor units."""
    row = _row(tx)
    return row.currency, row.late_day_minor


def outdate_rate_card(tx: Tx) -> None:
    """Who read the rate card, which is locked, reads it again: prices are put zone by zone, and zones changed."""
    tx.write("UPDATE rate_card SET version = version + 1")


def write_rate_card(tx: Tx, command: PutRateCard, standing: Sequence[Finding]) -> Saved | Refusal:
    """Change the rate card, which is locked. standing: what else is kept in the old currency, where it is another.

    Refuses malformed (each finding at its field), stale.
    """
    row, form = _row(tx), command.form
    if command.version is not None and command.version != row.version:
        return Refusal("stale", version=row.version)
    known = _services(tx)
    findings = list(_findings(form, row.currency, known))
    if form.currency != row.currency:
        findings += standing
    if findings:
        return refusal_of(findings)
    late_day = money.parse_minor(form.late_day, form.currency)
    tx.write(
        "UPDATE rate_card SET currency = %(currency)s, late_day_minor = %(late_day)s, version = version + 1",
        currency=form.currency, late_day=late_day,
    )  # fmt: skip
    _put_prices(tx, form, row.currency, known, command.actor)
    was, became = difference(
        {"currency": row.currency, "late_day": money.format_minor(row.late_day_minor, row.currency)},
        {"currency": form.currency, "late_day": money.format_minor(late_day, form.currency)},
    )
    if was != became:
        note(tx, [Change("rate_card", "", was, became, command.actor)])
    raise_revision(tx)
    return Saved("rate_card", row.version + 1, False)


def _row(tx: Tx) -> Any:
    return tx.rows("SELECT currency, late_day_minor, version FROM rate_card")[0]


def _services(tx: Tx) -> dict[str, _Priced]:
    rows = tx.rows("SELECT code, name, zones, is_preset FROM carrier_service ORDER BY code")
    return {row.code: _Priced(row.code, row.name, msgspec.json.decode(row.zones), row.is_preset) for row in rows}


def _findings(form: RateCardForm, before: str, known: Mapping[str, _Priced]) -> Iterator[Finding]:
    try:
        money.digits_of(form.currency)
    except ValueError:
        yield Finding("/currency", "bad_currency", "This is no currency. Write three letters, such as GBP.")
        return
    yield from _amount("/late_day", form.late_day, form.currency)
    put: set[str] = set()
    for i, service in enumerate(form.services):
        at = f"/services/{i}"
        if service.code not in known or service.code in put:
            yield Finding(f"{at}/code", "unknown_service", "There is no such service, or it stands here twice.")
            continue
        if not service.zones:
            continue
        put.add(service.code)
        if len(service.zones) != len(known[service.code].zones):
            yield _missing(at, known[service.code], before)
        for n, zone in enumerate(service.zones):
            yield from _amount(f"{at}/zones/{n}/base", zone.base, form.currency)
            yield from _amount(f"{at}/zones/{n}/step", zone.step, form.currency)
    if form.currency != before:
        places = {each.code: f"/services/{i}" for i, each in enumerate(form.services)}
        for code, standing in known.items():
            if not standing.is_preset and code not in put:
                yield _missing(places.get(code, "/services"), standing, before)


def _missing(at: str, service: _Priced, before: str) -> Finding:
    return worded(
        at, "prices_missing", "The prices of {service} are in {currency}: put them again, all {number} zones.",
        service=service.code, currency=before, number=len(service.zones),
    )  # fmt: skip


def _amount(pointer: str, text: str, currency: str) -> Iterator[Finding]:
    try:
        money.parse_minor(text, currency)
    except ValueError:
        yield worded(pointer, "bad_amount", "This is no amount in {currency}.", currency=currency)


def _put_prices(tx: Tx, form: RateCardForm, before: str, known: Mapping[str, _Priced], actor: str) -> None:
    """Write the prices that were put again; invented ones keep their figures."""
    changes, kept = [], {}
    for each in form.services:
        if not each.zones:
            continue
        zones = [list(zone) for zone in known[each.code].zones]
        for zone, price in zip(zones, each.zones, strict=True):
            zone[BASE] = money.parse_minor(price.base, form.currency)
            zone[STEP] = money.parse_minor(price.step, form.currency)
        if zones == known[each.code].zones and form.currency == before:
            continue
        kept[each.code] = msgspec.json.encode(zones).decode()
        was, became = _told(known[each.code].zones, before), _told(zones, form.currency)
        changes.append(Change("service", each.code, *difference(was, became), actor))
    tx.write(
        "UPDATE carrier_service s SET zones = n.zones, is_preset = false, version = version + 1"
        " FROM unnest(%(codes)s::text[], %(zones)s::text[]) AS n(code, zones) WHERE s.code = n.code",
        codes=array(kept), zones=array(kept.values()),
    )  # fmt: skip
    if form.currency != before:
        tx.write(
            "UPDATE carrier_service SET version = version + 1 WHERE is_preset AND NOT code = ANY(%(codes)s::text[])",
            codes=array(kept),
        )
    note(tx, changes)


def _told(zones: Sequence[Sequence[Any]], currency: str) -> dict[str, Any]:
    prices = [[money.format_minor(zone[at], currency) for at in (BASE, STEP)] for zone in zones]
    return {"currency": currency, "prices": prices}
