"""The catalogue as the order path sees it: read once, kept per process, dropped when the revision moves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.catalog.forms import CodeForm, ComponentForm, ProductForm, ProductPacking
from orderwright.business.catalog.sale_events import events_from
from orderwright.business.catalog.windows import SaleEvent
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.calendars import SiteCalendar
from orderwright.values.findings import askable

PRODUCTS_KEPT_MAX = 50_000
NAMES_KEPT_MAX = 100_000


class KnownPlace(NamedTuple):
    """A place goods lie at, as a scan finds it."""

    id: int
    site: str
    code: str
    kind: str
    zone: str


class _Name(NamedTuple):
    """What a name stands for: the product called so, else products by the spans of time in which it is their code.

    spans: (from, until, sku), the latest first; None: for ever.
    """

    sku: str
    spans: tuple[tuple[datetime | None, datetime | None, str], ...]


class Product(NamedTuple):
    """A product for checking and routing. `components`: (sku, units per kit); empty unless a kit."""

    sku: str
    title: str
    price_minor: int
    currency: str
    weight_g: int
    is_retired: bool
    components: tuple[tuple[str, int], ...]
    usual: tuple[int, int, int] | None  # (lines seen, median, MAD in thousandths of a doubling)


class Site(NamedTuple):
    """A site for routing."""

    code: str
    country: str
    latitude: float
    longitude: float
    calendar: SiteCalendar
    daily_capacity: int
    daily_units: int
    handling_minor: int


class ChannelPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a channel decides for its orders where they are silent; None falls back to the store."""

    shortage: str | None = None  # backorder, refuse, hold
    split: str | None = None  # cheapest, never
    ship_complete: bool | None = None
    price_tolerance_permille: int | None = None
    split_value_min_minor: int | None = None  # no parcel of a split is worth less
    countries: tuple[str, ...] | None = None  # served countries; None: all
    cancel_minutes: int | None = None  # how long the gate keeps an order, so that a cancel is free


class Channel(NamedTuple):
    """A sales channel for checking and promising."""

    code: str
    kind: str
    currency: str
    is_active: bool
    policy: ChannelPolicy
    withheld: Mapping[tuple[str, str], int]  # (sku or '', site or '') -> units


class Catalog:
    """What one process knows of the catalogue at one revision."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self.sites: dict[str, Site] = {}
        self.channels: dict[str, Channel] = {}
        self.events: list[SaleEvent] = []
        self._products: dict[str, Product] = {}
        self._names: dict[str, _Name] = {}
        self._places: dict[tuple[str, str], KnownPlace | None] = {}

    def products(self, tx: Tx, skus: Iterable[str]) -> dict[str, Product]:
        """Products by sku, those that exist; what is missing here is read in one go."""
        known = self._products
        wanted = set(skus)
        missing = [sku for sku in wanted if sku not in known]
        if missing:
            if len(known) > PRODUCTS_KEPT_MAX:
                known.clear()
                missing = list(wanted)
            known.update(_read_products(tx, missing))
        return {sku: known[sku] for sku in wanted if sku in known}

    def skus(self, tx: Tx, names: Iterable[str]) -> dict[str, str]:
        """Products by name: a sku is its own, else it is a code that is valid now, of no channel.

        What is no name of a product is remembered too: bins and totes are scanned as often as goods.
        """
        wanted = set(names)
        missing = [name for name in wanted if name not in self._names]
        if missing:
            if len(self._names) > NAMES_KEPT_MAX:
                self._names.clear()
                missing = list(wanted)
            self._names.update(_read_names(tx, missing))
        found = {name: _sku_at(self._names[name], tx.now) for name in wanted}
        return {name: sku for name, sku in found.items() if sku}

    def places(self, tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], KnownPlace]:
        """Places by (site, code), those that exist."""
        wanted = set(keys)
        missing = [key for key in wanted if key not in self._places]
        if missing:
            if len(self._places) > NAMES_KEPT_MAX:
                self._places.clear()
                missing = list(wanted)
            self._places.update(_read_places(tx, missing))
        found = {key: self._places[key] for key in wanted}
        return {key: place for key, place in found.items() if place is not None}


def catalog_of(tx: Tx) -> Catalog:
    """The catalogue as this transaction sees it."""
    kept = tx.store.cache.get("catalog")
    if kept is None or kept.revision != tx.revision:
        kept = Catalog(tx.revision)
        kept.sites = _read_sites(tx)
        kept.channels = _read_channels(tx)
        kept.events = events_from(tx)
        tx.store.cache["catalog"] = kept
    found: Catalog = kept
    return found


def known_sites(tx: Tx, codes: Iterable[str]) -> set[str]:
    """Which of these are sites, active or not."""
    rows = tx.rows("SELECT code FROM site WHERE code = ANY(%(codes)s::text[])", codes=array(askable(codes)))
    return {row.code for row in rows}


def resolve_codes(tx: Tx, asked: Iterable[tuple[str, str, datetime]]) -> dict[tuple[str, str, datetime], str]:
    """(channel, code, moment) -> sku for codes that are no sku, valid at that moment; the channel's own code wins."""
    wanted = sorted(set(asked))
    rows = tx.rows(
        """
        SELECT DISTINCT ON (asked.place) asked.place::int, c.sku
        FROM unnest(%(channels)s::text[], %(codes)s::text[], %(times)s::timestamptz[])
             WITH ORDINALITY AS asked(channel, code, at, place)
        JOIN product_code c ON c.code = asked.code AND c.channel IN ('', asked.channel)
             AND c.valid_from <= asked.at AND asked.at < c.valid_to
        ORDER BY asked.place, c.channel DESC, c.valid_from DESC
        """,
        channels=array(channel for channel, _, _ in wanted), codes=array(code for _, code, _ in wanted),
        times=array(at for _, _, at in wanted),
    )  # fmt: skip
    return {wanted[row.place - 1]: row.sku for row in rows}


