"""A wave is sorted unit by unit into its orders' totes; what lost its order is put back into a bin."""

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.totes import NewTote, insert_totes
from orderwright.business.warehouse.walks import NewWalk, give_totes, insert_walks
from orderwright.doors.console.floor_waiting import waiting
from orderwright.values.ids import new_id
from tests.floor import done, refused
from tests.sessions.scanner import ScannedFloor


def wave(floor: ScannedFloor, *orders: dict[str, int]) -> tuple[str, list[str]]:
    """A wave of orders on ann's walk, all of it to go into the mixed tote M1."""
    numbers = []
    for units in orders:
        numbers.append(str(floor.place(units).number))
        floor.release(numbers[-1])
    tasks = [task for number in numbers for task in floor.tasks(number)]
    tasks.sort(key=lambda task: (task.place, task.task_id))
    walk = new_id()
    with floor.begin() as tx:
        ids = [task.task_id for task in tasks]
        insert_walks(tx, [NewWalk(walk, "LEEDS", "wave", "", "W1", "", 1, tx.now, "ann", 0, 0, 0, ids)])
        insert_totes(tx, [NewTote("LEEDS", "M1", walk, None, 1)])
        give_totes(tx, dict.fromkeys(ids, "M1"))
    return walk, numbers


def totes(floor: ScannedFloor, number: str) -> list[tuple[str, int, str]]:
    return [(task.sku, task.picked, task.tote) for task in floor.tasks(number)]


def test_a_wave_is_picked_into_mixed_totes_and_sorted_to_its_orders(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 9)
    floor.put("A-2", "TEE", 9)
    floor.bin("SORT", kind="packing")
    walk, (first, second) = wave(floor, {"MUG": 2}, {"MUG": 1, "TEE": 1})
    ann = floor.scanner()
    ann.all("A-1")
    ann.scan("MUG", quantity=ann.now.left)
    assert ann.all("T:M1").instruction.expects == "item"  # the same bin, for the other order
    ann.scan("MUG", quantity=ann.now.left)
    ann.all("T:M1", "A-2", "TEE")
    end = ann.all("T:M1").instruction
    assert (end.say, end.expects) == ("hand_over", "place")
    assert ann.key("done").refusal == "command_step"
    assert ann.all("SORT").instruction.say == "walk_over"
    assert floor.value("SELECT stands_at FROM tote WHERE code = 'M1'") == "SORT"

    with floor.store.read() as tx:
        [waits] = waiting(tx, "sort", "LEEDS")
        assert (waits.subject, waits.who, waiting(tx, "sort", "BRISTOL"), waiting(tx, "count", "LEEDS")) == (
            walk, "M1", [], []
        )  # fmt: skip
    number = floor.value("SELECT lower(number) FROM pick_batch")
    by_name = [floor.scanner("ben", "sort", said) for said in (number, f"W:{walk}", "T:M1", "m1")]
    ben = floor.scanner("ben", "sort", walk)
    assert {each.id for each in by_name} == {ben.id}
    assert (ben.now.say, ben.now.stops) == ("scan_mixed_tote", 4)
    assert ben.scan("T:X9").refusal == "wrong_tote"
    assert ben.all("T:M1").instruction.left == 4
    assert ben.scan("HAT").refusal == "wrong_item"
    told = ben.all("TEE").instruction
    assert (told.say, told.facts["order"]) == ("sort_into_free_tote", second)
    assert ben.all("T:O2").instruction.left == 3
    told = ben.all("MUG").instruction  # to the order that has a tote first
    assert (told.say, told.tote, told.facts["order"]) == ("sort_into_tote", "O2", second)
    assert ben.scan("T:O1").refusal == "wrong_tote"
    ben.all("T:O2")
    assert ben.scan("MUG", quantity=3).refusal == "pick_quantity"
    assert ben.scan("MUG", quantity=2).instruction.facts["order"] == first
    assert ben.key("back").instruction.say == "taken_back"
    ben.all("MUG")
    assert ben.scan(quantity=3).refusal == "pick_quantity"
    assert ben.scan(quantity=2).instruction.facts["units"] == 2
    assert ben.key("back").instruction.say == "taken_back"
    ben.all("MUG")
    assert ben.scan("T:O2").refusal == "tote_in_use"
    ben.all("T:O1", "MUG")
    last = ben.all("T:O1").instruction
    assert (last.say, last.stops_done, last.stops) == ("all_sorted", 4, 4)
    assert sorted(totes(floor, first)) == [("MUG", 1, "O1"), ("MUG", 1, "O1")]
    assert sorted(totes(floor, second)) == [("MUG", 1, "O2"), ("TEE", 1, "O2")]
    assert [row.code for row in floor.rows("SELECT code FROM tote ORDER BY code")] == ["O1", "O2"]


def test_what_lost_its_order_is_scanned_back_into_a_bin(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 5)
    number = str(floor.place({"MUG": 3}).number)
    floor.pick_all(number)
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))
    ann = floor.scanner(kind="put_back")
    assert (ann.now.say, ann.now.left) == ("scan_returned", 3)
    assert ann.scan("TEE").refusal == "nothing_to_put_back"
    assert ann.scan("MUG", quantity=4).refusal == "nothing_to_put_back"
    assert ann.scan(quantity=2).refusal == "unexpected_scan"
    ann.all("MUG")
    assert ann.scan(quantity=4).refusal == "nothing_to_put_back"
    assert ann.scan(quantity=3).instruction.left == 0
    ann.key("back")
    told = ann.all("MUG", "MUG").instruction
    assert (told.say, told.where, told.left) == ("put_into_bin", "A-1", 1)
    assert ann.scan("TEE").refusal == "wrong_item"
    assert ann.scan("QUARANTINE").refusal == "unexpected_scan"
    assert floor.lying("LEEDS")[("MUG", "RETURNS")] == (3, 0)
    assert ann.all("A-1").instruction.left == 1
    assert floor.lying("LEEDS") == {("MUG", "A-1"): (4, 0), ("MUG", "RETURNS"): (1, 0)}
    assert ann.all("MUG", "A-1").instruction.say == "bench_empty"


@pytest.mark.parametrize("kind", ["put_back", "put_away"])
def test_a_session_about_a_whole_bench_has_no_subject(floor: ScannedFloor, kind: str):
    asked = OpenSession(kind=kind, site="LEEDS", person="ann", subject="W-000001", actor="test")
    code, facts = refused(floor.one(open_sessions, asked))
    assert (code, [each["pointer"] for each in facts["findings"]]) == ("malformed", ["/subject"])
    assert floor.value("SELECT count(*) FROM floor_session") == 0
