"""The catalogue as the people see it who keep it: products in pages, sites and channels as they would be written."""

import re
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.forms import BufferForm, ChannelForm, ChannelPolicyForm, SiteForm
from orderwright.business.catalog.reads import ChannelPolicy
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import AddressForm
from orderwright.values.pages import Page, mark, read_mark

FOUND_MAX = 50
_LAST = "\U0010ffff"


class ProductRow(NamedTuple):
    """A product in a list."""

    sku: str
    title: str
    price: str
    currency: str
    weight_g: int
    is_kit: bool
    is_retired: bool


class SiteRow(NamedTuple):
    """A site as it stands, and the version to change."""

    code: str
    form: SiteForm
    version: int


class ChannelRow(NamedTuple):
    """A channel as it stands, and the version to change."""

    code: str
    form: ChannelForm
    version: int


def list_products(tx: Tx, *, q: str = "", after: str | None = None, limit: int = FOUND_MAX) -> Page[ProductRow]:
    """Products by SKU, retired ones too; with `q` the first that fit, by SKU, code, or words of the title."""
    if q.strip():
        return Page([_product(row) for row in _found(tx, q)])
    (last,) = ("",) if after is None else read_mark(after, tuple[str])
    rows = tx.rows(
        "SELECT sku, title, price_minor, currency, weight_g, is_kit, is_retired FROM product WHERE sku > %(last)s"
        " ORDER BY sku LIMIT %(limit)s",
        last=last, limit=limit + 1,
    )  # fmt: skip
    return Page([_product(row) for row in rows[:limit]], mark(rows[limit - 1].sku) if len(rows) > limit else None)


def product_version(tx: Tx, sku: str) -> int:
    """The version of a product; 0 when there is none."""
    row = tx.row("SELECT version FROM product WHERE sku = %(sku)s", sku=sku)
    return 0 if row is None else int(row.version)


def list_sites(tx: Tx) -> list[SiteRow]:
    """All sites, by code, closed ones too."""
    return [
        SiteRow(
            row.code,
            SiteForm(
                name=row.name, address=msgspec.json.decode(row.address, type=AddressForm), latitude=row.latitude,
                longitude=row.longitude, time_zone=row.time_zone, cut_off=row.cut_off,
                daily_capacity=row.daily_capacity, daily_units=row.daily_units, working_days=tuple(row.working_days),
                holidays=row.holidays, closed_dates=list(row.closed_dates), handling_minor=row.handling_minor,
                is_active=row.is_active,
            ),
            row.version,
        )
        for row in tx.rows("SELECT * FROM site ORDER BY code")
    ]  # fmt: skip


def list_channels(tx: Tx) -> list[ChannelRow]:
    """All channels, by code, closed ones too, each with what is withheld from it."""
    withheld: dict[str, list[BufferForm]] = {}
    for row in tx.rows("SELECT channel, sku, site, withheld FROM channel_buffer ORDER BY channel, sku, site"):
        withheld.setdefault(row.channel, []).append(BufferForm(withheld=row.withheld, sku=row.sku, site=row.site))
    return [
        ChannelRow(
            row.code,
            ChannelForm(
                name=row.name, kind=row.kind, currency=row.currency, policy=_policy(row),
                buffers=withheld.get(row.code, []), is_active=row.is_active,
            ),
            row.version,
        )
        for row in tx.rows("SELECT * FROM channel ORDER BY code")
    ]  # fmt: skip


def _policy(row: Any) -> ChannelPolicyForm:
    told = msgspec.structs.asdict(msgspec.json.decode(row.policy, type=ChannelPolicy))
    least = told.pop("split_value_min_minor")
    told["split_value_min"] = None if least is None else money.format_minor(least, row.currency)
    return msgspec.convert(told, ChannelPolicyForm)


def _found(tx: Tx, q: str) -> list[Any]:
    text, words = q.strip().upper(), re.findall(r"[^\W_]+", q.lower())
    if "\0" in text:
        return []
    kinds = [
        "SELECT sku FROM product WHERE upper(sku) ~>=~ %(text)s AND upper(sku) ~<~ %(text_end)s"
        " ORDER BY upper(sku) USING ~<~",
        "SELECT sku FROM product_code WHERE code ~>=~ %(text)s AND code ~<~ %(text_end)s ORDER BY code USING ~<~",
    ]
    if words and sum(map(len, words)) > 1:
        kinds.append("SELECT sku FROM product WHERE to_tsvector('simple', title) @@ to_tsquery('simple', %(words)s)")
    few = " UNION ".join(f"(SELECT sku FROM ({each} LIMIT {FOUND_MAX}) AS kind)" for each in kinds)
    return tx.rows(
        "SELECT sku, title, price_minor, currency, weight_g, is_kit, is_retired FROM product"
        f" WHERE sku IN ({few}) ORDER BY sku LIMIT {FOUND_MAX}",
        text=text, text_end=text + _LAST, words=" & ".join(f"{word}:*" for word in words),
    )  # fmt: skip


def _product(row: Any) -> ProductRow:
    price = money.format_minor(row.price_minor, row.currency)
    return ProductRow(row.sku, row.title, price, row.currency, row.weight_g, row.is_kit, row.is_retired)
