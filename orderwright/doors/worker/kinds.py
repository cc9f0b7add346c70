"""What a task's name stands for: verbs, registered in app.py."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.database.tasks import Task
from orderwright.database.tx import Tx


class TaskKind(NamedTuple):
    """A task that is all database. `work` does all of them or raises; its effect and "done" share a Tx.

    work(tx, tasks) returns nothing, or one result per task: a Refusal puts that task back (may_retry) or
    among the dead, anything else is done.
    """

    name: str
    work: Callable[[Tx, Sequence[Task]], Sequence[Any] | None]


class NotCalled(Exception):
    """The outside was not reached: nothing happened there, and the call may be made again."""


class CallKind(NamedTuple):
    """A task with a call to the outside, which no transaction waits for.

    start(tx, tasks): one request per task, the same again when asked again (same idempotency key); a
      Refusal, or None where nothing is to be called any more, ends the task.
    call(request): asks the outside once and returns its answer. Raises NotCalled when the call surely did
      not happen, and whatever else goes wrong when it may have.
    finish(tx, tasks, answers): records the answers, in the Tx in which the tasks are done.
    ask(request): what became of a call whose answer never came: the answer, or None if it never happened.
      Left out, such a task goes to a person.
    give_up(tx, task, error): what a person is to see when the task is dead and its call may have happened.
    """

    name: str
    start: Callable[[Tx, Sequence[Task]], Sequence[Any]]
    call: Callable[[Any], Any]
    finish: Callable[[Tx, Sequence[Task], Sequence[Any]], None]
    ask: Callable[[Any], Any] | None = None
    give_up: Callable[[Tx, Task, str], None] | None = None


Kind = TaskKind | CallKind


class Schedule(NamedTuple):
    """A task that falls due by the clock: `name` is the task's. It falls due once for all workers together.

    every: after the time it was due. at: when it is due next after a moment, for those that keep a calendar.
    """

    name: str
    every: timedelta = timedelta(hours=1)
    at: Callable[[datetime], datetime] | None = None

    def next_after(self, moment: datetime) -> datetime:
        """When it falls due next, after a moment."""
        return self.at(moment) if self.at is not None else moment + self.every
