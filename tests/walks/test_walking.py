"""Walks on their way: totes go on, fill up and are freed, walks end, work goes back to nobody's or on to others."""

from typing import Any

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.pack import unpack
from orderwright.business.deeds.picking.tote_units import sort_units, split_task
from orderwright.business.deeds.picking.walks import assign_totes, end_walk
from orderwright.business.deeds.put_back import put_back
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.shipping.forms import Unpack
from orderwright.business.warehouse.forms import PutBack
from orderwright.business.warehouse.walk_forms import AssignTote, EndWalk, SortUnits, SplitTask
from tests.floor import done, refused
from tests.walks.aisles import Aisles


def assign(aisles: Aisles, walk_id: str, tote: str, fulfilment_id: str = "") -> Any:
    command = AssignTote(walk_id=walk_id, tote=tote, fulfilment_id=fulfilment_id, actor="pia")
    return aisles.one(assign_totes, command)


def end(aisles: Aisles, walk_id: str, **told: Any) -> Any:
    return aisles.one(end_walk, EndWalk(walk_id=walk_id, actor="pia", **told))


def cancel(aisles: Aisles, number: str) -> None:
    done(aisles.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))


def split(aisles: Aisles, task: Any, tote: str) -> Any:
    return aisles.one(split_task, SplitTask(task_id=task.task_id, tote=tote, actor="pia"))


def test_a_tote_put_on_the_cart_takes_the_units_of_its_order(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 2}, {"TEE": 1})
    walk = aisles.claim()
    given = assign(aisles, walk.id, "T1", aisles.fulfilment(one))
    assert (given.order, given.repeated) == (one, False)
    assert assign(aisles, walk.id, "T1", aisles.fulfilment(one)).repeated
    no = refused(assign(aisles, walk.id, "T1", aisles.fulfilment(two)))
    assert no == ("tote_in_use", {"tote": "T1", "order": one, "walk": walk.number})
    assert sorted(aisles.stops(walk.id)) == [(one, "MUG", 2, "T1"), (two, "TEE", 1, "")]


def test_a_spare_tote_becomes_an_orders(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 2})
    walk = aisles.claim(totes=("T1", "T2"))
    assert aisles.totes() == [("T1", number, ""), ("T2", None, "")]
    assert not assign(aisles, walk.id, "T2", aisles.fulfilment(number)).repeated
    assert aisles.totes() == [("T1", number, ""), ("T2", number, "")]


def test_totes_go_on_walks_under_way_alone(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 1})
    walk = aisles.claim()
    assert refused(assign(aisles, "no-walk", "T1"))[0] == "not_found"
    assert refused(assign(aisles, walk.id, "T1", walk.id))[0] == "not_found"
    assert refused(assign(aisles, walk.id, "\x00"))[0] == "malformed"
    aisles.pick(aisles.tasks(number)[0])
    end(aisles, walk.id)
    assert refused(assign(aisles, walk.id, "T1")) == ("walk_step", {"walk": walk.number, "state": "done"})
    assert aisles.totes() == []


def test_a_walk_ends_when_all_is_picked_and_its_totes_are_free_when_packed(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 2})
    walk = aisles.claim(totes=("T1",))
    aisles.pick(aisles.tasks(number)[0])
    ended = end(aisles, walk.id, stands_at="PACK-1")
    assert (ended.state, ended.lines_open, ended.repeated) == ("done", 0, False)
    assert end(aisles, walk.id).repeated
    assert aisles.totes() == [("T1", number, "PACK-1")]
    assert aisles.facts(walk.id) == ["walk_claimed", "walk_ended"]
    parcel = done([aisles.pack(number)])[0].parcels[0]
    assert aisles.totes() == []
    done(aisles.run(unpack, Unpack(parcel_id=parcel.id, actor="test")))
    assert [task.tote for task in aisles.tasks(number)] == [""]  # T1 may be somebody else's by now


def test_a_walk_with_something_left_ends_with_a_reason_alone(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 5}, {"TEE": 1})
    walk = aisles.claim(totes=("T1", "T2"))
    aisles.pick(aisles.tasks(one)[0], 2)
    told = {"walk": walk.number, "lines": 2, "units": 4}
    assert refused(end(aisles, walk.id)) == ("walk_open", told)
    ended = end(aisles, walk.id, reason="break")
    assert (ended.state, ended.end_reason, ended.lines, ended.units) == ("done", "break", 1, 2)
    # What is picked stays in its tote; the other tote is free; the rest is anybody's.
    assert aisles.totes() == [("T1", one, "")]
    again = aisles.claim("paul")
    assert sorted(stop[:3] for stop in aisles.stops(again.id)) == [(one, "MUG", 3), (two, "TEE", 1)]


def test_walks_that_are_not_there_or_not_begun_cannot_end(aisles: Aisles) -> None:
    assert refused(end(aisles, "?"))[0] == "not_found"
    assert refused(end(aisles, "?", reason="\x00"))[0] == "malformed"


def test_what_is_cancelled_leaves_the_walk_and_a_walk_with_nothing_left_ends(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 1}, {"TEE": 1})
    walk = aisles.claim(totes=("T1", "T2"))
    cancel(aisles, one)
    assert [stop[0] for stop in aisles.stops(walk.id)] == [two]
    assert aisles.totes() == [("T2", two, "")]
    assert aisles.walk(walk.id).walk.state == "walking"
    cancel(aisles, two)
    assert (aisles.walk(walk.id).walk.state, aisles.totes()) == ("done", [])
    assert aisles.facts(walk.id) == ["walk_claimed", "walk_ended"]


