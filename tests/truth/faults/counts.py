"""Faults of counts. A MUG lies in STOCK of LEEDS."""

from tests.truth.world import Fault

_TASK = (
    "INSERT INTO count_task (id, site, place_id, reason, state, counted_by, made_at, due_at, ended_at)"
    " SELECT #count1, 'LEEDS', id, 'asked', 'done', '{{{people}}}', '2026-11-20', '2026-11-20', '2026-11-20'"
    " FROM place WHERE site = 'LEEDS' AND code = 'STOCK'"
)
_LINE = (
    "INSERT INTO count_line (count_id, round, sku, lot, booked, moved, counted, counted_at, posted)"
    " VALUES (#count1, 1, 'MUG', '', 5, 0, {counted}, '2026-11-20', {posted})"
)

FAULTS = (
    Fault(
        "counts_changed_the_books_by_what_they_found", "a count says it took units away and did not",
        ";\n".join([_TASK.format(people="ann"), _LINE.format(counted=4, posted=-1)]),
        "-1 by its lines, 0 by the journal",
    ),
    Fault(
        "counts_are_done_when_their_last_round_is", "a count was done before it was counted",
        ";\n".join([_TASK.format(people="ann"), _LINE.format(counted="NULL", posted="NULL")]),
        "is done in round 1: MUG of round 1",
    ),
    Fault(
        "counts_are_done_when_their_last_round_is", "somebody counted their own count again",
        _TASK.format(people="ann,ann"),
        "is done in round 1",
    ),
)  # fmt: skip
