"""A parcel the carrier lost is sent once more: what was in it alone, as an order of its own that costs nothing.

The first order stays as it is: shipped, invoiced, paid. So nothing is invoiced twice, and the units that went out again
leave the stock as what they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.business.deeds.replacing import RESHIP, release_judged, replacement_of
from orderwright.business.orders.actions import close_exceptions, lock_orders
from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.form import LineForm, NewOrder
from orderwright.business.shipping.facts import ParcelReshipped
from orderwright.business.shipping.parcels import lines_of, lock_parcels, orders_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.money import format_minor
from orderwright.values.refusal import Refusal


class Reship(Command, frozen=True):
    """A lost parcel is sent again."""

    parcel_id: str


class Reshipped(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lost parcel and the order that replaces it. `repeated`: it was sent again before."""

    parcel_id: str
    parcel: str
    order: str
    state: str
    repeated: bool = False


def reship_parcels(tx: Tx, commands: Sequence[Reship]) -> list[Reshipped | Refusal]:
    """Send lost parcels again; one `Reshipped` or Refusal per command. Again: `repeated`.

    What was in the parcel becomes an order of its own at no price, to the same address by the same service. Closes what
    asked for a decision. Refuses not_found, parcel_step (it is not lost), customer_step (whose it was was erased), and
    what placing refuses.
    """
    homes = orders_of(tx, [each.parcel_id for each in commands])
    lock_orders(tx, [order_id for order_id, _ in homes.values()])
    parcels = lock_parcels(tx, homes)
    known, erased = _known(tx, parcels), of_erased(tx, [order_id for order_id, _ in homes.values()])
    results: list[Any] = []
    new: dict[str, Reship] = {}
    for each in commands:
        parcel = parcels.get(each.parcel_id)
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=each.parcel_id))
        elif parcel.number in known or parcel.id in new:
            results.append(None)
        elif parcel.state != "lost":
            results.append(Refusal("parcel_step", state=parcel.state))
        elif parcel.order_id in erased:
            results.append(Refusal("customer_step", merged_into=""))
        else:
            new[parcel.id] = each
            results.append(None)
    placed = _place(tx, new, parcels)
    now = known | _known(tx, {id_: parcels[id_] for id_, each in placed.items() if isinstance(each, Placed)})
    told: set[str] = set()
    for i, each in enumerate(commands):
        if results[i] is not None:
            continue
        refusal, parcel = placed.get(each.parcel_id), parcels[each.parcel_id]
        if isinstance(refusal, Refusal):
            results[i] = refusal
            continue
        order = now[parcel.number]
        is_repeated = parcel.number in known or parcel.id in told
        results[i] = Reshipped(parcel.id, parcel.number, order.number, order.state, is_repeated)
        told.add(parcel.id)
    return results


def _reference(parcel_number: str) -> str:
    return parcel_number + RESHIP


def _known(tx: Tx, parcels: Mapping[str, Any]) -> dict[str, Any]:
    """Orders (number, state) that replace parcels, by the parcel's number."""
    rows = tx.rows(
        """
        SELECT n.parcel, r.number, r.state FROM unnest(%(orders)s::uuid[], %(parcels)s::text[], %(references)s::text[])
             AS n(order_id, parcel, reference)
        JOIN orders o ON o.id = n.order_id JOIN orders r ON r.channel = o.channel AND r.reference = n.reference
        """,
        orders=array(each.order_id for each in parcels.values()), parcels=array(e.number for e in parcels.values()),
        references=array(_reference(each.number) for each in parcels.values()),
    )  # fmt: skip
    return {row.parcel: row for row in rows}


def _place(tx: Tx, new: Mapping[str, Reship], parcels: Mapping[str, Any]) -> dict[str, Placed | Refusal]:
    """The answers of placing, by parcel."""
    if not new:
        return {}
    forms = _forms(tx, {id_: parcels[id_] for id_ in new})
    answers = place_orders(tx, [
        PlaceOrder(forms[id_][0], each.actor, customer=forms[id_][1]) for id_, each in new.items()
    ])  # fmt: skip
    placed: dict[str, Placed | Refusal] = dict(zip(new, answers, strict=True))
    taken = {id_: each for id_, each in placed.items() if isinstance(each, Placed)}
    release_judged(tx, [(each, new[id_].actor) for id_, each in taken.items()])
    close_exceptions(tx, [(id_, "parcel_lost") for id_ in taken], actor="reship", resolution="reshipped")
    for id_, each in taken.items():
        tx.record("parcel", id_, ParcelReshipped(order=each.number), actor=new[id_].actor)
    return placed


def _forms(tx: Tx, parcels: Mapping[str, Any]) -> dict[str, tuple[NewOrder, str]]:
    """Orders for what is in these parcels: at the list price, all of it let off, so that nothing is owed. And the
    customer each is for.
    """
    contents = lines_of(tx, parcels)
    rows = tx.rows(
        "SELECT id::text, number, form, customer_id::text FROM orders WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({each.order_id for each in parcels.values()})),
    )
    originals = {row.id: row for row in rows}
    products = catalog_of(tx).products(tx, {line.sku for mine in contents.values() for line in mine})
    forms = {}
    for id_, parcel in parcels.items():
        original = originals[parcel.order_id]
        form = msgspec.json.decode(original.form, type=NewOrder)
        units: dict[str, int] = {}
        for line in contents[id_]:
            units[line.sku] = units.get(line.sku, 0) + line.quantity
        lines = [_line(n, sku, count, products[sku], form.currency) for n, (sku, count) in enumerate(units.items(), 1)]
        replacement = replacement_of(
            form, original.number, reference=_reference(parcel.number), lines=lines, total_minor=0, shortage="backorder"
        )
        forms[id_] = replacement, original.customer_id or ""
    return forms


def _line(number: int, sku: str, quantity: int, product: Any, currency: str) -> LineForm:
    price_minor = product.price_minor if product.currency == currency else 0
    return LineForm(
        sku=sku, quantity=quantity, reference=str(number), unit_price=format_minor(price_minor, currency),
        discount=format_minor(price_minor * quantity, currency),
    )  # fmt: skip
