"""A scanner several people share: registered once in its own browser, then taken into one's hands by a PIN."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.staff import entrance
from orderwright.business.staff.devices import register_devices
from orderwright.business.staff.forms import Account, Device, EndSessions, RegisterDevice
from orderwright.business.staff.reads import find_device, list_people_at
from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.business.staff.sessions import end_sessions
from orderwright.business.staff.tokens import store_of
from orderwright.doors.console import cookies, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.device_cookies import device_cookie, device_in
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

WHO = "/floor/who"
FLOOR_ROLES = frozenset(role for role, scopes in ROLE_SCOPES.items() if "floor:write" in scopes)
"""Who has work on the floor."""


class WhoQuery(Form, frozen=True):
    """Whose name was touched."""

    person: Annotated[str, Meta(max_length=64)] = ""


class WhoShown(msgspec.Struct, frozen=True):
    """device: the shared scanner that asks, None when it is none. person: who is about to give their PIN."""

    device: Device | None
    people: list[Account]
    person: Account | None


class RegisterShown(msgspec.Struct, frozen=True):
    """device: what this browser is registered as already, if anything."""

    device: Device | None
    sites: list[tuple[str, str]]


@page(WHO, template="floor_who.html", scope=None, title=_("Who are you?"))
def who(asked: Asked[WhoQuery]) -> WhoShown:
    """The people who may take this scanner into their hands, then the PIN of one of them."""
    device = find_device(asked.tx, asked.device)
    people = list_people_at(asked.tx, device, roles=FLOOR_ROLES) if device else []
    wanted = asked.query.person if asked.tried is None else asked.tried.values.get("person", "")
    return WhoShown(device, people, next((each for each in people if each.id == wanted), None))


@act(WHO, scope=None, page=who)
async def take(call: Call) -> Reply:
    """By name and PIN; whoever held it is signed out. Refuses unknown_device, sign_in_refused, sign_in_wait."""
    token = device_in(cookies.cookies_of(call.headers))
    device = await call.find(lambda tx: find_device(tx, token), store_of(token)) if token else None
    if device is None:
        raise Refusal("unknown_device")
    came = await call.enter(
        entrance.sign_in_by_pin, device, token, call.fields.get("person", ""), call.fields.get("pin", ""), call.place,
        store=store_of(token),
    )  # fmt: skip
    call.visitors.forget(call.token)
    lasts_s = max(1, int((came.ends_at - datetime.now(UTC)).total_seconds()))
    secure = origins.is_secure(call.headers)
    return see_other("/floor", *cookies.session_cookies(came.token, is_secure=secure, lasts_s=lasts_s))


@act("/floor/lock", scope=SIGNED_IN)
async def lock(call: Call) -> Reply:
    """Nobody holds the scanner any more. What it keeps to be sent stays on it."""
    holder = call.who
    await call.do(end_sessions, EndSessions(account_id=holder.account_id, id=holder.session_id, actor=holder.actor))
    call.visitors.forget(call.token)
    return see_other(WHO if device_in(cookies.cookies_of(call.headers)) else "/sign-in", *cookies.no_session())


@page("/floor/device", template="floor_device.html", scope="staff:write", title=_("Shared scanner"), section="floor")
def registering(asked: Asked[None]) -> RegisterShown:
    """What this browser is, and the form that makes it a scanner people share."""
    limits = asked.access.sites
    sites = [(code, code) for code in sorted(catalog_of(asked.tx).sites) if limits is None or code in limits]
    return RegisterShown(find_device(asked.tx, asked.device), sites)


@act("/floor/device", scope="staff:write", page=registering)
async def register(call: Call) -> Reply:
    """Make this browser a shared scanner, and sign out of it: from now on people give their PIN here."""
    holder, site = call.who, call.fields.get("site", "")
    if holder.sites is not None and site not in holder.sites:
        raise Refusal("forbidden", scope="staff:write")
    made = await call.do(
        register_devices, RegisterDevice(name=call.fields.get("name", "").strip(), site=site, actor=holder.actor)
    )
    await call.do(end_sessions, EndSessions(account_id=holder.account_id, id=holder.session_id, actor=holder.actor))
    call.visitors.forget(call.token)
    cookie = device_cookie(made.token, is_secure=origins.is_secure(call.headers))
    return see_other(WHO, cookie, *cookies.no_session())