def _read_products(tx: Tx, skus: list[str]) -> dict[str, Product]:
    rows = tx.rows(
        """
        SELECT p.sku, p.title, p.price_minor, p.currency, p.weight_g, p.is_retired,
               coalesce((SELECT array_agg(ARRAY[k.sku, k.quantity::text] ORDER BY k.sku)
                         FROM kit_component k WHERE k.kit_sku = p.sku), '{}') AS components,
               u.orders, u.median, u.mad_milli
        FROM product p LEFT JOIN usual_quantity u ON u.sku = p.sku AND u.customer_id IS NULL
        WHERE p.sku = ANY(%(skus)s::text[])
        """,
        skus=array(skus),
    )
    return {
        row.sku: Product(
            row.sku, row.title, row.price_minor, row.currency, row.weight_g, row.is_retired,
            tuple((sku, int(quantity)) for sku, quantity in row.components),
            None if row.orders is None else (row.orders, row.median, row.mad_milli),
        )
        for row in rows
    }  # fmt: skip


def _read_names(tx: Tx, names: Sequence[str]) -> dict[str, _Name]:
    rows = tx.rows(
        """
        SELECT asked.name, p.sku, c.sku AS of, nullif(c.valid_from, '-infinity') AS since,
               nullif(c.valid_to, 'infinity') AS until
        FROM unnest(%(names)s::text[]) AS asked(name)
        LEFT JOIN product p ON p.sku = asked.name LEFT JOIN product_code c ON c.code = asked.name AND c.channel = ''
        ORDER BY c.valid_from DESC
        """,
        names=array(names),
    )
    found = {name: _Name("", ()) for name in names}
    for row in rows:
        spans = ((row.since, row.until, row.of),) if row.of else ()
        found[row.name] = _Name(row.sku or "", found[row.name].spans + spans)
    return found


def _sku_at(name: _Name, now: datetime) -> str:
    valid = (
        sku for since, until, sku in name.spans if (since is None or since <= now) and (until is None or now < until)
    )
    return name.sku or next(valid, "")


