"""Rows of customers and of price lists: what each says, what it would change, and taking it.

A customer is known again by id, e-mail address or reference, the first of them that the row has. What a row leaves out
stays; a hyphen empties.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.customers.actions import look_at_customers, put_customers, tidied
from orderwright.business.customers.forms import CustomerCard, PriceForm, PutCustomer, PutPrice
from orderwright.business.customers.price_lists import look_at_prices, put_prices
from orderwright.business.customers.price_reads import prices_of
from orderwright.business.customers.reads import customers_by_id, ids_by_email, ids_by_reference
from orderwright.business.imports.goods_columns import Field
from orderwright.business.imports.goods_looking import CHANGED, NEW, SAME, Change, RowSeen, differences
from orderwright.business.imports.goods_taking import TakeRow, read_form
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.contacts import email_key
from orderwright.values.findings import Finding, askable, refusal_of
from orderwright.values.ids import is_id, new_id
from orderwright.values.refusal import Refusal

EMPTIED = "-"
CUSTOMER_FIELDS = (
    Field("id"),
    Field("email", ("e mail", "email address", "e mail address", "mail", "correo", "correo electronico")),
    Field("name", ("customer", "customer name", "full name", "nombre", "cliente")),
    Field("phone", ("telephone", "mobile", "phone number", "telefono", "movil")),
    Field("reference", ("customer number", "account", "account number", "customer id", "referencia")),
    Field("language", ("idioma",)),
    Field("note", ("notes", "remark", "nota", "notas")),
    Field("price_list", ("prices", "price group", "tariff", "lista de precios", "tarifa")),
    Field("pays_within_days", ("terms", "payment terms", "net days", "terms days", "dias de pago", "plazo")),
    Field("address_name", ("ship to", "recipient", "destinatario"), of="address"),
    Field("company", ("company name", "empresa"), of="address"),
    Field("line_1", ("address", "street", "address line 1", "address 1", "direccion", "calle"), of="address"),
    Field("line_2", ("address line 2", "address 2", "direccion 2"), of="address"),
    Field("postal_code", ("postcode", "zip", "zip code", "codigo postal"), of="address"),
    Field("city", ("town", "ciudad", "poblacion"), of="address"),
    Field("region", ("state", "province", "county", "provincia"), of="address"),
    Field("country", ("country code", "pais"), of="address"),
)
PRICE_FIELDS = (
    Field("price_list", ("list", "price group", "tariff", "lista de precios", "tarifa"), True),
    Field("sku", ("item sku", "product sku", "stock code", "product code", "item code", "article", "codigo"), True),
    Field("price", ("unit price", "their price", "precio"), True, is_amount=True),
)
_PLAIN = frozenset(each.name for each in CUSTOMER_FIELDS if not each.of and each.name != "id")
_PLACE = {"address_name": "name", "company": "company", "postal_code": "postal_code", "city": "city",
          "region": "region", "country": "country"}  # fmt: skip
_NAMELESS = Finding("/email", "missing", "Say an id, an e-mail address or a reference: it finds the customer again.")


def customer_key(values: Mapping[str, Any]) -> Sequence[str]:
    """What a row of customers is about."""
    return str(values.get("id") or email_key(str(values.get("email", ""))) or values.get("reference", "")).split("\0")


def price_key(values: Mapping[str, Any]) -> Sequence[str]:
    """What a row of prices is about."""
    return str(values["price_list"]), str(values["sku"])


def take_customers(tx: Tx, commands: Sequence[TakeRow]) -> list["str | Refusal"]:
    """Write customers down. Refuses as put_customers, and malformed for values that are none."""
    puts, before = _puts(tx, commands)
    going = [each for each in puts if isinstance(each, PutCustomer) and before.get(each.id) != each.card]
    saved = dict(zip(map(id, going), put_customers(tx, going) if going else [], strict=True))
    return [_of_customer(each, saved.get(id(each))) for each in puts]


def look_at_customer_rows(tx: Tx, commands: Sequence[TakeRow]) -> list[RowSeen | Refusal]:
    """What `take_customers` would do with rows."""
    puts, before = _puts(tx, commands)
    seen = iter(look_at_customers(tx, [each for each in puts if isinstance(each, PutCustomer)]))
    results: list[RowSeen | Refusal] = []
    for each in puts:
        found = next(seen) if isinstance(each, PutCustomer) else each
        if isinstance(found, Refusal) or isinstance(each, Refusal):
            results.append(found if isinstance(found, Refusal) else _nameless())
            continue
        known = before.get(each.id)
        changes = differences(known, each.card, CustomerCard())
        what = NEW if known is None else CHANGED if changes else SAME
        results.append(RowSeen(what, each.card.name or each.card.email or each.card.reference, changes))
    return results


def take_price_rows(tx: Tx, commands: Sequence[TakeRow]) -> list["str | Refusal"]:
    """Say what products cost at lists. Refuses as put_prices, and malformed for what is no price."""
    puts = [_price_of(each) for each in commands]
    saved = iter(put_prices(tx, [each for each in puts if isinstance(each, PutPrice)]))
    results = [next(saved) if isinstance(each, PutPrice) else each for each in puts]
    return [each if isinstance(each, Refusal) else CHANGED if each.what == "gone" else each.what for each in results]


def look_at_price_rows(tx: Tx, commands: Sequence[TakeRow]) -> list[RowSeen | Refusal]:
    """What `take_price_rows` would do with rows."""
    puts = [_price_of(each) for each in commands]
    sound = [each for each in puts if isinstance(each, PutPrice)]
    seen = iter(look_at_prices(tx, sound))
    now: dict[tuple[str, str], int | None] = {**prices_of(tx, [(each.price_list, each.sku) for each in sound])}
    results: list[RowSeen | Refusal] = []
    for each in puts:
        found = next(seen) if isinstance(each, PutPrice) else each
        if isinstance(found, Refusal) or isinstance(each, Refusal):
            results.append(found if isinstance(found, Refusal) else _nameless())
            continue
        key = (each.price_list, each.sku)
        after = None if each.form.price is None else money.parse_micro(each.form.price)
        changes = [] if found.what == SAME else [Change("price", _told(now.get(key)), _told(after))]
        now[key] = after
        what = CHANGED if found.what == "gone" else found.what
        results.append(RowSeen(what, f"{each.price_list} · {each.sku}", changes))
    return results


def _puts(tx: Tx, commands: Sequence[TakeRow]) -> tuple[list[PutCustomer | Refusal], dict[str, CustomerCard]]:
    """What to write of each row, and the cards as they are, by id. A later row goes on where an earlier one ended."""
    keys = [_names(each.values) for each in commands]
    by_email = ids_by_email(tx, askable(email for _, email, _ in keys))
    by_reference = ids_by_reference(tx, askable(reference for _, _, reference in keys))
    ids = [_id_of(each, by_email, by_reference) for each in keys]
    before = {id_: each.card for id_, each in customers_by_id(tx, [each for each in ids if each]).items()}
    now = dict(before)
    puts: list[PutCustomer | Refusal] = []
    for command, id_ in zip(commands, ids, strict=True):
        card = read_form(CustomerCard, _card(command.values, now.get(id_))) if id_ else _nameless()
        if isinstance(card, CustomerCard):
            now[id_] = card = tidied(card)
            puts.append(PutCustomer(id=id_, card=card, actor=command.actor))
        else:
            puts.append(card)
    return puts, before


def _names(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """By what a row can be known: id, e-mail address, reference."""
    return str(values.get("id", "")).lower(), email_key(str(values.get("email", ""))), str(values.get("reference", ""))


def _id_of(names: tuple[str, str, str], by_email: dict[str, str], by_reference: dict[str, str]) -> str:
    """Whom a row is about: somebody known, or somebody new, whom later rows then know; '' for nobody."""
    id_, email, reference = names
    found = id_ or by_email.get(email, "") or (by_reference.get(reference, "") if not email else "")
    if not found and (email or reference):
        found = new_id()
    if found and email:
        by_email.setdefault(email, found)
    elif found and reference:
        by_reference.setdefault(reference, found)
    return found if is_id(found) else ""


def _card(values: Mapping[str, Any], known: CustomerCard | None) -> dict[str, Any]:
    """What there is of a customer, with what the row says of them and of their usual address."""
    there: dict[str, Any] = msgspec.to_builtins(known) if known else {}
    told = {name: "" if text == EMPTIED else text for name, text in values.items()}
    there |= {name: text for name, text in told.items() if name in _PLAIN}
    if "pays_within_days" in told:
        days = str(told["pays_within_days"])
        there["pays_within_days"] = int(days) if days.isdecimal() and len(days) < 6 else days or None
    usual, *others = there.get("addresses") or [{}]
    place = {_PLACE[name]: text for name, text in told.items() if name in _PLACE}
    if "line_1" in told or "line_2" in told:
        lines = [*usual.get("lines", ()), "", ""]
        lines[:2] = [str(told.get("line_1", lines[0])), str(told.get("line_2", lines[1]))]
        place["lines"] = [each for each in lines if each]
    if "country" in place:
        place["country"] = str(place["country"]).upper()
    if place:
        there["addresses"] = [{"country": "", **usual, **place}, *others]
    return there


def _price_of(command: TakeRow) -> "PutPrice | Refusal":
    told = command.values
    form = read_form(PriceForm, {} if told["price"] == EMPTIED else {"price": told["price"]})
    if isinstance(form, Refusal):
        return form
    return PutPrice(price_list=str(told["price_list"]), sku=str(told["sku"]), form=form, actor=command.actor)


def _of_customer(put: "PutCustomer | Refusal", saved: Any) -> "str | Refusal":
    if isinstance(put, Refusal) or isinstance(saved, Refusal):
        return put if isinstance(put, Refusal) else saved
    return SAME if saved is None else NEW if saved.is_new else CHANGED


def _nameless() -> Refusal:
    return refusal_of([_NAMELESS])


def _told(price_micro: int | None) -> str:
    return "" if price_micro is None else money.format_micro(price_micro)
