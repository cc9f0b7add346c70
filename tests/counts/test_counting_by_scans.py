"""Counting with a scanner: bin, items, quantities, done; and what goes wrong on the way."""

from orderwright.business.warehouse.counts.actions import cancel_counts
from orderwright.business.warehouse.counts.forms import CancelCount
from tests.counts.counter import CountedFloor
from tests.sessions.scanner import Scanner, beeps


def counting(floor: CountedFloor, person: str = "ann", subject: str = "") -> Scanner:
    return floor.scanner(person, kind="count", subject=subject)


def test_bins_are_counted_one_after_the_other_the_most_wanted_first(floor: CountedFloor):
    for n, sku, priority in ((1, "MUG", 10), (2, "TEE", 90)):
        floor.put(f"A-{n}", sku, 3)
        floor.asked(f"A-{n}", priority=priority)
    ann = counting(floor)
    assert (ann.now.say, ann.now.where, ann.now.expects, ann.now.left) == ("go_and_count", "A-2", "bin", 2)
    ann.all("A-2", "TEE", "TEE", "TEE")
    assert ann.key("done").instruction.where == "A-1"
    ann.all("L:LEEDS/A-1")
    ann.scan("MUG", quantity=2)
    last = ann.key("done").instruction
    assert (last.say, last.notices[0].words) == ("nothing_to_count", "A-1 is counted.")
    assert (floor.units_in("A-1"), floor.units_in("A-2")) == ({"MUG": 2}, {"TEE": 3})


def test_a_number_keyed_without_a_code_is_how_many_there_are_in_all(floor: CountedFloor):
    floor.put("A-1", "MUG", 12)
    floor.asked("A-1")
    ann = counting(floor)
    ann.all("A-1", "MUG", "MUG")
    assert ann.scan(quantity=12).instruction.facts == {"sku": "MUG", "units": 12}
    ann.key("done")
    assert floor.units_in("A-1") == {"MUG": 12}


def test_what_should_not_be_there_is_accepted_as_found(floor: CountedFloor):
    floor.put("A-1", "MUG", 1)
    floor.asked("A-1")
    ann = counting(floor)
    ann.all("A-1", "TEE", "MUG")
    ann.key("done")
    assert floor.units_in("A-1") == {"MUG": 1, "TEE": 1}


def test_when_one_product_is_counted_another_one_is_noted_for_later(floor: CountedFloor):
    floor.put("A-1", "MUG", 1)
    floor.asked("A-1", "MUG")
    ann = counting(floor)
    ann.all("A-1", "MUG")
    assert ann.scan("TEE").instruction.words == "TEE is noted: its count comes later."
    after = ann.key("done").instruction
    assert (after.say, after.where, after.sku) == ("go_and_count", "A-1", "TEE")
    assert floor.units_in("A-1") == {"MUG": 1}


def test_lots_are_asked_for_unless_the_barcode_says_them(floor: CountedFloor):
    floor.product("MILK", tracking="lot", codes=[{"code": "4006381333931"}])
    floor.put("A-1", "MILK", 2, lot="L1")
    floor.put("A-1", "MILK", 1, lot="L2")
    floor.asked("A-1")
    ann = counting(floor)
    ann.all("A-1")
    assert ann.scan("MILK").instruction.expects == "lot"
    assert ann.key("done").refusal == "lot_needed"
    ann.scan("L1")
    ann.all("]C1010400638133393110L1", "]C1010400638133393110L2")
    ann.key("done")
    rows = floor.rows("SELECT lot, counted, posted FROM count_line ORDER BY lot")
    assert [tuple(each) for each in rows] == [("L1", 2, None), ("L2", 1, None)]


def test_wrong_scans_are_refused_and_cost_nothing(floor: CountedFloor):
    floor.product("SET", parts={"MUG": 2})
    floor.put("A-1", "MUG", 1)
    floor.bin("A-9")
    floor.asked("A-1")
    ann = counting(floor)
    refusals = [ann.scan(code).refusal for code in ("A-9", "NOWHERE", "MUG", "\x01")]
    assert refusals == ["wrong_bin", "unknown_scan", "unexpected_scan", "unreadable_scan"]
    assert ann.key("done").refusal == "command_step"
    ann.all("A-1")
    assert [ann.scan(code).refusal for code in ("SET", "ZZZ", "L:LEEDS/A-9")] == [
        "kit_not_stocked", "unknown_scan", "unexpected_scan",
    ]  # fmt: skip
    assert beeps(ann.scan("A-1")) == ("notice", "item")
    ann.all("MUG", "MUG")
    assert ann.key("back").instruction.say == "taken_back"
    ann.all("MUG")
    ann.key("done")
    assert floor.units_in("A-1") == {"MUG": 1}


def test_a_large_difference_goes_to_somebody_else(floor: CountedFloor):
    floor.put("A-1", "MUG", 50)
    floor.asked("A-1")
    ann, bob = counting(floor), counting(floor, "bob")
    ann.all("A-1")
    ann.scan("MUG", quantity=40)
    last = ann.key("done").instruction
    assert (last.say, last.notices[0].words) == ("nothing_to_count", "Somebody else will count A-1 once more.")
    bob.all("A-1")
    bob.scan("MUG", quantity=40)
    bob.key("done")
    assert floor.units_in("A-1") == {"MUG": 40}


def test_of_two_who_go_to_one_bin_the_first_counts_it(floor: CountedFloor):
    for n in (1, 2):
        floor.put(f"A-{n}", "MUG", 1)
        floor.asked(f"A-{n}", priority=50 - n)
    ann, bob = counting(floor), counting(floor, "bob")
    ann.all("A-1")
    assert bob.scan("A-1").refusal == "wrong_bin"
    assert bob.now.where == "A-2"


def test_a_count_given_up_meanwhile_is_told_and_one_may_be_skipped(floor: CountedFloor):
    for n in (1, 2):
        floor.put(f"A-{n}", "MUG", 1)
    first, _ = floor.asked("A-1", priority=50), floor.asked("A-2")
    ann = counting(floor)
    ann.all("A-1", "MUG")
    floor.one(cancel_counts, CancelCount(count_id=first.id, actor="x"))
    told = ann.scan("MUG")
    assert (told.refusal, told.instruction.notices[0].say) == ("unexpected_scan", "count_gone")
    assert ann.key("skip").instruction.say == "nothing_to_count"
    assert floor.units_in("A-1") == {"MUG": 1}


def test_an_empty_bin_is_said_done(floor: CountedFloor):
    floor.put("A-1", "MUG", 1)
    count = floor.asked("A-1")
    ann = counting(floor, subject=count.id)
    ann.all("A-1")
    ann.key("done")
    assert floor.units_in("A-1") == {}


def test_where_nothing_is_to_be_counted_a_scan_is_told_what_is_wrong_with_it(floor: CountedFloor):
    floor.bin("A-1")
    ann = counting(floor)
    assert ann.now.say == "nothing_to_count"
    refusals = [ann.scan(code).refusal for code in ("A-1", "4006381333931", "MU\tG", "L:LEEDS/Z-9")]
    assert refusals == ["unexpected_scan", "unknown_scan", "unreadable_scan", "unknown_place"]
    assert ann.key("done").refusal == "command_step"
