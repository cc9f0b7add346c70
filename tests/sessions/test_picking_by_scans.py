"""A walk picked by scans: each scan's answer says what to do next, and a wrong one costs nothing."""

import msgspec

from orderwright.business.deeds.scanning.opening import close_sessions, open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.sessions.commands import command_codes
from orderwright.business.warehouse.sessions.forms import CloseSession, OpenSession, ScanForm, TakeScans
from tests.floor import refused
from tests.sessions.scanner import ScannedFloor, beeps


def begun(floor: ScannedFloor, units: dict[str, int] | None = None) -> str:
    """An order whose goods lie in A-1 and A-2, released and on ann's walk."""
    floor.put("A-1", "MUG", 10)
    floor.put("A-2", "TEE", 10)
    number = floor.place(units or {"MUG": 2, "TEE": 1}).number
    floor.release(number)
    floor.walk()
    return str(number)


def test_a_walk_is_picked_bin_by_bin(floor: ScannedFloor) -> None:
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


WRONG = (
    # At the first bin.
    ("", "L:LEEDS/A-2", "wrong_bin", {"wanted": "A-1", "scanned": "A-2"}),
    ("", "L:LEEDS/Z-9", "unknown_place", {"place": "Z-9", "site": "LEEDS"}),
    ("", "L:BRISTOL/A-1", "wrong_bin", {"wanted": "A-1", "scanned": "A-1", "site": "BRISTOL"}),
    ("", "MUG", "unexpected_scan", {"expects": "bin", "scanned": "item"}),
    ("", "4006381333931", "unknown_scan", {"scanned": "4006381333931"}),
    ("", "<script>alert(1)</script>", "unknown_scan", {"scanned": "<script>alert(1)</script>"}),
    ("", "MU\x00G", "unreadable_scan", {"reason": "control_character"}),
    ("", "[)>\x1e06\x1d1PMUG", "unreadable_scan", {"reason": "foreign"}),
    ("", "(01)09506000134351", "unreadable_scan", {"reason": "damaged", "identifier": "01", "fault": "check_digit"}),
    ("", "9" * 600, "unreadable_scan", {"reason": "too_long"}),
    ("", "", "unreadable_scan", {"reason": "empty"}),
    ("", "X:done/AAAABBBBCCCCDDDD", "bad_command", {"scanned": "X:done/AAAABBBBCCCCDDDD"}),
    ("A-1", "TEE", "wrong_item", {"wanted": "MUG", "scanned": "TEE"}),
    ("", "A-2", "unexpected_scan", {"expects": "item", "scanned": "place"}),
    ("MUG", "T:T1", "units_missing", {"wanted": 2, "counted": 1}),
    ("MUG", "MUG", "pick_quantity", {"asked": 2, "told": 3}),
    ("", "T:T9", "wrong_tote", {"wanted": "T1", "scanned": "T9"}),
    ("", "TEE", "unexpected_scan", {"expects": "tote", "scanned": "item"}),
)
"""What is scanned right first ("" nothing), the wrong scan, and how it is refused."""


def test_a_wrong_scan_is_told_apart_and_costs_nothing(floor: ScannedFloor) -> None:
    number = begun(floor)
    ann = floor.scanner()
    for right, code, refusal, facts in WRONG:
        if right:
            ann.all(right)
        before = msgspec.structs.replace(ann.now, say="", words="", facts={}, tone="ok")
        answer = ann.scan(code)
        assert (code, answer.outcome, answer.refusal, answer.instruction.tone) == (code, "refused", refusal, "wrong")
        assert answer.instruction.facts.items() >= facts.items()
        assert msgspec.structs.replace(answer.instruction, say="", words="", facts={}, tone="ok") == before
        assert (ann.rows()[-1].outcome, ann.rows()[-1].refusal) == ("refused", refusal)
    assert [task.picked for task in floor.tasks(number)] == [0, 0]
    assert ann.all("T:T1", "A-2", "TEE", "T:T1").instruction.say == "all_picked"


