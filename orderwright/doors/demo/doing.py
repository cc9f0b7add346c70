"""Doing deeds as the doors do them: many at a time, each part in a transaction of its own, tried again when two met."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.worker.attempts import in_tx

Command = TypeVar("Command")


def in_parts(
    store: Store,
    action: Callable[[Tx, Sequence[Command]], list[Any]],
    commands: Sequence[Command],
    most: int,
    *,
    is_alone: bool = False,
) -> list[Any]:
    """Run a plural action over commands, at most `most` in one transaction; all results, in order.

    is_alone: nobody else does the same meanwhile, so rows are locked at once instead of looked at twice.
    """
    results: list[Any] = []
    for at in range(0, len(commands), most):
        results += in_tx(store, _of(action, commands[at : at + most], is_alone))
    return results


def _of(
    action: Callable[[Tx, Sequence[Command]], list[Any]], commands: Sequence[Command], is_alone: bool
) -> Callable[[Tx], list[Any]]:
    def work(tx: Tx) -> list[Any]:
        tx.is_again = tx.is_again or is_alone
        return action(tx, commands)

    return work


def side_by_side(*work: Callable[[], Any]) -> list[Any]:
    """Do several things at once, each by a hand of its own; what each came to when all are done. The first error is
    raised."""
    with ThreadPoolExecutor(len(work) or 1, thread_name_prefix="demo") as threads:
        return [done.result() for done in [threads.submit(each) for each in work]]
