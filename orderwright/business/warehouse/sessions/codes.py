"""What the codes that were scanned are: read, then looked up in the store, all of a call at once."""

from collections.abc import Iterable, Mapping, Sequence

from orderwright.business.catalog.reads import catalog_of
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
    """What each code is at its site. One statement where a tote may be among them; the catalogue is remembered.

    What is nothing as it stands may have been typed, in small letters or with one large one: it is looked for so, too.
    """
    found = _find(tx, {key: read_scan(key[1], tx.now.date()) for key in set(asked)})
    nothing = {key: each for key, each in found.items() if each.scan.kind == "plain" and not _is_something(each)}
    typed = {
        (key[0], text): each.scan._replace(text=text)
        for key, each in nothing.items() for text in _spellings(each.scan.text)
    }  # fmt: skip
    if not typed:
        return found
    spelled = _find(tx, typed)
    for key, each in nothing.items():
        likely = (spelled[key[0], text] for text in _spellings(each.scan.text))
        found[key] = next((other._replace(scan=each.scan) for other in likely if _is_something(other)), each)
    return found


def _find(tx: Tx, scans: Mapping[Key, Scan]) -> dict[Key, Found]:
    catalog = catalog_of(tx)
    skus = catalog.skus(tx, askable(name for scan in scans.values() for name in _names_of(scan)))
    places = catalog.places(tx, _askable((key[0], _word_of(scan, "place")) for key, scan in scans.items()))
    found = {}
    for key, scan in scans.items():
        sku = next((skus[name] for name in _names_of(scan) if name in skus), "")
        place = places.get((key[0], _word_of(scan, "place"))) if scan.site in ("", key[0]) else None
        at = None if place is None else FoundPlace(place.id, place.code, place.kind, place.zone)
        found[key] = Found(scan, sku, at)
    return found | _find_totes(tx, found)


def _is_something(found: Found) -> bool:
    return bool(found.sku or found.place or found.use)


def _spellings(text: str) -> list[str]:
    return [each for each in (text.upper(), text.lower()) if each != text]


def _find_totes(tx: Tx, found: Mapping[Key, Found]) -> dict[Key, Found]:
    """Those that are totes: what says so itself, and of what is nothing else, totes in use."""
    maybe = {
        key: _word_of(each.scan, "tote")
        for key, each in found.items()
        if each.scan.kind == "tote" or (each.scan.kind == "plain" and not each.sku and each.place is None)
    }
    uses = _uses_of(tx, _askable((key[0], tote) for key, tote in maybe.items()))
    return {
        key: found[key]._replace(tote=tote, use=uses.get((key[0], tote)))
        for key, tote in maybe.items()
        if found[key].scan.kind == "tote" or (key[0], tote) in uses
    }


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


def _uses_of(tx: Tx, totes: Sequence[Key]) -> dict[Key, ToteUse]:
    if not totes:
        return {}
    rows = tx.rows(
        """
        SELECT t.site, t.code, t.batch_id::text, b.number, t.fulfilment_id::text, o.number AS "order", t.stands_at
        FROM unnest(%(sites)s::text[], %(codes)s::text[]) AS a(site, code)
        JOIN tote t ON t.site = a.site AND t.code = a.code JOIN pick_batch b ON b.id = t.batch_id
        LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
        """,
        sites=array(site for site, _ in totes), codes=array(code for _, code in totes),
    )  # fmt: skip
    return {
        (row.site, row.code): ToteUse(row.batch_id, row.number, row.fulfilment_id or "", row.order or "", row.stands_at)
        for row in rows
    }


def _askable(keys: Iterable[Key]) -> list[Key]:
    return [key for key in sorted(set(keys)) if key[1] and len(askable(key)) == len(set(key))]
