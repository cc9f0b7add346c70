"""The worker: each task done once, whatever goes wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.database import tasks
from orderwright.database.schedules import next_due
from orderwright.database.tasks import LEASE, Task
from orderwright.database.tx import Tx
from orderwright.doors.worker.kinds import CallKind, NotCalled, Schedule, TaskKind
from orderwright.doors.worker.loop import Worker
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.shop import Shop

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Bench:
    """A store on a clock of its own, and what its tasks did."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.done: list[Any] = []
        self.set_clock(NOON)

    def set_clock(self, moment: datetime) -> None:
        with self.shop.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=moment)

    def enqueue(self, name: str, *bodies: Any) -> None:
        with self.shop.begin() as tx:
            for body in bodies:
                tx.enqueue(name, new_id(), body)

    def states(self) -> list[tuple[Any, str, int]]:
        rows = self.shop.rows("SELECT body, state, attempt FROM task ORDER BY id")
        return [(row.body, row.state, row.attempt) for row in rows]

    def worker(self, *kinds: TaskKind | CallKind, timetable: Sequence[Schedule] = ()) -> Worker:
        return Worker(self.shop.store, kinds, timetable)


@pytest.fixture
def bench(shop: Shop) -> Bench:
    return Bench(shop)


def _note(bench: Bench) -> TaskKind:
    def work(tx: Tx, claimed: Sequence[Task]) -> None:
        if any(task.body == "bad" for task in claimed):
            raise ValueError("'secret' of buyer@example.org")
        bench.done += [task.body for task in claimed]
        tx.copy("usual_quantity", "sku, orders, median, mad_milli", [(str(task.body), 1, 1, 1) for task in claimed])

    return TaskKind("note", work)


def test_due_tasks_are_done_together(bench: Bench) -> None:
    bench.enqueue("note", 1, 2, 3)
    assert bench.worker(_note(bench)).run_until_idle() == 3
    assert (bench.done, [state for _, state, _ in bench.states()]) == ([1, 2, 3], ["done"] * 3)


def test_one_bad_task_fails_alone_and_is_put_back(bench: Bench) -> None:
    bench.enqueue("note", 1, "bad", 3, 4)
    bench.worker(_note(bench)).run_until_idle()
    assert bench.states() == [("1", "done", 1), ('"bad"', "open", 1), ("3", "done", 1), ("4", "done", 1)]
    assert [row.sku for row in bench.shop.rows("SELECT sku FROM usual_quantity ORDER BY sku")] == ["1", "3", "4"]
    (row,) = bench.shop.rows("SELECT error, run_at FROM task WHERE state = 'open'")
    assert (row.error, row.run_at) == ("ValueError: … of @", NOON + timedelta(seconds=5))


def test_a_task_that_keeps_failing_dies_and_others_go_on(bench: Bench) -> None:
    bench.enqueue("note", "bad")
    worker = bench.worker(_note(bench))
    for _ in range(tasks.ATTEMPTS_MAX):
        worker.run_until_idle()
        with bench.shop.store.read() as tx:
            due = next_due(tx, {})
        if due is not None:
            bench.set_clock(due)
    assert bench.states() == [('"bad"', "dead", tasks.ATTEMPTS_MAX)]


def test_a_refused_task_dies_while_its_neighbours_are_done(bench: Bench) -> None:
    def work(tx: Tx, claimed: Sequence[Task]) -> list[Any]:
        return [Refusal("not_found") if task.body == 2 else None for task in claimed]

    bench.enqueue("judge", 1, 2, 3)
    bench.worker(TaskKind("judge", work)).run_until_idle()
    assert [state for _, state, _ in bench.states()] == ["done", "dead", "done"]


def test_a_worker_that_slept_through_its_lease_undoes_what_it_did(bench: Bench) -> None:
    def work(tx: Tx, claimed: Sequence[Task]) -> None:
        tx.copy("usual_quantity", "sku, orders, median, mad_milli", [("X", 1, 1, 1)])
        with bench.shop.begin() as other:  # meanwhile another worker took it over
            other.write("UPDATE task SET attempt = attempt + 1")

    bench.enqueue("note", 1)
    bench.worker(TaskKind("note", work)).work()
    assert (bench.states(), bench.shop.rows("SELECT 1 FROM usual_quantity")) == ([("1", "running", 2)], [])


def test_a_dead_workers_tasks_run_again_after_their_lease(bench: Bench) -> None:
    bench.enqueue("note", 1)
    with bench.shop.begin() as tx:
        tasks.claim(tx, ["note"], 10)
    worker = bench.worker(_note(bench))
    assert worker.run_until_idle() == 0
    bench.set_clock(NOON + LEASE + timedelta(seconds=1))
    worker.run_until_idle()
    assert (bench.done, bench.states()) == ([1], [("1", "done", 2)])


