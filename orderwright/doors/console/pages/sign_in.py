"""Signing in and out; the first owner's link, invitations, lost passwords; the language of who is not signed in."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import Meta

from orderwright.business.staff import entrance
from orderwright.business.staff.forms import CodeNeeded, EndSessions, LinkShown, SignedIn
from orderwright.business.staff.reads import find_link
from orderwright.business.staff.sessions import end_sessions, find_ticket_owner
from orderwright.business.staff.tokens import store_of
from orderwright.doors.console import cookies, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import LANGUAGES
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

TICKET = "orderwright-ticket"
Path = Annotated[str, Meta(max_length=2000)]


class DoorQuery(Form, frozen=True):
    """next: where to go once signed in. store: where to sign in, when it is not the house's first."""

    next: Path = ""
    store: Annotated[str, Meta(max_length=64)] = ""


class Door(msgspec.Struct, frozen=True):
    """What the way in needs to know."""

    next: str
    store: str


@page("/sign-in", template="sign_in.html", scope=None, title=_("Sign in"))
def sign_in(asked: Asked[DoorQuery]) -> Door | Reply:
    """Who are you? Whoever is signed in already goes on."""
    query = asked.query or DoorQuery()
    if asked.visitor is not None and asked.tried is None:
        return see_other(_inside(query.next))
    return Door(query.next, query.store)


@page("/sign-in/code", template="code.html", scope=None, title=_("Sign in"))
def second_step(asked: Asked[DoorQuery]) -> Door:
    """The code of the app, after the password."""
    query = asked.query or DoorQuery()
    return Door(query.next, query.store)


@page("/first/{token}", template="first.html", scope=None, title=_("The first owner"))
def first(asked: Asked[None]) -> LinkShown:
    """The first owner makes themselves known."""
    return _link(asked, "first")


@page("/join/{token}", template="join.html", scope=None, title=_("Welcome"))
def join(asked: Asked[None]) -> LinkShown:
    """Somebody who was invited, or lost their password, chooses one."""
    return _link(asked, "join", "reset")


@act("/sign-in", scope=None, page=sign_in)
async def enter(call: Call) -> Reply:
    """By e-mail address and password."""
    came = await call.enter(
        entrance.sign_in, call.fields.get("email", ""), call.fields.get("password", ""), call.place
    )  # fmt: skip
    onward = call.fields.get("next", "")
    if isinstance(came, CodeNeeded):
        ticket = f"{TICKET}={came.ticket}; Path=/sign-in; Max-Age=600; HttpOnly; SameSite=Lax"
        where = "/sign-in/code" + (f"?next={quote(onward, safe='')}" if onward else "")
        return see_other(where, (b"set-cookie", ticket.encode()))
    return _signed_in(call, came, onward)


@act("/sign-in/code", scope=None, page=second_step)
async def enter_code(call: Call) -> Reply:
    """By the code of an app, after the password."""
    ticket = cookies.cookies_of(call.headers).get(TICKET, "")
    store = store_of(ticket)
    account_id = await call.find(lambda tx: find_ticket_owner(tx, ticket), store) if store else None
    if account_id is None:
        raise Refusal("link_spent")
    came = await call.enter(
        entrance.give_code, ticket, account_id, call.fields.get("code") or call.fields.get("recovery", ""), call.place,
        store=store,
    )  # fmt: skip
    return _signed_in(call, came, call.fields.get("next", ""))


@act("/first/{token}", scope=None, page=first)
async def become_owner(call: Call) -> Reply:
    """The first owner, by the link that was shown where the shop was started."""
    fields, token = call.fields, call.at["token"]
    came = await call.enter(
        entrance.become_owner, token, fields.get("email", ""), fields.get("name", ""), fields.get("password", ""),
        call.place, store=store_of(token),
    )  # fmt: skip
    return _signed_in(call, came, "/")


@act("/join/{token}", scope=None, page=join)
async def accept(call: Call) -> Reply:
    """By an invitation, or a link for who lost the password."""
    token = call.at["token"]
    link = await call.find(lambda tx: find_link(tx, token), store_of(token))
    if link is None:
        raise Refusal("link_spent")
    came = await call.enter(
        entrance.join, token, call.fields.get("password", ""), (link.name, link.email), call.place,
        store=store_of(token),
    )  # fmt: skip
    return _signed_in(call, came, "/")


@act("/sign-out", scope=SIGNED_IN)
async def sign_out(call: Call) -> Reply:
    """Out, here."""
    for who in (call.who, call.own):
        if who is not None:
            command = EndSessions(account_id=who.account_id, id=who.session_id, actor=who.actor)
            await call.do(end_sessions, command, who.store)
    call.visitors.forget(call.token)
    call.visitors.forget(cookies.token_of(cookies.cookies_of(call.headers)))
    return see_other("/sign-in", *cookies.no_session(), (b"clear-site-data", b'"cache", "storage"'))


@act("/language", scope=None)
async def speak(call: Call) -> Reply:
    """Another language, for who is not signed in."""
    language = call.fields.get("language", "")
    kept = [cookies.language_cookie(language)] if language in LANGUAGES else []
    return see_other(_inside(call.fields.get("back", "")), *kept)


def _signed_in(call: Call, came: SignedIn, onward: str) -> Reply:
    """Begin the session. The cookie is a new one each time, so one that was planted before is worth nothing."""
    lasts_s = max(1, int((came.ends_at - datetime.now(UTC)).total_seconds()))
    secure = origins.is_secure(call.headers)
    return see_other(_inside(onward), *cookies.session_cookies(came.token, is_secure=secure, lasts_s=lasts_s))


def _inside(path: str) -> str:
    """A path of ours, whatever somebody put into the address: never another host."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    return path if is_ours and "\\" not in path else "/"


def _link(asked: Asked[None], *kinds: str) -> LinkShown:
    link = find_link(asked.tx, asked.at["token"])
    if link is None or link.kind not in kinds:
        raise Refusal("link_spent")
    return link
