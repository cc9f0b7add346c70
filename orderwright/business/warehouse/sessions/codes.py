"""What the codes that were scanned are: read, then looked up in the store, all of a call at once."""

from collections.abc import Iterable
from typing import Any

from orderwright.business.catalog.reads import catalog_of, resolve_codes
from orderwright.business.warehouse.sessions.steps import Found, FoundPlace, ToteUse
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.scans import Scan, read_scan

Key = tuple[str, str]
"""(site, code as it was scanned)."""
_GOODS = ("goods", "plain")
_GTIN_LENGTHS = (14, 13, 12, 8)


def find_codes(tx: Tx, asked: Iterable[Key]) -> dict[Key, Found]:
    """What each code is at its site."""
    scans = {key: read_scan(key[1], tx.now.date()) for key in set(asked)}
    skus = _find_skus(tx, scans.values())
    places = _find_places(tx, {(key[0], _word_of(scan, "place")) for key, scan in scans.items()})
    uses = _find_totes(tx, {(key[0], _word_of(scan, "tote")) for key, scan in scans.items()})
    found = {}
    for key, scan in scans.items():
        sku = next((skus[name] for name in _names_of(scan) if name in skus), "")
        place = places.get((key[0], _word_of(scan, "place"))) if scan.site in ("", key[0]) else None
        tote = _word_of(scan, "tote")
        use = uses.get((key[0], tote))
        is_tote = scan.kind == "tote" or (scan.kind == "plain" and use is not None and not sku and place is None)
        found[key] = Found(scan, sku, place, tote if is_tote else "", use if is_tote else None)
    return found


def _word_of(scan: Scan, kind: str) -> str:
    """What a place, or a tote, would be called; '' for what can be none."""
    if scan.kind == kind:
        return scan.code
    return scan.text if scan.kind == "plain" else ""


def _names_of(scan: Scan) -> list[str]:
    """What a product may be found by, the first the surest."""
    if scan.kind not in _GOODS:
        return []
    lengths = [n for n in _GTIN_LENGTHS if scan.gtin and not scan.gtin[: 14 - n].strip("0")]
    return [scan.text, *[scan.gtin[14 - n :] for n in lengths]]


def _find_skus(tx: Tx, scans: Iterable[Scan]) -> dict[str, str]:
    names = askable(name for scan in scans for name in _names_of(scan))
    skus = catalog_of(tx).products(tx, names)  # of which a process keeps those it has seen
    others = [name for name in names if name not in skus]
    codes = resolve_codes(tx, [("", name, tx.now) for name in others]) if others else {}
    return {name: sku for (_, name, _), sku in codes.items()} | {sku: sku for sku in skus}


def _find_places(tx: Tx, keys: Iterable[Key]) -> dict[Key, FoundPlace]:
    rows = _at_sites(tx, keys, "p.id, p.code, p.kind, p.zone", "place p ON p.site = a.site AND p.code = a.code")
    return {(row.asked_site, row.code): FoundPlace(row.id, row.code, row.kind, row.zone) for row in rows}


def _find_totes(tx: Tx, keys: Iterable[Key]) -> dict[Key, ToteUse]:
    rows = _at_sites(
        tx, keys, 't.code, t.batch_id::text, b.number, t.fulfilment_id::text, o.number AS "order", t.stands_at',
        "tote t ON t.site = a.site AND t.code = a.code JOIN pick_batch b ON b.id = t.batch_id"
        " LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id",
    )  # fmt: skip
    return {
        (row.asked_site, row.code): ToteUse(
            row.batch_id, row.number, row.fulfilment_id or "", row.order or "", row.stands_at
        )
        for row in rows
    }


def _at_sites(tx: Tx, keys: Iterable[Key], columns: str, join: str) -> list[Any]:
    asked = [key for key in sorted(set(keys)) if key[1] and len(askable(key)) == len(set(key))]
    if not asked:
        return []
    return tx.rows(
        f"SELECT a.site AS asked_site, {columns} FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code)"
        f" JOIN {join}",
        sites=array(site for site, _ in asked), codes=array(code for _, code in asked),
    )  # fmt: skip
