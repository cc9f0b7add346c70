"""What counts do to the books: right whatever moved meanwhile, believed when little is off, counted again when not."""

from datetime import timedelta

from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.pick import pick
from orderwright.business.warehouse.counts.actions import cancel_counts
from orderwright.business.warehouse.counts.forms import CancelCount, CountedLine, EnterCount
from orderwright.business.warehouse.forms import Pick
from tests.counts.counter import CountedFloor
from tests.floor import done, refused


def test_a_count_that_fits_changes_nothing_and_is_done(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.counted("A-1", MUG=5)
    assert (count.state, [(each.sku, each.counted, each.booked, each.posted) for each in count.found]) == (
        "done", [("MUG", 5, 5, 0)],
    )  # fmt: skip
    assert floor.units_in("A-1") == {"MUG": 5}
    assert floor.facts(count.id) == ["count_begun", "count_entered"]


def test_a_small_difference_is_booked_at_once_under_the_counts_name(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.counted("A-1", MUG=4)
    assert (count.state, count.found[0].posted, floor.units_in("A-1")) == ("done", -1, {"MUG": 4})
    assert floor.counters("MUG", "LEEDS") == (4, 0)
    [move] = floor.rows("SELECT cause, quantity FROM stock_move WHERE kind = 'adjust'")
    assert (move.cause, move.quantity) == (f"adjustment:LEEDS/count:{count.id}:1", 1)
    assert floor.facts(count.id) == ["count_begun", "count_entered", "count_posted"]


def test_nobody_who_counts_is_told_what_the_books_say(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    shown = floor.begin_count(floor.asked("A-1").id)
    assert (shown.state, shown.counter, shown.found) == ("counting", "ann", [])


def test_what_nobody_names_was_not_there(floor: CountedFloor):
    floor.set(tolerance_units=5)
    floor.put("A-1", "MUG", 3)
    floor.put("A-1", "TEE", 2)
    floor.counted("A-1", MUG=3)
    assert floor.units_in("A-1") == {"MUG": 3}


def test_what_lies_there_and_is_not_booked_there_is_found(floor: CountedFloor):
    floor.put("A-1", "MUG", 3)
    floor.counted("A-1", MUG=3, TEE=1)
    assert floor.units_in("A-1") == {"MUG": 3, "TEE": 1}


def test_units_picked_after_they_were_counted_are_not_missing(floor: CountedFloor):
    # Edge case 38: two of the bin's units are promised, one of them is picked between the counting and its entering.
    floor.put("A-1", "MUG", 5)
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    count = floor.begun("A-1")
    counted_at = floor.value("SELECT started_at FROM count_task")
    floor.pick(floor.tasks(number)[0], 1, occurred_at=counted_at + timedelta(microseconds=1))
    done([floor.enter(count, at=counted_at, MUG=4)])
    # Of 5 there were 4, and then one went.
    assert floor.units_in("A-1") == {"MUG": 3}
    assert floor.units(number) == [("MUG", {"allocated": 1, "picked": 1})]
    assert floor.exceptions() == []


def test_units_picked_before_they_were_counted_are_not_missing_twice(floor: CountedFloor):
    # Edge case 38: the count finds what the pick left.
    floor.put("A-1", "MUG", 5)
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    count = floor.begun("A-1")
    floor.pick(floor.tasks(number)[0], 1)
    done([floor.enter(count, MUG=3)])
    assert floor.units_in("A-1") == {"MUG": 3}
    line = floor.rows("SELECT booked, moved, counted, posted FROM count_line")
    assert [tuple(each) for each in line] == [(5, -1, 3, -1)]


def test_a_pick_told_late_is_not_taken_off_again_where_a_count_missed_its_units(floor: CountedFloor):
    # The scanner was out of reach: two are picked, the bin is counted and booked, and then the picks are told.
    floor.set(tolerance_units=5)
    floor.put("A-1", "MUG", 10)
    number = floor.place({"MUG": 3}).number
    floor.release(number)
    [task] = floor.tasks(number)
    picked_at = floor.value("SELECT coalesce(simulated_at, clock_timestamp()) FROM clock")
    count = floor.counted("A-1", MUG=7)
    assert (count.found[0].posted, floor.units_in("A-1")) == (-3, {"MUG": 7})
    floor.pick(task, 2, occurred_at=picked_at)
    assert (floor.units_in("A-1"), floor.counters("MUG", "LEEDS")) == ({"MUG": 7}, (9, 3))
    floor.pick(task, 3)  # told as of now: this one the count saw, and it is gone since
    assert (floor.units_in("A-1"), floor.counters("MUG", "LEEDS")) == ({"MUG": 6}, (9, 3))
    assert floor.rows("SELECT posted FROM count_line") == [(-1,)]
    assert floor.facts(count.id)[-1] == "count_explained"


def test_a_pick_told_late_gives_back_no_more_than_counts_took(floor: CountedFloor):
    floor.put("A-1", "MUG", 10)
    number = floor.place({"MUG": 3}).number
    floor.release(number)
    picked_at = floor.value("SELECT coalesce(simulated_at, clock_timestamp()) FROM clock")
    floor.counted("A-1", MUG=9)
    floor.pick(floor.tasks(number)[0], 3, occurred_at=picked_at)
    assert (floor.units_in("A-1"), floor.counters("MUG", "LEEDS")) == ({"MUG": 7}, (10, 3))
    assert floor.rows("SELECT posted FROM count_line") == [(None,)]


def test_a_count_takes_away_what_was_promised_and_the_order_waits(floor: CountedFloor):
    # Edge case 38: less is there than orders were promised.
    floor.set(tolerance_units=5)
    floor.put("A-1", "MUG", 3)
    number = floor.place({"MUG": 3}).number
    floor.release(number)
    count = floor.begun("A-1")
    floor.pick(floor.tasks(number)[0], 1)
    done([floor.enter(count, MUG=1)])
    assert floor.units(number) == [("MUG", {"waiting": 1, "allocated": 1, "picked": 1})]
    assert (floor.units_in("A-1"), floor.exceptions()) == ({"MUG": 1}, ["promise_broken"])


def test_units_that_came_while_it_was_counted_stay(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.begun("A-1")
    at = floor.value("SELECT started_at FROM count_task")
    floor.put("A-1", "MUG", 7)
    done([floor.enter(count, at=at, MUG=4)])
    assert floor.units_in("A-1") == {"MUG": 11}


def test_two_counts_of_one_bin_take_away_what_is_missing_once(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    whole, product = floor.begun("A-1", "ann"), floor.begun("A-1", "bob", sku="MUG")
    at = floor.value("SELECT max(started_at) FROM count_task")
    done([floor.enter(whole, "ann", at=at, MUG=4)])
    # Bob looked before Ann's count was booked; what she put right was as true then.
    done([floor.enter(product, "bob", at=at, MUG=4)])
    assert floor.units_in("A-1") == {"MUG": 4}


def test_two_counts_of_one_bin_in_one_call_take_away_what_is_missing_once(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    whole, product = floor.begun("A-1", "ann"), floor.begun("A-1", "bob", sku="MUG")
    lines = [CountedLine(sku="MUG", counted=4)]
    done(floor.run(enter_counts, *[
        EnterCount(count_id=id_, counter=who, lines=lines, actor=who) for id_, who in ((whole, "ann"), (product, "bob"))
    ]))  # fmt: skip
    assert floor.units_in("A-1") == {"MUG": 4}


def test_a_large_difference_is_counted_again_by_another_and_then_booked(floor: CountedFloor):
    floor.put("A-1", "MUG", 50)
    count = floor.begun("A-1", "ann")
    again = floor.enter(count, "ann", MUG=40)
    assert (again.state, again.reason, again.round, floor.units_in("A-1")) == ("open", "recount", 2, {"MUG": 50})
    assert refused(floor.begin_count(count, "ann")) == ("same_counter", {"count_id": count, "round": 2})
    done([floor.begin_count(count, "bob")])
    posted = floor.enter(count, "bob", MUG=40)
    assert (posted.state, posted.found[0].posted, floor.units_in("A-1")) == ("done", -10, {"MUG": 40})
    assert floor.exceptions() == []


def test_rounds_agree_though_units_were_picked_between_them(floor: CountedFloor):
    floor.put("A-1", "MUG", 50)
    count = floor.begun("A-1", "ann")
    floor.enter(count, "ann", MUG=40)
    number = floor.place({"MUG": 6}).number
    floor.pick_all(number)
    done([floor.begin_count(count, "bob")])
    assert (floor.enter(count, "bob", MUG=34).state, floor.units_in("A-1")) == ("done", {"MUG": 34})


def test_two_who_disagree_are_settled_by_a_third_and_a_manager_is_told(floor: CountedFloor):
    floor.put("A-1", "MUG", 50)
    count = floor.begun("A-1", "ann")
    floor.enter(count, "ann", MUG=40)
    floor.begin_count(count, "bob")
    third = floor.enter(count, "bob", MUG=50)
    assert (third.state, third.round, floor.exceptions()) == ("open", 3, ["count_disputed"])
    [queued] = floor.rows("SELECT order_id, site, owner FROM exception")
    assert tuple(queued) == (None, "LEEDS", "manager")
    done([floor.begin_count(count, "cem")])
    assert floor.enter(count, "cem", MUG=40).state == "done"
    # Cem says what Ann said: nothing is left to look at.
    assert (floor.units_in("A-1"), floor.exceptions()) == ({"MUG": 40}, [])


def test_a_third_who_agrees_with_neither_is_booked_and_stays_with_the_manager(floor: CountedFloor):
    floor.put("A-1", "MUG", 50)
    count = floor.begun("A-1", "ann")
    floor.enter(count, "ann", MUG=40)
    for who, units in (("bob", 50), ("cem", 20)):
        floor.begin_count(count, who)
        floor.enter(count, who, MUG=units)
    assert (floor.units_in("A-1"), floor.exceptions()) == ({"MUG": 20}, ["count_disputed"])
    # What each of them counted, beside what the books said.
    assert floor.goods() == ["MUG LEEDS A-1 40 50 1", "MUG LEEDS A-1 50 50 2", "MUG LEEDS A-1 20 50 3"]


def test_the_same_said_twice_counts_once_and_something_else_is_refused(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.begun("A-1")
    assert floor.enter(count, MUG=4).repeated is False
    assert floor.enter(count, MUG=4).repeated is True
    assert refused(floor.enter(count, MUG=3)) == ("count_differs", {"count_id": count, "round": 1})
    assert floor.units_in("A-1") == {"MUG": 4}


def test_what_is_counted_is_told_by_who_counts(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.asked("A-1").id
    assert refused(floor.enter(count, MUG=4))[0] == "count_step"
    floor.begin_count(count, "ann")
    assert floor.begin_count(count, "ann").repeated is True
    assert refused(floor.begin_count(count, "bob")) == ("counted_by_other", {"count_id": count, "person": "ann"})
    assert refused(floor.enter(count, "bob", MUG=4)) == ("counted_by_other", {"count_id": count, "person": "ann"})
    assert refused(floor.enter("nonsense", MUG=4))[0] == "not_found"
    assert floor.units_in("A-1") == {"MUG": 5}


def test_lines_nobody_can_count_are_refused_together(floor: CountedFloor):
    floor.product("MILK", tracking="lot")
    floor.put("A-1", "MUG", 5)
    count = floor.begun("A-1", sku="MUG")
    lines = [CountedLine(sku=sku, counted=1) for sku in ("NOPE", "MILK", "MUG", "MUG")]
    ahead = CountedLine(sku="MUG", counted=1, counted_at=floor.value("SELECT started_at FROM count_task")
                        + timedelta(days=1))  # fmt: skip
    code, facts = refused(floor.one(
        enter_counts, EnterCount(count_id=count, counter="ann", lines=[*lines, ahead], actor="x")
    ))  # fmt: skip
    assert (code, sorted({each["code"] for each in facts["findings"]})) == (
        "malformed", ["counted_at", "lot_needed", "other_product", "twice", "unknown_sku"],
    )  # fmt: skip
    assert floor.value("SELECT state FROM count_task") == "counting"


def test_a_count_given_up_changes_nothing(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.begun("A-1")
    gone = floor.run(cancel_counts, *[CancelCount(count_id=count, actor="x")] * 2)
    assert [(each.state, each.repeated) for each in gone] == [("cancelled", False), ("cancelled", True)]
    assert refused(floor.enter(count, MUG=1))[0] == "count_step"
    assert floor.asked("A-1").id != count
    assert floor.units_in("A-1") == {"MUG": 5}


def test_a_count_somebody_left_is_begun_anew_by_another_hours_later(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    count = floor.begun("A-1", "ann")
    floor.put("A-1", "MUG", 3)
    now = floor.value("SELECT started_at FROM count_task")
    floor.at(now + timedelta(hours=8, seconds=1))
    assert floor.begin_count(count, "bob").counter == "bob"
    assert floor.value("SELECT booked FROM count_line") == 8


def test_a_pick_of_the_bin_waits_for_nothing_while_it_is_counted(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    number = floor.place({"MUG": 5}).number
    floor.release(number)
    floor.begun("A-1", sku="MUG")
    with floor.begin() as tx:
        tx.rows("SELECT FROM count_task FOR UPDATE")
        [task] = floor.tasks(number)
        # Short, it asks for the count that is locked here; it must not wait for it.
        done([floor.short(task, 4)])
    assert floor.units_in("A-1") == {}
    assert done(floor.run(pick, Pick(task_id=task.task_id, quantity=4, actor="t")))[0].repeated is True
