"""People and hours: nobody is at two tasks at once, and an hour's work is counted on the hours clocked."""

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.business.reports.labour import labour
from orderwright.business.warehouse.labour.actions import clock_in, clock_out, correct_clocks, put_shifts, put_workers
from orderwright.business.warehouse.labour.forms import ClockIn, ClockOut, CorrectClock, Hours, PutShift, PutWorker
from orderwright.business.warehouse.labour.reads import list_hours, list_shifts, list_workers
from orderwright.business.warehouse.labour.rules import Stretch, overlaps, per_hour, worked_s
from tests.floor import Floor, refused
from tests.meeting import while_open

EIGHT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def begin(floor: Floor, person: str, at: datetime, task: str = "pick", site: str = "LEEDS") -> Hours:
    hours = floor.one(clock_in, ClockIn(person=person, site=site, task=task, at=at, actor="lead"))  # type: ignore[arg-type]
    assert isinstance(hours, Hours), hours
    return hours


def end(floor: Floor, person: str, at: datetime) -> Hours:
    hours = floor.one(clock_out, ClockOut(person=person, at=at, actor="lead"))
    assert isinstance(hours, Hours), hours
    return hours


def test_1200_units_by_4_pickers_in_6_hours_are_50_an_hour(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=1_200)
    floor.at(EIGHT)
    for person in ("ann", "bob", "cem", "dee"):
        begin(floor, person, EIGHT)
    for hour in range(4):
        number = floor.place({"MUG": 300}).number
        floor.release(number)
        [task] = floor.tasks(number)
        floor.at(EIGHT + (hour + 1) * HOUR)
        floor.pick(task, actor=("ann", "bob", "cem", "dee")[hour])
    floor.at(EIGHT + 6 * HOUR)
    for person in ("ann", "bob", "cem", "dee"):
        end(floor, person, EIGHT + 6 * HOUR)
    with floor.store.read() as tx:
        [pick] = labour(tx, "LEEDS", EIGHT, EIGHT + 24 * HOUR).hours
    assert (pick.task, pick.people, pick.clocked_s, pick.units, pick.per_hour) == ("pick", 4, 24 * 3600, 1_200, 50)


def test_touch_time_is_the_time_since_the_same_persons_act_before_and_idle_is_capped(floor: Floor) -> None:
    floor.at(EIGHT)  # what comes after is not recorded before it
    floor.stock("LEEDS", MUG=9)
    numbers = [floor.place({"MUG": 1}).number for _ in range(3)]
    tasks = []
    for number in numbers:
        floor.release(number)
        tasks += floor.tasks(number)
    for task, minute in zip(tasks, (0, 2, 62), strict=True):
        floor.at(EIGHT + timedelta(days=1, minutes=minute))
        floor.pick(task, actor="ann")
    with floor.store.read() as tx:
        touched = labour(tx, "LEEDS", EIGHT + timedelta(days=1), EIGHT + timedelta(days=2)).touch
    [pick] = [each for each in touched if each.step == "pick"]
    assert (pick.acts, pick.orders, pick.touch_s, pick.per_order_s) == (3, 3, 120 + 300, 140)


def test_a_new_task_ends_the_one_before(floor: Floor) -> None:
    floor.at(EIGHT + 9 * HOUR)
    begin(floor, "ann", EIGHT)
    begin(floor, "ann", EIGHT + 2 * HOUR, task="pack")
    end(floor, "ann", EIGHT + 5 * HOUR)
    with floor.store.read() as tx:
        page = list_hours(tx, "LEEDS", EIGHT, EIGHT + 9 * HOUR)
    stretches = [(each.task, each.started_at, each.ended_at) for each in page.items]
    assert stretches == [("pick", EIGHT, EIGHT + 2 * HOUR), ("pack", EIGHT + 2 * HOUR, EIGHT + 5 * HOUR)]


def test_clocking_in_twice_is_once(floor: Floor) -> None:
    floor.at(EIGHT + HOUR)
    first = begin(floor, "ann", EIGHT)
    again = begin(floor, "ann", EIGHT + timedelta(minutes=5))
    assert (again.id, again.started_at, again.repeated) == (first.id, EIGHT, True)


def test_both_of_one_call_are_decided_one_after_the_other(floor: Floor) -> None:
    floor.at(EIGHT + HOUR)
    pick = ClockIn(person="ann", site="LEEDS", task="pick", at=EIGHT, actor="lead")
    pack = ClockIn(person="ann", site="LEEDS", task="pack", at=EIGHT + timedelta(minutes=10), actor="lead")
    floor.run(clock_in, pick, pick, pack)
    rows = floor.rows("SELECT task, ended_at IS NULL AS is_open FROM work_clock ORDER BY started_at")
    assert [(row.task, row.is_open) for row in rows] == [("pick", False), ("pack", True)]


def test_a_newcomer_at_two_scanners_at_once_begins_once(floor: Floor) -> None:
    floor.at(EIGHT)
    command = ClockIn(person="new", site="LEEDS", task="pick", at=EIGHT - HOUR, actor="lead")
    [first], [second] = while_open(
        floor, lambda tx: clock_in(tx, [command]), lambda writer: writer.submit(clock_in, [command])
    )
    assert (first.id, second.repeated) == (second.id, True)
    assert len(floor.rows("SELECT id FROM work_clock")) == 1