def _read_places(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], KnownPlace | None]:
    rows = tx.rows(
        "SELECT p.id, p.site, p.code, p.kind, p.zone FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code)"
        " JOIN place p ON p.site = a.site AND p.code = a.code",
        sites=array(site for site, _ in keys), codes=array(code for _, code in keys),
    )  # fmt: skip
    return {**dict.fromkeys(keys), **{(row.site, row.code): KnownPlace(*row) for row in rows}}


def _read_sites(tx: Tx) -> dict[str, Site]:
    rows = tx.rows("SELECT * FROM site WHERE is_active ORDER BY code")
    return {row.code: _site(row) for row in rows}


def _site(row: Any) -> Site:
    country, _, region = row.holidays.partition("-")
    calendar = SiteCalendar(
        time_zone=row.time_zone, cut_off=row.cut_off, working_days=tuple(row.working_days),
        holidays_country=country, holidays_region=region,
        closed_dates=tuple(day.isoformat() for day in row.closed_dates),
    )  # fmt: skip
    return Site(
        row.code, row.country, row.latitude, row.longitude, calendar,
        row.daily_capacity, row.daily_units, row.handling_minor,
    )  # fmt: skip


def _read_channels(tx: Tx) -> dict[str, Channel]:
    withheld: dict[str, dict[tuple[str, str], int]] = {}
    for row in tx.rows("SELECT channel, sku, site, withheld FROM channel_buffer"):
        withheld.setdefault(row.channel, {})[row.sku, row.site] = row.withheld
    return {
        row.code: Channel(
            row.code, row.kind, row.currency, row.is_active,
            msgspec.json.decode(row.policy, type=ChannelPolicy), withheld.get(row.code, {}),
        )
        for row in tx.rows("SELECT code, kind, currency, policy, is_active FROM channel")
    }  # fmt: skip


def product_forms(tx: Tx, skus: Iterable[str]) -> dict[str, ProductForm]:
    """Products as a PUT that changes nothing would write them, by sku; those that exist."""
    ids = array(askable(skus))
    codes: dict[str, list[CodeForm]] = {}
    for row in tx.rows(
        "SELECT sku, code, kind, channel, nullif(valid_from, '-infinity') AS since,"
        " nullif(valid_to, 'infinity') AS until"
        " FROM product_code WHERE sku = ANY(%(skus)s::text[]) ORDER BY sku, code, channel, valid_from",
        skus=ids,
    ):
        code = CodeForm(code=row.code, kind=row.kind, channel=row.channel, valid_from=row.since, valid_to=row.until)
        codes.setdefault(row.sku, []).append(code)
    parts: dict[str, list[ComponentForm]] = {}
    for row in tx.rows(
        "SELECT kit_sku, sku, quantity FROM kit_component WHERE kit_sku = ANY(%(skus)s::text[]) ORDER BY kit_sku, sku",
        skus=ids,
    ):
        parts.setdefault(row.kit_sku, []).append(ComponentForm(sku=row.sku, quantity=row.quantity))
    return {
        row.sku: ProductForm(
            title=row.title, price=money.format_minor(row.price_minor, row.currency), currency=row.currency,
            weight_g=row.weight_g, length_mm=row.length_mm, width_mm=row.width_mm, height_mm=row.height_mm,
            hs_code=row.hs_code, origin=row.origin, hazard=row.hazard, storage_class=row.storage_class,
            tracking=row.tracking, asks_expiry=row.asks_expiry, is_retired=row.is_retired, codes=codes.get(row.sku, []),
            components=parts.get(row.sku, []), packing=msgspec.json.decode(row.packing, type=ProductPacking),
            family=row.family, options=msgspec.json.decode(row.options, type=dict[str, str]),
        )
        for row in tx.rows("SELECT * FROM product WHERE sku = ANY(%(skus)s::text[])", skus=ids)
    }  # fmt: skip


def packing_of(tx: Tx, skus: Iterable[str]) -> dict[str, ProductPacking]:
    """How products are packed, by sku; those that exist."""
    rows = tx.rows("SELECT sku, packing FROM product WHERE sku = ANY(%(skus)s::text[])", skus=array(askable(skus)))
    return {row.sku: msgspec.json.decode(row.packing, type=ProductPacking) for row in rows}
