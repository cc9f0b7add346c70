"""What an order's risk is when it is packed, and beginning to pack it: it is one person's, and what it asks is told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.reports.quality import picker_units, product_rates
from orderwright.business.shipping.packing.checking import (
    StoredRisk,
    claims_of,
    end_claims,
    keep_claims,
    keep_risks,
    replace_rates,
    risks_of,
)
from orderwright.business.shipping.packing.risk import Seen, risk_of
from orderwright.business.shipping.packing.settings import risk_weights
from orderwright.database.rows import array
from orderwright.database.schedules import subject_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.findings import askable, refusal_of, text_findings
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

Person = Annotated[str, Meta(min_length=1, max_length=64)]


class BeginPackingForm(Form, frozen=True):
    """Somebody begins to pack a fulfilment, or with `stop` leaves it to others."""

    person: Person
    stop: bool = False


class BeginPacking(BeginPackingForm, frozen=True, kw_only=True):
    """Somebody begins to pack."""

    fulfilment_id: str
    actor: str


class Begun(msgspec.Struct, frozen=True):
    """A fulfilment that somebody packs, until `until`: nobody else does. check: what its risk asks for, and why."""

    fulfilment_id: str
    person: str
    until: datetime | None
    check: str
    score: int
    reasons: dict[str, int]
    unmeasured: list[str]


def begin_packing(tx: Tx, commands: Sequence[BeginPacking]) -> list[Begun | Refusal]:
    """Keep fulfilments for who packs them; one `Begun` or Refusal per command. Again by the same person: for longer.

    Products without sizes are asked for. Refuses malformed, not_found, order_held, nothing_to_pack (nothing of it
    is picked, or all is in parcels), packed_by_other.
    """
    work = lock_work(tx, [each.fulfilment_id for each in commands])
    risks = read_risks(tx, work)
    unmeasured = read_unmeasured(tx, work)
    claims = claims_of(tx, work)
    results: list[Begun | Refusal] = []
    kept: dict[str, str] = {}
    ended: set[str] = set()
    for each in commands:
        mine = work.get(each.fulfilment_id)
        refusal = _refusal(each, mine) or other_packer(claims, kept, each.fulfilment_id, each.person)
        if refusal is not None or mine is None:
            results.append(refusal or Refusal("not_found", fulfilment_id=each.fulfilment_id))
            continue
        if each.stop:
            ended.add(mine.id)
        else:
            kept[mine.id] = each.person
        risk = risks[mine.id]
        results.append(
            Begun(mine.id, each.person, None, risk.check, risk.score, dict(risk.reasons), unmeasured.get(mine.id, []))
        )
    now = keep_claims(tx, kept) if kept else {}
    end_claims(tx, ended)
    keep_risks(tx, {id_: (work[id_].order_id, risks[id_]) for id_ in kept})
    flag_unmeasured(tx, {id_: (work[id_].order_id, skus) for id_, skus in unmeasured.items() if id_ in kept})
    return [
        msgspec.structs.replace(each, until=now[each.fulfilment_id].lapses_at)
        if isinstance(each, Begun) and each.fulfilment_id in now
        else each
        for each in results
    ]


def _refusal(command: BeginPacking, work: Work | None) -> Refusal | None:
    findings = list(text_findings(BeginPackingForm(person=command.person, stop=command.stop)))
    if findings:
        return refusal_of(findings)
    if work is None:
        return Refusal("not_found", fulfilment_id=command.fulfilment_id)
    if command.stop:
        return None
    if work.is_held:
        return Refusal("order_held", number=work.order_number)
    if work.state not in ("released", "picked"):
        return Refusal("nothing_to_pack", state=work.state)
    return None


def other_packer(claims: Mapping[str, Any], kept: Mapping[str, str], fulfilment_id: str, person: str) -> Refusal | None:
    """The refusal for who would pack what somebody else packs just now."""
    if fulfilment_id in kept and kept[fulfilment_id] != person:
        return Refusal("packed_by_other", person=kept[fulfilment_id], until=None)
    claim = claims.get(fulfilment_id)
    if claim is None or claim.person == person:
        return None
    return Refusal("packed_by_other", person=claim.person, until=claim.lapses_at.isoformat())


def read_risks(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, StoredRisk]:
    """The scores of fulfilments that exist: as kept, or as they are made now. Nothing is written."""
    asked = sorted(set(fulfilment_ids))
    known = risks_of(tx, asked)
    new = [id_ for id_ in asked if id_ not in known]
    if new:
        weights = risk_weights(tx)
        for id_, seen in read_seen(tx, new).items():
            known[id_] = StoredRisk(*risk_of(seen, weights), weights.version)
    return known


def read_seen(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, Seen]:
    """What is known of fulfilments' orders. One statement."""
    rows = tx.rows(_SEEN, ids=array(sorted(fulfilment_ids)))
    return {
        row.id: Seen(
            row.goods_minor, row.lines, row.units, row.kits, row.returned_permille, row.wrong_permille,
            row.picks_before, row.orders_before,
        )
        for row in rows
    }  # fmt: skip


