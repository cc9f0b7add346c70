"""People who sign in to the console, their sessions, and the scanners they share."""

from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.staff.devices import register_devices, revoke_devices
from orderwright.business.staff.forms import (
    Account,
    Device,
    EndSessions,
    Invite,
    Linked,
    MakeLink,
    RegisterDevice,
    RevokeDevice,
    SessionShown,
    SetActive,
    SetRoles,
    SignedOut,
)
from orderwright.business.staff.people import invite, make_links, set_active, set_roles
from orderwright.business.staff.reads import get_account, list_accounts, list_devices, list_sessions
from orderwright.business.staff.sessions import end_sessions
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page

Roles = Annotated[list[Word], Meta(min_length=1, max_length=20)]
Limits = Annotated[list[Word], Meta(max_length=1000)]


class RolesForm(Form, frozen=True):
    """Roles, and the sites and channels they are limited to; left out, all of them."""

    roles: Roles
    sites: Limits | None = None
    channels: Limits | None = None


class InviteForm(RolesForm, frozen=True, kw_only=True):
    """Who is to sign in. name: as facts will name them, for good. language: en, es, or '' for the browser's."""

    email: Annotated[str, Meta(max_length=254)]
    name: Annotated[str, Meta(max_length=64)]
    language: Annotated[str, Meta(max_length=8)] = ""


class DeviceForm(Form, frozen=True):
    """A scanner several people share, at one site."""

    name: Annotated[str, Meta(max_length=64)]
    site: Word


def _without_token(linked: Linked) -> Linked:
    return msgspec.structs.replace(linked, token="")


def _device_without_token(device: Device) -> Device:
    return msgspec.structs.replace(device, token="")


@read("/v1/staff", "staff:read", within=whole_store)
def staff(tx: Tx, question: Question[None]) -> Page[Account]:
    """Everybody who signs in, was invited or is disabled, by name."""
    return list_accounts(tx)


@deed(
    "POST", "/v1/staff", "staff:write", invite, within=whole_store, answer=Linked, status=201, kept=_without_token,
    example={"email": "kim@example.org", "name": "Kim", "roles": ["picker", "packer"], "sites": ["LEEDS"]},
)  # fmt: skip
def invite_person(request: Request[InviteForm]) -> Invite:
    """Invite somebody. `token` in the answer is told this once: pass on `/join/<token>`; by it they choose a password.

    Nobody gives more than they may do themselves: 403 `role_beyond`. 409 `staff_taken`, 422 `bad_role`.
    """
    form = request.body
    return Invite(
        email=form.email, name=form.name, roles=form.roles, sites=form.sites, channels=form.channels,
        language=form.language, by=request.access.scopes, actor=request.actor,
    )  # fmt: skip


@read("/v1/staff/{id}", "staff:read", within=whole_store)
def person(tx: Tx, question: Question[None]) -> Account:
    """One person."""
    return get_account(tx, question.at["id"])


@deed(
    "PUT", "/v1/staff/{id}/roles", "staff:write", set_roles, within=whole_store, answer=Account,
    example={"roles": ["partner"], "channels": ["market"]},
)  # fmt: skip
def put_roles(request: Request[RolesForm]) -> SetRoles:
    """Give somebody other roles or limits. They are signed out everywhere. 409 `last_owner`, 403 `role_beyond`."""
    form = request.body
    return SetRoles(
        id=request.at["id"], roles=form.roles, sites=form.sites, channels=form.channels, by=request.access.scopes,
        actor=request.actor,
    )  # fmt: skip


@deed(
    "POST", "/v1/staff/{id}/link", "staff:write", make_links, within=whole_store, answer=Linked, kept=_without_token
)  # fmt: skip
def make_link(request: Request[None]) -> MakeLink:
    """Another one-time link: the invitation again, or a new password (and no second step) for who lost theirs.

    Earlier links are useless from now on. `token` is told this once: pass on `/join/<token>`.
    """
    return MakeLink(id=request.at["id"], by=request.access.scopes, actor=request.actor)


@deed("POST", "/v1/staff/{id}/disable", "staff:write", set_active, within=whole_store, answer=Account)
def disable_person(request: Request[None]) -> SetActive:
    """Let somebody in no more; they are signed out everywhere. 409 `last_owner`."""
    return SetActive(id=request.at["id"], is_active=False, by=request.access.scopes, actor=request.actor)


@deed("POST", "/v1/staff/{id}/enable", "staff:write", set_active, within=whole_store, answer=Account)
def enable_person(request: Request[None]) -> SetActive:
    """Let somebody in again, with the password they had."""
    return SetActive(id=request.at["id"], is_active=True, by=request.access.scopes, actor=request.actor)


@read("/v1/staff/{id}/sessions", "staff:read", within=whole_store)
def sessions_of_person(tx: Tx, question: Question[None]) -> Page[SessionShown]:
    """Where somebody is signed in now, last seen first."""
    return list_sessions(tx, question.at["id"])


@deed("POST", "/v1/staff/{id}/sign-out", "staff:write", end_sessions, within=whole_store, answer=SignedOut)
def sign_person_out(request: Request[None]) -> EndSessions:
    """Sign somebody out everywhere."""
    return EndSessions(account_id=request.at["id"], why="ended", by=request.access.scopes, actor=request.actor)


@read("/v1/devices", "staff:read", within=whole_store)
def devices(tx: Tx, question: Question[None]) -> Page[Device]:
    """Shared scanners, newest first, revoked ones too."""
    return list_devices(tx)


@deed(
    "POST", "/v1/devices", "staff:write", register_devices, within=whole_store, answer=Device, status=201,
    kept=_device_without_token, example={"name": "Scanner 1", "site": "LEEDS"},
)  # fmt: skip
def register_device(request: Request[DeviceForm]) -> RegisterDevice:
    """Register a scanner that people at one site share by their PINs. `token` is told this once."""
    return RegisterDevice(name=request.body.name, site=request.body.site, actor=request.actor)


@deed("DELETE", "/v1/devices/{id}", "staff:write", revoke_devices, within=whole_store, answer=Device)
def revoke_device(request: Request[None]) -> RevokeDevice:
    """Revoke a shared scanner; whoever holds it is signed out."""
    return RevokeDevice(id=request.at["id"], actor=request.actor)