def test_what_is_typed_in_small_letters_is_what_is_called_so(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    ann.all("a-1", "mug", "Mug", "t1", "a-2", "tee")
    assert ann.scan("t9").refusal == "unknown_scan"
    assert ann.all("t1").instruction.say == "all_picked"


def test_bins_whose_codes_differ_by_case_alone_are_told_apart(floor: ScannedFloor) -> None:
    begun(floor)
    floor.bin("a-1")
    ann = floor.scanner()
    assert ann.scan("a-1").instruction.facts == {"wanted": "A-1", "scanned": "a-1"}
    ann.all("A-1")


def test_a_tote_of_another_picker_is_in_use(floor: ScannedFloor) -> None:
    begun(floor)
    second = floor.place({"MUG": 1}).number
    floor.release(second)
    floor.walk("ben", ("T2",))
    ann, ben = floor.scanner("ann"), floor.scanner("ben")
    ann.all("A-1", "MUG", "MUG")
    assert ann.scan("T:T2").refusal == "tote_in_use"
    assert ben.all("A-1", "MUG", "T:T2").instruction.say == "all_picked"
    assert ann.scan("T:T1").outcome == "taken"


def test_a_quantity_is_keyed_with_the_item_or_after_it(floor: ScannedFloor) -> None:
    begun(floor, {"MUG": 6})
    ann = floor.scanner()
    ann.all("A-1")
    assert ann.scan("MUG", quantity=7).refusal == "pick_quantity"
    assert ann.scan("MUG", quantity=4).instruction.left == 2
    assert ann.scan(quantity=5).instruction.left == 1
    assert ann.scan(quantity=7).refusal == "pick_quantity"
    assert ann.scan(quantity=6).instruction.expects == "tote"


def test_the_last_scan_of_a_stop_is_taken_back(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    ann.all("A-1", "MUG", "MUG")
    back = ann.key("back").instruction
    assert (back.say, back.tone, back.expects, back.left) == ("taken_back", "notice", "item", 1)
    assert ann.key("back").instruction.left == 2
    assert ann.key("back").instruction.expects == "bin"
    assert ann.key("back").instruction.say == "nothing_to_take_back"
    assert ann.all("A-1", "MUG", "MUG", "T:T1").instruction.where == "A-2"


def test_a_skipped_stop_comes_back_last(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    assert ann.key("skip").instruction.where == "A-2"
    assert ann.all("A-2", "TEE", "T:T1").instruction.where == "A-1"
    ann.all("A-1", "MUG")
    assert ann.key("skip").refusal == "command_step"
    assert ann.all("MUG", "T:T1").instruction.say == "all_picked"


def test_a_full_tote_leaves_the_rest_to_another(floor: ScannedFloor) -> None:
    number = begun(floor, {"MUG": 5, "TEE": 1})
    ann = floor.scanner()
    ann.all("A-1", "MUG", "MUG")
    assert ann.key("full").instruction.expects == "tote"
    new = ann.all("T:T1").instruction
    assert (new.say, new.left, new.tote) == ("scan_new_tote", 3, "")
    assert ann.scan("T:T1").refusal == "wrong_tote"
    assert ann.scan("T:T2").instruction.expects == "item"
    assert ann.all("MUG", "MUG", "MUG", "T:T2", "A-2", "TEE", "T:T2").instruction.say == "all_picked"
    picked = sorted((task.sku, task.picked, task.state, task.tote) for task in floor.tasks(number))
    assert picked == [("MUG", 2, "done", "T1"), ("MUG", 3, "done", "T2"), ("TEE", 1, "done", "T2")]


def test_a_walk_ends_only_when_all_is_picked(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    refused = ann.key("done")
    assert (refused.refusal, refused.instruction.facts) == ("command_step", {"command": "done", "stops_left": 2})
    ann.all("A-1", "MUG", "MUG", "T:T1", "A-2", "TEE", "T:T1")
    floor.bin("BENCH-1", kind="packing")
    assert ann.scan("A-1").refusal == "unexpected_scan"
    assert ann.scan("BENCH-1").instruction.say == "walk_over"
    assert floor.value("SELECT stands_at FROM tote") == "BENCH-1"
    assert ann.key("done").refusal == "walk_step"


def test_a_printed_command_is_taken_and_only_this_stores(floor: ScannedFloor) -> None:
    begun(floor)
    with floor.store.read() as tx:
        codes = {each.name: each.code for each in command_codes(tx)}
    ann = floor.scanner()
    assert ann.scan(codes["skip"]).instruction.where == "A-2"
    assert ann.scan(codes["skip"][:-1]).refusal == "bad_command"
    assert ann.scan("skip").refusal == "unknown_scan"


def test_a_walk_without_totes_takes_whichever_is_scanned(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 10)
    number = floor.place({"MUG": 1}).number
    floor.release(number)
    floor.walk(totes=())
    ann = floor.scanner()
    assert ann.all("A-1", "MUG").instruction.say == "put_in_free_tote"
    assert ann.scan("T:T7").instruction.say == "all_picked"
    assert [task.tote for task in floor.tasks(number)] == ["T7"]


def test_the_scans_say_what_was_asked_for_where_and_how_much_it_moved(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    ann.scan("A-1")
    ann.scan("TEE")
    ann.all("MUG", "MUG", "T:T1")
    rows = [(row.code, row.outcome, row.sku, row.units) for row in ann.rows()]
    assert rows == [
        ("A-1", "taken", "MUG", 0), ("TEE", "refused", "MUG", 0), ("MUG", "taken", "MUG", 0),
        ("MUG", "taken", "MUG", 0), ("T:T1", "taken", "MUG", 2),
    ]  # fmt: skip


def test_nobody_picks_a_walk_of_somebody_else(floor: ScannedFloor) -> None:
    begun(floor)
    walk = str(floor.value("SELECT id::text FROM pick_batch"))
    for person, subject in (("ben", ""), ("ben", walk), ("ann", "nonsense")):
        command = OpenSession(kind="pick", site="LEEDS", person=person, subject=subject, actor="test")
        assert refused(floor.one(open_sessions, command))[0] == "no_walk"
    again = [floor.scanner("ann", subject=walk).id, floor.scanner("ann").id]
    assert again[0] == again[1]


def test_a_closed_session_takes_nothing_more(floor: ScannedFloor) -> None:
    begun(floor)
    ann = floor.scanner()
    closed = floor.one(close_sessions, CloseSession(session_id=ann.id, actor="test"))
    assert (closed.is_closed, closed.instruction.say, closed.repeated) == (True, "session_over", False)
    assert floor.one(close_sessions, CloseSession(session_id=ann.id, actor="test")).repeated
    scans = TakeScans(session_id=ann.id, scans=[ScanForm(n=1, code="A-1")], actor="test")
    assert refused(floor.one(take_scans, scans)) == ("session_closed", {"session_id": ann.id})
    assert floor.scanner().id != ann.id
