"""Tasks that call the outside: no transaction is open while they do, and no answer is taken for granted."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import structlog

from orderwright.database import crash, tasks
from orderwright.database.store import Store
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.doors.figures import Figures
from orderwright.doors.logs import told
from orderwright.doors.worker.attempts import in_tx, is_away
from orderwright.doors.worker.kinds import CallKind, NotCalled
from orderwright.values.refusal import Refusal

THREADS = 8
UNKNOWN_BATCH = 50

log = structlog.get_logger(room="worker")


class _Called(NamedTuple):
    """What came of a call. `error`: what went wrong; then `outcome` tells what follows.

    failed: it did not happen and is made again later. unknown: it may have, and is asked about. lost: it may
    have, and nobody can be asked, so a person looks.
    """

    task: Task
    answer: Any = None
    error: str | None = None
    outcome: str = "failed"


class Calls:
    """Runs call tasks of one store."""

    def __init__(self, store: Store, figures: Figures) -> None:
        self._store = store
        self._figures = figures
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="call")

    def run(self, kind: CallKind, claimed: Sequence[Task]) -> None:
        """Make the calls of claimed tasks and record their answers."""
        wanted = self._start(kind, claimed)
        if wanted:
            crash.point("before call")
        called = list(self._threads.map(lambda pair: _call(kind, *pair), wanted))
        if wanted:
            crash.point("after call")
        self._record(kind, called)

    def settle_unknown(self, kinds: Mapping[str, CallKind]) -> int:
        """Find out what became of calls whose worker died in them, by asking; never by calling again."""
        claimed = in_tx(self._store, lambda tx: tasks.claim_unknown(tx, UNKNOWN_BATCH))
        for name in sorted({task.name for task in claimed}):
            mine = [task for task in claimed if task.name == name]
            if name in kinds:
                self._settle(kinds[name], mine)
        return len(claimed)

    def _settle(self, kind: CallKind, claimed: Sequence[Task]) -> None:
        try:
            requests = in_tx(self._store, lambda tx: kind.start(tx, claimed))
            called = [_ask(kind, task, each) for task, each in zip(claimed, requests, strict=True)]
        except Exception as error:
            if is_away(error):
                raise
            called = [_Called(task, error=told(error), outcome="unknown") for task in claimed]
        self._record(kind, called)

    def _start(self, kind: CallKind, claimed: Sequence[Task]) -> list[tuple[Task, Any]]:
        """What to call. From the commit of this on, a worker that dies leaves the call unknown."""
        try:
            return in_tx(self._store, lambda tx: _prepare(tx, kind, claimed))
        except Exception as error:
            if is_away(error):
                raise
            if len(claimed) == 1:
                self._not_answered(kind, _Called(claimed[0], error=told(error)))
                return []
            middle = len(claimed) // 2
            return self._start(kind, claimed[:middle]) + self._start(kind, claimed[middle:])

    def _record(self, kind: CallKind, called: Sequence[_Called]) -> None:
        self._finish(kind, [each for each in called if each.error is None])
        for each in called:
            if each.error is not None:
                self._not_answered(kind, each)

    def _finish(self, kind: CallKind, answered: Sequence[_Called]) -> None:
        if not answered:
            return
        try:
            in_tx(self._store, lambda tx: _write(tx, kind, answered))
        except Exception as error:
            if is_away(error):
                raise
            if len(answered) == 1:
                # The call happened, so its task stays unknown and is asked about.
                return self._not_answered(kind, answered[0]._replace(error=told(error), outcome="unknown"))
            middle = len(answered) // 2
            self._finish(kind, answered[:middle])
            self._finish(kind, answered[middle:])
        else:
            self._figures.count("orderwright_tasks_run", (kind.name, "done"), len(answered))
        return None

    def _not_answered(self, kind: CallKind, called: _Called) -> None:
        task = called.task
        goes_on = task.attempt < tasks.ATTEMPTS_MAX
        log.warning("call_" + called.outcome, task=task.name, id=task.id, attempt=task.attempt, error=called.error)
        self._figures.count("orderwright_tasks_run", (task.name, called.outcome))
        if called.outcome == "unknown" and goes_on:
            return  # its lease lapses, and whoever looks then asks
        is_over = called.outcome != "failed"
        in_tx(self._store, lambda tx: _fail(tx, kind, task, called.error or "", final=is_over))


def _prepare(tx: Tx, kind: CallKind, claimed: Sequence[Task]) -> list[tuple[Task, Any]]:
    requests = list(zip(claimed, kind.start(tx, claimed), strict=True))
    tasks.finish(tx, [task for task, request in requests if request is None])
    for task, request in requests:
        if isinstance(request, Refusal):
            _fail(tx, kind, task, request.code, final=not request.kind.may_retry)
    wanted = [each for each in requests if each[1] is not None and not isinstance(each[1], Refusal)]
    mine = tasks.mark_calling(tx, [task for task, _ in wanted])
    return [(task, request) for task, request in wanted if task.id in mine]


def _fail(tx: Tx, kind: CallKind, task: Task, error: str, *, final: bool) -> None:
    if tasks.fail(tx, task, error, final=final) and kind.give_up is not None:
        kind.give_up(tx, task, error)


def _write(tx: Tx, kind: CallKind, answered: Sequence[_Called]) -> None:
    claimed = [each.task for each in answered]
    kind.finish(tx, claimed, [each.answer for each in answered])
    if len(tasks.finish(tx, claimed)) < len(claimed):
        raise RuntimeError("another worker has the task by now")


def _call(kind: CallKind, task: Task, request: Any) -> _Called:
    try:
        return _Called(task, kind.call(request))
    except NotCalled as error:
        return _Called(task, error=told(error))
    except Exception as error:  # noqa: BLE001 - whatever a link raises, the question is whether it happened
        return _ask(kind, task, request, told(error))


def _ask(kind: CallKind, task: Task, request: Any, error: str = "its worker died while it called") -> _Called:
    """What became of a call without an answer. Nothing more to call: it is settled when it is tried again."""
    if request is None or isinstance(request, Refusal):
        return _Called(task, error=error)
    if kind.ask is None:
        return _Called(task, error=error, outcome="lost")
    try:
        answer = kind.ask(request)
    except Exception as again:  # noqa: BLE001 - still not known
        return _Called(task, error=told(again), outcome="unknown")
    return _Called(task, answer) if answer is not None else _Called(task, error=error)
