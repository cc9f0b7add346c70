"""Scans of counting and of broken goods that come at once lock in one order, whatever order they come in."""

from typing import Any

from tests.counts.counter import CountedFloor
from tests.sessions.meeting import send_against

MUG, TEE = (f"availability WHERE sku = '{sku}' AND site = 'LEEDS'" for sku in ("MUG", "TEE"))


def test_what_is_counted_at_once_waits_before_it_holds_what_comes_later(floor: CountedFloor):
    for n, sku, priority in ((1, "MUG", 10), (2, "TEE", 90)):
        floor.put(f"A-{n}", sku, 3)
        floor.asked(f"A-{n}", priority=priority)
    ann = floor.scanner("ann", kind="count")
    scans: list[dict[str, Any]] = [
        {"code": "A-2"}, {"code": "TEE", "quantity": 3}, {"command": "done"},
        {"code": "A-1"}, {"code": "MUG", "quantity": 3}, {"command": "done"},
    ]  # fmt: skip
    answers = send_against(floor, ann, scans, held=MUG, free=TEE)
    assert [each.outcome for each in answers] == ["taken"] * 6
    assert floor.rows("SELECT DISTINCT state FROM count_task") == [("done",)]


def test_counts_are_locked_before_what_lies_in_their_bins(floor: CountedFloor):
    for n, sku, priority in ((1, "MUG", 10), (2, "TEE", 90)):
        floor.put(f"A-{n}", sku, 3)
        floor.asked(f"A-{n}", priority=priority)
    ann = floor.scanner("ann", kind="count")
    scans: list[dict[str, Any]] = [
        {"code": "A-2"},
        {"code": "TEE", "quantity": 3},
        {"command": "done"},
        {"code": "A-1"},
    ]
    first = "count_task WHERE place_id = (SELECT id FROM place WHERE site = 'LEEDS' AND code = 'A-1')"
    answers = send_against(floor, ann, scans, held=first, free=TEE)
    assert [each.outcome for each in answers] == ["taken"] * 4


def test_what_is_broken_is_told_at_once_and_waits_before_it_holds_what_comes_later(floor: CountedFloor):
    floor.put("A-1", "MUG", 3)
    floor.put("A-2", "TEE", 3)
    ann = floor.scanner("ann", kind="damage")
    scans: list[dict[str, Any]] = [
        {"code": "A-2"},
        {"code": "TEE"},
        {"code": "damaged"},
        {"code": "A-1"},
        {"code": "MUG"},
        {"code": "damaged"},
    ]
    answers = send_against(floor, ann, scans, held=MUG, free=TEE)
    assert [each.outcome for each in answers] == ["taken"] * 6
    assert [floor.counters(sku, "LEEDS")[0] for sku in ("MUG", "TEE")] == [2, 2]
