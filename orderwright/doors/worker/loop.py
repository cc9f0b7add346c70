"""The worker: claims due tasks of a store in batches and runs their verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from orderwright.database import crash, schedules, tasks
from orderwright.database.store import Store
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.doors.figures import Figures
from orderwright.doors.logs import told, trace
from orderwright.doors.worker.attempts import in_tx, is_away
from orderwright.doors.worker.calls import Calls
from orderwright.doors.worker.kinds import CallKind, Kind, Schedule, TaskKind
from orderwright.values.refusal import Refusal

TASKS_AT_ONCE = 200
CALLS_AT_ONCE = 16
BATCHES_MAX = 1_000_000

log = structlog.get_logger(room="worker")


class LostLease(Exception):
    """Another worker has the task by now; what was done for it here is undone."""


class Worker:
    """Works for one store. Several may work for the same one, in as many processes as wanted."""

    def __init__(
        self,
        store: Store,
        kinds: Sequence[Kind],
        timetable: Sequence[Schedule],
        figures: Figures | None = None,
        calls_at_once: int = CALLS_AT_ONCE,
    ) -> None:
        self.store = store
        self._calls_at_once = calls_at_once
        self._figures = figures or Figures()
        self._plain: Mapping[str, TaskKind] = {kind.name: kind for kind in kinds if isinstance(kind, TaskKind)}
        self._calling: Mapping[str, CallKind] = {kind.name: kind for kind in kinds if isinstance(kind, CallKind)}
        self._timetable = {each.name: each.next_after for each in timetable}
        self._calls = Calls(store, self._figures)

    def work(self) -> int:
        """One batch of due tasks that are all database; how many there were."""
        claimed = self._claim(self._plain, TASKS_AT_ONCE)
        if claimed:
            self._run(self._plain[claimed[0].name], claimed)
        return len(claimed)

    def call(self) -> int:
        """One batch of due tasks that call the outside, and calls to be asked about; how many there were."""
        claimed = self._claim(self._calling, self._calls_at_once)
        if claimed:
            self._calls.run(self._calling[claimed[0].name], claimed)
        return len(claimed) + self._calls.settle_unknown(self._calling)

    def tend(self) -> int:
        """Schedules that fall due, and the leases of workers that died; how many there were."""

        def look(tx: Tx) -> tuple[list[str], int]:
            return schedules.enqueue_due(tx, self._timetable), tasks.sweep_lapsed(tx)

        started, lapsed = in_tx(self.store, look)
        for name in started:
            self._figures.count("orderwright_schedules_run", (name,))
        return len(started) + lapsed

    def run_until_idle(self) -> int:
        """Work until nothing is due at the store's present time; how many tasks that were.

        The clock is not moved: `schedules.next_due` says to where it may be.
        """
        total = 0
        for _ in range(BATCHES_MAX):
            done = self.work() or self.call() or self.tend()
            if not done:
                return total
            total += done
        raise RuntimeError(f"still not idle after {BATCHES_MAX} batches: a task keeps enqueuing itself")

    def _claim(self, kinds: Mapping[str, Kind], most: int) -> list[Task]:
        claimed = in_tx(self.store, lambda tx: tasks.claim(tx, list(kinds), most)) if kinds else []
        if claimed:
            crash.point("task claimed")
        return claimed

    def _run(self, kind: TaskKind, claimed: Sequence[Task]) -> None:
        """All in one Tx; when that fails, in halves down to the culprit, which alone is put back or dies."""
        try:
            refused = in_tx(self.store, lambda tx: _do(tx, kind, claimed))
        except LostLease:
            log.warning("lease_lost", task=kind.name, count=len(claimed))
        except Exception as error:
            if is_away(error):
                raise
            if len(claimed) == 1:
                return self._fail(claimed[0], error)
            middle = len(claimed) // 2
            self._run(kind, claimed[:middle])
            self._run(kind, claimed[middle:])
        else:
            self._figures.count("orderwright_tasks_run", (kind.name, "refused"), refused)
            self._figures.count("orderwright_tasks_run", (kind.name, "done"), len(claimed) - refused)
        return None

    def _fail(self, task: Task, error: Exception) -> None:
        log.error(
            "task_failed", task=task.name, id=task.id, attempt=task.attempt, error=told(error), trace=trace(error)
        )
        in_tx(self.store, lambda tx: tasks.fail(tx, task, told(error)))
        self._figures.count("orderwright_tasks_run", (task.name, "failed"))


def _do(tx: Tx, kind: TaskKind, claimed: Sequence[Task]) -> int:
    """Do tasks and mark them done, in one Tx; how many of them were refused."""
    results: Sequence[Any] = kind.work(tx, claimed) or [None] * len(claimed)
    done = [task for task, result in zip(claimed, results, strict=True) if not isinstance(result, Refusal)]
    if len(tasks.finish(tx, done)) < len(done):
        raise LostLease
    for task, result in zip(claimed, results, strict=True):
        if isinstance(result, Refusal):
            tasks.fail(tx, task, result.code, final=not result.kind.may_retry)
    return len(claimed) - len(done)
