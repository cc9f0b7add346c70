"""Mistakes that were found, told by people: where, of which cause, with what, by whose hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.buyers import of_erased
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.forms import Form, Text, Units
from orderwright.values.ids import is_id, new_ids
from orderwright.values.refusal import Refusal

FoundAt = Literal["receive", "pick", "pack", "ship", "customer", "return", "count"]
Cause = Literal[
    "wrong_item", "missing_item", "extra_item", "wrong_quantity", "damaged", "wrong_label", "wrong_address",
    "bad_packing", "wrong_bin", "not_as_described", "late", "other",
]  # fmt: skip
Short = Annotated[str, Meta(max_length=64)]


class ErrorForm(Form, frozen=True):
    """A mistake. order: its number; parcel: its id. person: whose work it was. units: how many were wrong."""

    found_at: FoundAt
    cause: Cause
    sku: Short = ""
    order: Short = ""
    parcel: Short = ""
    person: Short = ""
    note: Text = ""
    units: Units = 1


class RecordError(ErrorForm, frozen=True, kw_only=True):
    """A mistake, and who tells of it."""

    actor: str


class ErrorShown(msgspec.Struct, frozen=True):
    """A mistake as it is kept."""

    id: str
    found_at: str
    cause: str
    recorded_at: datetime


def record_errors(tx: Tx, commands: Sequence[RecordError]) -> list[ErrorShown | Refusal]:
    """Keep mistakes that were found; one `ErrorShown` or Refusal per command.

    Refuses malformed, unknown_sku, not_found (the order or the parcel), customer_step (a note, where the order's buyer
    was erased: what went wrong is kept without).
    """
    skus = _known(tx, "SELECT sku AS name, sku AS id FROM product WHERE sku = ANY(%(names)s::text[])",
                  [each.sku for each in commands])  # fmt: skip
    orders = _known(tx, "SELECT number AS name, id::text FROM orders WHERE number = ANY(%(names)s::text[])",
                    [each.order for each in commands])  # fmt: skip
    parcels = _known(tx, "SELECT id::text AS name, order_id::text AS id FROM parcel WHERE id = ANY(%(names)s::uuid[])",
                     [each.parcel for each in commands if is_id(each.parcel)])  # fmt: skip
    noted = [orders.get(each.order) or parcels.get(each.parcel) for each in commands if each.note]
    gone = of_erased(tx, lock_orders(tx, [id_ for id_ in noted if id_]))
    results: list[ErrorShown | Refusal] = []
    rows = []
    for each, id_ in zip(commands, new_ids(len(commands)), strict=True):
        form = ErrorForm(**{name: getattr(each, name) for name in ErrorForm.__struct_fields__})
        findings = list(text_findings(form))
        findings += [known_as("unknown_sku", "/sku")] if not findings and each.sku and each.sku not in skus else []
        if findings:
            results.append(refusal_of(findings))
        elif each.order and each.order not in orders:
            results.append(Refusal("not_found", order=each.order))
        elif each.parcel and each.parcel not in parcels:
            results.append(Refusal("not_found", parcel=each.parcel))
        elif each.parcel and each.order and parcels[each.parcel] != orders[each.order]:
            results.append(refusal_of([Finding("/parcel", "parcel", "This parcel is of another order.")]))
        elif each.note and (orders.get(each.order) or parcels.get(each.parcel)) in gone:
            results.append(Refusal("customer_step", merged_into=""))
        else:
            order_id = orders.get(each.order) or parcels.get(each.parcel)
            rows.append((
                id_, each.found_at, each.cause, each.sku or None, order_id, each.parcel or None, each.person, each.note,
                each.units, each.actor, tx.now,
            ))  # fmt: skip
            results.append(ErrorShown(id_, each.found_at, each.cause, tx.now))
    tx.copy(
        "error_found", "id, found_at, cause, sku, order_id, parcel_id, person, note, units, actor, recorded_at", rows
    )  # fmt: skip
    return results


def _known(tx: Tx, sql: str, names: Iterable[str]) -> dict[str, str]:
    asked = [name for name in askable(names) if name]
    rows = tx.rows(sql, names=array(asked)) if asked else []
    return {row.name: row.id for row in rows}
