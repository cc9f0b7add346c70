"""What may not be said of products, sites, places and channels, all at once. Pure: forms, and what is known."""

import functools
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from orderwright.business.catalog.forms import (
    BufferForm,
    ChannelForm,
    CodeForm,
    ProductForm,
    PutPlace,
    SiteForm,
)
from orderwright.business.catalog.rules import EVER, NEVER, VIRTUAL_PLACES, KnownProducts, Naming, options_text
from orderwright.values.codes import is_gtin
from orderwright.values.countries import COUNTRIES
from orderwright.values.findings import Finding, known_as, text_findings, worded
from orderwright.values.money import BadAmount, digits_of, parse_minor
from orderwright.values.phrases import Phrase, phrase


def naming_of(sku: str, code: CodeForm) -> Naming:
    """A code as written, with its open ends filled in."""
    return Naming(code.code, code.channel, sku, code.valid_from or EVER, code.valid_to or NEVER)


def product_findings(sku: str, form: ProductForm, known: KnownProducts, now: datetime) -> list[Finding]:
    """All that is wrong with a product: texts, money, codes (bad_code, code_taken), kit (bad_kit, unknown_sku)."""
    findings = [
        *text_findings(sku, "/sku"),
        *text_findings(form),
        *money_findings(form.currency, "/price", form.price),
    ]
    for i, code in enumerate(form.codes):
        findings += _code_findings(f"/codes/{i}", code)
    findings += _overlap_findings(form.codes)
    findings += _naming_findings(sku, form, known, now)
    findings += _variant_findings(sku, form, known)
    if form.asks_expiry and form.tracking != "lot":
        findings.append(Finding("/asks_expiry", "tracking", "A date belongs to a lot: track this product by lot."))
    if form.components:
        findings += _kit_findings(sku, form, known)
    return findings


def money_findings(currency: str, pointer: str, amount: str | None) -> Iterator[Finding]:
    """What is wrong with an amount and its currency."""
    try:
        digits_of(currency)
    except ValueError:
        yield worded("/currency", "currency_unknown", "It is an unknown currency {currency}.", currency=repr(currency))
        return
    try:
        if amount is not None and parse_minor(amount, currency) < 0:
            yield Finding(pointer, "bad_money", "It is below zero.")
    except BadAmount as problem:
        yield worded(pointer, "bad_money", "It cannot be read: {problem}.", problem=problem.phrase)


def _code_findings(pointer: str, code: CodeForm) -> Iterator[Finding]:
    if code.kind == "gtin" and not is_gtin(code.code):
        yield known_as("bad_code", f"{pointer}/code")
    if code.kind == "gtin" and code.channel:
        yield Finding(f"{pointer}/channel", "channel", "A GTIN holds on every channel.")
    if code.kind == "channel" and not code.channel:
        yield Finding(f"{pointer}/channel", "channel", "Say which channel calls it so.")
    if (code.valid_from or EVER) >= (code.valid_to or NEVER):
        yield Finding(f"{pointer}/valid_to", "order", "It ends before it begins.")


def _overlap_findings(codes: Sequence[CodeForm]) -> Iterator[Finding]:
    ends: dict[tuple[str, str], datetime] = {}
    for i, code in sorted(enumerate(codes), key=lambda each: each[1].valid_from or EVER):
        key = (code.code, code.channel)
        if key in ends and (code.valid_from or EVER) < ends[key]:
            yield Finding(f"/codes/{i}/code", "twice", "This code is there twice at the same time.")
        ends[key] = max(ends.get(key, EVER), code.valid_to or NEVER)


def _naming_findings(sku: str, form: ProductForm, known: KnownProducts, now: datetime) -> Iterator[Finding]:
    if sku not in known.versions and any(naming.valid_to > now for naming in known.others(sku, sku)):
        # A sku is read before codes are, so it would take the code's orders away.
        yield known_as("code_taken", "/sku")
    for i, code in enumerate(form.codes):
        mine = naming_of(sku, code)
        is_taken = any(
            mine.channel == other.channel and mine.valid_from < other.valid_to and other.valid_from < mine.valid_to
            for other in known.others(sku, code.code)
        )
        if is_taken or (code.code != sku and code.code in known.versions and mine.valid_to > now):
            yield known_as("code_taken", f"/codes/{i}/code")


