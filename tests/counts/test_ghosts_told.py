"""The list of ghosts, from what really happened on a floor."""

from datetime import timedelta

from orderwright.business.warehouse.ghosts.reads import ghost_list
from tests.counts.counter import CountedFloor
from tests.floor import done


def ghosts(floor: CountedFloor):
    with floor.store.read() as tx:
        return [(each.place, each.sku, each.kind, each.evidence) for each in ghost_list(tx, "LEEDS", 60).likeliest]


def short(floor: CountedFloor, **units: int) -> None:
    """An order of which nothing is found."""
    number = floor.place(units).number
    floor.release(number)
    done([floor.short(floor.tasks(number)[0], 0)])


def test_a_bin_that_was_short_stands_in_the_list_until_it_is_counted(floor: CountedFloor):
    floor.put("A-1", "MUG", 20)
    floor.put("A-2", "TEE", 20)
    floor.pick_all(floor.place({"TEE": 1}).number)
    short(floor, MUG=1)
    assert ghosts(floor) == [("A-1", "MUG", "missing", ["1 short picks."])]
    floor.counted("A-1", MUG=19)
    assert ghosts(floor) == []


def test_a_bin_passed_over_for_long_is_doubted(floor: CountedFloor):
    floor.put("A-1", "MUG", 30)
    for _ in range(5):
        floor.pick_all(floor.place({"MUG": 1}).number)
    floor.put("A-2", "MUG", 3)
    for _ in range(3):
        # The books send pickers to the nearer bin; the other goes quiet meanwhile.
        floor.adjust("A-1", "MUG", reason="quarantined", quantity=-floor.units_in("A-1")["MUG"])
        floor.pick_all(floor.place({"MUG": 1}).number)
        floor.put("A-1", "MUG", 25)
    floor.at(floor.value("SELECT max(recorded_at) FROM stock_move") + timedelta(days=3))
    [(place, sku, kind, evidence)] = ghosts(floor)
    assert (place, sku, kind, evidence) == (
        "A-1", "MUG", "missing", ["3 order lines went elsewhere in 3 days without a pick here."],
    )  # fmt: skip


def test_what_is_scanned_where_it_is_not_booked_lies_there_by_the_look_of_it(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    floor.put("A-7", "TEE", 5)
    number = floor.place({"MUG": 1}).number
    floor.release(number)
    floor.walk()
    ann = floor.scanner()
    ann.all("A-1")
    assert ann.scan("TEE").refusal == "wrong_item"
    assert ghosts(floor) == [("A-1", "TEE", "hidden", ["Scanned here 1 times though none is booked here."])]
    floor.counted("A-1", MUG=5)
    assert ghosts(floor) == []


def test_more_than_booked_next_door_makes_a_bin_doubtful(floor: CountedFloor):
    floor.put("A-1", "MUG", 20)
    floor.put("A-2", "MUG", 5)
    floor.counted("A-2", MUG=6)
    assert ghosts(floor) == [("A-1", "MUG", "missing", ["More than booked was found in a bin next door."])]


def test_beside_it_stands_what_was_not_counted_for_longest(floor: CountedFloor):
    for n, sku in enumerate(("MUG", "TEE", "HAT"), 1):
        floor.put(f"A-{n}", sku, 5)
    floor.counted("A-2", TEE=5)
    floor.counted("A-1", MUG=5)
    with floor.store.read() as tx:
        beside = ghost_list(tx, "LEEDS", 60).longest_uncounted
    assert [(each.place, each.counted_at is None) for each in beside] == [("A-3", True), ("A-2", False), ("A-1", False)]
