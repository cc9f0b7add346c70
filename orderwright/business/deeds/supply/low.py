"""What runs low: levels by hand or worked out, requests for more, and drafts made of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from orderwright.business.purchasing.forms import (
    DraftPurchase,
    DraftsMade,
    LevelNow,
    OrderRequests,
    PurchaseForm,
    PurchaseLineForm,
    PurchaseNow,
    PutLevel,
    RequestNow,
    ShortText,
)
from orderwright.business.purchasing.ordering import draft_purchases
from orderwright.business.purchasing.rules import packs, reorder_point, target, wanted_units
from orderwright.business.purchasing.suppliers import goods_finding, stocked
from orderwright.business.warehouse.days import site_days
from orderwright.business.warehouse.transferring.rows import on_the_way
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, known_as, refusal_of
from orderwright.values.forms import Form
from orderwright.values.ids import new_ids
from orderwright.values.pages import After, Limit, Page, mark, read_mark
from orderwright.values.refusal import Refusal

_Days = Annotated[int, Meta(ge=1, le=400)]
LOOK_DAYS = Setting("purchasing.look_days", _Days, 28, "Days of picks that reorder points are worked out from.")
SAFETY_DAYS = Setting("purchasing.safety_days", _Days, 3, "Days of picks kept against late suppliers and good days.")
COVER_DAYS = Setting("purchasing.cover_days", _Days, 14, "Days of picks an order is to last beyond the reorder point.")
SETTINGS: tuple[Setting[Any], ...] = (LOOK_DAYS, SAFETY_DAYS, COVER_DAYS)
DEFAULT_LEAD_DAYS = 7
Pair = tuple[str, str]
"""(sku, site)."""


class LevelQuery(Form, frozen=True):
    """Which levels. low: only those at or below their reorder point."""

    sku: ShortText = ""
    site: ShortText = ""
    low: bool = False
    after: After | None = None
    limit: Limit = 50


class RequestQuery(Form, frozen=True):
    """Which requests."""

    state: Literal["open", "ordered", "over"] = "open"
    site: ShortText = ""
    limit: Limit = 50


def put_levels(tx: Tx, commands: Sequence[PutLevel]) -> list[LevelNow | Refusal]:
    """Set when and how much to order of products at sites, by hand or worked out from the picks.

    Refuses malformed (one of the two numbers alone, a target below the reorder point), unknown_sku, kit_not_stocked and
    unknown_site: all findings at once.
    """
    kinds = stocked(tx, [each.sku for each in commands])
    sites = site_days(tx, askable(each.site for each in commands))
    results: list[Any] = []
    chosen: dict[Pair, tuple[int, int] | None] = {}
    for each in commands:
        point, goal = each.form.reorder_point, each.form.target
        findings = list(goods_finding("/sku", each.sku, kinds))
        findings += [] if each.site in sites else [known_as("unknown_site", "/site")]
        if (point is None) != (goal is None):
            findings.append(Finding("/target", "level", "Say both numbers, or neither."))
        elif point is not None and goal is not None and goal < point:
            findings.append(Finding("/target", "level", "It is below the reorder point."))
        results.append(refusal_of(findings) if findings else (each.sku, each.site))
        if not findings:
            chosen[each.sku, each.site] = None if point is None or goal is None else (point, goal)
    _save_levels(tx, chosen)
    now = {(each.sku, each.site): each for each in levels_of(tx, chosen)}
    look_low(tx, [sku for sku, _ in chosen])
    return [now[each] if isinstance(each, tuple) else each for each in results]


def list_levels(tx: Tx, query: LevelQuery) -> Page[LevelNow]:
    """A page of levels, by product and site."""
    sku, site = read_mark(query.after, tuple[str, str]) if query.after else ("", "")
    rows = tx.rows(
        "SELECT sku, site FROM reorder_level WHERE (sku, site) > (%(sku)s, %(site)s)"
        " AND %(only_sku)s IN ('', sku) AND %(only_site)s IN ('', site) ORDER BY sku, site",
        sku=sku, site=site, only_sku=query.sku, only_site=query.site,
    )  # fmt: skip
    found = levels_of(tx, [(row.sku, row.site) for row in rows])
    shown = [each for each in found if each.is_low or not query.low]
    last = shown[query.limit - 1] if len(shown) > query.limit else None
    return Page(shown[: query.limit], mark(last.sku, last.site) if last else None)


def list_requests(tx: Tx, query: RequestQuery) -> Page[RequestNow]:
    """Requests of a state, latest first; at most `limit`."""
    rows = tx.rows(
        """
        SELECT r.id::text, r.sku, r.site, r.reason, r.units, r.state, coalesce(p.number, '') AS purchase, r.made_at,
               r.ended_at
        FROM replenishment r LEFT JOIN purchase_order p ON p.id = r.purchase_id
        WHERE r.state = %(state)s AND %(site)s IN ('', r.site) ORDER BY r.made_at DESC, r.id DESC LIMIT %(limit)s
        """,
        state=query.state, site=query.site, limit=query.limit,
    )  # fmt: skip
    return Page([RequestNow(*row) for row in rows])


def levels_of(tx: Tx, pairs: Iterable[Pair]) -> list[LevelNow]:
    """How products stand at sites, by sku and site. Where nobody set a level, the reorder point and target are 0.

    What backorders wait for counts once per product: at the site with the highest target, then by code.
    """
    asked = sorted(set(pairs))
    rows = tx.rows(_LEVELS, skus=array(sku for sku, _ in asked), sites=array(site for _, site in asked))
    days = value_of(tx, LOOK_DAYS)
    coming, _ = on_the_way(tx, [sku for sku, _ in asked])
    return [_level(row, row.on_order + coming.get((row.sku, row.site), 0), days) for row in rows]


def _level(row: Any, on_order: int, days: int) -> LevelNow:
    position = row.on_hand + row.on_bench + on_order - row.allocated - row.waits
    return LevelNow(
        row.sku, row.site, row.reorder_point, row.target, row.is_computed, row.on_hand, row.allocated, row.waits,
        row.on_bench, on_order, position, position <= row.reorder_point, row.units * 1000 // days,
    )  # fmt: skip


def look_low(tx: Tx, skus: Sequence[str]) -> None:
    """Ask for more of what is low, once per product and site, and let go of requests for what no longer is.

    Looked at are the levels people set, and the site that ships most of a product nobody set one for.
    """
    pairs = _pairs_to_look_at(tx, skus)
    wanted = {
        (each.sku, each.site): (each, units)
        for each in levels_of(tx, pairs)
        if (units := wanted_units(each.position, each.reorder_point, each.target))
    }
    tx.write(
        """
        UPDATE replenishment r SET state = 'over', ended_at = %(now)s
        WHERE r.state = 'open' AND r.sku = ANY(%(skus)s::text[])
          AND NOT EXISTS (SELECT 1 FROM unnest(%(low)s::text[], %(sites)s::text[]) AS w(sku, site)
                          WHERE w.sku = r.sku AND w.site = r.site)
        """,
        now=tx.now, skus=array(sorted(set(skus))), low=array(sku for sku, _ in wanted),
        sites=array(site for _, site in wanted),
    )  # fmt: skip
    if not wanted:
        return
    tx.write(
        """
        INSERT INTO replenishment AS r (id, sku, site, reason, units, state, made_at)
        SELECT id, sku, site, reason, units, 'open', %(now)s
        FROM unnest(%(ids)s::uuid[], %(skus)s::text[], %(sites)s::text[], %(reasons)s::text[], %(units)s::bigint[])
             AS n(id, sku, site, reason, units)
        ON CONFLICT (sku, site) WHERE state = 'open' DO UPDATE SET units = excluded.units, reason = excluded.reason
        WHERE r.units <> excluded.units OR r.reason <> excluded.reason
        """,
        now=tx.now, ids=array(new_ids(len(wanted))), skus=array(sku for sku, _ in wanted),
        sites=array(site for _, site in wanted), units=array(units for _, units in wanted.values()),
        reasons=array(
            "stockout" if each.on_hand - each.promised - each.waiting <= 0 else "low" for each, _ in wanted.values()
        ),
    )  # fmt: skip


def order_requests(tx: Tx, commands: Sequence[OrderRequests]) -> list[DraftsMade | Refusal]:
    """Turn open requests into drafts, one per supplier and site, in whole packs.

    The supplier of a product is the one with the lowest cost, then the shortest lead time. What nobody sells stays
    open and is named. A second call finds nothing left: no drafts.
    """
    results: list[DraftsMade | Refusal] = []
    for command in commands:
        results.append(_order(tx, command))
    return results


def _order(tx: Tx, command: OrderRequests) -> DraftsMade:
    rows = tx.rows(_ORDERABLE, site=command.form.site, supplier=command.form.supplier)
    groups: dict[Pair, list[Any]] = {}
    for row in rows:
        if row.supplier is not None:
            groups.setdefault((row.supplier, row.site), []).append(row)
    commands = [
        DraftPurchase(
            form=PurchaseForm(supplier=supplier, site=site, lines=[
                PurchaseLineForm(sku=row.sku, quantity=packs(row.units, row.pack_size)) for row in mine[:1_000]
            ]),
            actor=command.actor,
        )
        for (supplier, site), mine in groups.items()
    ]  # fmt: skip
    drafts = draft_purchases(tx, commands) if commands else []
    made: dict[str, str] = {}
    for mine, draft in zip(groups.values(), drafts, strict=True):
        if isinstance(draft, PurchaseNow):
            made |= {row.id: draft.number for row in mine[:1_000]}
    tx.write(
        """
        UPDATE replenishment r SET state = 'ordered', purchase_id = p.id, ended_at = %(now)s
        FROM unnest(%(ids)s::uuid[], %(numbers)s::text[]) AS n(id, number) JOIN purchase_order p ON p.number = n.number
        WHERE r.id = n.id
        """,
        now=tx.now, ids=array(made), numbers=array(made.values()),
    )  # fmt: skip
    nobody = sorted({row.sku for row in rows if row.supplier is None})
    return DraftsMade([each for each in drafts if isinstance(each, PurchaseNow)], nobody)


def _pairs_to_look_at(tx: Tx, skus: Sequence[str]) -> list[Pair]:
    rows = tx.rows(
        """
        SELECT sku, site FROM reorder_level WHERE sku = ANY(%(skus)s::text[])
        UNION
        SELECT a.sku, main.site FROM unnest(%(skus)s::text[]) AS a(sku)
        CROSS JOIN LATERAL (
            SELECT v.site FROM availability v JOIN site s ON s.code = v.site AND s.is_active
            LEFT JOIN turnover t ON t.site = v.site AND t.sku = v.sku
            WHERE v.sku = a.sku ORDER BY coalesce(t.units, 0) DESC, v.on_hand DESC, v.site LIMIT 1) AS main
        WHERE NOT EXISTS (SELECT 1 FROM reorder_level l WHERE l.sku = a.sku)
        """,
        skus=array(askable(skus)),
    )
    return [(row.sku, row.site) for row in rows]


def _save_levels(tx: Tx, chosen: Mapping[Pair, tuple[int, int] | None]) -> None:
    if not chosen:
        return
    worked_out = work_out(tx, [pair for pair, numbers in chosen.items() if numbers is None])
    pairs = sorted(chosen)
    numbers = [chosen[pair] or worked_out[pair] for pair in pairs]
    tx.write(
        """
        INSERT INTO reorder_level (sku, site, reorder_point, target, is_computed, changed_at)
        SELECT *, %(now)s FROM unnest(%(skus)s::text[], %(sites)s::text[], %(points)s::bigint[], %(targets)s::bigint[],
                                      %(computed)s::boolean[])
        ON CONFLICT (sku, site) DO UPDATE SET reorder_point = excluded.reorder_point, target = excluded.target,
            is_computed = excluded.is_computed, changed_at = excluded.changed_at
        """,
        now=tx.now, skus=array(sku for sku, _ in pairs), sites=array(site for _, site in pairs),
        points=array(point for point, _ in numbers), targets=array(goal for _, goal in numbers),
        computed=array(chosen[pair] is None for pair in pairs),
    )  # fmt: skip


def work_out(tx: Tx, pairs: Sequence[Pair]) -> dict[Pair, tuple[int, int]]:
    """(reorder point, target) from the picks of the last weeks and the supplier's lead time (rules.reorder_point)."""
    days, safety, cover = (value_of(tx, each) for each in (LOOK_DAYS, SAFETY_DAYS, COVER_DAYS))
    rows = tx.rows(
        """
        SELECT a.sku, a.site, coalesce(t.units, 0) AS units, coalesce(s.days, %(usual)s) AS days
        FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS a(sku, site)
        LEFT JOIN turnover t ON t.sku = a.sku AND t.site = a.site
        LEFT JOIN LATERAL (
            SELECT s.lead_time_days AS days FROM supplier_product x JOIN supplier s ON s.code = x.supplier
            WHERE x.sku = a.sku AND s.is_active ORDER BY x.cost_micro, s.lead_time_days, s.code LIMIT 1) AS s ON true
        """,
        usual=DEFAULT_LEAD_DAYS, skus=array(sku for sku, _ in pairs), sites=array(site for _, site in pairs),
    )  # fmt: skip
    return {
        (row.sku, row.site): (
            reorder_point(row.units, days, row.days, safety), target(row.units, days, row.days, safety, cover)
        )
        for row in rows
    }  # fmt: skip


