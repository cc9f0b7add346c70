"""Flash sales and other events: while one lasts, the orders it covers have a cancel window of its own length."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.catalog import tables
from orderwright.business.catalog.forms import Instant, Saved, Version
from orderwright.business.catalog.windows import SaleEvent
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.forms import Command, Form, Text, Word
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

EVENTS_SHOWN_MAX = 500
CancelMinutes = Annotated[int, Meta(ge=0, le=7 * 24 * 60)]


class SaleEventForm(Form, frozen=True):
    """A named period. channels, skus: those it covers; empty covers all. An order with one such product counts."""

    name: Text
    starts_at: Instant
    ends_at: Instant
    cancel_minutes: CancelMinutes
    channels: Annotated[list[Word], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    skus: Annotated[list[Word], Meta(max_length=100_000)] = msgspec.field(default_factory=list)


class PutSaleEvent(Command, frozen=True):
    """Create or replace an event. `version`: the one the caller read (If-Match), None to write blindly."""

    code: Word
    form: SaleEventForm
    version: Version | None = None


class SaleEventShown(SaleEventForm, frozen=True, omit_defaults=False):
    """An event as it stands."""

    code: str = ""
    version: int = 0


def put_sale_events(tx: Tx, commands: Sequence[PutSaleEvent]) -> list[Saved | Refusal]:
    """Create or replace events; orders placed from now on follow them, what was promised before stays.

    Refuses stale, malformed, unknown_channel and unknown_sku: all findings at once.
    """
    tables.lock_catalogue(tx)
    names = SaleEventForm.__struct_fields__
    rows = tx.rows(
        f"SELECT code, version, {', '.join(names)} FROM sale_event WHERE code = ANY(%(codes)s::text[])",
        codes=array(askable(command.code for command in commands)),
    )
    known = {row.code: row.version for row in rows}
    replacing = Replacing(
        "sale_event", {row.code: SaleEventForm(**dict(zip(names, row[2:], strict=True))) for row in rows}
    )
    skus, _ = tables.known_codes(tx, [sku for command in commands for sku in command.form.skus], [])
    channels = set(tables.versions(tx, "channel", [code for command in commands for code in command.form.channels]))
    results: list[Saved | Refusal] = []
    forms: dict[str, SaleEventForm] = {}
    for command in commands:
        before = known.get(command.code, 0)
        findings = list(_findings(command, channels, skus))
        if command.version is not None and command.version != before:
            results.append(Refusal("stale", version=before))
        elif findings:
            results.append(refusal_of(findings))
        else:
            known[command.code] = before + 1
            forms[command.code] = command.form
            replacing.put(command.code, command.form, command.actor)
            results.append(Saved(command.code, before + 1, before == 0))
    if forms:
        _save(tx, forms, known)
        replacing.note(tx)
        tables.raise_revision(tx)
    return results


def _findings(command: PutSaleEvent, channels: set[str], skus: set[str]) -> Iterator[Finding]:
    form = command.form
    yield from text_findings(command.code, "/code")
    yield from text_findings(form)
    if form.ends_at <= form.starts_at:
        yield Finding("/ends_at", "bad_period", "It ends before it starts.")
    for i, code in enumerate(form.channels):
        if code not in channels:
            yield known_as("unknown_channel", f"/channels/{i}")
    for i, sku in enumerate(form.skus):
        if sku not in skus:
            yield known_as("unknown_sku", f"/skus/{i}")


def _save(tx: Tx, forms: dict[str, SaleEventForm], versions: dict[str, int]) -> None:
    rows: list[dict[str, Any]] = [
        {**msgspec.structs.asdict(form), "code": code, "version": versions[code]}
        for code, form in sorted(forms.items())
    ]
    tx.write(
        """
        INSERT INTO sale_event (code, name, channels, skus, starts_at, ends_at, cancel_minutes, version, changed_at)
        SELECT code, name, channels, skus, starts_at, ends_at, cancel_minutes, version, %(now)s
        FROM jsonb_populate_recordset(NULL::sale_event, %(rows)s::jsonb)
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, channels = excluded.channels, skus = excluded.skus,
            starts_at = excluded.starts_at, ends_at = excluded.ends_at, cancel_minutes = excluded.cancel_minutes,
            version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=msgspec.json.encode(rows).decode(), now=tx.now,
    )  # fmt: skip


def list_sale_events(tx: Tx) -> Page[SaleEventShown]:
    """Events that go on or are still to come, and what is over after them, the latest first; 500 at most."""
    rows = tx.rows(
        "SELECT name, starts_at, ends_at, cancel_minutes, channels, skus, code, version FROM sale_event"
        " ORDER BY ends_at DESC, code LIMIT %(limit)s",
        limit=EVENTS_SHOWN_MAX,
    )
    return Page([SaleEventShown(**row._asdict()) for row in rows])


def events_from(tx: Tx) -> list[SaleEvent]:
    """Events that are not over, for placing."""
    rows = tx.rows(
        "SELECT code, channels, skus, starts_at, ends_at, cancel_minutes FROM sale_event WHERE ends_at > %(now)s"
        " ORDER BY code",
        now=tx.now,
    )
    return [
        SaleEvent(row.code, frozenset(row.channels), frozenset(row.skus), *row[3:])
        for row in rows
    ]  # fmt: skip
