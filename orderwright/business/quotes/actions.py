"""Drafts kept and thrown away, quotes taken back. What becomes an order or a quote is in deeds/quoting."""

from collections.abc import Sequence

import msgspec

from orderwright.business.quotes.forms import (
    DraftForm,
    DraftNow,
    DropDraft,
    Dropped,
    QuoteRow,
    SaveDraft,
    WithdrawQuote,
)
from orderwright.business.quotes.reads import quotes_by_number
from orderwright.business.quotes.rows import (
    KeptDraft,
    draft_counts,
    keep_drafts,
    lock_drafts,
    lock_quotes,
    mark_withdrawn,
)
from orderwright.business.quotes.rules import DRAFTS_MAX
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def save_drafts(tx: Tx, commands: Sequence[SaveDraft]) -> list[DraftNow | Refusal]:
    """Keep drafts as they are written now; one `DraftNow` or Refusal per command. A new id begins a draft.

    Refuses malformed (texts no paper takes, an id that is none), not_found (somebody else's), stale (version),
    too_many_drafts.
    """
    drafts = lock_drafts(tx, [each.id for each in commands])
    counts = draft_counts(tx, [each.actor for each in commands])
    results: list[DraftNow | Refusal] = []
    changed: dict[str, KeptDraft] = {}
    for command in commands:
        refusal = _refused(command, drafts.get(command.id), counts.get(command.actor, 0))
        if refusal is not None:
            results.append(refusal)
            continue
        before = drafts.get(command.id)
        if before is None:
            counts[command.actor] = counts.get(command.actor, 0) + 1
        form = command.form
        kept = KeptDraft(
            command.id, command.actor, name_of(form), len(form.lines), msgspec.json.encode(form).decode(),
            1 if before is None else before.version + 1, tx.now if before is None else before.made_at,
        )  # fmt: skip
        drafts[command.id] = changed[command.id] = kept
        results.append(DraftNow(kept.id, kept.version, tx.now, form))
    keep_drafts(tx, list(changed.values()))
    return results


def drop_drafts(tx: Tx, commands: Sequence[DropDraft]) -> list[Dropped | Refusal]:
    """Throw drafts away. Refuses not_found, also for somebody else's."""
    drafts = lock_drafts(tx, [each.id for each in commands])
    results: list[Dropped | Refusal] = []
    gone: dict[str, KeptDraft] = {}
    for command in commands:
        draft = drafts.get(command.id)
        if draft is None or draft.owner != command.actor or command.id in gone:
            results.append(Refusal("not_found", draft=command.id))
            continue
        gone[command.id] = draft._replace(is_gone=True)
        results.append(Dropped(command.id))
    keep_drafts(tx, list(gone.values()))
    return results


def withdraw_quotes(tx: Tx, commands: Sequence[WithdrawQuote]) -> list[QuoteRow | Refusal]:
    """Take quotes back. Refuses not_found, quote_step (ordered or withdrawn before)."""
    quotes = lock_quotes(tx, [each.number for each in commands])
    results: list[str | Refusal] = []
    taken: list[tuple[str, str]] = []
    for command in commands:
        quote = quotes.get(command.number)
        if quote is None:
            results.append(Refusal("not_found", quote=command.number))
        elif quote.ordered_at is not None or quote.withdrawn_at is not None or command.number in dict(taken):
            state = "ordered" if quote.ordered_at is not None else "withdrawn"
            results.append(Refusal("quote_step", number=command.number, state=state))
        else:
            taken.append((command.number, command.actor))
            results.append(command.number)
    mark_withdrawn(tx, taken)
    now = quotes_by_number(tx, [number for number, _ in taken])
    return [each if isinstance(each, Refusal) else now[each].row for each in results]


def name_of(form: DraftForm) -> str:
    """Whose draft or quote it is, in a list: a name, else how to reach them."""
    customer = form.customer
    return customer.name or form.ship_to.name or form.ship_to.company or customer.email or customer.phone


def _refused(command: SaveDraft, before: KeptDraft | None, count: int) -> Refusal | None:
    findings = list(text_findings(command.form))
    if not is_id(command.id) or command.id != command.id.lower():
        findings.append(Finding("/id", "bad_id", "A draft is named by a UUID in small letters."))
    if findings:
        return refusal_of(findings)
    if before is None:
        return Refusal("too_many_drafts", most=DRAFTS_MAX) if count >= DRAFTS_MAX else None
    if before.owner != command.actor:
        return Refusal("not_found", draft=command.id)
    if command.version is not None and command.version != before.version:
        return Refusal("stale", version=before.version)
    return None
