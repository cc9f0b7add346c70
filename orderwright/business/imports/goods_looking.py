"""What a file of products or stock would change, row by row, with nothing taken."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.actions import look_at_products
from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.catalog.reads import product_forms
from orderwright.business.imports.goods_taking import TakeRow, product_form_of, receipt_of, stock_count_of
from orderwright.business.stock.forms import AdjustmentForm
from orderwright.business.stock.looking import Counted, look_at_counts
from orderwright.business.stock.receipts import findings_of_form
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of
from orderwright.values.refusal import Refusal

NEW, CHANGED, SAME = "new", "changed", "same"


class Change(NamedTuple):
    """One field that would be another: before and after, as people write them."""

    field: str
    before: str
    after: str


class RowSeen(NamedTuple):
    """What a row would do: to what (its SKU, and where), and which fields it changes."""

    what: str
    name: str
    changes: Sequence[Change]


def look_at_product_rows(tx: Tx, commands: Sequence[TakeRow]) -> list[RowSeen | Refusal]:
    """What `take_products` would do with rows."""
    known = product_forms(tx, [str(each.values["sku"]) for each in commands])
    forms = [product_form_of(each.values, known.get(str(each.values["sku"]))) for each in commands]
    puts = [
        PutProduct(sku=str(each.values["sku"]), form=form, actor=each.actor)
        for each, form in zip(commands, forms, strict=True)
        if isinstance(form, ProductForm)
    ]
    refused = iter(look_at_products(tx, puts))
    results: list[RowSeen | Refusal] = []
    for each, form in zip(commands, forms, strict=True):
        sku = str(each.values["sku"])
        refusal = next(refused) if isinstance(form, ProductForm) else form
        if refusal is not None:
            results.append(refusal)
            continue
        before = known.get(sku)
        changes = differences(before, form, ProductForm(title="-", price="", currency=""))
        results.append(RowSeen(NEW if before is None else CHANGED if changes else SAME, sku, changes))
    return results


def look_at_stock_rows(tx: Tx, commands: Sequence[TakeRow]) -> list[RowSeen | Refusal]:
    """What `take_stock` would do with rows; of those that would be received, cost and date are looked at, too."""
    forms = [stock_count_of(dict(each.values)) for each in commands]
    seen = iter(look_at_counts(tx, [form for form in forms if isinstance(form, AdjustmentForm)]))
    results: list[RowSeen | Refusal] = []
    for each, form in zip(commands, forms, strict=True):
        found: Counted | Refusal = next(seen) if isinstance(form, AdjustmentForm) else form
        if isinstance(found, Counted) and found.after and not found.before:
            found = _wrong_arrival(dict(each.values)) or found
        if isinstance(found, Refusal):
            results.append(found)
            continue
        what = SAME if found.before == found.after else CHANGED if found.before else NEW
        changes = [] if what == SAME else [Change("quantity", str(found.before), str(found.after))]
        results.append(RowSeen(what, " · ".join(filter(None, (form.sku, form.site, form.place, form.lot))), changes))
    return results


def _wrong_arrival(values: dict[str, Any]) -> Refusal | None:
    came = receipt_of(values)
    findings = [] if isinstance(came, Refusal) else findings_of_form(came)
    return refusal_of(findings) if findings else came if isinstance(came, Refusal) else None


def differences(before: msgspec.Struct | None, after: msgspec.Struct, empty: msgspec.Struct) -> list[Change]:
    """What is another now; of a new thing, what it does not share with an empty one."""
    then = _flat(before) if before is not None else {}
    now = _flat(after)
    if before is None:
        shared = _flat(empty)
        return [Change(name, "", now[name]) for name in now if now[name] != shared.get(name)]
    return [Change(name, then[name], now[name]) for name in now if then[name] != now[name]]


def _flat(form: msgspec.Struct) -> dict[str, str]:
    """The fields of a product as people write them; of its packing each by itself."""
    flat: dict[str, str] = {}
    for name, value in msgspec.structs.asdict(form).items():
        if isinstance(value, msgspec.Struct):
            flat |= _flat(value)
        elif isinstance(value, list | tuple):
            flat[name] = "; ".join(map(_in_a_line, value)) if _has_parts(value) else ", ".join(map(str, value))
        elif isinstance(value, dict):
            flat[name] = ", ".join(f"{key}={each}" for key, each in value.items())
        elif isinstance(value, bool):
            flat[name] = "yes" if value else "no"
        else:
            flat[name] = "" if value is None else str(value)
    return flat


def _has_parts(values: Sequence[object]) -> bool:
    return any(isinstance(each, msgspec.Struct) for each in values)


def _in_a_line(part: object) -> str:
    """What a part of a form says, such as an address, as people write it: with commas."""
    return ", ".join(map(str, _leaves(msgspec.to_builtins(part))))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    elif value not in ("", None):
        yield value
