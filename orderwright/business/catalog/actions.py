"""Keeping the catalogue: products, sites, places, channels. Each call that changed something raises the revision."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from orderwright.business.catalog import checks, tables
from orderwright.business.catalog.forms import (
    ChannelForm,
    ProductForm,
    PutChannel,
    PutPlace,
    PutProduct,
    PutSite,
    Saved,
    SiteForm,
)
from orderwright.business.catalog.listing import list_channels, list_sites
from orderwright.business.catalog.reads import product_forms
from orderwright.business.catalog.rules import KnownProducts, options_text
from orderwright.database.changes import Replacing
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.money import format_minor, parse_minor
from orderwright.values.refusal import Refusal


def raise_revision(tx: Tx) -> None:
    """Let every process drop what it keeps of the catalogue: for who changed figures that are read with it."""
    tables.raise_revision(tx)


def put_products(tx: Tx, commands: Sequence[PutProduct]) -> list[Saved | Refusal]:
    """Create or replace products with their codes and kit components.

    Refuses stale, malformed, bad_code, code_taken, unknown_sku (a component), bad_kit: all findings at
    once. A product with units here, promised or waited for does not become a kit.
    """
    tables.lock_catalogue(tx)
    known = _known_products(tx, commands)
    replacing = Replacing("product", product_forms(tx, [command.sku for command in commands]))
    results: list[Saved | Refusal] = []
    forms: dict[str, ProductForm] = {}
    for command in commands:
        before = known.versions.get(command.sku, 0)
        findings = checks.product_findings(command.sku, command.form, known, tx.now)
        refusal = _refusal(command.version, before, findings)
        if refusal is None:
            _accept(known, command.sku, command.form)
            forms[command.sku] = command.form
            replacing.put(command.sku, _priced(command.form), command.actor)
        results.append(refusal or Saved(command.sku, before + 1, before == 0))
    if forms:
        rows = [product_row(sku, form, known.versions[sku]) for sku, form in sorted(forms.items())]
        tables.save_products(tx, rows)
        tables.replace_codes(tx, forms, _code_rows(forms))
        tables.replace_components(tx, forms, _component_rows(forms))
        stocked = {row["sku"] for row in rows if not row["is_kit"]}
        tables.open_counters(tx, sorted(stocked - known.stocked_before), None)
        replacing.note(tx)
        tables.raise_revision(tx)
    return results


def look_at_products(tx: Tx, commands: Sequence[PutProduct]) -> list[Refusal | None]:
    """What put_products would refuse, with nothing locked and nothing written: None for what it would take.

    That a product in stock is to become a kit is found only when it is put.
    """
    known = _known_products(tx, commands, is_look=True)
    results: list[Refusal | None] = []
    for command in commands:
        findings = checks.product_findings(command.sku, command.form, known, tx.now)
        refusal = _refusal(command.version, known.versions.get(command.sku, 0), findings)
        if refusal is None:
            _accept(known, command.sku, command.form)
        results.append(refusal)
    return results


def put_sites(tx: Tx, commands: Sequence[PutSite]) -> list[Saved | Refusal]:
    """Create or replace sites. A new site gets its places and an availability row for each stocked product.

    Refuses stale, and malformed with all findings at once.
    """
    tables.lock_catalogue(tx)
    known = tables.versions(tx, "site", [command.code for command in commands])
    replacing = Replacing("site", {row.code: row.form for row in list_sites(tx)})
    results: list[Saved | Refusal] = []
    forms: dict[str, SiteForm] = {}
    fresh: list[str] = []
    for command in commands:
        before = known.get(command.code, 0)
        refusal = _refusal(command.version, before, checks.site_findings(command.code, command.form))
        if refusal is None:
            known[command.code] = before + 1
            forms[command.code] = command.form
            fresh += [] if before else [command.code]
            replacing.put(command.code, command.form, command.actor)
        results.append(refusal or Saved(command.code, before + 1, before == 0))
    if forms:
        tables.save_sites(tx, [site_row(code, form, known[code]) for code, form in sorted(forms.items())])
        if fresh:
            tables.open_places(tx, fresh)
            tables.open_counters(tx, None, fresh)
        replacing.note(tx)
        tables.raise_revision(tx)
    return results


def put_places(tx: Tx, commands: Sequence[PutPlace]) -> list[Saved | Refusal]:
    """Create or replace the places of sites. Refuses unknown_site and malformed; a place keeps its kind."""
    tables.lock_catalogue(tx)
    before = tables.places(tx, [(command.site, command.code) for command in commands])
    replacing = Replacing("place", {" ".join(key): form for key, form in before.items()})
    kinds: dict[tuple[str, str], str] = {key: form.kind for key, form in before.items()}
    _, sites = tables.known_codes(tx, [], [command.site for command in commands])
    results: list[Saved | Refusal] = []
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for command in commands:
        key = (command.site, command.code)
        refusal = _refusal(None, 0, checks.place_findings(command, kinds, sites))
        results.append(refusal or Saved(command.code, is_new=key not in kinds))
        if refusal is None:
            rows[key] = {"site": command.site, "code": command.code, **_fields(command.form)}
            kinds[key] = command.form.kind
            replacing.put(" ".join(key), command.form, command.actor)
    if rows:
        tables.save_places(tx, [row for _, row in sorted(rows.items())])
        replacing.note(tx)
        tables.raise_revision(tx)
    return results


def put_channels(tx: Tx, commands: Sequence[PutChannel]) -> list[Saved | Refusal]:
    """Create or replace channels with their policy and buffers.

    Refuses stale, malformed, unknown_sku and unknown_site (of a buffer): all findings at once.
    """
    tables.lock_catalogue(tx)
    known = tables.versions(tx, "channel", [command.code for command in commands])
    replacing = Replacing("channel", {row.code: row.form for row in list_channels(tx)})
    buffers = [buffer for command in commands for buffer in command.form.buffers]
    skus, sites = tables.known_codes(tx, [buffer.sku for buffer in buffers], [buffer.site for buffer in buffers])
    results: list[Saved | Refusal] = []
    forms: dict[str, ChannelForm] = {}
    for command in commands:
        before = known.get(command.code, 0)
        findings = checks.channel_findings(command.code, command.form, skus, sites)
        refusal = _refusal(command.version, before, findings)
        if refusal is None:
            known[command.code] = before + 1
            forms[command.code] = command.form
            replacing.put(command.code, _least_told(command.form), command.actor)
        results.append(refusal or Saved(command.code, before + 1, before == 0))
    if forms:
        tables.save_channels(tx, [channel_row(code, form, known[code]) for code, form in sorted(forms.items())])
        tables.replace_buffers(tx, forms, _buffer_rows(forms))
        replacing.note(tx)
        tables.raise_revision(tx)
    return results


def _refusal(wanted: int | None, before: int, findings: Sequence[Finding]) -> Refusal | None:
    if wanted is not None and wanted != before:
        return Refusal("stale", version=before)
    return refusal_of(findings) if findings else None


def _known_products(tx: Tx, commands: Sequence[PutProduct], *, is_look: bool = False) -> KnownProducts:
    forms = [command.form for command in commands]
    skus = [command.sku for command in commands]
    codes = [code.code for form in forms for code in form.codes]
    components = [component.sku for form in forms for component in form.components]
    future_kits = sorted({command.sku for command in commands if command.form.components})
    found = tables.products(tx, [*skus, *codes, *components])
    kits = {row.sku for row in found if row.is_kit}
    plain = {row.sku for row in found} - kits
    return KnownProducts(
        versions={row.sku: row.version for row in found},
        kits=kits,
        namings=tables.namings(tx, [*skus, *codes]),
        parts=tables.parts(tx, future_kits),
        in_stock=[] if is_look else tables.lock_in_stock(tx, [sku for sku in future_kits if sku in plain]),
        variants=tables.variants(tx, [form.family for form in forms if form.family]),
    )


def _accept(known: KnownProducts, sku: str, form: ProductForm) -> None:
    namings = [checks.naming_of(sku, code) for code in form.codes]
    known.accept(sku, namings, [part.sku for part in form.components], (form.family, options_text(form.options)))


def product_row(sku: str, form: ProductForm, version: int) -> dict[str, Any]:
    """A product's columns, from its form."""
    columns = _fields(form)
    columns["price_minor"] = parse_minor(columns.pop("price"), form.currency)
    columns["is_kit"] = bool(columns.pop("components"))
    columns["packing"] = msgspec.json.encode(form.packing).decode()
    columns["options"] = options_text(form.options)
    del columns["codes"]
    return {"sku": sku, "version": version, **columns}


