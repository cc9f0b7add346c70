"""How orders are checked, as rows: scores with their reasons, who packs what, and the rates they are made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from orderwright.business.shipping.packing.risk import CHECKS, Check
from orderwright.business.shipping.packing.settings import CLAIM_MINUTES
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx


class StoredRisk(NamedTuple):
    """A fulfilment's score as it was made."""

    score: int
    check: Check
    reasons: Mapping[str, int]
    version: str


def risks_of(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, StoredRisk]:
    """The scores of fulfilments, of those that have one."""
    rows = tx.rows(
        "SELECT fulfilment_id::text AS id, score, ask, reasons, version FROM packing_check"
        " WHERE fulfilment_id = ANY(%(ids)s::uuid[])",
        ids=array(sorted(set(fulfilment_ids))),
    )
    return {row.id: StoredRisk(row.score, row.ask, msgspec.json.decode(row.reasons), row.version) for row in rows}


def keep_risks(tx: Tx, risks: Mapping[str, tuple[str, StoredRisk]]) -> None:
    """Keep scores by fulfilment (with its order's id); one that has a score keeps it."""
    if not risks:
        return
    ids = sorted(risks)
    tx.write(
        """
        INSERT INTO packing_check (fulfilment_id, order_id, score, ask, reasons, version, made_at)
        SELECT n.*, %(now)s FROM unnest(%(ids)s::uuid[], %(orders)s::uuid[], %(scores)s::int[], %(asks)s::text[],
            %(reasons)s::text[], %(versions)s::text[]) AS n ORDER BY 1 ON CONFLICT DO NOTHING
        """,
        now=tx.now, ids=array(ids), orders=array(risks[id_][0] for id_ in ids),
        scores=array(risks[id_][1].score for id_ in ids), asks=array(risks[id_][1].check for id_ in ids),
        reasons=array(msgspec.json.encode(risks[id_][1].reasons).decode() for id_ in ids),
        versions=array(risks[id_][1].version for id_ in ids),
    )  # fmt: skip


class Claim(NamedTuple):
    """Who packs a fulfilment, and until when it is kept for them."""

    person: str
    lapses_at: Any


def claims_of(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Claim]:
    """Who packs these fulfilments just now; those that lapsed are nobody's. The fulfilments are locked."""
    rows = tx.rows(
        "SELECT fulfilment_id::text AS id, person, lapses_at FROM packing_claim"
        " WHERE fulfilment_id = ANY(%(ids)s::uuid[]) AND lapses_at > %(now)s",
        ids=array(sorted(set(fulfilment_ids))), now=tx.now,
    )  # fmt: skip
    return {row.id: Claim(row.person, row.lapses_at) for row in rows}


def keep_claims(tx: Tx, people: Mapping[str, str]) -> dict[str, Claim]:
    """Locked fulfilments are packed by these people from now on, for as long as the store says."""
    until = tx.now + timedelta(minutes=value_of(tx, CLAIM_MINUTES))
    ids = sorted(people)
    tx.write(
        "INSERT INTO packing_claim (fulfilment_id, person, began_at, lapses_at)"
        " SELECT id, person, %(now)s, %(until)s FROM unnest(%(ids)s::uuid[], %(people)s::text[]) AS n(id, person)"
        " ORDER BY id ON CONFLICT (fulfilment_id) DO UPDATE SET person = excluded.person,"
        " began_at = excluded.began_at, lapses_at = excluded.lapses_at",
        now=tx.now, until=until, ids=array(ids), people=array(people[id_] for id_ in ids),
    )  # fmt: skip
    return {id_: Claim(people[id_], until) for id_ in ids}


def end_claims(tx: Tx, fulfilment_ids: Iterable[str]) -> None:
    """Nobody packs these any more."""
    ids = sorted(set(fulfilment_ids))
    if ids:
        tx.write("DELETE FROM packing_claim WHERE fulfilment_id = ANY(%(ids)s::uuid[])", ids=array(ids))


def leave_claims(tx: Tx, left: Sequence[tuple[str, str]]) -> None:
    """People (fulfilment, person) stop packing; what somebody else packs by now stays theirs."""
    if left:
        tx.write(
            "DELETE FROM packing_claim c USING unnest(%(ids)s::uuid[], %(people)s::text[]) AS n(id, person)"
            " WHERE c.fulfilment_id = n.id AND c.person = n.person",
            ids=array(id_ for id_, _ in left), people=array(person for _, person in left),
        )  # fmt: skip


class Closed(NamedTuple):
    """How a parcel was closed."""

    parcel_id: str
    carton: str | None
    packer: str
    checked_by: str
    checked: Check
    scanned: Mapping[str, int]


def keep_closed(tx: Tx, closed: Sequence[Closed]) -> None:
    """Keep how parcels just written were closed, and what was scanned into them."""
    said = [each for each in closed if each.carton or each.packer or each.checked_by or each.checked != CHECKS[0]]
    if said:
        tx.write(
            """
            UPDATE parcel p SET carton = nullif(n.carton, ''), packer = n.packer, checked_by = n.checked_by,
                   checked = n.checked
            FROM unnest(%(ids)s::uuid[], %(cartons)s::text[], %(packers)s::text[], %(by)s::text[], %(checks)s::text[])
                 AS n(id, carton, packer, checked_by, checked) WHERE p.id = n.id
            """,
            ids=array(each.parcel_id for each in said), cartons=array(each.carton or "" for each in said),
            packers=array(each.packer for each in said), by=array(each.checked_by for each in said),
            checks=array(each.checked for each in said),
        )  # fmt: skip
    tx.copy(
        "parcel_scan", "parcel_id, sku, units",
        [(each.parcel_id, sku, units) for each in closed for sku, units in each.scanned.items() if units],
    )  # fmt: skip


def replace_rates(
    tx: Tx, products: Sequence[tuple[str, int, int, int, int]], pickers: Sequence[tuple[str, int]]
) -> None:
    """Let these be what is known of products (sku, shipped, returned, picked, picked wrong) and of pickers."""
    tx.write("DELETE FROM product_quality")
    tx.copy("product_quality", "sku, shipped, returned, picked, picked_wrong", products)
    tx.write("DELETE FROM picker_quality")
    tx.copy("picker_quality", "person, picked", pickers)
