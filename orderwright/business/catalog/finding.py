"""Products as a clerk hears of them: found by the beginning of a SKU or a code, and by words of the title."""

import re
from typing import NamedTuple

from orderwright.database.tx import Tx
from orderwright.values import money

PRODUCTS_MAX = 8
_LAST = "\U0010ffff"


class ProductFound(NamedTuple):
    """A product as it is offered to somebody who types."""

    sku: str
    title: str
    price: str
    currency: str


def find_products(tx: Tx, q: str) -> list[ProductFound]:
    """The first few products that fit and are sold: by SKU first, then by code, then by words of the title.

    Words are looked for as they begin, all of them, in any order. Each kind is read off its index.
    """
    text = q.strip().upper()
    words = re.findall(r"[^\W_]+", q.lower())
    if not text or "\0" in text:
        return []
    kinds = [
        "SELECT sku, 1 AS rank FROM product WHERE upper(sku) ~>=~ %(text)s AND upper(sku) ~<~ %(text_end)s"
        " AND NOT is_retired ORDER BY upper(sku) USING ~<~",
        "SELECT sku, 2 FROM product_code WHERE code ~>=~ %(text)s AND code ~<~ %(text_end)s"
        " AND valid_from <= %(now)s AND %(now)s < valid_to ORDER BY code USING ~<~",
    ]
    if words and sum(map(len, words)) > 1:
        kinds.append("SELECT sku, 3 FROM product WHERE to_tsvector('simple', title) @@ to_tsquery('simple', %(words)s)")
    few = " UNION ALL ".join(f"(SELECT * FROM ({each} LIMIT {PRODUCTS_MAX}) AS kind)" for each in kinds)
    rows = tx.rows(
        f"""
        SELECT p.sku, p.title, p.price_minor, p.currency FROM (SELECT sku, min(rank) AS rank FROM ({few}) AS f
        GROUP BY sku) AS found JOIN product p ON p.sku = found.sku AND NOT p.is_retired
        ORDER BY found.rank, p.sku LIMIT {PRODUCTS_MAX}
        """,
        text=text, text_end=text + _LAST, words=" & ".join(f"{word}:*" for word in words), now=tx.now,
    )  # fmt: skip
    return [
        ProductFound(row.sku, row.title, money.format_minor(row.price_minor, row.currency), row.currency)
        for row in rows
    ]
