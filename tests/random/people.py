"""People who work at the sites: they come and go, forget to clock out, and are put right."""

from datetime import timedelta

from orderwright.business.warehouse.labour.actions import clock_in, clock_out, correct_clocks, put_shifts, put_workers
from orderwright.business.warehouse.labour.forms import ClockIn, ClockOut, CorrectClock, PutShift, PutWorker
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.world import World

PEOPLE = ("ann", "bob", "cem")


@step(2)
def somebody_clocks_in(world: World) -> None:
    site, task = world.pick("LEEDS", "BRISTOL", "MARS"), world.pick("pick", "pack")
    world.one(clock_in, ClockIn(person=world.pick(*PEOPLE), site=site, task=task, actor="random"))
    in_future = world.now + timedelta(hours=1)
    world.one(clock_in, ClockIn(person=world.pick(*PEOPLE), site="LEEDS", task="count", at=in_future, actor="random"))


@step(2)
def somebody_clocks_out(world: World) -> None:
    world.one(clock_out, ClockOut(person=world.pick(*PEOPLE, "nobody"), actor="random"))


@step(1)
def what_people_may_do_changes(world: World) -> None:
    for is_active, skills in ((False, []), (True, ["pack"]), (True, [])):
        world.one(put_workers, PutWorker(person="dee", is_active=is_active, skills=skills, actor="random"))
        world.one(clock_in, ClockIn(person="dee", site="LEEDS", task="pick", actor="random"))
        world.one(clock_out, ClockOut(person="dee", actor="random"))


@step(1)
def hours_are_put_right(world: World) -> None:
    row = world.some("SELECT id::text FROM work_clock ORDER BY id")
    back = timedelta(minutes=world.pick(1, 90, 600))
    for start, end in ((world.now - back, world.now - back / 2), (world.now, world.now - back)):
        world.one(correct_clocks, CorrectClock(
            id=an_id(world, row), started_at=start, ended_at=end, reason="Forgot.", actor="random"
        ))  # fmt: skip
    later = timedelta(hours=8)
    for person in ("eve", "fay"):  # one person's hours, and others over them
        world.one(clock_in, ClockIn(person=person, site="LEEDS", task="desk", at=world.now - later, actor="random"))
        world.one(clock_out, ClockOut(person=person, at=world.now - later / 2, actor="random"))
        world.one(clock_in, ClockIn(person=person, site="LEEDS", task="desk", at=world.now - later / 4, actor="random"))
        world.one(clock_out, ClockOut(person=person, actor="random"))
        for each in world.shop.rows("SELECT id::text FROM work_clock WHERE person = %(person)s", person=person):
            world.one(correct_clocks, CorrectClock(
                id=each.id, started_at=world.now - later, ended_at=world.now, reason="Forgot.", actor="random"
            ))  # fmt: skip


@step(1)
def a_shift_is_planned(world: World) -> None:
    for hours, is_cancelled in ((8, False), (-1, False), (8, True)):
        world.one(put_shifts, PutShift(
            person=world.pick(*PEOPLE), site=world.pick("LEEDS", "MARS"), task="pick", starts_at=world.now,
            ends_at=world.now + timedelta(hours=hours), is_cancelled=is_cancelled, actor="random",
        ))  # fmt: skip
