"""Files of products, stock, customers and prices, row by row: what each says, and rows about the same thing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from orderwright.business.catalog.checks import money_findings
from orderwright.business.imports.customer_rows import (
    CUSTOMER_FIELDS,
    PRICE_FIELDS,
    customer_key,
    look_at_customer_rows,
    look_at_price_rows,
    price_key,
    take_customers,
    take_price_rows,
)
from orderwright.business.imports.findings import ROW, Wrong, wrong_at, wrongs_of
from orderwright.business.imports.forms import RowError, row_error
from orderwright.business.imports.goods_amounts import written_amounts
from orderwright.business.imports.goods_columns import PRODUCT_FIELDS, STOCK_FIELDS, Field, read_cells
from orderwright.business.imports.goods_looking import RowSeen, look_at_product_rows, look_at_stock_rows
from orderwright.business.imports.goods_taking import TakeRow, pile_of, product_form_of, take_products, take_stock
from orderwright.business.imports.sheets import Sheet
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of
from orderwright.values.phrases import phrase
from orderwright.values.refusal import Refusal

ROWS_A_CHUNK = 200
KEYS_KEPT_MAX = 500_000
"""Rows that are remembered to find a second one of the same product; beyond, the later one counts."""


class GoodsKind(NamedTuple):
    """What a file is of. take: the action, one answer (`new`, `changed`, `same`) or Refusal per row.

    look: what it would do, with nothing locked or written. key: what a row is about. refuses: why
    what a row says is nothing, so that of a row with something wrong all is told that is wrong with it.
    """

    fields: Sequence[Field]
    take: Callable[[Tx, Sequence[TakeRow]], list["str | Refusal"]]
    look: Callable[[Tx, Sequence[TakeRow]], list["RowSeen | Refusal"]]
    key: Callable[[Mapping[str, object]], Sequence[str]]
    refuses: Callable[[Mapping[str, object]], Refusal | None] = lambda values: None


class GoodsRow(NamedTuple):
    """A row as read; `wrong`: why it is not taken."""

    number: int
    cells: list[str]
    wrong: list[Wrong]
    command: TakeRow

    def error(self, wrong: list[Wrong]) -> RowError:
        """The row as one that was not taken."""
        return row_error(self.number, self.cells, wrong)


def _sku_of(values: Mapping[str, object]) -> Sequence[str]:
    return (str(values["sku"]),)


def _new_product(values: Mapping[str, object]) -> Refusal | None:
    """Why a row is no product, whatever it leaves out; None when it would be one."""
    form = product_form_of({"title": "-", "price": "0", **values}, None)
    if isinstance(form, Refusal):
        return form
    findings = list(money_findings(form.currency, "/price", form.price))
    return refusal_of(findings) if findings else None


KINDS: Mapping[str, GoodsKind] = {
    "products": GoodsKind(PRODUCT_FIELDS, take_products, look_at_product_rows, _sku_of, _new_product),
    "stock": GoodsKind(STOCK_FIELDS, take_stock, look_at_stock_rows, pile_of),
    "customers": GoodsKind(CUSTOMER_FIELDS, take_customers, look_at_customer_rows, customer_key),
    "prices": GoodsKind(PRICE_FIELDS, take_price_rows, look_at_price_rows, price_key),
}


def kind_of(name: str, defaults: Mapping[str, str]) -> GoodsKind:
    """A kind of file by name, one of the KINDS, that need not name what has a default."""
    kind = KINDS[name]
    return kind._replace(
        fields=[each._replace(is_needed=each.is_needed and each.name not in defaults) for each in kind.fields]
    )


def chunks_of(
    sheet: Sheet, kind: GoodsKind, columns: Mapping[str, str], actor: str, defaults: Mapping[str, str]
) -> Iterator[list[GoodsRow]]:
    """The rows of a file in chunks. columns: by field; defaults: for fields a row leaves empty.

    Of two rows about the same thing that say different things neither is better, so the second is wrong.
    """
    at = {field: sheet.header.index(column) for field, column in columns.items()}
    defaults = {name: text for name, text in defaults.items() if any(each.name == name for each in kind.fields)}
    written = written_amounts(sheet, at, kind.fields)
    before: dict[bytes, tuple[int, bytes]] = {}
    chunk: list[GoodsRow] = []
    for number, cells in sheet.checked_rows():
        if not any(cells):
            continue
        read, wrong = read_cells(cells, at, kind.fields)
        wrong += written.put_plain(read)
        values = {**defaults, **read}
        if wrong:
            wrong += _wrong_too(kind.refuses(values), wrong)
        else:
            wrong = _twice(number, kind.key(values), values, before)
        chunk.append(GoodsRow(number, list(cells), wrong, TakeRow(values=values, actor=actor)))
        if len(chunk) == ROWS_A_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _wrong_too(refusal: Refusal | None, wrong: Sequence[Wrong]) -> list[Wrong]:
    """What else is wrong with a row, of fields that nothing was said of yet."""
    said = {each.detail.field for each in wrong}
    found = [] if refusal is None else wrongs_of(refusal)
    return [each for each in found if each.detail.field not in said]


def _twice(
    number: int, key: Sequence[str], values: Mapping[str, object], before: dict[bytes, tuple[int, bytes]]
) -> list[Wrong]:
    """What is wrong with a row that another one contradicts."""
    name, said = _digest("\0".join(key)), _digest(repr(sorted(values.items())))
    known = before.get(name)
    if known is None:
        if len(before) < KEYS_KEPT_MAX:
            before[name] = (number, said)
        return []
    if known[1] == said:
        return []
    about = " ".join(filter(None, key))
    return [wrong_at(ROW, phrase("says other things than row {row} about {what}", row=known[0], what=about))]


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
