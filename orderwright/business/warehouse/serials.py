"""Single units of products tracked by serial: each lies in a place of stock, is in transit, in a tote, or in a parcel.

Rows are made when a unit is named: when it comes in, leaves for another site, or is picked. They follow their units
from then on. Locked after everything but stock.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.findings import Finding, askable, known_as

Unit = tuple[str, str]
"""(sku, serial)."""


_LYING = ("bin", "packing", "quarantine", "returns", "receiving")
"""Kinds of places that hold units: only so many of them as lie there can be named there."""
_NO_MORE = ("lost", "scrap")
"""Kinds of places that are on paper only, where names may go to."""


class Part(NamedTuple):
    """Units of a pick task that go somewhere."""

    task_id: str
    to: str
    units: int


def name_findings(
    pointer: str, unit: tuple[str, int, bool], serials: Sequence[str], elsewhere: Collection[Unit], here: set[Unit]
) -> Iterator[Finding]:
    """What is wrong with the serials of a line: too few or too many, one twice, one that is elsewhere.

    unit: (sku, units of the line, whether each must be named). `here` follows: units that lines named so far.
    """
    sku, units, is_named = unit
    if is_named and len(serials) != units:
        yield known_as("serial_needed", f"{pointer}/serials")
    if serials and not is_named:
        yield Finding(f"{pointer}/serials", "serials", "This product is not tracked by serial.")
    for i, serial in enumerate(serials):
        if (sku, serial) in elsewhere or (sku, serial) in here:
            yield known_as("serial_elsewhere", f"{pointer}/serials/{i}")
        here.add((sku, serial))


def named_units(tx: Tx, task_ids: Iterable[str]) -> dict[str, int]:
    """How many units of pick tasks are named, by task; those of which any is."""
    asked = sorted(set(task_ids))
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT task_id::text AS id, count(*) AS units FROM serial_unit WHERE task_id = ANY(%(ids)s::uuid[])"
        " GROUP BY task_id",
        ids=array(asked),
    )
    return {row.id: row.units for row in rows}


def holders_of(tx: Tx, units: Iterable[Unit]) -> dict[Unit, str]:
    """Where units are that lie in no place of stock: the number of the parcel, of the order they are picked for, or of
    the transfer they are on their way with; TRANSIT without one."""
    asked = [unit for unit in sorted(set(units)) if len(askable(unit)) == len(set(unit))]
    if not asked:
        return {}
    rows = tx.rows(
        """
        SELECT u.sku, u.serial, coalesce(p.number, o.number, s.number, 'TRANSIT') AS holder
        FROM unnest(%(skus)s::text[], %(serials)s::text[]) AS asked(sku, serial)
        JOIN serial_unit u ON u.sku = asked.sku AND u.serial = asked.serial
             AND (u.place_id IS NULL OR u.dispatch_id IS NOT NULL)
        LEFT JOIN parcel p ON p.id = u.parcel_id
        LEFT JOIN pick_task t ON t.id = u.task_id
        LEFT JOIN fulfilment f ON f.id = t.fulfilment_id LEFT JOIN orders o ON o.id = f.order_id
        LEFT JOIN site_transfer_load l ON l.document_id = u.dispatch_id
        LEFT JOIN site_transfer s ON s.id = l.transfer_id
        """,
        skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
    )  # fmt: skip
    return {(row.sku, row.serial): row.holder for row in rows}


def places_of(tx: Tx, units: Iterable[Unit]) -> dict[Unit, tuple[str, str]]:
    """(site, place) of units that lie in a place by the books, on paper (LOST, SCRAP) or in truth."""
    asked = [unit for unit in sorted(set(units)) if len(askable(unit)) == len(set(unit))]
    rows = tx.rows(
        "SELECT u.sku, u.serial, p.site, p.code FROM unnest(%(skus)s::text[], %(serials)s::text[]) AS a(sku, serial)"
        " JOIN serial_unit u ON u.sku = a.sku AND u.serial = a.serial AND u.dispatch_id IS NULL"
        " JOIN place p ON p.id = u.place_id",
        skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
    )  # fmt: skip
    return {(row.sku, row.serial): (row.site, row.code) for row in rows}


def name_units(tx: Tx, units: Mapping[Unit, str]) -> None:
    """Units, by (sku, serial), are in the totes of these pick tasks; none of them is held by another by the books.

    Raises Collision when another took one of them meanwhile.
    """
    asked = sorted(units)
    if not asked:
        return
    rows = tx.rows(
        """
        INSERT INTO serial_unit AS u (sku, serial, task_id, seen_at)
        SELECT sku, serial, task_id, %(now)s
        FROM unnest(%(skus)s::text[], %(serials)s::text[], %(tasks)s::uuid[]) AS n(sku, serial, task_id)
        ON CONFLICT (sku, serial) DO UPDATE SET place_id = NULL, task_id = excluded.task_id, seen_at = excluded.seen_at
        WHERE u.place_id IS NOT NULL AND u.dispatch_id IS NULL
        RETURNING 1
        """,
        now=tx.now, skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
        tasks=array(units[unit] for unit in asked),
    )  # fmt: skip
    if len(rows) < len(asked):
        raise Collision


def sent_with(tx: Tx, dispatch_ids: Iterable[str]) -> dict[Unit, str]:
    """Units that are in transit, with the dispatch they left with; of these dispatches."""
    asked = sorted(set(dispatch_ids))
    if not asked:
        return {}
    rows = tx.rows(
        "SELECT sku, serial, dispatch_id::text AS id FROM serial_unit WHERE dispatch_id = ANY(%(ids)s::uuid[])"
        " ORDER BY sku, serial",
        ids=array(asked),
    )
    return {(row.sku, row.serial): row.id for row in rows}


def lay_units(tx: Tx, units: Mapping[Unit, tuple[int, str | None]]) -> None:
    """Units lie in places (their ids): of stock, or in transit with a dispatch (its id).

    Raises Collision when one is in a tote or a parcel.
    """
    if not units:
        return
    asked = sorted(units)
    laid = tx.write(
        """
        INSERT INTO serial_unit AS u (sku, serial, place_id, dispatch_id, seen_at)
        SELECT *, %(now)s FROM unnest(%(skus)s::text[], %(serials)s::text[], %(places)s::bigint[], %(sent)s::uuid[])
        ON CONFLICT (sku, serial) DO UPDATE SET place_id = excluded.place_id, dispatch_id = excluded.dispatch_id,
            seen_at = excluded.seen_at
        WHERE u.place_id IS NOT NULL
        """,
        now=tx.now, skus=array(sku for sku, _ in asked), serials=array(serial for _, serial in asked),
        places=array(units[unit][0] for unit in asked), sent=array(units[unit][1] for unit in asked),
    )  # fmt: skip
    if laid < len(asked):
        raise Collision


def pack_units(tx: Tx, parts: Sequence[Part]) -> None:
    """Named units of pick tasks go into parcels (`to`), as many as are named, in the order of their serials."""
    _move(tx, parts, "task_id", "parcel_id = n.target, task_id = NULL", "uuid")


def bench_units(tx: Tx, parts: Sequence[Part]) -> None:
    """Named units of pick tasks lie in places of stock (`to`: place ids) again."""
    _move(tx, parts, "task_id", "place_id = n.target, task_id = NULL", "bigint")


def share_units(tx: Tx, parts: Sequence[Part]) -> None:
    """Named units of pick tasks are of other pick tasks (`to`) from now on."""
    _move(tx, parts, "task_id", "task_id = n.target", "uuid")


def unpack_units(tx: Tx, parts: Sequence[tuple[str, str, str, int]]) -> None:
    """Named units of parcels are in totes again: (parcel, sku, pick task, units)."""
    _move(
        tx, [Part(parcel, task, units) for parcel, _, task, units in parts], "parcel_id",
        "task_id = n.target, parcel_id = NULL", "uuid", [sku for _, sku, _, _ in parts],
    )  # fmt: skip


def shelve_units(tx: Tx, parts: Sequence[tuple[int, str, int, int]]) -> None:
    """Named units go from one place of stock to another: (place, sku, place, units)."""
    _move(
        tx, [Part(str(place), str(target), units) for place, _, target, units in parts], "place_id",
        "place_id = n.target", "bigint", [sku for _, sku, _, _ in parts],
    )  # fmt: skip


def settle_units(tx: Tx, moves: Iterable[tuple[str, int, int, int]]) -> None:
    """Let names follow units that moved: (sku, place, place, units); after those that were read got their places.

    While a place holds as many units as are named there, the names stay. Those beyond, the first by serial, went where
    the units went; to LOST what nobody read when it was picked or sent, until somebody reads it again.
    """
    gone: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for sku, place, target, units in moves:
        gone.setdefault((sku, place), []).append((target, units))
    beyond = _beyond(tx, gone)
    if not beyond:
        return
    keeps, lost = _ends(tx, {place for _, place in gone} | {to for ways in gone.values() for to, _ in ways})
    laid: dict[Unit, tuple[int, str | None]] = {}
    for (sku, place), serials in beyond.items():
        ways = [target for target, units in gone[sku, place] for _ in range(min(units, len(serials)))]
        for i, serial in enumerate(serials):
            laid[sku, serial] = (ways[i] if i < len(ways) and ways[i] in keeps else lost[place], None)
    lay_units(tx, laid)
    # Where units went on at once, their names would be too many now.
    ends = _beyond(tx, {(sku, target) for (sku, _), (target, _) in laid.items()})
    lay_units(tx, {(sku, serial): (lost[at], None) for (sku, at), serials in ends.items() for serial in serials})


def _beyond(tx: Tx, asked: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[str]]:
    """Serials, the first ones, that are named at places (sku, place) beyond what lies there; where there are any."""
    keys = sorted(set(asked))
    if not keys:
        return {}
    rows = tx.rows(
        """
        SELECT n.sku, n.place_id, n.serials[:n.named - n.units] AS serials
        FROM (
            SELECT a.sku, a.place_id, array_agg(u.serial ORDER BY u.serial) AS serials, count(*)::integer AS named,
                   (SELECT coalesce(sum(s.quantity), 0)::integer FROM stock s
                    WHERE s.sku = a.sku AND s.place_id = a.place_id) AS units
            FROM unnest(%(skus)s::text[], %(places)s::bigint[]) AS a(sku, place_id)
            JOIN place p ON p.id = a.place_id AND p.kind = ANY(%(kinds)s::text[])
            JOIN serial_unit u ON u.sku = a.sku AND u.place_id = a.place_id
            GROUP BY a.sku, a.place_id
        ) AS n
        WHERE n.named > n.units
        """,
        skus=array(sku for sku, _ in keys), places=array(place for _, place in keys), kinds=array(_LYING),
    )  # fmt: skip
    return {(row.sku, row.place_id): row.serials for row in rows}


def _ends(tx: Tx, places: Iterable[int]) -> tuple[set[int], dict[int, int]]:
    """Which of these places names may go to, and where what is lost of each of them is booked to."""
    rows = tx.rows(
        "SELECT p.id, p.kind, l.id AS lost FROM place p JOIN place l ON l.site = p.site AND l.kind = 'lost'"
        " WHERE p.id = ANY(%(ids)s::bigint[])",
        ids=array(sorted(places)),
    )
    open_ends = {*_LYING, *_NO_MORE} - {"packing"}  # what lies in packing is named by its pick task
    return {row.id for row in rows if row.kind in open_ends}, {row.id: row.lost for row in rows}


def _move(
    tx: Tx, parts: Sequence[Part], source: str, change: str, target: str, skus: Sequence[str] | None = None
) -> None:
    """Move units out of a source, each part the next ones by serial; what is not named has no row to move."""
    if not parts:
        return
    # Parts of one source follow one another: part k takes the serials after those of the parts before it.
    done: dict[tuple[str, str], int] = {}
    starts = []
    for i, each in enumerate(parts):
        key = (each.task_id, skus[i] if skus else "")
        starts.append(done.get(key, 0))
        done[key] = starts[-1] + each.units
    kind = "bigint" if source == "place_id" else "uuid"
    tx.write(
        f"""
        UPDATE serial_unit u SET {change}, seen_at = %(now)s
        FROM (
            SELECT s.sku, s.serial, p.source, row_number() OVER (PARTITION BY p.source, p.sku ORDER BY s.serial)
                   AS place
            FROM (SELECT DISTINCT * FROM unnest(%(sources)s::{kind}[], %(skus)s::text[]) AS a(source, sku)) p
            JOIN serial_unit s ON s.{source} = p.source AND p.sku IN ('', s.sku)
        ) AS r
        JOIN unnest(%(sources)s::{kind}[], %(skus)s::text[], %(targets)s::{target}[], %(starts)s::bigint[],
                    %(units)s::bigint[]) AS n(source, sku, target, start, units)
             ON n.source = r.source AND n.sku IN ('', r.sku) AND r.place > n.start AND r.place <= n.start + n.units
        WHERE u.sku = r.sku AND u.serial = r.serial
        """,
        now=tx.now, sources=array(each.task_id for each in parts), targets=array(each.to for each in parts),
        skus=array(skus or [""] * len(parts)), starts=array(starts), units=array(each.units for each in parts),
    )  # fmt: skip
