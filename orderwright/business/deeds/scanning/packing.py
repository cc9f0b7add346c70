"""Packing by scans: what lies at the bench of a fulfilment, and what closing its carton does."""

from collections.abc import Iterable, Sequence
from typing import Any

from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.packing.advice import PackingAdvice, advise
from orderwright.business.deeds.packing.checks import BeginPacking, begin_packing, read_risks
from orderwright.business.deeds.packing.goods import read_goods
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.shipping.forms import Pack, Packed, PackedLine, ParcelForm, ScannedUnits
from orderwright.business.shipping.packing.cartons import cartons_of
from orderwright.business.shipping.packing.photos import photographed
from orderwright.business.shipping.printing.actions import request_prints
from orderwright.business.shipping.printing.forms import PrintKind, RequestPrint
from orderwright.business.warehouse.serials import holders_of
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.pack import Close, PackLine, PackView
from orderwright.business.warehouse.sessions.steps import notice
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.floor_codes import name_of
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

ADVICE_KEPT_MAX = 2_000


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """A fulfilment, by its id, its pick list, its tote or its order; it is this person's to pack from now on.

    Where an order has several at the site, the first that waits. Refuses not_found, and what begin_packing refuses:
    packed_by_other (who), order_held, nothing_to_pack.
    """
    ids = _fulfilments(tx, commands)
    asked = [i for i, id_ in enumerate(ids) if id_]
    begun = begin_packing(
        tx, [BeginPacking(fulfilment_id=ids[i], person=commands[i].person, actor=commands[i].actor) for i in asked]
    )
    results: list[str | Refusal] = [Refusal("not_found", subject=each.subject) for each in commands]
    for i, result in zip(asked, begun, strict=True):
        results[i] = result if isinstance(result, Refusal) else ids[i]
    return results


def _fulfilments(tx: Tx, commands: Sequence[OpenSession]) -> list[str]:
    """The fulfilment of each command at its site; '' for none."""
    named = [name_of(each.subject, "tote", "work") for each in commands]
    names = askable(spelled for name in named for spelled in (name, name.upper()))
    rows = tx.rows(
        """
        SELECT 1 AS likely, f.site, o.number AS name, f.id::text AS id
        FROM orders o JOIN fulfilment f ON f.order_id = o.id
        WHERE o.number = ANY(%(names)s::text[]) AND f.state IN ('released', 'picked')
        UNION ALL
        SELECT 2, f.site, f.id::text, f.id::text FROM fulfilment f WHERE f.id = ANY(%(ids)s::uuid[])
        UNION ALL
        SELECT 3, t.site, t.code, t.fulfilment_id::text FROM tote t
        WHERE t.code = ANY(%(names)s::text[]) AND t.fulfilment_id IS NOT NULL
        ORDER BY likely, id DESC
        """,
        names=array(names), ids=array(sorted({name for name in named if is_id(name)})),
    )  # fmt: skip
    found = {(row.site, row.name): row.id for row in rows}
    return [
        found.get((each.site, name)) or found.get((each.site, name.upper()), "")
        for each, name in zip(commands, named, strict=True)
    ]


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, PackView]:
    """What lies at the benches, by session id. A constant number of statements."""
    ids = sorted({each.session.subject for each in asking})
    lines: dict[str, list[Any]] = {}
    for row in tx.rows(_LINES, ids=array(ids)):
        lines.setdefault(row.id, []).append(row)
    heads = {row.id: row for row in tx.rows(_HEADS, ids=array(ids))}
    risks, photos, cartons = read_risks(tx, ids), photographed(tx, ids), frozenset(cartons_of(tx))
    advice = _advice(tx, {id_: lines.get(id_, []) for id_ in ids})
    holders = _holders(tx, asking, lines)
    views = {}
    for each in asking:
        id_ = each.session.subject
        mine = [PackLine(r.reference, r.sku, r.title, r.tracking, r.picked) for r in lines.get(id_, []) if r.picked]
        told = advice[id_]
        to_pick = sum(row.allocated for row in lines.get(id_, []))
        views[each.session.id] = PackView(
            id_, heads[id_].number, each.session.person, heads[id_].is_held, risks[id_].check, id_ in photos,
            tuple(mine), to_pick, tuple(carton.carton for carton in told.cartons), cartons,
            told.cartons[0].picture if told.cartons else "", tuple(note.put for note in told.inserts), holders,
            heads[id_].state == "cancelled",
        )  # fmt: skip
    return views