_SEEN = """
    SELECT f.id::text, o.goods_minor, g.lines, g.units, g.kits, g.returned_permille, g.wrong_permille,
           coalesce((SELECT min(coalesce(q.picked, 0))
                     FROM (SELECT DISTINCT picker FROM pick_task t
                           WHERE t.fulfilment_id = f.id AND t.picked > 0 AND t.picker IS NOT NULL) AS p
                     LEFT JOIN picker_quality q ON q.person = p.picker), 0)::bigint AS picks_before,
           CASE WHEN o.email_key = '' THEN 0 ELSE (
               SELECT count(*) FROM (SELECT 1 FROM orders b WHERE b.email_key = o.email_key AND b.email_key <> ''
                                     AND b.id <> o.id AND b.state <> 'cancelled' LIMIT 1) AS b)::int
           END AS orders_before
    FROM fulfilment f JOIN orders o ON o.id = f.order_id
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT d.position)::int AS lines, coalesce(sum(a.allocated + a.picked + a.packed), 0)::bigint
               AS units, count(DISTINCT d.position) FILTER (WHERE l.sku <> d.sku)::int AS kits,
               coalesce(max(1000 * q.returned / q.shipped) FILTER (WHERE q.shipped >= 10), 0)::int AS returned_permille,
               coalesce(max(1000 * q.picked_wrong / q.picked) FILTER (WHERE q.picked >= 10), 0)::int AS wrong_permille
        FROM allocation a JOIN demand d ON d.id = a.demand_id
        JOIN order_line l ON l.order_id = d.order_id AND l.position = d.position
        LEFT JOIN product_quality q ON q.sku = d.sku WHERE a.fulfilment_id = f.id) AS g
    WHERE f.id = ANY(%(ids)s::uuid[])
"""


def read_unmeasured(tx: Tx, fulfilment_ids: Iterable[str]) -> dict[str, list[str]]:
    """Products without sizes or weight, by fulfilment; those that have any. One statement."""
    rows = tx.rows(
        """
        SELECT DISTINCT a.fulfilment_id::text AS id, d.sku FROM allocation a JOIN demand d ON d.id = a.demand_id
        JOIN product p ON p.sku = d.sku
        WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) AND a.allocated + a.picked > 0
          AND least(p.length_mm, p.width_mm, p.height_mm, p.weight_g) = 0
        ORDER BY 1, 2
        """,
        ids=array(sorted(fulfilment_ids)),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row.sku)
    return found


UNMEASURED = "product_unmeasured"


def flag_unmeasured(tx: Tx, found: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    """Ask for the sizes of products: an exception once per product, of the first order that had to do without.

    found: by fulfilment, its order's id and the products.
    """
    asked = {sku: order_id for _, (order_id, skus) in sorted(found.items()) for sku in skus}
    open_exceptions(
        tx, [NewException(order_id, _subject(sku), UNMEASURED, {"sku": sku}) for sku, order_id in sorted(asked.items())]
    )


def close_measured(tx: Tx, skus: Iterable[str]) -> None:
    """Close what asked for sizes of these products, where they have them now."""
    rows = tx.rows(
        "SELECT sku FROM product WHERE sku = ANY(%(skus)s::text[])"
        " AND least(length_mm, width_mm, height_mm, weight_g) > 0",
        skus=array(askable(skus)),
    )
    close_exceptions(
        tx, [(_subject(row.sku), UNMEASURED) for row in rows], actor="catalogue", resolution="measured"
    )  # fmt: skip


def _subject(sku: str) -> str:
    return subject_of(f"product:{sku}")


def learn_quality(tx: Tx, tasks: Sequence[Task]) -> None:
    """The scheduled task: learn what went wrong lately, by product, and how much everybody picked of late.

    Products that were asked for their sizes and got them by a file are asked no more.
    """
    replace_rates(tx, product_rates(tx), picker_units(tx))
    asked = tx.rows(
        "SELECT document::jsonb ->> 'sku' AS sku FROM exception WHERE kind = %(kind)s AND closed_at IS NULL",
        kind=UNMEASURED,
    )
    close_measured(tx, [row.sku for row in asked])
