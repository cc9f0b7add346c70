"""Days are told while everything goes on: what was told must go with what happens after."""

from orderwright.business.reports.baselines import BaselineForm, TellBaseline, tell_baselines
from orderwright.business.reports.days.telling import tell_all, tell_stale, zone_of
from orderwright.business.reports.mailing import want_mails
from orderwright.business.reports.periods import period_of
from orderwright.doors.worker.loop import Worker
from tests.random.steps import step
from tests.random.world import World


@step(3)
def days_are_told(world: World) -> None:
    with world.store.begin() as tx:
        if world.pick(True, True, False):
            tell_all(tx)
        else:
            tell_stale(tx, zone_of(tx), 2)


@step(1)
def somebody_tells_how_it_was(world: World) -> None:
    figure = world.pick("touch_time", "touch_time", "touch_time", "nothing")
    for form in (
        BaselineForm(value=world.pick("12,5", "99 %", "")),
        BaselineForm(timed="312", count=world.pick("48", "0", "many")),
        BaselineForm(value="1e5"),
    ):
        world.one(tell_baselines, TellBaseline(figure=figure, form=form, actor="random"))


@step(1)
def reports_are_mailed(world: World) -> None:
    with world.store.begin() as tx:
        want_mails(
            tx, period_of(world.pick("daily", "weekly"), tx.now.date()), ["ann@example.org", "b@refused.invalid"]
        )
    world.work(Worker.run_until_idle)
