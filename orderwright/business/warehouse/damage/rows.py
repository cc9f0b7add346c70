"""Broken goods as rows: own SQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from orderwright.business.warehouse.damage.forms import DamageQuery, DamageShown, JudgeDamage, ReportDamage
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.pages import Page, mark, read_mark

_SHOWN = """
    SELECT d.id::text, d.site, p.code AS place, d.sku, d.units, d.reason, d.sent_to, d.reported_by, d.reported_at,
           d.lot, d.reference, d.photo, d.note, coalesce(d.verdict, '') AS verdict,
           coalesce(d.judged_by, '') AS judged_by, d.judged_at, d.serials
    FROM damage d JOIN place p ON p.id = d.place_id
"""


def add_damage(tx: Tx, new: Sequence[tuple[str, ReportDamage]]) -> None:
    """Write reports, each with its id."""
    tx.write(
        """
        INSERT INTO damage (id, site, reference, place_id, sku, lot, units, reason, sent_to, photo, note, serials,
                            reported_by, reported_at)
        SELECT n.id, n.site, n.reference, p.id, n.sku, n.lot, n.units, n.reason, n.sent_to, n.photo, n.note,
               n.serials, n.actor, %(now)s
        FROM unnest(%(ids)s::uuid[], %(sites)s::text[], %(references)s::text[], %(places)s::text[], %(skus)s::text[],
                    %(lots)s::text[], %(units)s::bigint[], %(reasons)s::text[], %(ends)s::text[], %(photos)s::text[],
                    %(notes)s::text[], %(serials)s::text[], %(actors)s::text[])
             AS n(id, site, reference, place, sku, lot, units, reason, sent_to, photo, note, serials, actor)
        JOIN place p ON p.site = n.site AND p.code = n.place
        """,
        now=tx.now, ids=array(id_ for id_, _ in new), sites=array(each.form.site for _, each in new),
        references=array(each.form.reference for _, each in new), places=array(each.form.place for _, each in new),
        skus=array(each.form.sku for _, each in new), lots=array(each.form.lot for _, each in new),
        units=array(each.form.quantity for _, each in new), reasons=array(each.form.reason for _, each in new),
        ends=array(each.form.sent_to for _, each in new), photos=array(each.form.photo for _, each in new),
        notes=array(each.form.note for _, each in new),
        serials=array(msgspec.json.encode(each.form.serials).decode() for _, each in new),
        actors=array(each.actor for _, each in new),
    )  # fmt: skip


def _shown(row: Any) -> DamageShown:
    return msgspec.structs.replace(DamageShown(*row[:-1]), serials=msgspec.json.decode(row.serials))


def known_as(tx: Tx, references: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Ids of reports by (site, reference)."""
    asked = sorted(set(references))
    rows = tx.rows(
        "SELECT d.id::text, d.site, d.reference FROM unnest(%(sites)s::text[], %(references)s::text[])"
        " AS a(site, reference) JOIN damage d USING (site, reference) WHERE d.reference <> ''",
        sites=array(site for site, _ in asked), references=array(reference for _, reference in asked),
    )  # fmt: skip
    return {(row.site, row.reference): row.id for row in rows}


def lock_damage(tx: Tx, ids: Iterable[str]) -> dict[str, DamageShown]:
    """Reports by id, locked in that order; unknown ones are left out."""
    rows = tx.rows(
        f"{_SHOWN} WHERE d.id = ANY(%(ids)s::uuid[]) ORDER BY d.id FOR UPDATE OF d",
        ids=array(sorted({id_ for id_ in ids if is_id(id_)})),
    )
    return {row.id: _shown(row) for row in rows}


def damage_now(tx: Tx, ids: Iterable[str]) -> dict[str, DamageShown]:
    """Reports as they stand, by id."""
    rows = tx.rows(f"{_SHOWN} WHERE d.id = ANY(%(ids)s::uuid[])", ids=array(sorted(set(ids))))
    return {row.id: _shown(row) for row in rows}


def save_verdicts(tx: Tx, judged: Mapping[str, JudgeDamage]) -> None:
    """Write what was decided of locked reports, by id."""
    tx.write(
        "UPDATE damage d SET verdict = n.verdict, judged_by = n.actor, judged_at = %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(verdicts)s::text[], %(actors)s::text[]) AS n(id, verdict, actor)"
        " WHERE d.id = n.id",
        now=tx.now, ids=array(judged), verdicts=array(each.verdict for each in judged.values()),
        actors=array(each.actor for each in judged.values()),
    )  # fmt: skip


def list_damage(tx: Tx, query: DamageQuery) -> Page[DamageShown]:
    """A page of a site's reports."""
    is_open = query.state == "open"
    at, order = ("reported_at", "") if is_open else ("judged_at", "DESC")
    wanted = ["d.site = %(site)s", f"d.verdict IS {'' if is_open else 'NOT '}NULL"]
    told: dict[str, Any] = {}
    if query.after:
        told["at"], told["id"] = read_mark(query.after, tuple[datetime, UUID])
        wanted.append(f"(d.{at}, d.id) {'>' if is_open else '<'} (%(at)s, %(id)s)")
    rows = tx.rows(
        f"{_SHOWN} WHERE {' AND '.join(wanted)} ORDER BY d.{at} {order}, d.id {order} LIMIT %(limit)s",
        site=query.site, limit=query.limit + 1, **told,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page([_shown(row) for row in rows[: query.limit]], mark(getattr(last, at), last.id) if last else None)
