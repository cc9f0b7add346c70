"""Counting by tags: a bulk read confirms the books, changes them where it is sure, and asks people where it is not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.catalog.reads import resolve_codes
from orderwright.business.deeds.counts.posting import Posting, post
from orderwright.business.stock.counted import Lying, Seen, lock_seen
from orderwright.business.stock.documents import Documents
from orderwright.business.warehouse.counting import WantedCount, want_counts
from orderwright.business.warehouse.counts.facts import CountEntered
from orderwright.business.warehouse.counts.forms import (
    TAGS_MAX,
    CountFound,
    CountTags,
    PlaceTold,
    StrayTag,
    TagForm,
    TagPass,
    TagsCounted,
)
from orderwright.business.warehouse.counts.rows import CountRow, LineRow, add_done, write_lines
from orderwright.business.warehouse.counts.rules import Counted, correction
from orderwright.business.warehouse.counts.settings import TAG_MISS_PERMILLE
from orderwright.business.warehouse.counts.tags import Bin, Stray, Told, at_home, tell
from orderwright.business.warehouse.serials import holders_of
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.epc import TaggedItem, read_tag
from orderwright.values.findings import Finding, known_as, refusal_of, text_findings, worded
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

STRAYS_MAX = 1_000
TAGS_PRIORITY = 45
_GTIN_LENGTHS = (14, 13, 12, 8)


class _Tags(NamedTuple):
    """Tags of goods of ours, with their units (sku, serial), and how many were none."""

    units: dict[str, tuple[str, str]]
    unreadable: int
    cartons: int
    unknown: int


def count_by_tags(tx: Tx, commands: Sequence[CountTags]) -> list[TagsCounted | Refusal]:
    """Take bulk reads as counts; one `TagsCounted` or Refusal per command.

    Each place that was read becomes a count that is done. By the rule of counts.tags a product's units in it are sure
    or not: what is sure and differs is booked, at the moment of reading (stock.counted); what is not sure is to be
    counted by people. Strays are told and change nothing. The same reference again is answered as before. Refuses
    malformed, unknown_site, unknown_place, read_differs.
    """
    known = Documents(tx, "tag_read", "read_differs", TagsCounted, [(e.form.site, e.form.reference) for e in commands])
    results: list[Any] = []
    for each in commands:
        # One after the other: reads are few, and large.
        findings = _findings(tx, each.form)
        earlier = None if findings else known.earlier(each.form.site, each.form.reference, each.form)
        if findings or earlier:
            results.append(refusal_of(findings) if findings else earlier)
            continue
        answer = _count(tx, each)
        known.add(tx, each.form.site, each.form.reference, each.form, answer)
        results.append(answer)
    known.write(tx)
    return results


def _findings(tx: Tx, form: TagForm) -> list[Finding]:
    findings = list(text_findings(form))
    if sum(len(each.tags) for each in form.passes) > TAGS_MAX:
        findings.append(
            worded("/passes", "too_many", "These are more than {most} tags; send them in parts.", most=TAGS_MAX)
        )
    if form.read_at is not None and form.read_at > tx.now:
        findings.append(Finding("/read_at", "read_at", "This is in the future."))
    if findings:
        return findings
    if tx.row("SELECT code FROM site WHERE code = %(site)s", site=form.site) is None:
        return [known_as("unknown_site", "/site")]
    places = _places(tx, form)
    return [
        known_as("unknown_place", f"/passes/{i}/place")
        for i, each in enumerate(form.passes)
        if each.place not in places
    ]


def _places(tx: Tx, form: TagForm) -> dict[str, int]:
    rows = tx.rows(
        "SELECT id, code FROM place WHERE site = %(site)s AND code = ANY(%(codes)s::text[])"
        " AND kind IN ('bin', 'quarantine')",
        site=form.site, codes=array({each.place for each in form.passes}),
    )  # fmt: skip
    return {row.code: row.id for row in rows}


def _count(tx: Tx, command: CountTags) -> TagsCounted:
    form = command.form
    at = form.read_at or tx.now
    places = _places(tx, form)
    tags = _read(tx, _all_tags(form))
    lots, unsure = _lots(tx, places)
    booked = lock_seen(tx, [Seen(sku, form.site, places[place], lot, at) for (place, sku), lot in lots.items()])
    units = {key: booked[Seen(key[1], form.site, places[key[0]], lot, at)].then for key, lot in lots.items()}
    runs: dict[str, int] = {}
    for each in form.passes:
        runs[each.place] = runs.get(each.place, 0) + 1
    heard = at_home(
        [(e.place, _tags_of(e)) for e in form.passes], {t: sku for t, (sku, _) in tags.units.items()}, units
    )
    holders = holders_of(tx, tags.units.values())
    held = [tag for tag, unit in tags.units.items() if unit in holders]
    # Which lot of several a tag is of, it does not say: its tags are no strays, and its products are for people.
    several = [each for each in heard if (each.place, each.sku) not in unsure]
    told, strays = tell(several, units, runs, held, value_of(tx, TAG_MISS_PERMILLE))
    answered = _write(tx, command, at, places, _Found(told, lots, booked, unsure))
    return TagsCounted(
        form.site, form.reference, sum(len(each.tags) for each in form.passes), len(_all_tags(form)), answered,
        _shown(strays), len(strays), tags.unreadable, tags.cartons, tags.unknown,
    )  # fmt: skip


def _all_tags(form: TagForm) -> set[str]:
    return {tag for each in form.passes for tag in _tags_of(each)}


def _tags_of(told: TagPass) -> set[str]:
    """The tags of a pass, each once, however readers write them."""
    return {tag.upper() for tag in told.tags}


def _shown(strays: Sequence[Stray]) -> list[StrayTag]:
    return [StrayTag(*each) for each in sorted(strays)[:STRAYS_MAX]]


def _read(tx: Tx, texts: set[str]) -> _Tags:
    items: dict[str, TaggedItem] = {}
    unreadable = cartons = 0
    for text in texts:
        try:
            tag = read_tag(text)
        except Refusal:
            unreadable += 1
            continue
        if isinstance(tag, TaggedItem):
            items[text] = tag
        else:
            cartons += 1
    skus = _skus(tx, {each.gtin for each in items.values()})
    units = {text: (skus[each.gtin], each.serial) for text, each in items.items() if each.gtin in skus}
    return _Tags(units, unreadable, cartons, len(items) - len(units))


def _skus(tx: Tx, gtins: set[str]) -> dict[str, str]:
    names = {g: [g[14 - n :] for n in _GTIN_LENGTHS if not g[: 14 - n].strip("0")] for g in gtins}
    found = resolve_codes(tx, [("", name, tx.now) for each in names.values() for name in each])
    by_name = {name: sku for (_, name, _), sku in found.items()}
    return {g: next(by_name[n] for n in each if n in by_name) for g, each in names.items() if by_name.keys() & each}


def _lots(tx: Tx, places: Mapping[str, int]) -> tuple[dict[Bin, str], set[Bin]]:
    """The lot of each product booked in the places, and those of which several lots lie there."""
    rows = tx.rows(
        "SELECT p.code, s.sku, array_agg(s.lot ORDER BY s.lot) AS lots FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE s.place_id = ANY(%(ids)s::bigint[]) AND s.quantity > 0 GROUP BY p.code, s.sku",
        ids=array(sorted(places.values())),
    )
    one = {(row.code, row.sku): row.lots[0] for row in rows if len(row.lots) == 1}
    return one, {(row.code, row.sku) for row in rows if len(row.lots) > 1}


class _Found(NamedTuple):
    """What a read says of products, of which lot, beside the books; and of which it cannot tell the lot."""

    told: Mapping[Bin, Told]
    lots: Mapping[Bin, str]
    booked: Mapping[Seen, Lying]
    unsure: set[Bin]


def _write(tx: Tx, command: CountTags, at: datetime, places: Mapping[str, int], found: _Found) -> list[PlaceTold]:
    posting = Posting()
    counts: list[CountRow] = []
    lines: list[LineRow] = []
    wanted: list[WantedCount] = []
    told: list[PlaceTold] = []
    site = command.form.site
    for place, place_id in sorted(places.items()):
        count = CountRow(
            new_id(), site, place_id, place, "", "tags", "done", 0, 1, None, [command.actor], at, tx.now, at
        )
        mine = {key: each for key, each in sorted(found.told.items()) if key[0] == place}
        changed: list[CountFound] = []
        for (_, sku), each in mine.items():
            if not each.is_sure:
                continue
            lot = found.lots[place, sku]
            lying = found.booked[Seen(sku, site, place_id, lot, at)]
            counted = Counted(each.counted, lying.then)
            change = correction(counted, lying.now) if counted.difference else 0
            posting.add(count, (sku, lot), change, command.actor)
            lines.append(
                LineRow(count.id, 1, sku, lot, lying.now, lying.then - lying.now, each.counted, at, change or None)
            )
            if change:
                changed.append(CountFound(sku, each.counted, lying.then, lot, change))
        doubtful = sorted({key[1] for key, each in mine.items() if not each.is_sure}
                          | {sku for at_place, sku in found.unsure if at_place == place})  # fmt: skip
        wanted += [WantedCount(site, place_id, sku, "tags", TAGS_PRIORITY) for sku in doubtful]
        units = sum(each.counted for each in mine.values())
        told.append(PlaceTold(place, count.id, len(mine), units, changed, doubtful))
        counts.append(count)
        differences = [(each.sku, each.lot, each.counted - each.booked) for each in changed]
        fact = CountEntered(round=1, lots=len(mine), verdict="post", differences=differences)
        tx.record("count", count.id, fact, actor=command.actor, occurred_at=at)
    add_done(tx, counts)
    write_lines(tx, lines)
    post(tx, posting)
    want_counts(tx, wanted)
    return told
