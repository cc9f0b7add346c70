"""`check`: every invariant of the house, asked of a live store, in full or of what was touched since."""

from orderwright.business.truth import (
    belonging,
    counts,
    desk,
    facts,
    floor,
    gate,
    house,
    money,
    orders,
    packing,
    people,
    purchasing,
    quotes,
    reports,
    returns,
    scans,
    staff,
    stock,
    tasks,
    walks,
)
from orderwright.business.truth.slices import touched_since
from orderwright.database.invariants import CheckResult, Invariant, Progress, run_checks
from orderwright.database.store import Store
from orderwright.database.sweep import keep_watermark, last_watermark, watermark_of

# The longest come first, so that neither of the two connections ends up waiting for the other.
_LONGEST = ("facts_form_a_chain", "books_agree_with_papers_and_payments", "pick_lists_stay_in_their_order")
INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted(
        (
            *facts.INVARIANTS, *orders.INVARIANTS, *money.INVARIANTS, *floor.INVARIANTS, *belonging.INVARIANTS,
            *stock.INVARIANTS, *tasks.INVARIANTS, *returns.INVARIANTS, *house.INVARIANTS,
            *people.INVARIANTS, *gate.INVARIANTS, *walks.INVARIANTS, *counts.INVARIANTS, *scans.INVARIANTS,
            *packing.INVARIANTS, *purchasing.INVARIANTS, *staff.INVARIANTS,
            *desk.INVARIANTS, *reports.INVARIANTS,
            *quotes.INVARIANTS,
        ),
        key=lambda each: each.name not in _LONGEST,
    )
)  # fmt: skip


def check_store(store: Store, full: bool, progress: Progress | None = None) -> list[CheckResult]:
    """Check a store: everything, or (a sweep) what was touched since the last check that found nothing wrong.

    A sweep becomes a full check when there was none before, after a restore, and when very much was touched.
    The watermark moves on only when all holds, so that what is broken is found again by the next sweep.
    """
    with store.read() as tx:
        begun = watermark_of(tx)
        since = None if full else last_watermark(tx)
        scope = touched_since(tx, since) if since else None
    results = run_checks(store, INVARIANTS, full=scope is None, since=scope, progress=progress)
    if all(result.holds for result in results):
        with store.begin() as tx:
            keep_watermark(tx, begun)
    return results