def test_what_is_cancelled_after_it_was_picked_keeps_its_tote_until_it_is_put_back(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 2}, {"TEE": 1})
    walk = aisles.claim(totes=("T1", "T2"))
    for number in (one, two):
        aisles.pick(aisles.tasks(number)[0])
    cancel(aisles, one)
    assert aisles.walk(walk.id).walk.state == "walking"  # somebody has to bring what was picked
    end(aisles, walk.id)
    assert [row.tote for row in aisles.rows("SELECT tote FROM put_back")] == ["T1"]
    assert aisles.totes() == [("T1", one, ""), ("T2", two, "")]
    back = {"site": "LEEDS", "sku": "MUG", "place": "A-01-02", "actor": "test"}
    done(aisles.run(put_back, PutBack(quantity=1, **back)))
    assert len(aisles.totes()) == 2
    done(aisles.run(put_back, PutBack(quantity=1, **back)))
    assert aisles.totes() == [("T2", two, "")]


def test_a_full_tote_splits_the_task(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 5, "TEE": 1})
    walk = aisles.claim(totes=("T1",))
    task = next(task for task in aisles.tasks(number) if task.sku == "MUG")
    aisles.pick(task, 2)
    rest = split(aisles, task, "T2")
    assert (rest.task_id, rest.picked, rest.left, rest.tote, rest.repeated) == (task.task_id, 2, 3, "T2", False)
    assert split(aisles, task, "T2") == rest.__class__(task.task_id, 2, rest.rest_id, 3, "T2", repeated=True)
    # The full tote takes nothing more: what else was to go into it goes into the other.
    assert sorted(aisles.stops(walk.id)) == [
        (number, "MUG", 2, "T1"),
        (number, "MUG", 3, "T2"),
        (number, "TEE", 1, "T2"),
    ]
    assert aisles.totes() == [("T1", number, ""), ("T2", number, "")]
    aisles.pick_all(number)
    assert aisles.units(number) == [("MUG", {"picked": 5}), ("TEE", {"picked": 1})]


def test_a_tote_changed_before_anything_is_picked_splits_nothing(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 5})
    aisles.claim(totes=("T1",))
    [task] = aisles.tasks(number)
    assert split(aisles, task, "T2").rest_id == task.task_id
    assert [task.tote for task in aisles.tasks(number)] == ["T2"]
    assert aisles.totes() == [("T1", number, ""), ("T2", number, "")]  # both are on the cart


def test_a_task_is_not_split_into_anothers_tote_or_off_a_walk(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 1}, {"MUG": 1})
    [task] = aisles.tasks(one)
    assert refused(split(aisles, task, "T2"))[0] == "walk_step"
    aisles.claim(totes=("T1", "T2"))
    assert refused(split(aisles, task, "T2"))[0] == "tote_in_use"
    assert refused(split(aisles, task, ""))[0] == "malformed"
    assert refused(aisles.one(split_task, SplitTask(task_id="?", tote="T3", actor="pia")))[0] == "not_found"
    aisles.pick(task)
    assert refused(split(aisles, task, "T3"))[0] == "pick_step"
    assert aisles.totes() == [("T1", one, ""), ("T2", two, "")]


def test_units_in_a_mixed_tote_are_sorted_to_their_orders(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 3}, {"MUG": 1})
    walk = aisles.claim()
    done([assign(aisles, walk.id, "MIX")])
    for number in (one, two):
        aisles.pick(aisles.tasks(number)[0], tote="MIX")
    [task], [other] = aisles.tasks(one), aisles.tasks(two)

    def sort(task: Any, tote: str, quantity: int) -> Any:
        return aisles.one(sort_units, SortUnits(task_id=task.task_id, tote=tote, quantity=quantity, actor="sue"))

    assert aisles.totes() == [("MIX", None, "")]
    assert refused(sort(task, "O1", 4))[0] == "not_in_tote"
    part = sort(task, "O1", 2)
    assert (part.quantity, part.left) == (2, 1)
    assert refused(sort(other, "O1", 1))[0] == "tote_in_use"
    assert sort(task, "O1", 1).left == 0
    assert refused(sort(task, "O1", 1))[0] == "not_in_tote"
    sort(other, "O2", 1)
    assert aisles.totes() == [("MIX", None, ""), ("O1", one, ""), ("O2", two, "")]
    end(aisles, walk.id)
    assert aisles.totes() == [("O1", one, ""), ("O2", two, "")]
    done([aisles.pack(one)])
    assert aisles.totes() == [("O2", two, "")]


def test_a_zone_hands_its_totes_over_to_the_next(aisles: Aisles) -> None:
    [number] = aisles.released({"MUG": 1, "HAT": 1})
    walk = aisles.claim(zone="A", totes=("T1",))
    mug = next(task for task in aisles.tasks(number) if task.sku == "MUG")
    aisles.pick(mug)
    end(aisles, walk.id)
    assert aisles.totes() == [("T1", number, "GATE-A")]
    other = aisles.claim("paul", zone="B")
    assert aisles.stops(other.id) == [(number, "HAT", 1, "T1")]
    assert aisles.totes() == [("T1", number, "")]
    assert [tote.code for tote in other.totes] == ["T1"]
    aisles.pick_all(number)
    done([aisles.pack(number)])
    assert aisles.totes() == []
    assert end(aisles, other.id).state == "done"
