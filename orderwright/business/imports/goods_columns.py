"""The columns of product and stock files: guessed by their names, shown, said by hand; and cells as values."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderwright.business.imports.columns import Guess, parse_overrides
from orderwright.business.imports.quoting import quoted, restored
from orderwright.business.imports.words import folded
from orderwright.values.refusal import Refusal


class Field(NamedTuple):
    """A field of a file. words: what its column may be called, folded; the field's own name always counts."""

    name: str
    words: tuple[str, ...] = ()
    is_needed: bool = False
    is_whole: bool = False


PRODUCT_FIELDS = (
    Field("sku", ("item sku", "product sku", "stock code", "product code", "item code", "article", "codigo"), True),
    Field("title", ("name", "description", "product", "product name", "item name", "descripcion", "nombre"), True),
    Field("price", ("unit price", "retail price", "sales price", "precio", "pvp"), True),
    Field("currency", ("currency code", "moneda", "divisa")),
    Field("weight_g", ("weight", "grams", "weight in g", "peso", "peso g"), is_whole=True),
    Field("length_mm", ("length", "largo"), is_whole=True),
    Field("width_mm", ("width", "ancho"), is_whole=True),
    Field("height_mm", ("height", "alto"), is_whole=True),
    Field("hs_code", ("customs code", "tariff number", "hs")),
    Field("origin", ("country of origin", "made in", "origen")),
    Field("storage_class", ("storage",)),
    Field("hazard", ("hazard class", "un number")),
    Field("tracking", ("tracked by",)),
)
STOCK_FIELDS = (
    Field("sku", PRODUCT_FIELDS[0].words, True),
    Field("site", ("warehouse", "location", "branch", "almacen"), True),
    Field("quantity", ("qty", "units", "on hand", "in stock", "stock", "cantidad", "existencias"), True, True),
    Field("place", ("bin", "shelf", "bin location", "ubicacion")),
    Field("lot", ("batch", "lot number", "batch number", "lote")),
    Field("expires_on", ("expiry", "expiry date", "best before", "caducidad")),
    Field("unit_cost", ("cost", "purchase price", "cost price", "coste")),
)
_WHOLE = re.compile(r"[0-9]{1,10}(?:\.0+)?")


def choose_columns(header: Sequence[str], fields: Sequence[Field], said: Sequence[str]) -> list[Guess]:
    """The column of each field that has one. said: by hand, "field=Column", "field=" for none.

    Refuses import_column_unknown (no such field) and import_columns_missing (needed, or said and not there).
    """
    by_hand = parse_overrides(said, [field.name for field in fields])
    places = {name.strip().casefold(): name for name in reversed(header)}
    taken = {column.casefold() for column in by_hand.values()}
    chosen, missing, absent = [], [], []
    for field in fields:
        if field.name in by_hand:
            column = places.get(by_hand[field.name].casefold(), "")
            reason = "said by hand"
            if by_hand[field.name] and not column:
                absent.append(by_hand[field.name])
        else:
            known = {folded(field.name.replace("_", " ")), *field.words}
            column = next((name for name in header if folded(name) in known and name.casefold() not in taken), "")
            reason = f'the name "{column}"'
        if column:
            chosen.append(Guess(field.name, column, 100, reason))
        elif field.is_needed:
            missing.append(field.name)
    if missing or absent:
        raise Refusal("import_columns_missing", fields=missing, columns=absent, header=list(header))
    return chosen


def read_cells(
    cells: Sequence[str], at: Mapping[str, int], fields: Sequence[Field]
) -> tuple[dict[str, str | int], list[str]]:
    """The values of a row by field, empty cells left out; and what is wrong with it, in words."""
    values: dict[str, str | int] = {}
    wrong: list[str] = []
    if len(cells) <= max(at.values()):
        return {}, [f"the row has {len(cells)} cells, too few"]
    for field in fields:
        cell = _plain(cells[at[field.name]]) if field.name in at else ""
        if not cell:
            if field.is_needed:
                wrong.append(f"{field.name}: is missing")
        elif not field.is_whole:
            values[field.name] = cell
        elif _WHOLE.fullmatch(cell):
            values[field.name] = int(cell.partition(".")[0])
        else:
            wrong.append(f'{field.name}: is not a whole number ("{cell[:40]}")')
    return values, wrong


def _plain(cell: str) -> str:
    """A cell as it was before our export kept it from becoming a formula."""
    plain = restored(cell)
    return (plain if quoted(plain) == cell else cell).strip()