_LINES = """
    SELECT a.fulfilment_id::text AS id, coalesce(nullif(l.reference, ''), l.position::text) AS reference, d.sku,
           p.title, p.tracking, a.allocated, a.picked
    FROM allocation a JOIN demand d ON d.id = a.demand_id JOIN product p ON p.sku = d.sku
    JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position
    WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) AND a.allocated + a.picked > 0 ORDER BY 1, d.position, d.sku
"""
_HEADS = """
    SELECT f.id::text, f.state, o.number,
           o.is_held OR EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL) AS is_held
    FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE f.id = ANY(%(ids)s::uuid[])
"""


def _advice(tx: Tx, lines: dict[str, list[Any]]) -> dict[str, PackingAdvice]:
    """Advice by fulfilment, thought out once for the same units: a scan is to be answered at once."""
    kept: dict[Any, PackingAdvice] = tx.store.cache.setdefault("packing_advice", {})
    keys = {
        id_: (tx.revision, id_, tuple((row.sku, row.allocated, row.picked) for row in mine))
        for id_, mine in lines.items()
    }  # fmt: skip
    missing = [id_ for id_, key in keys.items() if key not in kept]
    if missing:
        if len(kept) > ADVICE_KEPT_MAX:
            kept.clear()
        for told in advise(tx, list(read_goods(tx, missing).values())):
            kept[keys[told.fulfilment_id]] = told
    return {id_: kept[key] for id_, key in keys.items()}


def _holders(tx: Tx, asking: Sequence[Asking], lines: dict[str, list[Any]]) -> dict[tuple[str, str], str]:
    """Where the units are whose serials may be among the scans; nothing where no line asks for any."""
    tracked = {id_: {row.sku for row in mine if row.tracking == "serial"} for id_, mine in lines.items()}
    asked = {
        (sku, serial)
        for each in asking
        for sku in tracked.get(each.session.subject, ())
        for told in each.told
        for serial in _serials(told.found.scan)
    }
    return holders_of(tx, asked)


def _serials(scan: Any) -> Iterable[str]:
    return [each for each in (scan.serial, scan.text if scan.kind == "plain" else "") if each]


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Close cartons: one pack each, then their papers go to the printer of the bench, where the session names it."""
    outcomes = Outcomes(wanted)
    printed: list[RequestPrint] = []

    def told(each: Any, packed: Packed) -> Notice:
        [parcel] = packed.parcels
        device = devices.get(packed.fulfilment_id, "")
        kinds: tuple[PrintKind, ...] = ("packing_slip", "carton_label") if parcel.sscc else ("packing_slip",)
        for kind in kinds if device else ():
            printed.append(RequestPrint(printer=device, kind=kind, subject=parcel.id, actor="bench"))
        return notice(
            "parcel_closed" if parcel.carton else "parcel_closed_otherwise", parcel=parcel.number, parcel_id=parcel.id,
            carton=parcel.carton, weight_g=parcel.weight_g, cartons_left=parcel.cartons_left,
        )  # fmt: skip

    devices = {each.session.subject: each.session.device for each in wanted}
    outcomes.run(Close, lambda each, want: _pack(each, want), lambda commands: pack(tx, commands), told)
    request_prints(tx, printed)
    return outcomes.results


def _pack(each: Wanted, want: Close) -> Pack:
    form = ParcelForm(
        lines=[PackedLine(reference=reference, sku=sku, quantity=units) for reference, sku, units in want.lines],
        weight_g=want.weight_g,
        carton=want.carton,
        scanned=[ScannedUnits(sku=sku, quantity=units) for sku, units in want.scanned],
    )
    return Pack(
        fulfilment_id=want.fulfilment_id, parcels=[form], confirm=want.is_sure, person=each.session.person,
        checked_by=want.checked_by, actor=each.session.person, is_guided=True,
    )  # fmt: skip
