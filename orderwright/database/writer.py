"""The writer: what arrives at the same moment shares one transaction (group commit).

One queue per kind of action; a group holds one kind. The next group is what queued while the last one
committed, without a timer: waiting for the disk is what an order costs, so the wait is shared.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

import psycopg

from orderwright.database import replay
from orderwright.database.outcome import CommitUnknown
from orderwright.database.store import Store
from orderwright.database.tx import Collision, Tx
from orderwright.values.refusal import Refusal

Action = Callable[[Tx, Sequence[Any]], list[Any]]

GROUP_COMMANDS_MAX = 256
GROUP_WEIGHT_MAX = 5_000
WAITING_MAX = 20_000
RETRIES = 5
RETRYABLE = (
    Collision,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
)


class Call(NamedTuple):
    """Commands of one caller. `claim` ties the answer to an Idempotency-Key."""

    commands: Sequence[Any]
    weight: int
    claim: replay.Claim | None
    future: "Future[list[Any]]"


class Writer:
    """Runs actions of one store in groups, on a few threads.

    `lanes` groups of one kind may overlap, and one more while a whole group waits: with few callers, more lanes
    would only make groups smaller.
    """

    def __init__(self, store: Store, threads: int = 4, lanes: int = 2) -> None:
        self._store = store
        self._lanes = lanes
        self._queues: dict[Action, deque[Call]] = {}
        self._running: dict[Action, int] = {}
        self._queued: Counter[Action] = Counter()  # commands that wait
        self._wake = threading.Condition()
        self._stopping = False
        self._waiting = 0
        self._threads = [threading.Thread(target=self._work, name=f"writer-{i}", daemon=True) for i in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(
        self, action: Action, commands: Sequence[Any], *, claim: replay.Claim | None = None, weight: int = 1
    ) -> "Future[list[Any]]":
        """Queue commands of one caller; the future brings one result or Refusal each, after the commit.

        weight: roughly the rows it writes, such as order lines. Refuses overloaded when too much waits.
        The future raises CommitUnknown when the outcome could not be learnt, or the bug that broke this call.
        """
        call = Call(commands, weight, claim, Future())
        with self._wake:
            if self._stopping or self._waiting >= WAITING_MAX:
                raise Refusal("overloaded")
            self._waiting += 1
            self._queued[action] += len(commands)
            self._queues.setdefault(action, deque()).append(call)
            self._wake.notify()
        return call.future

    def run(self, action: Action, commands: Sequence[Any]) -> list[Any]:
        """Submit and wait: for threads that are not an event loop."""
        return self.submit(action, commands).result()

    def stop(self) -> None:
        """Finish what was accepted, then end the threads."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            action, group = taken
            try:
                self._run(action, group)
            finally:
                with self._wake:
                    self._running[action] -= 1
                    self._wake.notify()

    def _take(self) -> tuple[Action, list[Call]] | None:
        with self._wake:
            while True:
                for action, queue in self._queues.items():
                    lanes = self._lanes + (self._queued[action] >= GROUP_COMMANDS_MAX)
                    if queue and self._running.get(action, 0) < lanes:
                        self._running[action] = self._running.get(action, 0) + 1
                        group = _next_group(queue)
                        self._waiting -= len(group)
                        self._queued[action] -= sum([len(call.commands) for call in group])
                        # The kind just served goes last, so that no kind starves another.
                        self._queues[action] = self._queues.pop(action)
                        return action, group
                if self._stopping and not any(self._queues.values()):
                    return None
                self._wake.wait()

    def _run(self, action: Action, group: list[Call]) -> None:
        for attempt in range(RETRIES):
            try:
                answers = self._commit(action, group, is_again=attempt > 0)
            except RETRYABLE:
                # Two processes met; whole group again, so that each rule sees what the other wrote.
                if attempt + 1 < RETRIES:
                    continue
                return self._halve(action, group)
            except psycopg.OperationalError as lost:
                # The transaction is known to be undone. A server that is restarting deserves another try.
                if attempt + 1 < RETRIES and self._store.database.wait_until_up():
                    continue
                return _raise_all(group, lost)
            except CommitUnknown as unknown:
                return _raise_all(group, unknown)
            except Exception as bug:  # noqa: BLE001 - a bug in one call must not take its group along
                if len(group) == 1:
                    return _raise_all(group, bug)
                return self._halve(action, group)
            for call, answer in zip(group, answers, strict=True):
                call.future.set_result(answer)
            return None
        return None

    def _halve(self, action: Action, group: list[Call]) -> None:
        """Down to the culprit, which alone fails."""
        if len(group) == 1:
            return _raise_all(group, Refusal("overloaded"))
        middle = len(group) // 2
        self._run(action, group[:middle])
        self._run(action, group[middle:])
        return None

    def _commit(self, action: Action, group: list[Call], *, is_again: bool) -> list[list[Any]]:
        with self._store.begin() as tx:
            tx.is_again = is_again
            answers, fresh = replay.look_up(tx, [call.claim for call in group])
            commands = [command for i in fresh for command in group[i].commands]
            results = action(tx, commands) if commands else []
            position = 0
            for i in fresh:
                count = len(group[i].commands)
                answers[i] = results[position : position + count]
                position += count
            replay.keep(tx, [(group[i].claim, answers[i]) for i in fresh])
            return [answer or [] for answer in answers]


def _next_group(queue: "deque[Call]") -> list[Call]:
    group = [queue.popleft()]
    commands, weight = len(group[0].commands), group[0].weight
    while queue:
        commands += len(queue[0].commands)
        weight += queue[0].weight
        if commands > GROUP_COMMANDS_MAX or weight > GROUP_WEIGHT_MAX:
            break
        group.append(queue.popleft())
    return group


def _raise_all(group: list[Call], error: BaseException) -> None:
    for call in group:
        call.future.set_exception(error)
