"""Suppliers and what they sell."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orderwright.business.purchasing.forms import PutSupplier, SupplierForm, SupplierNow
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings, worded
from orderwright.values.money import BadAmount, digits_of, parse_micro
from orderwright.values.refusal import Refusal


def put_suppliers(tx: Tx, commands: Sequence[PutSupplier]) -> list[SupplierNow | Refusal]:
    """Create or replace suppliers, with all they sell; the last of one code in a call counts.

    Refuses malformed (a currency, an e-mail address or cost that cannot be read, a product told twice), unknown_sku and
    kit_not_stocked: all findings at once. A product that goes from the list stays on the orders it is on.
    """
    kinds = stocked(tx, {each.sku for command in commands for each in command.form.products})
    results: list[SupplierNow | Refusal] = []
    sound: dict[str, SupplierForm] = {}
    for command in commands:
        findings = [*text_findings(command), *_findings(command.form, kinds)]
        if findings:
            results.append(refusal_of(findings))
            continue
        form = sound[command.code] = command.form
        results.append(
            SupplierNow(
                command.code, form.name, form.email, form.currency, form.lead_time_days, form.is_active,
                len(form.products),
            )
        )  # fmt: skip
    if sound:
        _save(tx, sound)
    return results


def stocked(tx: Tx, skus: Iterable[str]) -> dict[str, bool]:
    """Whether a product is a kit, by sku; only products that exist."""
    rows = tx.rows("SELECT sku, is_kit FROM product WHERE sku = ANY(%(skus)s::text[])", skus=array(askable(skus)))
    return {row.sku: row.is_kit for row in rows}


def goods_finding(pointer: str, sku: str, kinds: dict[str, bool]) -> Iterator[Finding]:
    """What is wrong with a product that is to be bought."""
    if sku not in kinds:
        yield known_as("unknown_sku", pointer)
    elif kinds[sku]:
        yield known_as("kit_not_stocked", pointer)


def cost_finding(pointer: str, cost: str) -> Iterator[Finding]:
    """What is wrong with a cost."""
    try:
        if parse_micro(cost) < 0:
            yield Finding(pointer, "bad_money", "It is below zero.")
    except BadAmount as problem:
        yield worded(pointer, "bad_money", "It cannot be read: {problem}.", problem=problem.phrase)


def _findings(form: SupplierForm, kinds: dict[str, bool]) -> Iterator[Finding]:
    try:
        digits_of(form.currency)
    except ValueError:
        yield Finding("/currency", "bad_money", "There is no such currency.")
    name, at, host = form.email.rpartition("@")
    if form.email and not (name and at and "." in host and form.email.isascii() and not set(form.email) & set(" ,;<>")):
        yield Finding("/email", "email", "This is no e-mail address.")
    seen: set[str] = set()
    for i, each in enumerate(form.products):
        yield from goods_finding(f"/products/{i}/sku", each.sku, kinds)
        yield from cost_finding(f"/products/{i}/unit_cost", each.unit_cost)
        if each.sku in seen:
            yield Finding(f"/products/{i}/sku", "twice", "This product is in the list twice.")
        seen.add(each.sku)


def _save(tx: Tx, forms: dict[str, SupplierForm]) -> None:
    codes = sorted(forms)
    columns: dict[str, Any] = {
        name: array(getattr(forms[code], name) for code in codes)
        for name in ("name", "email", "currency", "lead_time_days", "is_active")
    }
    tx.write(
        """
        INSERT INTO supplier (code, name, email, currency, lead_time_days, is_active, changed_at)
        SELECT *, %(now)s FROM unnest(%(codes)s::text[], %(name)s::text[], %(email)s::text[], %(currency)s::text[],
                                      %(lead_time_days)s::int[], %(is_active)s::boolean[])
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, email = excluded.email, currency = excluded.currency,
            lead_time_days = excluded.lead_time_days, is_active = excluded.is_active, changed_at = excluded.changed_at
        """,
        now=tx.now, codes=array(codes), **columns,
    )  # fmt: skip
    tx.write("DELETE FROM supplier_product WHERE supplier = ANY(%(codes)s::text[])", codes=array(codes))
    tx.copy(
        "supplier_product", "supplier, sku, code, cost_micro, pack_size",
        [(code, each.sku, each.code, parse_micro(each.unit_cost), each.pack_size)
         for code in codes for each in forms[code].products],
    )  # fmt: skip
