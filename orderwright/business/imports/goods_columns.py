"""The columns of product and stock files: guessed by their names, shown, said by hand; and cells as values."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from orderwright.business.catalog.rules import options_of
from orderwright.business.imports.columns import Guess, parse_overrides
from orderwright.business.imports.findings import Wrong, detail_of, wrong_at
from orderwright.business.imports.quoting import quoted, restored
from orderwright.business.imports.words import folded
from orderwright.values.phrases import Phrase, phrase
from orderwright.values.refusal import Refusal

Value = str | int | bool | list[str] | dict[str, str]
"""What a cell may say."""


class Field(NamedTuple):
    """A field of a file. words: what its column may be called, folded; the field's own name always counts.

    is_whole: a whole number; is_yes: yes or no; is_list: words with commas or semicolons between them; is_pairs: such
    words, each a name and a value with an equals sign between them; is_amount: of money. of: the part of the product it
    belongs to, '' for the product itself.
    """

    name: str
    words: tuple[str, ...] = ()
    is_needed: bool = False
    is_whole: bool = False
    is_yes: bool = False
    is_list: bool = False
    is_pairs: bool = False
    is_amount: bool = False
    of: str = ""


PRODUCT_FIELDS = (
    Field("sku", ("item sku", "product sku", "stock code", "product code", "item code", "article", "codigo"), True),
    Field("title", ("name", "description", "product", "product name", "item name", "descripcion", "nombre"), True),
    Field("price", ("unit price", "retail price", "sales price", "precio", "pvp"), True, is_amount=True),
    Field("currency", ("currency code", "moneda", "divisa")),
    Field("weight_g", ("weight", "grams", "weight in g", "peso", "peso g"), is_whole=True),
    Field("length_mm", ("length", "largo"), is_whole=True),
    Field("width_mm", ("width", "ancho"), is_whole=True),
    Field("height_mm", ("height", "alto"), is_whole=True),
    Field("hs_code", ("customs code", "tariff number", "hs")),
    Field("origin", ("country of origin", "made in", "origen")),
    Field("storage_class", ("storage", "keep cold", "temperature class")),
    Field("hazard", ("hazard class", "un number", "hazardous", "dangerous goods")),
    Field("tracking", ("tracked by",)),
    Field("asks_expiry", ("asks for expiry", "has expiry date", "perishable", "perecedero", "caduca"), is_yes=True),
    Field("family", ("product family", "model", "style", "parent", "parent sku", "familia", "modelo")),
    Field("options", ("variant", "variant options", "opciones", "variante"), is_pairs=True),
    Field("fragile", ("breakable", "fragil"), is_yes=True, of="packing"),
    Field("this_side_up", ("this way up", "upright", "side up"), is_yes=True, of="packing"),
    Field("bears_g", ("bears", "stackable g", "load on top"), is_whole=True, of="packing"),
    Field("groups", ("packing groups", "kinds"), is_list=True, of="packing"),
    Field("apart_from", ("keep apart", "keep apart from", "never with"), is_list=True, of="packing"),
    Field("own_packing", ("ships as it is", "ships in own container", "sioc"), is_yes=True, of="packing"),
    Field("protection_mm", ("padding", "padding mm", "protection"), is_whole=True, of="packing"),
    Field("protection_minor", ("padding cost", "protection cost"), is_whole=True, of="packing"),
)
STOCK_FIELDS = (
    Field("sku", PRODUCT_FIELDS[0].words, True),
    Field("site", ("warehouse", "location", "branch", "almacen"), True),
    Field("quantity", ("qty", "units", "on hand", "in stock", "stock", "cantidad", "existencias"), True, True),
    Field("place", ("bin", "shelf", "bin location", "ubicacion")),
    Field("lot", ("batch", "lot number", "batch number", "lote")),
    Field("expires_on", ("expiry", "expiry date", "best before", "caducidad")),
    Field("unit_cost", ("cost", "purchase price", "cost price", "coste"), is_amount=True),
)
YES_WORDS = frozenset({"yes", "y", "true", "1", "x", "si", "ja", "oui"})
NO_WORDS = frozenset({"no", "n", "false", "0", "-", "nein", "non"})
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
            column = column_of(field, header, taken)
            reason = f'the name "{column}"'
        if column:
            chosen.append(Guess(field.name, column, 100, reason))
        elif field.is_needed:
            missing.append(field.name)
    if missing or absent:
        raise Refusal("import_columns_missing", fields=missing, columns=absent, header=list(header))
    return chosen


def column_of(field: Field, header: Sequence[str], taken: Collection[str] = ()) -> str:
    """The first column that is called as a field may be, or ''. taken: columns of other fields, casefolded."""
    known = {folded(field.name.replace("_", " ")), *field.words}
    return next((name for name in header if folded(name) in known and name.casefold() not in taken), "")


def read_cells(
    cells: Sequence[str], at: Mapping[str, int], fields: Sequence[Field]
) -> tuple[dict[str, Value], list[Wrong]]:
    """The values of a row by field, empty cells left out; and what is wrong with it."""
    values: dict[str, Value] = {}
    wrong: list[Wrong] = []
    if len(cells) <= max(at.values()):
        short = phrase("the row has {cells} cells, too few", cells=len(cells))
        return {}, [Wrong(str(short), detail_of(short))]
    for field in fields:
        cell = _plain(cells[at[field.name]]) if field.name in at else ""
        if not cell:
            if field.is_needed:
                wrong.append(wrong_at(field.name, phrase("is missing")))
        else:
            value, problem = _value(field, cell)
            if problem is None:
                values[field.name] = value
            else:
                said = phrase('{what} ("{value}")', what=problem, value=cell[:40])
                wrong.append(wrong_at(field.name, said))
    return values, wrong


def _value(field: Field, cell: str) -> tuple[Value, Phrase | None]:
    """What a cell says, and what is wrong with it (None for nothing)."""
    if field.is_whole:
        is_whole = _WHOLE.fullmatch(cell) is not None
        return (int(cell.partition(".")[0]), None) if is_whole else (0, phrase("is not a whole number"))
    if field.is_yes:
        word = folded(cell) or cell
        return word in YES_WORDS, None if word in YES_WORDS | NO_WORDS else phrase("is neither yes nor no")
    if field.is_list:
        return _words(cell), None
    if field.is_pairs:
        pairs = options_of(_words(cell))
        return ({}, phrase("is not written as size=M, colour=blue")) if pairs is None else (pairs, None)
    return ("" if field.name == "family" and cell == "-" else cell), None


def _words(cell: str) -> list[str]:
    words = () if cell == "-" else re.split(r"[,;]", cell)
    return [word.strip() for word in words if word.strip()]


def _plain(cell: str) -> str:
    """A cell as it was before our export kept it from becoming a formula."""
    plain = restored(cell)
    return (plain if quoted(plain) == cell else cell).strip()
