"""Counts are asked for, begun and given up. What they find is entered in deeds/counts, since the books follow."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.warehouse.counting import WantedCount, want_counts
from orderwright.business.warehouse.counts.facts import CountBegun, CountCancelled
from orderwright.business.warehouse.counts.forms import (
    AskCount,
    AskCountForm,
    BeginCount,
    BeginForm,
    CancelCount,
    CountShown,
)
from orderwright.business.warehouse.counts.reads import counts_now
from orderwright.business.warehouse.counts.rows import (
    OVER,
    Count,
    drop_snapshots,
    is_left,
    keep_snapshots,
    lock_counts,
    save_counts,
)
from orderwright.business.warehouse.places import place_ids
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable, known_as, refusal_of, text_findings
from orderwright.values.refusal import Refusal

LEFT_AFTER = timedelta(hours=8)
"""Who began a count so long ago and told nothing is not counting: somebody else may."""


def ask_counts(tx: Tx, commands: Sequence[AskCount]) -> list[CountShown | Refusal]:
    """Ask for counts; one `CountShown` or Refusal per command. What is to be counted already: `repeated`.

    Refuses malformed, unknown_site, unknown_place (no bin and no quarantine of the site), unknown_sku.
    """
    places = _places(tx, commands)
    skus = {
        row.sku for row in tx.rows("SELECT sku FROM product WHERE sku = ANY(%(skus)s::text[]) AND NOT is_kit",
                                   skus=array(askable(each.sku for each in commands)))
    }  # fmt: skip
    sites = {row.code for row in tx.rows("SELECT code FROM site")}
    results: list[Any] = []
    wanted: list[WantedCount] = []
    for each in commands:
        form = AskCountForm(**{name: getattr(each, name) for name in AskCountForm.__struct_fields__})
        findings = list(text_findings(form))
        if not findings:
            if each.site not in sites:
                findings.append(known_as("unknown_site", "/site"))
            elif (each.site, each.place) not in places:
                findings.append(known_as("unknown_place", "/place"))
            if each.sku and each.sku not in skus:
                findings.append(known_as("unknown_sku", "/sku"))
        if findings:
            results.append(refusal_of(findings))
            continue
        place_id = places[each.site, each.place]
        results.append((place_id, each.sku))
        wanted.append(WantedCount(each.site, place_id, each.sku, "asked", each.priority))
    before = set(_open_counts(tx, wanted).values())
    want_counts(tx, wanted)
    found = _open_counts(tx, wanted)
    now = counts_now(tx, found.values())
    return [
        each if isinstance(each, Refusal)
        else msgspec.structs.replace(now[found[each]], repeated=found[each] in before)
        for each in results
    ]  # fmt: skip


def _places(tx: Tx, commands: Sequence[AskCount]) -> dict[tuple[str, str], int]:
    keys = [(each.site, each.place) for each in commands]
    return place_ids(tx, [key for key in keys if len(askable(key)) == len(set(key))], ("bin", "quarantine"))


def _open_counts(tx: Tx, wanted: Sequence[WantedCount]) -> dict[tuple[int, str], str]:
    rows = tx.rows(
        "SELECT c.id::text, c.place_id, c.sku FROM unnest(%(places)s::bigint[], %(skus)s::text[]) AS a(place_id, sku)"
        " JOIN count_task c USING (place_id, sku) WHERE c.state IN ('open', 'counting')",
        places=array(each.place_id for each in wanted),
        skus=array(each.sku for each in wanted),
    )
    return {(row.place_id, row.sku): row.id for row in rows}


def begin_counts(tx: Tx, commands: Sequence[BeginCount]) -> list[CountShown | Refusal]:
    """Somebody goes to count: what is booked is kept, and not shown; one `CountShown` or Refusal per command.

    The same counter again: `repeated`. Refuses malformed, not_found, count_step (it is over), counted_by_other
    (person; after eight hours another may take it over), same_counter (they counted an earlier round).
    """
    counts = lock_counts(tx, [each.count_id for each in commands])
    results: list[Any] = []
    begun: dict[str, int] = {}
    for each in commands:
        findings = list(text_findings(BeginForm(counter=each.counter)))
        count = counts.get(each.count_id)
        if findings or count is None:
            results.append(refusal_of(findings) if findings else Refusal("not_found", count_id=each.count_id))
            continue
        row = count.row
        is_repeated = row.state == "counting" and row.counter == each.counter
        refusal = None if is_repeated else _begin_refusal(tx, count, each.counter)
        results.append(refusal or is_repeated)
        if refusal is None and not is_repeated:
            count.becomes(state="counting", counter=each.counter, started_at=tx.now)
            begun[row.id] = row.round
            fact = CountBegun(site=row.site, place_id=row.place_id, round=row.round)
            tx.record("count", row.id, fact, actor=each.actor)
    if begun:
        drop_snapshots(tx, begun)
        keep_snapshots(tx, begun)
        save_counts(tx, counts.values())
    return _answers(tx, [each.count_id for each in commands], results)


def _begin_refusal(tx: Tx, count: Count, counter: str) -> Refusal | None:
    row = count.row
    if row.state in OVER:
        return Refusal("count_step", count_id=row.id, state=row.state)
    if row.state == "counting" and not is_left(row, tx.now, LEFT_AFTER):
        return Refusal("counted_by_other", count_id=row.id, person=row.counter)
    if counter in row.counted_by:
        return Refusal("same_counter", count_id=row.id, round=row.round)
    return None


def cancel_counts(tx: Tx, commands: Sequence[CancelCount]) -> list[CountShown | Refusal]:
    """Give counts up, whatever was found so far; one `CountShown` or Refusal per command. Again: `repeated`.

    Refuses not_found, count_step (it is done).
    """
    counts = lock_counts(tx, [each.count_id for each in commands])
    results: list[Any] = []
    for each in commands:
        count = counts.get(each.count_id)
        if count is None:
            results.append(Refusal("not_found", count_id=each.count_id))
        elif count.row.state == "done":
            results.append(Refusal("count_step", count_id=each.count_id, state="done"))
        else:
            results.append(count.row.state == "cancelled")
            if count.row.state != "cancelled":
                count.becomes(state="cancelled", ended_at=tx.now)
                tx.record("count", count.row.id, CountCancelled(round=count.row.round), actor=each.actor)
    save_counts(tx, counts.values())
    return _answers(tx, [each.count_id for each in commands], results)


def _answers(tx: Tx, ids: Sequence[str], results: Sequence[Any]) -> list[Any]:
    now = counts_now(tx, ids)
    return [
        each if isinstance(each, Refusal) else msgspec.structs.replace(now[id_], repeated=each)
        for id_, each in zip(ids, results, strict=True)
    ]
