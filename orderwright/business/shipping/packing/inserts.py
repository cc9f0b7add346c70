"""What goes into parcels besides what was ordered: the rules as rows, and what they say of orders."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.forms import Saved
from orderwright.business.shipping.packing.forms import InsertForm, InsertShown, Note, PutInsert
from orderwright.business.shipping.packing.putting import sort_out
from orderwright.business.shipping.packing.rules import Basket, Wanted, goes_in
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding
from orderwright.values.money import parse_minor
from orderwright.values.phrases import phrase
from orderwright.values.refusal import Refusal

RULES_MAX = 500


def put_inserts(tx: Tx, commands: Sequence[PutInsert]) -> list[Saved | Refusal]:
    """Create or replace rules for what goes in; one `Saved` or Refusal per command. Refuses malformed."""
    before = {row.code: _form(row) for row in tx.rows("SELECT code, document FROM insert_rule FOR UPDATE")}
    replacing = Replacing("insert", before)
    results, kept = sort_out(commands, set(before), _findings, (RULES_MAX, phrase("such rules")), replacing)
    if kept:
        tx.write(
            """
            INSERT INTO insert_rule (code, document, is_active, changed_at)
            SELECT n.*, %(now)s FROM unnest(%(codes)s::text[], %(forms)s::text[], %(active)s::boolean[]) AS n
            ORDER BY 1 ON CONFLICT (code) DO UPDATE SET document = excluded.document, is_active = excluded.is_active,
                changed_at = excluded.changed_at
            """,
            now=tx.now, codes=array(kept), forms=array(msgspec.json.encode(form).decode() for form in kept.values()),
            active=array(form.is_active for form in kept.values()),
        )  # fmt: skip
        replacing.note(tx)
    return results


def _findings(command: PutInsert) -> Iterable[Finding]:
    code, form = command.code, command.form
    if not 1 <= len(code) <= 64:
        yield Finding("/code", "code", "A rule has a code of 1 to 64 characters.")
    if form.starts_on and form.ends_on and form.ends_on < form.starts_on:
        yield Finding("/ends_on", "dates", "The last day is not before the first.")
    if form.value_min is not None:
        try:
            parse_minor(form.value_min, form.currency)
        except (ValueError, LookupError):
            yield Finding("/value_min", "amount", "An amount of this currency, such as 50.00 GBP.")


def list_inserts(tx: Tx) -> list[InsertShown]:
    """All rules for what goes in, by code."""
    return [InsertShown(row.code, _form(row)) for row in tx.rows("SELECT * FROM insert_rule ORDER BY code")]


def notes_for(tx: Tx, baskets: Sequence[Basket]) -> list[list[Note]]:
    """What goes into each basket besides, by rule, in the order of the rules' codes. One statement."""
    rows = tx.rows("SELECT * FROM insert_rule WHERE is_active ORDER BY code")
    rules = [(row.code, form, _wanted(form)) for row in rows for form in [_form(row)]]
    return [
        [
            Note(code, form.kind, form.put, basket.gift_note if form.kind == "gift_note" else "")
            for code, form, wanted in rules
            if goes_in(wanted, basket)
        ]
        for basket in baskets
    ]


def _form(row: Any) -> InsertForm:
    return msgspec.json.decode(row.document, type=InsertForm)


def _wanted(form: InsertForm) -> Wanted:
    least = None if form.value_min is None else parse_minor(form.value_min, form.currency)
    return Wanted(
        form.channels, form.countries, form.skus, least, form.currency, form.first_order, form.gift_note,
        form.starts_on, form.ends_on,
    )  # fmt: skip