def _variant_findings(sku: str, form: ProductForm, known: KnownProducts) -> Iterator[Finding]:
    if form.options and not form.family:
        yield Finding("/family", "missing", "Say which family these options tell it apart in.")
    elif form.family and not form.options:
        yield Finding("/options", "missing", "Say what tells it apart in its family, such as its size.")
    elif form.family and (twin := known.twin(sku, (form.family, options_text(form.options)))):
        yield worded("/options", "twice", "{sku} of the same family has these options.", sku=twin)


def _kit_findings(sku: str, form: ProductForm, known: KnownProducts) -> Iterator[Finding]:
    for i, component in enumerate(form.components):
        if component.sku == sku or component.sku in known.kits:
            yield known_as("bad_kit", f"/components/{i}/sku")
        elif component.sku not in known.versions:
            yield known_as("unknown_sku", f"/components/{i}/sku")
    yield from _twice([component.sku for component in form.components], "/components", phrase("component"))
    if known.is_component(sku):
        yield Finding("/components", "bad_kit", "This product is part of a kit itself.")
    if sku in known.in_stock and sku not in known.kits:
        yield Finding("/components", "bad_kit", "This product is in stock, promised or waited for.")


def site_findings(code: str, form: SiteForm) -> list[Finding]:
    """All that is wrong with a site: texts, country, time zone, days named twice."""
    findings = [*text_findings(code, "/code"), *text_findings(form)]
    if form.address.country not in COUNTRIES:
        findings.append(Finding("/address/country", "country_unknown", "It is no ISO 3166-1 country code."))
    if form.holidays and form.holidays[:2] not in COUNTRIES:
        findings.append(Finding("/holidays", "country_unknown", "It is no ISO 3166-1 country code."))
    if form.time_zone not in _time_zones():
        findings.append(Finding("/time_zone", "time_zone_unknown", "The tz database has no such zone."))
    findings += _twice(form.working_days, "/working_days", phrase("day"))
    findings += _twice(form.closed_dates, "/closed_dates", phrase("date"))
    return findings


def place_findings(command: PutPlace, kinds: Mapping[tuple[str, str], str], sites: set[str]) -> list[Finding]:
    """All that is wrong with a place. `kinds`: (site, code) -> kind of the places there are."""
    findings = [*text_findings(command.code, "/code"), *text_findings(command.form)]
    if command.site not in sites:
        findings.append(known_as("unknown_site", "/site"))
    kind = VIRTUAL_PLACES.get(command.code) or kinds.get((command.site, command.code))
    if kind is not None and kind != command.form.kind:
        # Units in it would become sellable, or stop being so, without a move that says why.
        findings.append(
            worded("/kind", "kind", "{place} is of kind {kind} and stays so.", place=command.code, kind=phrase(kind))
        )
    return findings


def channel_findings(code: str, form: ChannelForm, skus: set[str], sites: set[str]) -> list[Finding]:
    """All that is wrong with a channel: texts, currency, policy, buffers (unknown_sku, unknown_site)."""
    findings = [*text_findings(code, "/code"), *text_findings(form)]
    findings += money_findings(form.currency, "/policy/split_value_min", form.policy.split_value_min)
    for i, country in enumerate(form.policy.countries or ()):
        if country not in COUNTRIES:
            findings.append(Finding(f"/policy/countries/{i}", "country_unknown", "It is no ISO 3166-1 country code."))
    for i, buffer in enumerate(form.buffers):
        findings += _buffer_findings(f"/buffers/{i}", buffer, skus, sites)
    findings += _twice([(buffer.sku, buffer.site) for buffer in form.buffers], "/buffers", phrase("buffer"))
    return findings


def _buffer_findings(pointer: str, buffer: BufferForm, skus: set[str], sites: set[str]) -> Iterator[Finding]:
    if buffer.sku and buffer.sku not in skus:
        yield known_as("unknown_sku", f"{pointer}/sku")
    if buffer.site and buffer.site not in sites:
        yield known_as("unknown_site", f"{pointer}/site")


def _twice(keys: Sequence[object], pointer: str, noun: Phrase) -> Iterator[Finding]:
    seen: set[object] = set()
    told: set[object] = set()
    for key in keys:
        if key in seen and key not in told:
            told.add(key)
            shown = key if not isinstance(key, tuple) else ", ".join(str(part) for part in key if part)
            yield worded(pointer, "twice", "The {noun} {key} is there twice.", noun=noun, key=repr(str(shown)))
        seen.add(key)


@functools.cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
