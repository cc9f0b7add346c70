"""What was found in a bin is entered: believed and booked, or counted again by somebody else."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.counts.posting import Posting, post
from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.stock.counted import Lying, Seen, goods_problems, lock_seen
from orderwright.business.warehouse.counts.facts import CountEntered
from orderwright.business.warehouse.counts.forms import CountShown, EnterCount, EnterForm
from orderwright.business.warehouse.counts.reads import counts_now
from orderwright.business.warehouse.counts.rows import Count, LineRow, lines_of, lock_counts, save_counts, write_lines
from orderwright.business.warehouse.counts.rules import Counted, Key, agrees, correction, verdict
from orderwright.business.warehouse.counts.settings import tolerance
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings, worded
from orderwright.values.refusal import Refusal

RECOUNT_PRIORITY = 60  # before what is counted in turn, and before short picks: somebody has looked already
RECOUNT_WITHIN = timedelta(hours=4)
_DISPUTED = "count_disputed"


class _Round(NamedTuple):
    """What a command tells of a round: units and moment by lot."""

    command: EnterCount
    task: Count
    told: Mapping[Key, tuple[int, datetime]]

    def seen(self, key: Key) -> Seen:
        row = self.task.row
        return Seen(key[0], row.site, row.place_id, key[1], self.told[key][1])


def enter_counts(tx: Tx, commands: Sequence[EnterCount]) -> list[CountShown | Refusal]:
    """Enter what was found; one `CountShown` or Refusal per command. The same again: `repeated`.

    What is believed (see counts.rules.verdict) is booked as a change, right whatever moved meanwhile: what was counted
    less what the books say of that moment (stock.counted). Promises that breaks are freed and routed again. What is not
    believed is open again for another person; a third decides when two disagree, and an exception tells a manager.
    Refuses malformed, not_found, count_step (nobody began it), counted_by_other (person), count_differs.
    """
    counts = lock_counts(tx, [each.count_id for each in commands])
    lines = lines_of(tx, counts)
    problems = goods_problems(tx, [(line.sku, line.lot) for each in commands for line in each.lines])
    results: list[Any] = []
    rounds: list[_Round] = []
    for each in commands:
        count = counts.get(each.count_id)
        answer = _refusal(tx, each, count, lines.get(each.count_id, []), problems)
        results.append(answer)
        if answer is None and count is not None:
            rounds.append(_Round(each, count, _told(tx, each, count, lines.get(each.count_id, []))))
            # From here on it is told: the same again in this call is a repetition.
            lines.setdefault(each.count_id, []).extend(
                LineRow(each.count_id, count.row.round, *key, 0, 0, units)
                for key, (units, _) in rounds[-1].told.items()
            )
            count.becomes(counter=None, counted_by=[*count.row.counted_by, each.counter])
    if rounds:
        _enter(tx, rounds, lines_of(tx, counts))
        save_counts(tx, counts.values())
    now = counts_now(tx, counts)
    return [
        each if isinstance(each, Refusal) else msgspec.structs.replace(now[command.count_id], repeated=each is True)
        for command, each in zip(commands, results, strict=True)
    ]


def _refusal(
    tx: Tx, command: EnterCount, count: Count | None, lines: Sequence[LineRow], problems: Mapping[Key, list[Finding]]
) -> Refusal | bool | None:
    """Why it cannot be entered; True when it was before."""
    findings = [*text_findings(EnterForm(counter=command.counter, lines=command.lines))]
    is_legible = not findings
    keys = [(line.sku, line.lot) for line in command.lines]
    for i, line in enumerate(command.lines):
        at = line.counted_at or command.counted_at
        if is_legible:
            findings += [each._replace(pointer=f"/lines/{i}{each.pointer}") for each in problems.get(keys[i], ())]
        if keys[i] in keys[:i]:
            findings.append(Finding(f"/lines/{i}", "twice", "This product and lot stands in an earlier line."))
        if at is not None and at > tx.now:
            findings.append(Finding(f"/lines/{i}/counted_at", "counted_at", "This is in the future."))
        if count is not None and count.row.sku not in ("", line.sku):
            findings.append(
                worded(f"/lines/{i}/sku", "other_product", "Only {sku} is counted here.", sku=count.row.sku)
            )
    if findings:
        return refusal_of(findings)
    if count is None:
        return Refusal("not_found", count_id=command.count_id)
    row = count.row
    if row.state == "counting" and row.counter == command.counter:
        return None
    if command.counter in row.counted_by:
        round_ = row.counted_by.index(command.counter) + 1
        before = {line.key: line.counted for line in lines if line.round == round_ and line.counted}
        is_same = before == {(line.sku, line.lot): line.counted for line in command.lines if line.counted}
        return True if is_same else Refusal("count_differs", count_id=row.id, round=round_)
    if row.state == "counting":
        return Refusal("counted_by_other", count_id=row.id, person=row.counter)
    return Refusal("count_step", count_id=row.id, state=row.state)


def _told(tx: Tx, command: EnterCount, count: Count, lines: Sequence[LineRow]) -> dict[Key, tuple[int, datetime]]:
    """What was found, and 0 of what the books had and nobody named."""
    begun = count.row.started_at or tx.now
    named = {
        (line.sku, line.lot): (line.counted, max(begun, line.counted_at or command.counted_at or tx.now))
        for line in command.lines
    }
    times = [at for _, at in named.values()]
    last = max(times, default=max(begun, command.counted_at or tx.now))
    unnamed = {line.key: (0, last) for line in lines if line.round == count.row.round}
    return {**unnamed, **named}


def _enter(tx: Tx, rounds: Sequence[_Round], lines: Mapping[str, Sequence[LineRow]]) -> None:
    booked = lock_seen(tx, [each.seen(key) for each in rounds for key in each.told])
    posting = Posting()
    written: list[LineRow] = []
    disputed: list[NewException] = []
    settled: list[tuple[str, str]] = []
    for each in rounds:
        row = each.task.row
        found = {key: _counted(each, key, booked, posting) for key in each.told}
        before = [{line.key: line.difference for line in lines.get(row.id, ()) if line.round == n}
                  for n in range(1, row.round)]  # fmt: skip
        allowed = tolerance(tx)
        said = verdict(row.round, found, before, allowed)
        snapshot = {line.key: line.booked for line in lines.get(row.id, ()) if line.round == row.round}
        for key, counted in found.items():
            units, at = each.told[key]
            change = None
            if said == "post" and counted.difference:
                change = correction(counted, booked[each.seen(key)].now + posting.changed(row.place_id, key))
                posting.add(row, key, change, each.command.actor)
            was = snapshot.get(key, 0)
            written.append(LineRow(row.id, row.round, *key, was, counted.booked - was, units, at, change or None))
        _tell(tx, each, said, found)
        if said == "post":
            if row.round == 3 and any(agrees(found, other, allowed) for other in before):
                settled.append((row.id, _DISPUTED))
            each.task.becomes(state="done", ended_at=tx.now)
        else:
            if said == "dispute":
                document = {"place": row.place, "sku": row.sku, "round": row.round}
                disputed.append(NewException("", row.id, _DISPUTED, document, site=row.site))
            each.task.becomes(
                state="open", reason="recount", round=row.round + 1, started_at=None,
                priority=max(row.priority, RECOUNT_PRIORITY), due_at=tx.now + RECOUNT_WITHIN,
            )  # fmt: skip
    write_lines(tx, written)
    post(tx, posting)
    open_exceptions(tx, disputed)
    close_exceptions(tx, settled, actor=rounds[0].command.actor, resolution="counted")


def _counted(round_: _Round, key: Key, booked: Mapping[Seen, Lying], posting: Posting) -> Counted:
    # What another count of this call puts right was as true when this one was counted.
    then = booked[round_.seen(key)].then + posting.changed(round_.task.row.place_id, key)
    return Counted(round_.told[key][0], then)


def _tell(tx: Tx, round_: _Round, said: str, found: Mapping[Key, Counted]) -> None:
    row = round_.task.row
    differences = [(*key, each.difference) for key, each in sorted(found.items()) if each.difference]
    fact = CountEntered(round=row.round, lots=len(found), verdict=said, differences=differences)
    at = max((at for _, at in round_.told.values()), default=tx.now)
    tx.record("count", row.id, fact, actor=round_.command.actor, occurred_at=at)
