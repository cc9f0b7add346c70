"""Families: products that are the same thing in another size, colour or the like."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.findings import askable
from orderwright.values.refusal import Refusal

VARIANTS_MAX = 500


class Variant(msgspec.Struct, frozen=True):
    """A product of a family. options: what tells it apart, by name. price: its list price."""

    sku: str
    title: str
    options: Mapping[str, str]
    price: str
    currency: str
    is_retired: bool = False

    @property
    def says(self) -> str:
        """Its options in words."""
        return ", ".join(self.options.values())


class Family(msgspec.Struct, frozen=True):
    """Products that are the same thing but for their options, by SKU."""

    family: str
    variants: list[Variant]


_COLUMNS = "sku, title, options, price_minor, currency, is_retired"


def get_family(tx: Tx, code: str) -> Family:
    """A family with its variants, at most 500. Refuses not_found where no product is of it."""
    rows = askable([code]) and tx.rows(
        f"SELECT {_COLUMNS} FROM product WHERE family = %(code)s AND family <> '' ORDER BY sku LIMIT {VARIANTS_MAX}",
        code=code,
    )
    if not rows:
        raise Refusal("not_found", family=code)
    return Family(code, [_variant(row) for row in rows])


def siblings_of(tx: Tx, skus: Iterable[str]) -> dict[str, list[Variant]]:
    """What is sold of the families of products, themselves first and the others by SKU; alone where it has none."""
    rows = tx.rows(
        f"""
        SELECT asked.sku AS of, found.* FROM product asked CROSS JOIN LATERAL (
            SELECT {_COLUMNS} FROM product WHERE sku = asked.sku AND NOT is_retired
            UNION SELECT {_COLUMNS} FROM product WHERE family = asked.family AND family <> '' AND NOT is_retired
            LIMIT {VARIANTS_MAX}) AS found
        WHERE asked.sku = ANY(%(skus)s::text[]) ORDER BY asked.sku, found.sku <> asked.sku, found.sku
        """,
        skus=array(askable(skus)),
    )
    found: dict[str, list[Variant]] = {}
    for row in rows:
        found.setdefault(row.of, []).append(_variant(row[1:]))
    return found


def _variant(row: Any) -> Variant:
    sku, title, options, price_minor, currency, is_retired = row
    told = msgspec.json.decode(options, type=dict[str, str])
    return Variant(sku, title, told, money.format_minor(price_minor, currency), currency, is_retired)
