"""What is the visitor's own: language, password, and where they are signed in."""

from datetime import UTC, datetime

import msgspec

from orderwright.business.staff import entrance
from orderwright.business.staff.forms import Account, EndSessions, SessionShown, SetLanguage
from orderwright.business.staff.people import set_languages
from orderwright.business.staff.reads import count_recovery_codes, get_account, list_sessions
from orderwright.business.staff.sessions import end_sessions
from orderwright.doors.console import cookies, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import ROLES


class MeShown(msgspec.Struct, frozen=True):
    """The visitor as others see them, and their sessions. here: the one that asks.

    recovery_codes: how many are left for who lost the app of the second step.
    """

    account: Account
    sessions: list[SessionShown]
    here: str
    roles: list[str]
    recovery_codes: int


@page("/me", template="me.html", scope=SIGNED_IN, title=_("Your account"))
def me(asked: Asked[None]) -> MeShown:
    """The visitor's own account."""
    who = asked.visitor
    account = get_account(asked.tx, who.account_id)
    sessions = list_sessions(asked.tx, who.account_id).items
    roles = [ROLES.get(each, each) for each in account.roles]
    return MeShown(account, sessions, who.session_id, roles, count_recovery_codes(asked.tx, who.account_id))


@act("/me/language", page=me)
async def speak(call: Call) -> Reply:
    """Another language, from now on and everywhere."""
    who = call.who
    command = SetLanguage(account_id=who.account_id, language=call.fields.get("language", ""), actor=who.actor)
    await call.do(set_languages, command)
    call.visitors.forget(call.token)
    return see_other("/me", cookies.said(_("Saved.")))


@act("/me/password", page=me)
async def change_password(call: Call) -> Reply:
    """Another password. Every other session ends; this one goes on under a new cookie."""
    came = await call.enter(
        entrance.change_password, call.who, call.fields.get("old", ""), call.fields.get("password", ""), call.place
    )
    call.visitors.forget(call.token)
    lasts_s = max(1, int((came.ends_at - datetime.now(UTC)).total_seconds()))
    secure = origins.is_secure(call.headers)
    begun = cookies.session_cookies(came.token, is_secure=secure, lasts_s=lasts_s)
    return see_other("/me", *begun, cookies.said(_("The password is changed. You were signed out everywhere else.")))


@act("/me/sessions/{id}/end", page=me)
async def end_session(call: Call) -> Reply:
    """Sign out somewhere else."""
    who = call.who
    await call.do(end_sessions, EndSessions(account_id=who.account_id, id=call.at["id"], why="ended", actor=who.actor))
    return see_other("/me", cookies.said(_("Signed out there.")))
