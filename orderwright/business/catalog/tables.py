"""The catalogue's own SQL. Every change holds the revision's row lock, so changes follow one another."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from orderwright.business.catalog.forms import PlaceForm
from orderwright.business.catalog.rules import EVER, FIRST_PLACES, NEVER, VIRTUAL_PLACES, Naming
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable


def lock_catalogue(tx: Tx) -> None:
    """Wait until no other transaction changes the catalogue."""
    tx.row("SELECT number FROM revision WHERE name = 'catalog' FOR UPDATE")


def raise_revision(tx: Tx) -> None:
    """Tell every process that what it cached of the catalogue is old."""
    tx.write("UPDATE revision SET number = number + 1 WHERE name = 'catalog'")


def products(tx: Tx, skus: Iterable[str]) -> list[Any]:
    """(sku, version, is_kit) of those that exist."""
    return tx.rows(
        "SELECT sku, version, is_kit FROM product WHERE sku = ANY(%(skus)s::text[])", skus=array(askable(skus))
    )


def namings(tx: Tx, codes: Iterable[str]) -> list[Naming]:
    """What these codes mean, on whichever channel and at whatever time."""
    rows = tx.rows(
        """
        SELECT code, channel, sku, nullif(valid_from, '-infinity') AS valid_from,
               nullif(valid_to, 'infinity') AS valid_to
        FROM product_code WHERE code = ANY(%(codes)s::text[])
        """,
        codes=array(askable(codes)),
    )
    return [Naming(row.code, row.channel, row.sku, row.valid_from or EVER, row.valid_to or NEVER) for row in rows]


def parts(tx: Tx, skus: Iterable[str]) -> list[tuple[str, str]]:
    """(kit, component) for these components."""
    rows = tx.rows(
        "SELECT kit_sku, sku FROM kit_component WHERE sku = ANY(%(skus)s::text[])", skus=array(askable(skus))
    )
    return [(row.kit_sku, row.sku) for row in rows]


def variants(tx: Tx, families: Iterable[str]) -> list[tuple[str, str, str]]:
    """(family, options as they are kept, sku) of the products of families."""
    rows = tx.rows(
        "SELECT family, options, sku FROM product WHERE family = ANY(%(families)s::text[]) AND family <> ''",
        families=array(askable(families)),
    )
    return [(row.family, row.options, row.sku) for row in rows]


def lock_in_stock(tx: Tx, skus: Sequence[str]) -> list[str]:
    """Those of these skus that are anywhere in the shop, promised or waited for; their counters stay locked."""
    if not skus:
        return []
    asked = array(skus)
    counted = tx.rows(
        "SELECT sku, on_hand + allocated + waiting AS units FROM availability"
        " WHERE sku = ANY(%(skus)s::text[]) ORDER BY sku, site FOR UPDATE",
        skus=asked,
    )
    lying = tx.rows("SELECT DISTINCT sku FROM stock WHERE sku = ANY(%(skus)s::text[]) AND quantity > 0", skus=asked)
    return [row.sku for row in counted if row.units] + [row.sku for row in lying]


def save_products(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace products, by sku."""
    tx.write(
        """
        INSERT INTO product (sku, title, price_minor, currency, weight_g, length_mm, width_mm, height_mm, hs_code,
                             origin, storage_class, hazard, tracking, asks_expiry, packing, is_retired, is_kit,
                             family, options, version, changed_at)
        SELECT sku, title, price_minor, currency, weight_g, length_mm, width_mm, height_mm, hs_code,
               origin, storage_class, hazard, tracking, asks_expiry, packing, is_retired, is_kit, family,
               options, version, %(now)s
        FROM jsonb_populate_recordset(NULL::product, %(rows)s::jsonb)
        ON CONFLICT (sku) DO UPDATE SET
            title = excluded.title, price_minor = excluded.price_minor, currency = excluded.currency,
            weight_g = excluded.weight_g, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
            height_mm = excluded.height_mm, hs_code = excluded.hs_code, origin = excluded.origin,
            storage_class = excluded.storage_class, hazard = excluded.hazard, tracking = excluded.tracking,
            asks_expiry = excluded.asks_expiry, packing = excluded.packing, is_retired = excluded.is_retired,
            is_kit = excluded.is_kit,
            family = excluded.family, options = excluded.options,
            version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=_json(rows), now=tx.now,
    )  # fmt: skip


def replace_codes(tx: Tx, skus: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Let these products have exactly these codes: (code, sku, kind, channel, valid_from, valid_to)."""
    tx.write("DELETE FROM product_code WHERE sku = ANY(%(skus)s::text[])", skus=array(skus))
    tx.copy("product_code", "code, sku, kind, channel, valid_from, valid_to", rows)


def replace_components(tx: Tx, skus: Iterable[str], rows: Sequence[tuple[str, str, int]]) -> None:
    """Let these products be made of exactly these components: (kit, sku, quantity)."""
    tx.write("DELETE FROM kit_component WHERE kit_sku = ANY(%(skus)s::text[])", skus=array(skus))
    tx.copy("kit_component", "kit_sku, sku, quantity", rows)


def open_counters(tx: Tx, skus: Sequence[str] | None, sites: Sequence[str] | None) -> None:
    """Give each stocked product and site that has none its availability row. None: of all products or sites.

    A new site's rows start with what waits for the sku, which is locked first: a claim that comes along
    meanwhile waits for us and then finds the new rows too. The rows are stock's from here on.
    """
    asked = {"skus": array(skus or ()), "sites": array(sites or ())}
    known = "WHERE sku = ANY(%(skus)s::text[])" if skus is not None else ""
    tx.row(
        f"SELECT count(*) FROM (SELECT FROM availability {known} ORDER BY sku, site FOR UPDATE) AS locked",
        skus=asked["skus"],
    )
    of_skus = "AND p.sku = ANY(%(skus)s::text[])" if skus is not None else ""
    of_sites = "AND s.code = ANY(%(sites)s::text[])" if sites is not None else ""
    tx.write(
        f"""
        INSERT INTO availability (sku, site, waiting)
        SELECT p.sku, s.code, coalesce(
            (SELECT max(waiting) FROM availability a WHERE a.sku = p.sku),
            (SELECT sum(d.waiting) FROM demand d WHERE d.sku = p.sku AND d.waiting > 0 AND d.claims), 0)
        FROM product p CROSS JOIN site s
        WHERE NOT p.is_kit {of_skus} {of_sites}
        ORDER BY p.sku, s.code
        ON CONFLICT (sku, site) DO NOTHING
        """,
        **asked,
    )


def versions(tx: Tx, table: str, codes: Iterable[str]) -> dict[str, int]:
    """Version by code of the sites or channels that exist. table: `site` or `channel`."""
    rows = tx.rows(
        f"SELECT code, version FROM {table} WHERE code = ANY(%(codes)s::text[])", codes=array(askable(codes))
    )
    return {row.code: row.version for row in rows}


def save_sites(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace sites, by code."""
    tx.write(
        """
        INSERT INTO site (code, name, address, country, latitude, longitude, time_zone, cut_off, working_days,
                          holidays, closed_dates, daily_capacity, daily_units, handling_minor, is_active, version,
                          changed_at)
        SELECT code, name, address, country, latitude, longitude, time_zone, cut_off, working_days,
               holidays, closed_dates, daily_capacity, daily_units, handling_minor, is_active, version, %(now)s
        FROM jsonb_populate_recordset(NULL::site, %(rows)s::jsonb)
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, address = excluded.address, country = excluded.country,
            latitude = excluded.latitude, longitude = excluded.longitude, time_zone = excluded.time_zone,
            cut_off = excluded.cut_off, working_days = excluded.working_days, holidays = excluded.holidays,
            closed_dates = excluded.closed_dates, daily_capacity = excluded.daily_capacity,
            daily_units = excluded.daily_units, handling_minor = excluded.handling_minor,
            is_active = excluded.is_active, version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=_json(rows), now=tx.now,
    )  # fmt: skip


def open_places(tx: Tx, sites: Iterable[str]) -> None:
    """Give sites the places every site has. The rows are stock's from here on."""
    kinds = {**FIRST_PLACES, **VIRTUAL_PLACES}
    tx.write(
        """
        INSERT INTO place (site, code, kind)
        SELECT s.code, first.code, first.kind
        FROM unnest(%(sites)s::text[]) AS s(code),
             unnest(%(codes)s::text[], %(kinds)s::text[]) AS first(code, kind)
        ON CONFLICT (site, code) DO NOTHING
        """,
        sites=array(sites), codes=array(kinds), kinds=array(kinds.values()),
    )  # fmt: skip


def places(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], PlaceForm]:
    """The places that exist, by (site, code), as a PUT that changes nothing would write them."""
    asked = [key for key in set(keys) if len(askable(key)) == len(set(key))]
    names = PlaceForm.__struct_fields__
    rows = tx.rows(
        f"""
        SELECT site, code, {", ".join(f"p.{name}" for name in names)}
        FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS asked(site, code) JOIN place p USING (site, code)
        """,
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
    return {(row.site, row.code): PlaceForm(**dict(zip(names, row[2:], strict=True))) for row in rows}


def save_places(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Insert places or replace where they are; the kind of a place stays."""
    tx.write(
        """
        INSERT INTO place (site, code, kind, zone, aisle, bay, level, x_mm, y_mm, storage_class, room_cm3, load_g)
        SELECT site, code, kind, zone, aisle, bay, level, x_mm, y_mm, storage_class, room_cm3, load_g
        FROM jsonb_populate_recordset(NULL::place, %(rows)s::jsonb)
        ON CONFLICT (site, code) DO UPDATE SET
            zone = excluded.zone, aisle = excluded.aisle, bay = excluded.bay, level = excluded.level,
            x_mm = excluded.x_mm, y_mm = excluded.y_mm, storage_class = excluded.storage_class,
            room_cm3 = excluded.room_cm3, load_g = excluded.load_g
        """,
        rows=_json(rows),
    )


def save_channels(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace channels, by code."""
    tx.write(
        """
        INSERT INTO channel (code, name, kind, currency, policy, is_active, version, changed_at)
        SELECT code, name, kind, currency, policy, is_active, version, %(now)s
        FROM jsonb_populate_recordset(NULL::channel, %(rows)s::jsonb)
        ON CONFLICT (code) DO UPDATE SET
            name = excluded.name, kind = excluded.kind, currency = excluded.currency, policy = excluded.policy,
            is_active = excluded.is_active, version = excluded.version, changed_at = excluded.changed_at
        """,
        rows=_json(rows), now=tx.now,
    )  # fmt: skip


def replace_buffers(tx: Tx, channels: Iterable[str], rows: Sequence[tuple[str, str, str, int]]) -> None:
    """Let these channels have exactly these buffers: (channel, sku, site, withheld)."""
    tx.write("DELETE FROM channel_buffer WHERE channel = ANY(%(channels)s::text[])", channels=array(channels))
    tx.copy("channel_buffer", "channel, sku, site, withheld", rows)


def known_codes(tx: Tx, skus: Iterable[str], sites: Iterable[str]) -> tuple[set[str], set[str]]:
    """Those of the skus and of the site codes that exist."""
    rows = tx.rows(
        """
        SELECT 'sku' AS kind, sku AS code FROM product WHERE sku = ANY(%(skus)s::text[])
        UNION ALL SELECT 'site', code FROM site WHERE code = ANY(%(sites)s::text[])
        """,
        skus=array(askable(skus)), sites=array(askable(sites)),
    )  # fmt: skip
    found = {(row.kind, row.code) for row in rows}
    return {code for kind, code in found if kind == "sku"}, {code for kind, code in found if kind == "site"}


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()
