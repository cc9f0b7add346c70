"""Customers as they are kept."""

from collections.abc import Iterable
from typing import Any

import msgspec

from orderwright.business.customers.forms import CustomerCard, CustomerKept
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import AddressForm
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def get_customer(tx: Tx, id_: str) -> CustomerKept:
    """A customer by id. Refuses not_found; one who was erased is there, and says nothing."""
    found = customers_by_id(tx, [id_]).get(id_)
    if found is None:
        raise Refusal("not_found", customer=id_)
    return found


def customers_by_id(tx: Tx, ids: Iterable[str]) -> dict[str, CustomerKept]:
    """Customers by id, those that exist. What is no id is the id of none."""
    rows = tx.rows(
        "SELECT id::text, email, name, phone, reference, language, note, addresses, coalesce(price_list, '')"
        " AS price_list, pays_within_days, version, first_at, erased_at, coalesce(merged_into::text, '') AS merged_into"
        " FROM customer WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({each for each in ids if is_id(each)})),
    )
    return {row.id: _kept(row) for row in rows}


def ids_by_email(tx: Tx, keys: Iterable[str]) -> dict[str, str]:
    """Ids of customers by the key of their e-mail address; '' is nobody's."""
    wanted = sorted({each for each in keys if each})
    if not wanted:
        return {}
    rows = tx.rows(
        "SELECT email_key, id::text FROM customer WHERE email_key = ANY(%(keys)s::text[])", keys=array(wanted)
    )
    return {row.email_key: row.id for row in rows}


def ids_by_reference(tx: Tx, references: Iterable[str]) -> dict[str, str]:
    """Ids of customers by their reference, of several the one written down first; '' is nobody's."""
    wanted = sorted({each for each in references if each})
    if not wanted:
        return {}
    rows = tx.rows(
        "SELECT DISTINCT ON (reference) reference, id::text FROM customer"
        " WHERE reference = ANY(%(references)s::text[]) AND reference <> '' AND merged_into IS NULL"
        " ORDER BY reference, id",
        references=array(wanted),
    )
    return {row.reference: row.id for row in rows}


def _kept(row: Any) -> CustomerKept:
    card = CustomerCard(
        name=row.name, email=row.email, phone=row.phone, reference=row.reference, language=row.language,
        note=row.note, addresses=msgspec.json.decode(row.addresses, type=list[AddressForm]),
        price_list=row.price_list, pays_within_days=row.pays_within_days,
    )  # fmt: skip
    return CustomerKept(row.id, row.version, card, row.first_at, row.erased_at, row.merged_into)