class Outside:
    """An outside world with one button."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.pressed: list[str] = []
        self.trouble: Exception | None = None
        self.loses_reply = False
        self.is_deaf = False

    def start(self, tx: Tx, claimed: Sequence[Task]) -> list[Any]:
        return [None if task.body == "over" else task.id for task in claimed]

    def call(self, request: str) -> str:
        if self.trouble is not None:
            raise self.trouble
        if request not in self.pressed:
            self.pressed.append(request)
        if self.loses_reply:
            raise TimeoutError
        return f"answer {request}"

    def ask(self, request: str) -> str | None:
        if self.is_deaf:
            raise TimeoutError
        return f"answer {request}" if request in self.pressed else None

    def finish(self, tx: Tx, claimed: Sequence[Task], answers: Sequence[str]) -> None:
        assert answers == [f"answer {task.id}" for task in claimed]
        self.bench.done += [task.body for task in claimed]

    def kind(self, *, may_ask: bool = True) -> CallKind:
        return CallKind("press", self.start, self.call, self.finish, self.ask if may_ask else None)


def test_an_outside_call_is_made_and_its_answer_recorded(bench: Bench) -> None:
    outside = Outside(bench)
    bench.enqueue("press", 1, "over", 2)
    bench.worker(outside.kind()).run_until_idle()
    assert (bench.done, len(outside.pressed)) == ([1, 2], 2)
    assert [state for _, state, _ in bench.states()] == ["done"] * 3


def test_a_call_without_an_answer_is_asked_about_not_made_again(bench: Bench) -> None:
    outside = Outside(bench)
    outside.loses_reply = True
    bench.enqueue("press", 1)
    bench.worker(outside.kind()).run_until_idle()
    assert (bench.done, bench.states()) == ([1], [("1", "done", 1)])


def test_a_call_that_did_not_happen_is_made_again_later(bench: Bench) -> None:
    outside = Outside(bench)
    outside.trouble = NotCalled("nobody there")
    bench.enqueue("press", 1)
    worker = bench.worker(outside.kind())
    worker.run_until_idle()
    assert bench.states() == [("1", "open", 1)]
    outside.trouble = None
    bench.set_clock(NOON + timedelta(minutes=1))
    worker.run_until_idle()
    assert (bench.done, len(outside.pressed)) == ([1], 1)


def test_a_call_nobody_can_be_asked_about_goes_to_a_person(bench: Bench) -> None:
    outside = Outside(bench)
    outside.loses_reply = True
    bench.enqueue("press", 1)
    bench.worker(outside.kind(may_ask=False)).run_until_idle()
    assert (bench.done, bench.states()) == ([], [("1", "dead", 1)])


def test_a_worker_that_died_in_a_call_leaves_it_to_be_asked_about(bench: Bench) -> None:
    outside = Outside(bench)
    bench.enqueue("press", 1, 2)
    with bench.shop.begin() as tx:
        claimed = tasks.claim(tx, ["press"], 10)
        tasks.mark_calling(tx, claimed)
    outside.call(claimed[0].id)  # the first call reached the outside, the second did not
    worker = bench.worker(outside.kind())
    assert worker.run_until_idle() == 0
    bench.set_clock(NOON + LEASE + timedelta(seconds=1))
    worker.run_until_idle()
    assert (bench.done, [state for _, state, _ in bench.states()]) == ([1], ["done", "open"])
    bench.set_clock(NOON + timedelta(hours=1))
    worker.run_until_idle()
    assert (bench.done, len(outside.pressed)) == ([1, 2], 2)


def test_an_outside_that_cannot_be_asked_for_long_goes_to_a_person(bench: Bench) -> None:
    outside = Outside(bench)
    outside.loses_reply = outside.is_deaf = True
    bench.enqueue("press", 1)
    worker = bench.worker(outside.kind())
    for i in range(tasks.ATTEMPTS_MAX + 1):
        worker.run_until_idle()
        bench.set_clock(NOON + (i + 1) * (LEASE + timedelta(seconds=1)))
    ((_, state, _),) = bench.states()
    assert (state, len(outside.pressed), bench.done) == ("dead", 1, [])


def test_a_schedule_falls_due_once_for_all_workers(bench: Bench) -> None:
    timetable = [Schedule("tick", every=timedelta(hours=1))]
    tick = TaskKind("tick", lambda tx, claimed: bench.done.extend(claimed))
    workers = [bench.worker(tick, timetable=timetable) for _ in range(3)]
    for moment, times in ((NOON, 1), (NOON + timedelta(minutes=59), 1), (NOON + timedelta(hours=5), 2)):
        bench.set_clock(moment)
        for worker in workers:
            worker.run_until_idle()
        assert len(bench.done) == times


def test_a_schedule_waits_for_its_last_task(bench: Bench) -> None:
    timetable = [Schedule("note", every=timedelta(hours=1))]
    worker = bench.worker(timetable=timetable)
    for hours in range(3):
        bench.set_clock(NOON + timedelta(hours=hours))
        worker.tend()
    assert len(bench.states()) == 1