def refresh_turnover(tx: Tx) -> None:
    """Count the picks of the last days by product and site, and work out anew the levels that are worked out."""
    tx.write("DELETE FROM turnover")
    tx.write(
        """
        INSERT INTO turnover (sku, site, picks, units, rank_permille)
        SELECT sku, site, picks, units,
               floor(1000 * percent_rank() OVER (PARTITION BY site ORDER BY picks DESC))::int
        FROM (SELECT m.sku, p.site, count(*) AS picks, sum(m.quantity)::bigint AS units
              FROM stock_move m JOIN place p ON p.id = m.from_place
              WHERE m.kind = 'pick' AND m.recorded_at > %(now)s::timestamptz - make_interval(days => %(days)s)
              GROUP BY m.sku, p.site) AS counted
        """,
        now=tx.now, days=value_of(tx, LOOK_DAYS),
    )  # fmt: skip
    rows = tx.rows("SELECT sku, site FROM reorder_level WHERE is_computed ORDER BY sku, site")
    _save_levels(tx, {(row.sku, row.site): None for row in rows})


_LEVELS = """
    SELECT v.sku, v.site, coalesce(l.reorder_point, 0) AS reorder_point, coalesce(l.target, 0) AS target,
           coalesce(l.is_computed, false) AS is_computed, v.on_hand, v.allocated, coalesce(t.units, 0) AS units,
           CASE WHEN first.site IS NULL OR first.site = v.site THEN v.waiting ELSE 0 END AS waits,
           coalesce((SELECT sum(quantity - placed) FROM put_away w
                     WHERE w.sku = v.sku AND w.site = v.site AND w.state = 'open'), 0)::bigint AS on_bench,
           coalesce((SELECT sum(greatest(0, x.quantity - x.cancelled - x.accepted)) FROM purchase_line x
                     JOIN purchase_order o ON o.id = x.purchase_id AND o.ended_at IS NULL
                     WHERE x.sku = v.sku AND o.site = v.site), 0)::bigint AS on_order
    FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS a(sku, site)
    JOIN availability v ON v.sku = a.sku AND v.site = a.site
    LEFT JOIN reorder_level l ON l.sku = v.sku AND l.site = v.site
    LEFT JOIN turnover t ON t.sku = v.sku AND t.site = v.site
    LEFT JOIN LATERAL (SELECT site FROM reorder_level r WHERE r.sku = v.sku ORDER BY r.target DESC, r.site LIMIT 1)
              AS first ON true
    ORDER BY v.sku, v.site
"""
_ORDERABLE = """
    SELECT r.id::text, r.sku, r.site, r.units, s.code AS supplier, s.pack_size
    FROM replenishment r
    LEFT JOIN LATERAL (
        SELECT s.code, x.pack_size FROM supplier_product x JOIN supplier s ON s.code = x.supplier
        WHERE x.sku = r.sku AND s.is_active AND %(supplier)s IN ('', s.code)
        ORDER BY x.cost_micro, s.lead_time_days, s.code LIMIT 1) AS s ON true
    WHERE r.state = 'open' AND %(site)s IN ('', r.site)
    ORDER BY s.code, r.site, r.sku FOR UPDATE OF r
"""
