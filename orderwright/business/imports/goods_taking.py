"""Files of products and of stock: every row by itself, in chunks; run again, what is there already changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.catalog.reads import product_forms
from orderwright.business.deeds.books import adjust_stock, receive_stock
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.business.imports.forms import RowError
from orderwright.business.imports.goods_columns import PRODUCT_FIELDS, STOCK_FIELDS, Field, read_cells
from orderwright.business.imports.sheets import Sheet
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.reads import lying_at
from orderwright.database.tx import Tx
from orderwright.database.writer import Writer
from orderwright.values import money
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

ROWS_A_CHUNK = 200
_PACKING = frozenset(field.name for field in PRODUCT_FIELDS if field.of == "packing")


class TakeRow(Command, frozen=True):
    """One row of a file, by field; what the file leaves out is not named."""

    values: Mapping[str, Any]


class GoodsKind(NamedTuple):
    """What a file is of. take: the action, one answer (`new`, `changed`, `same`) or Refusal per row."""

    fields: Sequence[Field]
    take: Callable[[Tx, Sequence[TakeRow]], list["str | Refusal"]]


class GoodsTaken(msgspec.Struct):
    """What came of a file, in rows."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    not_taken: int = 0


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
        form = _read(ProductForm, _product(each.values, known))
        if isinstance(form, ProductForm) and form != known:
            before[sku] = form
            puts.append(PutProduct(sku=sku, form=form, actor=each.actor))
            results.append(None)
        else:
            results.append(form if isinstance(form, Refusal) else "same")
    saved = iter(put_products_and_look(tx, puts) if puts else [])
    return [_of_product(next(saved)) if result is None else result for result in results]


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
    keys = [_pile(each.values) for each in commands]
    lying = lying_at(tx, keys)
    receipts: list[Receipt] = []
    counts: list[Adjustment] = []
    results: list[Any] = []
    for each, key in zip(commands, keys, strict=True):
        told = dict(each.values)
        is_first = not lying.get(key) and told["quantity"]
        form = _receipt(told) if is_first else _count(told)
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


def _pile(values: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return str(values["sku"]), str(values["site"]), str(values.get("place", "STOCK")), str(values.get("lot", ""))


def _receipt(told: dict[str, Any]) -> Any:
    line = _read(ReceiptLine, {name: value for name, value in told.items() if name != "site"})
    return line if isinstance(line, Refusal) else _read(ReceiptForm, {"site": told["site"], "lines": [line]})


def _count(told: dict[str, Any]) -> Any:
    names = ("sku", "site", "place", "lot")
    form = {name: told[name] for name in names if name in told}
    return _read(AdjustmentForm, {**form, "reason": "counted", "counted": told["quantity"]})


def _read(shape: Any, told: Any) -> Any:
    """Values as a form, or the refusal that says which of them is none."""
    try:
        return msgspec.convert(told, shape)
    except msgspec.ValidationError as wrong:
        return Refusal("malformed", findings=[], said=str(wrong))


KINDS: Mapping[str, GoodsKind] = {
    "products": GoodsKind(PRODUCT_FIELDS, take_products),
    "stock": GoodsKind(STOCK_FIELDS, take_stock),
}


def kind_of(name: str, defaults: Mapping[str, str]) -> GoodsKind:
    """A kind of file by name, `products` or `stock`, that need not name what has a default."""
    kind = KINDS[name]
    return kind._replace(
        fields=[each._replace(is_needed=each.is_needed and each.name not in defaults) for each in kind.fields]
    )


def take_goods(
    writer: Writer,
    sheet: Sheet,
    kind: GoodsKind,
    columns: Mapping[str, str],
    actor: str,
    *,
    defaults: Mapping[str, str],
    tell: Callable[[RowError], None],
    dry_run: bool = False,
) -> GoodsTaken:
    """Take a file in, chunk by chunk. columns: by field. defaults: for fields a row leaves empty.

    kind: with the fields this file must have (see `kind_of`). `tell` hears each row that was not taken.
    With dry_run the cells are read and nothing is taken.
    """
    at = {field: sheet.header.index(column) for field, column in columns.items()}
    taken = GoodsTaken()
    chunk: list[_Row] = []
    for number, cells in sheet.checked_rows():
        if not any(cells):
            continue
        taken.rows += 1
        values, wrong = read_cells(cells, at, kind.fields)
        chunk.append(_Row(number, list(cells), wrong, TakeRow(values={**defaults, **values}, actor=actor)))
        if len(chunk) == ROWS_A_CHUNK:
            _take(writer, kind, chunk, taken, tell, dry_run=dry_run)
            chunk = []
    _take(writer, kind, chunk, taken, tell, dry_run=dry_run)
    return taken


class _Row(NamedTuple):
    """A row as read; `wrong`: why it is not taken, in words."""

    number: int
    cells: list[str]
    wrong: list[str]
    command: TakeRow


def _take(
    writer: Writer,
    kind: GoodsKind,
    chunk: Sequence[_Row],
    taken: GoodsTaken,
    tell: Callable[[RowError], None],
    *,
    dry_run: bool,
) -> None:
    commands = [] if dry_run else [row.command for row in chunk if not row.wrong]
    results = iter(writer.run(kind.take, commands) if commands else [])
    for row in chunk:
        result = None if dry_run or row.wrong else next(results)
        wrong = _sentences(result) if isinstance(result, Refusal) else row.wrong
        if wrong:
            taken.not_taken += 1
            tell(RowError(row.number, row.cells, wrong))
        elif result is not None:
            setattr(taken, result, getattr(taken, result) + 1)


def _sentences(refusal: Refusal) -> list[str]:
    """A refused row in words: all its findings, by field."""
    if "said" in refusal.facts:
        return [str(refusal.facts["said"])]
    findings = refusal.facts.get("findings") or [
        {"pointer": "", "code": refusal.code, "message": refusal.kind.sentence}
    ]
    return [f"{each['pointer'].rpartition('/')[2] or 'row'}: {each['message']} ({each['code']})" for each in findings]
