"""Practising: a store of one's own where nothing is real, with a course; and the demo's shop, made to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from orderwright.business.practice.actions import pause_demos, show_hints
from orderwright.business.practice.forms import SITE, Course, PauseDemo, ShowHint, Step
from orderwright.business.practice.reads import course_of
from orderwright.business.practice.rules import HINT_COSTS, POINTS, Name
from orderwright.business.staff.forms import EndSessions, SignedIn
from orderwright.business.staff.practising import find_practice
from orderwright.business.staff.sessions import end_sessions
from orderwright.database.invented import find_mark
from orderwright.doors.console import cookies, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.practice.making import enter, throw_away

COURSE = "/practice"


class Lesson(NamedTuple):
    """A task in words. where: the page it begins at."""

    title: str
    says: str
    hint: str
    where: str


LESSONS: Mapping[Name, Lesson] = {
    "review": Lesson(
        _("Review an order"),
        _("Order %(order)s is stopped. Read why, correct its address, and let it go on."),
        _("The hold on the order's page says what is wrong. Choose to change the address, write 24 Mill Lane in the"
          " street's line, and save. Then release the hold."),
        "/orders/%(order)s",
    ),
    "exception": Lesson(
        _("Settle an exception"),
        _("Order %(order)s was charged far more than the list price. Compare the two, and decide."),
        _("Both prices stand side by side. Choose what is suggested, or cancel the order; either settles it."),
        "/exceptions/%(subject)s",
    ),
    "pick": Lesson(
        _("Pick an order"),
        _("Fetch the goods of order %(order)s: write T1 for the tote, and follow the screen."),
        _("Without a scanner, type what is asked for and press Enter: the bin as it is shown, the product's code, then"
          " T1 for the tote. At the end choose Done."),
        f"/floor/begin/pick?site={SITE}",
    ),
    "pack": Lesson(
        _("Pack an order"),
        _("The goods of order %(order)s lie in tote P1. Pack them."),
        _("Write P1 for the tote, scan or type BOWL three times, choose Done, and key 1050 grams."),
        f"/floor/begin/pack?site={SITE}",
    ),
    "return": Lesson(
        _("Take a return"),
        _("A jug of order %(order)s came back, as good as new. Receive it, and put it back into stock."),
        _("Write the order's number, then JUG. Choose As good as new, and write the bin that is shown. At the end"
          " choose Done."),
        f"/floor/begin/return?site={SITE}",
    ),
}  # fmt: skip
"""Every task of the course, as it is told."""


class PracticeShown(msgspec.Struct, frozen=True):
    """course: of who practises; None in the shop itself, where `has_store` says whether they did before."""

    course: Course | None
    has_store: bool
    points: int = POINTS
    hint_costs: int = HINT_COSTS

    def lesson(self, step: Step) -> Lesson:
        """A task in words."""
        return LESSONS[step.name]

    def where(self, step: Step) -> str:
        """Where a task begins."""
        return LESSONS[step.name].where % {"order": step.order, "subject": step.subject}


@page(COURSE, template="practice.html", scope=SIGNED_IN, title=_("Practice"), section="practice")
def practice(asked: Asked[None]) -> PracticeShown:
    """The course where somebody practises; the way there in the shop itself."""
    mark = find_mark(asked.tx)
    if mark is not None and mark.is_practice:
        return PracticeShown(course_of(asked.tx, [asked.visitor.actor, asked.visitor.name]), True)
    return PracticeShown(None, bool(find_practice(asked.tx, asked.visitor.account_id)))


@act("/practice/begin", page=practice)
async def begin(call: Call) -> Reply:
    """Go where nothing is real; the first time it is made."""
    if call.own is not None:
        return see_other(COURSE)
    who = call.who
    came = await call.aside(enter, call.house.shops, call.house.kinds, who, call.place)
    return _entered(call, came, _("Nothing here is real. Try whatever you like."))


@act("/practice/again", page=practice)
async def again(call: Call) -> Reply:
    """Throw away what was practised, and begin anew."""
    own = call.own or call.who
    shops = call.house.shops
    await call.aside(throw_away, shops, own.store, own.account_id, own.actor)
    came = await call.aside(enter, shops, call.house.kinds, own, call.place)
    return _entered(call, came, _("Everything is as at the beginning."))


@act("/practice/leave", page=practice)
async def leave(call: Call) -> Reply:
    """Back to the shop; what was practised stays."""
    if call.own is not None:
        who = call.who
        command = EndSessions(account_id=who.account_id, id=who.session_id, actor=who.actor)
        await call.do(end_sessions, command, who.store)
        call.visitors.forget(call.token)
    return see_other("/", *cookies.no_practice(), cookies.said(_("You are in the shop again.")))


@act("/practice/hint/{task}", page=practice)
async def hint(call: Call) -> Reply:
    """Look at a hint."""
    await call.do(show_hints, ShowHint(task=call.at["task"], actor=call.who.actor))
    return see_other(f"{COURSE}#{call.at['task']}")


@act("/demo/pause", page=practice)
async def pause(call: Call) -> Reply:
    """Have the demo wait."""
    return await _have_wait(call, is_paused=True)


@act("/demo/go-on", page=practice)
async def go_on(call: Call) -> Reply:
    """Have the demo go on."""
    return await _have_wait(call, is_paused=False)


async def _have_wait(call: Call, *, is_paused: bool) -> Reply:
    await call.do(pause_demos, PauseDemo(is_paused=is_paused, actor=call.who.actor))
    call.visitors.forget(call.token)
    back = call.fields.get("back", "/")
    return see_other(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


def _entered(call: Call, came: SignedIn, said: str) -> Reply:
    call.visitors.forget(cookies.token_of(cookies.cookies_of(call.headers)))
    lasts_s = max(1, int((came.ends_at - datetime.now(UTC)).total_seconds()))
    secure = origins.is_secure(call.headers)
    begun = cookies.practice_cookies(came.token, is_secure=secure, lasts_s=lasts_s)
    return see_other(COURSE, *begun, cookies.said(said))
