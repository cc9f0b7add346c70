"""Scans come late, twice, out of order and bounced: each counts once, in its order, at its own time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.sessions.forms import ScanForm, TakeScans
from orderwright.database.tx import Tx
from tests.floor import done, refused
from tests.sessions.scanner import ScannedFloor, Scanner


def begun(floor: ScannedFloor) -> tuple[str, Scanner]:
    floor.put("A-1", "MUG", 10)
    floor.put("A-2", "TEE", 10)
    number = floor.place({"MUG": 2, "TEE": 1}).number
    floor.release(number)
    floor.walk()
    return str(number), floor.scanner()


WALK = ("A-1", "MUG", "MUG", "T:T1", "A-2", "TEE", "T:T1")


def scans(at: datetime | None = None) -> list[ScanForm]:
    """The whole walk, numbered, a second apart."""
    return [
        ScanForm(n=n, code=code, occurred_at=at and at + timedelta(seconds=n)) for n, code in enumerate(WALK, 1)
    ]  # fmt: skip


def picked(floor: ScannedFloor, number: str) -> list[int]:
    return [task.picked for task in floor.tasks(number)]


def now(floor: ScannedFloor) -> datetime:
    with floor.store.read() as tx:
        return tx.now


def test_scans_sent_late_twice_and_out_of_order_count_once_at_their_own_times(floor: ScannedFloor) -> None:
    # Edge case 37.
    number, ann = begun(floor)
    at = now(floor)
    floor.at(at + timedelta(minutes=2))
    queued = scans(at)
    shuffled = [queued[i] for i in (4, 2, 6, 0, 5, 1, 3)]
    first = ann.send(shuffled[:3])
    assert [answer.outcome for answer in first] == ["waiting"] * 3
    assert first[0].instruction.words == "Kept until scan 1 has come."
    assert picked(floor, number) == [0, 0]
    second = ann.send(shuffled)
    assert [answer.outcome for answer in second] == ["taken"] * 7
    assert picked(floor, number) == [2, 1]
    again = ann.send(queued)
    assert [answer.repeated for answer in again] == [True] * 7
    by_n = sorted(second, key=lambda answer: answer.n)
    assert [answer.instruction for answer in again] == [answer.instruction for answer in by_n]
    assert picked(floor, number) == [2, 1]
    moves = floor.rows("SELECT sku, quantity, occurred_at FROM stock_move WHERE kind = 'pick' ORDER BY occurred_at")
    assert [(row.sku, row.quantity, row.occurred_at) for row in moves] == [
        ("MUG", 2, at + timedelta(seconds=4)), ("TEE", 1, at + timedelta(seconds=7)),
    ]  # fmt: skip


def test_the_whole_walk_in_one_call_is_answered_scan_by_scan(floor: ScannedFloor) -> None:
    number, ann = begun(floor)
    answers = ann.send(scans())
    says = [answer.instruction.say for answer in answers]
    assert says == ["scan_item", "scan_more", "put_in_tote", "go_to_bin", "scan_item", "put_in_tote", "all_picked"]
    assert picked(floor, number) == [2, 1]


def test_the_same_scan_twice_in_one_call_counts_once(floor: ScannedFloor) -> None:
    _, ann = begun(floor)
    first, twin = ann.send([ScanForm(n=1, code="A-1"), ScanForm(n=1, code="A-1")])
    assert (first.repeated, twin.repeated, first.instruction) == (False, True, twin.instruction)


def test_another_code_under_a_number_that_was_told_is_refused(floor: ScannedFloor) -> None:
    _, ann = begun(floor)
    ann.scan("A-1")
    for scan in (ScanForm(n=1, code="A-2"), ScanForm(n=1, code="A-1", quantity=2), ScanForm(n=1, command="skip")):
        [answer] = ann.send([scan])
        assert (answer.outcome, answer.refusal, answer.instruction.facts) == (
            "refused", "scan_differs", {"n": 1, "before": "A-1"},
        )  # fmt: skip
    assert answer.instruction.expects == "item"
    assert [row.code for row in ann.rows()] == ["A-1"]


def test_a_number_far_ahead_of_its_turn_is_refused(floor: ScannedFloor) -> None:
    _, ann = begun(floor)
    kept, far = ann.send([ScanForm(n=1001, code="MUG"), ScanForm(n=1002, code="MUG")])
    assert (kept.outcome, far.refusal) == ("waiting", "scan_ahead")
    assert [row.n for row in ann.rows()] == [1001]


def test_a_trigger_that_bounces_is_one_scan_and_three_mugs_are_three(floor: ScannedFloor) -> None:
    # The same code five times in 50 ms under numbers of their own.
    _, ann = begun(floor)
    at = now(floor)
    ann.scan("A-1")
    bounced = [ScanForm(n=n, code="MUG", occurred_at=at + timedelta(milliseconds=10 * n)) for n in range(2, 7)]
    floor.at(at + timedelta(minutes=1))
    answers = ann.send(bounced)
    assert [answer.instruction.say for answer in answers] == ["scan_more"] + ["same_scan"] * 4
    assert {answer.outcome for answer in answers} == {"taken"}
    assert ann.now.left == 1
    [answer] = ann.send([ScanForm(n=7, code="MUG", occurred_at=at + timedelta(milliseconds=300))])
    assert answer.instruction.say == "put_in_tote"


def test_a_time_that_cannot_be_is_not_believed(floor: ScannedFloor) -> None:
    _, ann = begun(floor)
    at = now(floor)
    floor.at(at)
    opened = floor.value("SELECT opened_at FROM floor_session")
    ahead = ann.scan("A-1", occurred_at=at + timedelta(hours=1))
    behind = ann.scan("MUG", occurred_at=at - timedelta(days=400))
    assert [each.say for each in ahead.instruction.notices] == ["clock_ahead"]
    assert [each.say for each in behind.instruction.notices] == ["clock_behind"]
    assert [row.occurred_at for row in ann.rows()] == [at, opened]


def test_a_scan_that_waits_keeps_nothing_from_being_scanned_by_another(floor: ScannedFloor) -> None:
    number, ann = begun(floor)
    ann.send([ScanForm(n=9, code="MUG")])
    assert ann.all(*WALK).instruction.say == "all_picked"
    assert picked(floor, number) == [2, 1]


def test_scans_may_be_sent_by_the_walk_they_pick(floor: ScannedFloor) -> None:
    _, ann = begun(floor)
    walk = str(floor.value("SELECT id::text FROM pick_batch"))

    def send(walk_id: str) -> Any:
        return floor.one(take_scans, TakeScans(walk_id=walk_id, scans=[ScanForm(n=1, code="A-1")], actor="test"))

    assert (send(walk).id, send(walk).answers[0].repeated) == (ann.id, True)
    assert refused(send(ann.id))[0] == "not_found"


def test_two_scanners_cost_the_statements_of_one(floor: ScannedFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    number, ann = begun(floor)
    others = []
    for person in ("ben", "cy", "dee"):
        others.append(str(floor.place({"MUG": 1}).number))
        floor.release(others[-1])
        floor.walk(person, (f"T-{person}",))
    ben, cy, dee = (floor.scanner(person) for person in ("ben", "cy", "dee"))
    counted: list[str] = []
    for name in ("rows", "row", "write", "copy_text"):
        monkeypatch.setattr(Tx, name, _counting(getattr(Tx, name), counted))

    def cost(codes: dict[Scanner, str]) -> int:
        counted.clear()
        scans = [
            TakeScans(session_id=device.id, scans=[ScanForm(n=device.n, code=code)], actor="test")
            for device, code in codes.items()
        ]
        told = done(floor.run(take_scans, *scans))
        assert [answer.outcome for each in told for answer in each.answers] == ["taken"] * len(codes)
        for device in codes:
            device.n += 1
        return len(counted)

    cost({ann: "A-1"})  # where it lies is remembered from now on
    assert cost({ben: "A-1", cy: "A-1"}) == cost({dee: "A-1"}) <= 4
    cost({ann: "MUG"})
    assert cost({ben: "MUG", cy: "MUG"}) == cost({dee: "MUG"}) <= 4
    assert 25 > cost({dee: "T:T-dee"}) >= cost({ben: "T:T-ben", cy: "T:T-cy"})
    assert [picked(floor, each) for each in others] == [[1], [1], [1]]
    assert picked(floor, number) == [0, 0]


def _counting(original: Callable[..., Any], counted: list[str]) -> Callable[..., Any]:
    def run(tx: Tx, sql: str, *rest: Any, **values: Any) -> Any:
        counted.append(sql)
        return original(tx, sql, *rest, **values)

    return run


def test_a_replay_waits_for_the_orders_of_its_walk_before_it_holds_what_lies_in_any_bin(floor: ScannedFloor) -> None:
    # Else it would hold the bin while it waits for an order of somebody who waits for the bin.
    floor.put("A-1", "MUG", 10)
    floor.put("A-2", "TEE", 10)
    first, second = floor.place({"MUG": 1}).number, floor.place({"TEE": 1}).number
    floor.release(first)
    floor.release(second)
    floor.walk(totes=("T1", "T2"))
    ann = floor.scanner()
    with ThreadPoolExecutor(1) as thread, floor.store.begin() as other:
        other.rows("SELECT FROM orders WHERE number = %(number)s FOR UPDATE", number=second)
        # What coming short leads to is not certain before it is done, so the second order is met in another step.
        said = [
            {"code": "A-1"},
            {"command": "short", "reason": "missing"},
            {"code": "A-2"},
            {"code": "TEE"},
            {"code": "T:T2"},
        ]
        sending = thread.submit(ann.send, [ScanForm(n=n, **each) for n, each in enumerate(said, 1)])
        while not (is_waiting(floor) or sending.done()):
            pass
        other.rows("SELECT FROM stock WHERE sku = 'MUG' FOR UPDATE NOWAIT")
        other.write("UPDATE orders SET version = version + 1 WHERE number = %(number)s", number=second)
    assert [answer.outcome for answer in sending.result()] == ["taken"] * 5
    assert [(task.state, task.picked) for number in (first, second) for task in floor.tasks(number)] == [
        ("short", 0), ("done", 1),
    ]  # fmt: skip


def is_waiting(floor: ScannedFloor) -> bool:
    """Whether somebody waits for a row another has locked."""
    return bool(floor.rows("SELECT FROM pg_locks WHERE NOT granted"))
