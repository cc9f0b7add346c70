"""People: who signs in, what they may do, their one-time links; and the scanners they share."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.staff.forms import Account, Device, SessionShown
from orderwright.business.staff.reads import get_account, list_accounts, list_devices, list_sessions
from orderwright.business.staff.rules import ROLE_SCOPES, is_within_reach
from orderwright.doors.api.routes import staff as routes
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import ROLES, Word

STATES: Mapping[str, Word] = {
    "active": Word(_("Signs in"), "good"),
    "invited": Word(_("Invited"), "wait"),
    "disabled": Word(_("Shut out"), "quiet"),
}
READ, WRITE = "staff:read", "staff:write"


class StaffShown(NamedTuple):
    """Everybody, the scanners, and an invitation that was just made (its link is told this once)."""

    people: Sequence[Account]
    devices: Sequence[Device]
    roles: Mapping[str, str]
    states: Mapping[str, Word]
    giveable: Mapping[str, str]
    sites: Sequence[tuple[str, str]]
    new: Mapping[str, Any] | None
    may_write: bool


class PersonShown(NamedTuple):
    """One person. can_change: whether the visitor may do at least what this person may."""

    person: Account
    sessions: Sequence[SessionShown]
    roles: Mapping[str, str]
    states: Mapping[str, Word]
    giveable: Mapping[str, str]
    new: Mapping[str, Any] | None
    can_change: bool


@page("/staff", template="staff.html", scope=READ, title=_("People"), section="staff", within=whole_store)
def staff(asked: Asked[None]) -> StaffShown:
    """Who signs in."""
    scopes = asked.access.scopes
    devices = [each for each in list_devices(asked.tx).items if each.revoked_at is None]
    sites = [(code, code) for code in sorted(catalog_of(asked.tx).sites)]
    return StaffShown(
        list_accounts(asked.tx).items, devices, ROLES, STATES, _giveable(scopes), sites, asked.answer, WRITE in scopes
    )  # fmt: skip


@page("/staff/{id}", template="person.html", scope=READ, title=_("Person"), section="staff", within=whole_store)
def person(asked: Asked[None]) -> PersonShown:
    """One person."""
    found, scopes = get_account(asked.tx, asked.at["id"]), asked.access.scopes
    can_change = WRITE in scopes and is_within_reach(scopes, found.roles)
    sessions = list_sessions(asked.tx, found.id).items
    return PersonShown(found, sessions, ROLES, STATES, _giveable(scopes), asked.answer, can_change)


def _giveable(scopes: Any) -> dict[str, str]:
    """The roles that somebody who may do this can give."""
    return {role: word for role, word in ROLES.items() if role in ROLE_SCOPES and is_within_reach(scopes, [role])}


def _roles_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Roles as ticked, and limits only where some are named."""
    ticked = tree.get("role", {})
    told: dict[str, Any] = {"roles": sorted(ticked) if isinstance(ticked, dict) else []}
    for name in ("sites", "channels"):
        if tree.get(name):
            told[name] = writing.words_of(tree[name])
    return told


def _invite_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: tree[name] for name in ("email", "name", "language") if name in tree}
    return {"email": "", "name": "", **named, **_roles_body(tree)}


invite = deed("/staff", routes.invite_person, page=staff, then="/staff", body=_invite_body, tells=staff)
give_roles = deed(
    "/staff/{id}/roles", routes.put_roles, page=person, then="/staff/{id}", body=_roles_body,
    said=_("Saved. They are signed out, and come in again with these roles."),
)  # fmt: skip
link = deed("/staff/{id}/link", routes.make_link, page=person, then="/staff/{id}", tells=person)
disable = deed("/staff/{id}/disable", routes.disable_person, page=person, then="/staff/{id}",
               said=_("They are shut out, and signed out everywhere."))  # fmt: skip
enable = deed(
    "/staff/{id}/enable", routes.enable_person, page=person, then="/staff/{id}", said=_("They may sign in again.")
)
sign_out = deed("/staff/{id}/sign-out", routes.sign_person_out, page=person, then="/staff/{id}",
                said=_("They are signed out everywhere."))  # fmt: skip
drop_scanner = deed("/staff/scanners/{id}/revoke", routes.revoke_device, page=staff, then="/staff",
                    said=_("The scanner is no longer known."))  # fmt: skip
