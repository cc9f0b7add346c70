"""A walk picked by scans: each scan's answer says what to do next, and a wrong one costs nothing."""

from tests.sessions.scanner import ScannedFloor, beeps


def begun(floor: ScannedFloor, units: dict[str, int] | None = None) -> str:
    """An order whose goods lie in A-1 and A-2, released and on ann's walk."""
    floor.put("A-1", "MUG", 10)
    floor.put("A-2", "TEE", 10)
    number = floor.place(units or {"MUG": 2, "TEE": 1}).number
    floor.release(number)
    floor.walk()
    return str(number)


def test_a_walk_is_picked_bin_by_bin(floor: ScannedFloor):
    number = begun(floor)
    ann = floor.scanner()
    assert (ann.now.say, ann.now.where, ann.now.left, ann.now.stops) == ("go_to_bin", "A-1", 2, 2)
    assert ann.now.words == "Go to A-1 and scan it."
    assert beeps(ann.scan("L:LEEDS/A-1")) == ("ok", "item")
    assert beeps(ann.scan("MUG")) == ("ok", "item")
    last = ann.scan("MUG").instruction
    assert (last.expects, last.tote, last.words) == ("tote", "T1", "Put 2 into tote T1 and scan it.")
    assert [task.picked for task in floor.tasks(number)] == [0, 0]
    there = ann.scan("T:T1").instruction
    assert (there.say, there.where, there.stops_done, there.stops) == ("go_to_bin", "A-2", 1, 2)
    assert [(task.picked, task.tote, task.picker) for task in floor.tasks(number)] == [
        (2, "T1", "ann"),
        (0, "T1", None),
    ]
    assert beeps(ann.all("A-2", "TEE", "T:T1")) == ("done", "done")
    assert ann.now.say == "all_picked"
    assert ann.key("done").instruction.say == "walk_over"
    assert floor.state(number) == "picking"
    assert [row.state for row in floor.fulfilments(number)] == ["picked"]
    assert floor.value("SELECT state FROM pick_batch") == "done"
