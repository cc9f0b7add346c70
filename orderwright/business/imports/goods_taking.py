"""Rows of products and of stock, taken: each by itself; what is there already changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.catalog.reads import product_forms
from orderwright.business.deeds.books import adjust_stock, receive_stock
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.business.imports.goods_columns import PRODUCT_FIELDS
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.reads import lying_at
from orderwright.database.tx import Tx
from orderwright.values import money, strict_json
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

_PACKING = frozenset(field.name for field in PRODUCT_FIELDS if field.of == "packing")


class TakeRow(Command, frozen=True):
    """One row of a file, by field; what the file leaves out is not named."""

    values: Mapping[str, Any]


def take_products(tx: Tx, commands: Sequence[TakeRow]) -> list["str | Refusal"]:
    """Put products. Of one that is there, what a row does not name stays: its codes, its components, its sizes.

    Lines that wait for a name are looked at as soon as it came. Refuses as put_products, and malformed for values
    that are none.
    """
    before = product_forms(tx, [str(each.values["sku"]) for each in commands])
    results: list[Any] = []
    puts: list[PutProduct] = []
    for each in commands:
        sku = str(each.values["sku"])
        known = before.get(sku)
        form = product_form_of(each.values, known)
        if isinstance(form, ProductForm) and form != known:
            before[sku] = form
            puts.append(PutProduct(sku=sku, form=form, actor=each.actor))
            results.append(None)
        else:
            results.append(form if isinstance(form, Refusal) else "same")
    saved = iter(put_products_and_look(tx, puts) if puts else [])
    return [_of_product(next(saved)) if result is None else result for result in results]


def product_form_of(values: Mapping[str, Any], known: ProductForm | None) -> Any:
    """A product as a row leaves it, or the Refusal that says which of its values is none. known: what is there."""
    return read_form(ProductForm, _product(values, known))


def _product(values: Mapping[str, Any], known: ProductForm | None) -> dict[str, Any]:
    """What there is of a product with what the row says of it; how it is packed is a part of its own."""
    there = msgspec.to_builtins(known) if known else {}
    packing = {name: value for name, value in values.items() if name in _PACKING}
    told = {name: value for name, value in values.items() if name != "sku" and name not in _PACKING}
    if packing:
        told["packing"] = there.get("packing", {}) | packing
    return there | _with_price(told, known)


def _with_price(told: dict[str, Any], known: ProductForm | None) -> dict[str, Any]:
    """The values with their price written as the currency writes it, where it can be read."""
    try:
        currency = str(told.get("currency") or (known.currency if known else ""))
        price = money.format_minor(money.parse_minor(str(told["price"]), currency), currency)
    except (ValueError, KeyError):
        return told
    return {**told, "price": price}


def _of_product(saved: Any) -> "str | Refusal":
    if isinstance(saved, Refusal):
        return saved
    return "new" if saved.is_new else "changed"


def take_stock(tx: Tx, commands: Sequence[TakeRow]) -> list["str | Refusal"]:
    """Make the books say what rows counted. Where nothing lies yet it is received, with its cost and expiry date.

    Refuses as receive_stock and adjust_stock, and malformed for values that are none.
    """
    keys = [pile_of(each.values) for each in commands]
    lying = lying_at(tx, keys)
    receipts: list[Receipt] = []
    counts: list[Adjustment] = []
    results: list[Any] = []
    for each, key in zip(commands, keys, strict=True):
        told = dict(each.values)
        is_first = not lying.get(key) and told["quantity"]
        form = receipt_of(told) if is_first else stock_count_of(told)
        if isinstance(form, ReceiptForm):
            lying[key] = told["quantity"]
            receipts.append(Receipt(form=form, actor=each.actor))
        elif isinstance(form, AdjustmentForm):
            counts.append(Adjustment(form=form, actor=each.actor))
        results.append(form)
    # Receipts first: a later row of the same pile counts what they brought.
    came = iter(receive_stock(tx, receipts) if receipts else [])
    counted = iter(adjust_stock(tx, counts) if counts else [])
    return [_of_stock(form, came, counted) for form in results]


def _of_stock(form: Any, came: Iterator[Any], counted: Iterator[Any]) -> "str | Refusal":
    if isinstance(form, Refusal):
        return form
    booked = next(came) if isinstance(form, ReceiptForm) else next(counted)
    if isinstance(booked, Refusal):
        return booked
    if isinstance(form, ReceiptForm):
        return "new"
    return "changed" if booked.change else "same"


def pile_of(values: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """What a row of stock is about: product, site, place, lot."""
    return str(values["sku"]), str(values["site"]), str(values.get("place", "STOCK")), str(values.get("lot", ""))


def receipt_of(told: dict[str, Any]) -> Any:
    """A row as what comes to a place where nothing lies yet, or the Refusal that says which of its values is none."""
    line = read_form(ReceiptLine, {name: value for name, value in told.items() if name != "site"})
    return line if isinstance(line, Refusal) else read_form(ReceiptForm, {"site": told["site"], "lines": [line]})


def stock_count_of(told: dict[str, Any]) -> Any:
    """A row as a count of its place, or the Refusal that says which of its values is none."""
    names = ("sku", "site", "place", "lot")
    form = {name: told[name] for name in names if name in told}
    return read_form(AdjustmentForm, {**form, "reason": "counted", "counted": told["quantity"]})


def read_form(shape: Any, told: Any) -> Any:
    """Values as a form, or the refusal that says which of them is none."""
    try:
        return msgspec.convert(told, shape)
    except msgspec.ValidationError:
        try:
            return strict_json.decode(msgspec.json.encode(told), shape)
        except Refusal as refusal:  # with a finding for each of them
            return refusal
