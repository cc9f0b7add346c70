"""Two customers who are the same: one is kept, and the other leads to them from then on."""

from collections.abc import Sequence

import msgspec

from orderwright.business.catalog.forms import Saved
from orderwright.business.customers.actions import lock_customers, write_customer_cards
from orderwright.business.customers.forms import CustomerCard, CustomerKept, JoinCustomer
from orderwright.database.changes import Change, Replacing, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

FILLED = ("name", "email", "phone", "reference", "language", "note", "addresses", "price_list")


def join_customers(tx: Tx, commands: Sequence[JoinCustomer]) -> list[Saved | Refusal]:
    """Let customers lead to those they are; one `Saved` of who is kept, or Refusal, per command.

    Who is kept says what they said, and what they did not say the other did. Orders are moved by deeds/same_customer.
    Refuses not_found, customer_step (erased or joined before, or somebody and themselves).
    """
    known = lock_customers(tx, [each for command in commands for each in (command.id, command.into)])
    replacing = Replacing("customer", {id_: each.card for id_, each in known.items()})
    results: list[Saved | Refusal] = []
    joined: dict[str, str] = {}
    for command in commands:
        one, other = known.get(command.id), known.get(command.into)
        if one is None or other is None:
            results.append(Refusal("not_found", customer=command.into if one else command.id))
        elif not _stands(one) or not _stands(other) or one.id == other.id:
            results.append(Refusal("customer_step", merged_into=one.merged_into or other.merged_into))
        else:
            card, rest = _filled(other.card, one.card)
            known[other.id] = msgspec.structs.replace(other, card=card, version=other.version + 1)
            known[one.id] = msgspec.structs.replace(one, card=rest, version=one.version + 1, merged_into=other.id)
            joined = {id_: other.id if into == one.id else into for id_, into in joined.items()} | {one.id: other.id}
            replacing.put(other.id, card, command.actor)
            results.append(Saved(other.id, other.version + 1))
    if joined:
        # First those who lose an address to another one, which two may not have at once.
        touched = [known[id_] for id_ in sorted({*joined, *joined.values()}, key=lambda id_: (id_ not in joined, id_))]
        for each in (touched[: len(joined)], touched[len(joined) :]):
            write_customer_cards(tx, each)
        _lead(tx, joined)
        replacing.note(tx)
        told = [(command.id, joined.get(command.id), command.actor) for command in commands]
        note(tx, [Change("customer", id_, {"merged_into": ""}, {"merged_into": into}, actor)
                  for id_, into, actor in told if into])  # fmt: skip
    return results


def _stands(customer: CustomerKept) -> bool:
    return customer.erased_at is None and not customer.merged_into


def _filled(card: CustomerCard, other: CustomerCard) -> tuple[CustomerCard, CustomerCard]:
    """What is kept, its empty fields filled; and the other, without the e-mail address that went along."""
    told = {name: getattr(other, name) for name in FILLED if not getattr(card, name) and getattr(other, name)}
    if card.pays_within_days is None:
        told["pays_within_days"] = other.pays_within_days
    rest = msgspec.structs.replace(other, email="") if "email" in told else other
    return msgspec.structs.replace(card, **told), rest


def _lead(tx: Tx, joined: dict[str, str]) -> None:
    """Those who were joined lead to who is kept, and so do those who led to them."""
    tx.write(
        """
        UPDATE customer c SET merged_into = j.into_id
        FROM unnest(%(ids)s::uuid[], %(into)s::uuid[]) AS j(id, into_id) WHERE c.id = j.id OR c.merged_into = j.id
        """,
        ids=array(joined), into=array(joined.values()),
    )  # fmt: skip