def test_a_refused_newcomer_is_not_known(floor: Floor) -> None:
    floor.at(EIGHT)
    late = ClockIn(person="new", site="LEEDS", task="pick", at=EIGHT + HOUR, actor="lead")
    assert refused(floor.one(clock_in, late))[0] == "clock_time"
    assert floor.rows("SELECT person FROM worker") == []


def test_who_lacks_the_skill_or_left_does_not_clock_in(floor: Floor) -> None:
    floor.run(
        put_workers,
        PutWorker(person="ann", skills=["pack", "returns"], actor="lead"),
        PutWorker(person="bob", is_active=False, actor="lead"),
    )
    ann = floor.one(clock_in, ClockIn(person="ann", site="LEEDS", task="pick", actor="lead"))
    assert refused(ann) == ("skill_missing", {"person": "ann", "task": "pick", "skills": ["pack", "returns"]})
    bob = floor.one(clock_in, ClockIn(person="bob", site="LEEDS", task="pick", actor="lead"))
    assert refused(bob) == ("not_active", {"person": "bob"})
    assert floor.rows("SELECT id FROM work_clock") == []


def test_nobody_works_in_the_future_or_backwards(floor: Floor) -> None:
    floor.at(EIGHT)
    late = floor.one(clock_in, ClockIn(person="ann", site="LEEDS", task="pick", at=EIGHT + HOUR, actor="lead"))
    assert refused(late)[0] == "clock_time"
    begin(floor, "ann", EIGHT - HOUR)
    back = floor.one(clock_out, ClockOut(person="ann", at=EIGHT - 2 * HOUR, actor="lead"))
    assert refused(back)[0] == "clock_time"
    end(floor, "ann", EIGHT)
    assert refused(floor.one(clock_out, ClockOut(person="ann", actor="lead"))) == ("not_at_work", {"person": "ann"})
    before = floor.one(clock_in, ClockIn(person="ann", site="LEEDS", task="pack", at=EIGHT - HOUR, actor="lead"))
    assert refused(before)[0] == "clock_time"


def test_forgotten_hours_are_put_right_but_never_over_others(floor: Floor) -> None:
    floor.at(EIGHT + 9 * HOUR)
    begin(floor, "ann", EIGHT)
    first = end(floor, "ann", EIGHT + HOUR)
    begin(floor, "ann", EIGHT + 4 * HOUR)

    def correct(hours: int) -> object:
        return floor.one(correct_clocks, CorrectClock(
            id=first.id, started_at=EIGHT, ended_at=EIGHT + hours * HOUR, reason="Forgot.", actor="lead"
        ))  # fmt: skip

    assert refused(correct(5)) == ("clock_overlaps", {"person": "ann"})
    assert refused(correct(0))[0] == "clock_time"
    right = correct(3)
    assert isinstance(right, Hours)
    assert (right.ended_at, right.corrected) == (EIGHT + 3 * HOUR, "lead: Forgot.")
    nobody = CorrectClock(id="x", started_at=EIGHT, ended_at=EIGHT + HOUR, reason="?", actor="lead")
    assert refused(floor.one(correct_clocks, nobody))[0] == "not_found"


def test_a_shift_tells_who_is_here_and_who_is_late(floor: Floor) -> None:
    floor.at(EIGHT)
    shifts = [
        PutShift(person=person, site="LEEDS", task="pick", starts_at=EIGHT, ends_at=EIGHT + 8 * HOUR, actor="lead")
        for person in ("ann", "bob", "cem")
    ]
    floor.run(put_shifts, *shifts)
    floor.one(put_shifts, PutShift(
        person="cem", site="LEEDS", task="pick", starts_at=EIGHT, ends_at=EIGHT + HOUR, is_cancelled=True, actor="lead"
    ))  # fmt: skip
    begin(floor, "ann", EIGHT)
    floor.at(EIGHT + HOUR)
    with floor.store.read() as tx:
        page = list_shifts(tx, "LEEDS", EIGHT, EIGHT + HOUR)
        people = list_workers(tx, sites=frozenset({"LEEDS"}))
    assert [(each.person, each.is_here, each.is_late) for each in page.items] == [
        ("ann", True, False), ("bob", False, True),
    ]  # fmt: skip
    assert [(each.person, each.task) for each in people.items] == [("ann", "pick"), ("bob", ""), ("cem", "")]


@pytest.mark.parametrize(
    ("person", "site", "code"),
    [("", "LEEDS", "malformed"), ("a\x00", "LEEDS", "malformed"), ("a", "MARS", "unknown_site")],
)
def test_bad_clockings_are_refused_and_leave_nothing(floor: Floor, person: str, site: str, code: str) -> None:
    assert refused(floor.one(clock_in, ClockIn(person=person, site=site, task="pick", actor="lead")))[0] == code
    assert floor.rows("SELECT id FROM work_clock") == []


def test_hours_count_where_they_fall_into_the_span() -> None:
    stretches = [Stretch(EIGHT - HOUR, EIGHT + HOUR), Stretch(EIGHT + 2 * HOUR, None)]
    assert worked_s(stretches, EIGHT, EIGHT + 3 * HOUR) == 2 * 3600
    assert per_hour(3, 2 * 3600) == 2
    assert per_hour(3, 0) is None
    assert not overlaps(Stretch(EIGHT, EIGHT + HOUR), [Stretch(EIGHT + HOUR, None)])
    assert overlaps(Stretch(EIGHT, None), [Stretch(EIGHT + HOUR, None)])
