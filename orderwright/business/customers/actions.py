"""Keeping customers: written down, changed. Those who order are written down by placing."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.checks import card_findings
from orderwright.business.customers.forms import CustomerCard, CustomerKept, PutCustomer
from orderwright.business.customers.price_reads import price_lists_by_code
from orderwright.business.customers.reads import customers_by_id, ids_by_email
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.addresses import normal_postal_code
from orderwright.values.contacts import email_key
from orderwright.values.findings import Finding, askable, known_as, refusal_of
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def put_customers(tx: Tx, commands: Sequence[PutCustomer]) -> list[Saved | Refusal]:
    """Write customers down or change them; one `Saved` or Refusal per command. A new id is a new customer.

    Refuses malformed (with all findings), email_taken, unknown_price_list, stale, customer_step (erased, merged).
    """
    known = lock_customers(tx, [each.id for each in commands])
    return _judge(tx, commands, known, is_look=False)


def look_at_customers(tx: Tx, commands: Sequence[PutCustomer]) -> list[Saved | Refusal]:
    """What put_customers would answer, with nothing locked and nothing written."""
    return _judge(tx, commands, customers_by_id(tx, [each.id for each in commands]), is_look=True)


def _judge(
    tx: Tx, commands: Sequence[PutCustomer], known: dict[str, CustomerKept], *, is_look: bool
) -> list[Saved | Refusal]:
    keys = {each.id: email_key(each.card.email) for each in commands}
    taken = ids_by_email(tx, askable(keys.values()))
    lists = price_lists_by_code(tx, askable(each.card.price_list for each in commands))
    results: list[Saved | Refusal] = []
    written: set[str] = set()
    # The usual address is the first one: who swaps two of them changes where orders go.
    replacing = Replacing("customer", {id_: each.card for id_, each in known.items()}, in_order=("addresses",))
    for command in commands:
        before, card = known.get(command.id), tidied(command.card)
        refusal = _refusal(command, before, card, taken, lists)
        if refusal is not None:
            results.append(refusal)
            continue
        version = before.version + 1 if before else 1
        replacing.put(command.id, card, command.actor)
        known[command.id] = CustomerKept(command.id, version, card, before.first_at if before else tx.now)
        if keys[command.id]:
            taken[keys[command.id]] = command.id
        written.add(command.id)
        results.append(Saved(command.id, version, before is None))
    if written and not is_look:
        write_customer_cards(tx, [known[id_] for id_ in sorted(written)])
        replacing.note(tx)
    return results


def tidied(card: CustomerCard) -> CustomerCard:
    """A card without idle spaces, and without addresses in which nothing but a country stands."""
    texts = {name: getattr(card, name).strip() for name in ("name", "email", "phone", "reference", "note")}
    addresses = [each for each in card.addresses if each.lines or each.city or each.postal_code or each.company]
    return msgspec.structs.replace(card, **texts, addresses=addresses)


def _refusal(
    command: PutCustomer,
    before: CustomerKept | None,
    card: CustomerCard,
    taken: Mapping[str, str],
    lists: Mapping[str, Any],
) -> Refusal | None:
    findings = card_findings(command.card)
    if not is_id(command.id) or command.id != command.id.lower():
        findings.append(Finding("/id", "bad_id", "A customer is named by a UUID in small letters."))
    if before is not None and (before.erased_at or before.merged_into):
        return Refusal("customer_step", merged_into=before.merged_into)
    if command.version is not None and command.version != (before.version if before else 0):
        return Refusal("stale", version=before.version if before else 0)
    if taken.get(email_key(card.email), command.id) != command.id:
        findings.append(known_as("email_taken", "/email"))
    if card.price_list and card.price_list not in lists:
        findings.append(known_as("unknown_price_list", "/price_list"))
    return refusal_of(findings) if findings else None


def lock_customers(tx: Tx, ids: Sequence[str]) -> dict[str, CustomerKept]:
    """Customers by id, locked; those that exist."""
    wanted = array(sorted({each for each in ids if is_id(each)}))
    tx.rows("SELECT id FROM customer WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=wanted)
    return customers_by_id(tx, ids)


def write_customer_cards(tx: Tx, customers: Sequence[CustomerKept]) -> None:
    """Write customers as their cards say, new ones and known ones."""
    rows = [_columns(each) for each in customers]
    tx.write(
        """
        INSERT INTO customer (id, email_key, email, name, phone, reference, language, note, addresses, postal_code,
                              price_list, pays_within_days, version, first_at, changed_at)
        SELECT id, email_key, email, name, phone, reference, language, note, addresses, postal_code,
               price_list, pays_within_days, version, %(now)s, %(now)s
        FROM jsonb_populate_recordset(NULL::customer, %(rows)s::jsonb)
        ON CONFLICT (id) DO UPDATE SET
            email_key = excluded.email_key, email = excluded.email, name = excluded.name, phone = excluded.phone,
            reference = excluded.reference, language = excluded.language, note = excluded.note,
            addresses = excluded.addresses, postal_code = excluded.postal_code, price_list = excluded.price_list,
            pays_within_days = excluded.pays_within_days, version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=msgspec.json.encode(rows).decode(), now=tx.now,
    )  # fmt: skip


def _columns(kept: CustomerKept) -> dict[str, Any]:
    card = kept.card
    usual = card.addresses[0] if card.addresses else None
    return {
        "id": kept.id, "email_key": email_key(card.email) or None, "email": card.email, "name": card.name,
        "phone": card.phone, "reference": card.reference, "language": card.language, "note": card.note,
        "addresses": msgspec.json.encode(card.addresses).decode(), "version": kept.version,
        "postal_code": normal_postal_code(usual.country, usual.postal_code) if usual else "",
        "price_list": card.price_list or None, "pays_within_days": card.pays_within_days,
    }  # fmt: skip