def site_row(code: str, form: SiteForm, version: int) -> dict[str, Any]:
    """A site's columns, from its form."""
    address = msgspec.json.encode(form.address).decode()
    return {
        **_fields(form), "code": code, "version": version, "address": address, "country": form.address.country,
    }  # fmt: skip


def channel_row(code: str, form: ChannelForm, version: int) -> dict[str, Any]:
    """A channel's columns, from its form."""
    policy = _fields(form.policy)
    least = policy.pop("split_value_min")
    policy["split_value_min_minor"] = None if least is None else parse_minor(least, form.currency)
    told = {name: value for name, value in policy.items() if value is not None}
    columns = _fields(form)
    del columns["buffers"]
    return {**columns, "code": code, "version": version, "policy": msgspec.json.encode(told).decode()}


def _priced(form: ProductForm) -> ProductForm:
    """A product with its price as it will be read again."""
    return structs.replace(form, price=_money(form.price, form.currency))


def _least_told(form: ChannelForm) -> ChannelForm:
    """A channel with its amount as it will be read again."""
    least = form.policy.split_value_min
    if least is None:
        return form
    return structs.replace(form, policy=structs.replace(form.policy, split_value_min=_money(least, form.currency)))


def _money(text: str, currency: str) -> str:
    return format_minor(parse_minor(text, currency), currency)


def _code_rows(forms: dict[str, ProductForm]) -> list[tuple[Any, ...]]:
    return [
        (code.code, sku, code.kind, code.channel, code.valid_from or "-infinity", code.valid_to or "infinity")
        for sku, form in forms.items()
        for code in form.codes
    ]


def _component_rows(forms: dict[str, ProductForm]) -> list[tuple[str, str, int]]:
    return [(kit, part.sku, part.quantity) for kit, form in forms.items() for part in form.components]


def _buffer_rows(forms: dict[str, ChannelForm]) -> list[tuple[str, str, str, int]]:
    return [(code, buffer.sku, buffer.site, buffer.withheld) for code, form in forms.items() for buffer in form.buffers]


def _fields(form: msgspec.Struct) -> dict[str, Any]:
    return structs.asdict(form)
