"""What is done to a store that is nobody's shop: a hint looked at, the demo made to wait."""

from collections.abc import Sequence

from orderwright.business.practice.forms import PauseDemo, ShowHint
from orderwright.business.practice.rules import TASKS
from orderwright.database.invented import find_mark, set_paused
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def show_hints(tx: Tx, commands: Sequence[ShowHint]) -> list[str | Refusal]:
    """Note that hints were looked at; the task's name or Refusal per command.

    Refuses not_found: no such task, or nobody practises here.
    """
    mark = find_mark(tx)
    known = TASKS if mark is not None and mark.is_practice else ()
    shown = sorted({each.task for each in commands if each.task in known})
    tx.write(
        "INSERT INTO practice_hint (task, shown_at) SELECT task, %(now)s FROM unnest(%(tasks)s::text[]) AS n(task)"
        " ON CONFLICT DO NOTHING",
        now=tx.now, tasks=shown,
    )  # fmt: skip
    return [each.task if each.task in known else Refusal("not_found", task=each.task) for each in commands]


def pause_demos(tx: Tx, commands: Sequence[PauseDemo]) -> list[bool]:
    """Have a demo that goes on by itself wait, or go on; whether it waits now. Nothing happens in any other store."""
    for command in commands:
        set_paused(tx, is_paused=command.is_paused)
    mark = find_mark(tx)
    return [mark is not None and mark.paused_at is not None for _ in commands]
