"""Roles and what they may do, how long somebody stays signed in, when a gate closes. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from orderwright.values.contacts import email_problem
from orderwright.values.findings import Finding, known_as, worded

_READS = ("orders:read", "stock:read", "floor:read", "shipping:read", "money:read", "reports:read")
_FLOOR = ("floor:read", "floor:write", "stock:read")
_ALL_BUT_ADMIN = (
    *_READS, "orders:write", "stock:write", "floor:write", "shipping:write", "money:write", "staff:read", "staff:write",
)  # fmt: skip

ROLE_SCOPES: Mapping[str, frozenset[str]] = {
    "owner": frozenset((*_ALL_BUT_ADMIN, "admin")),
    "manager": frozenset(_ALL_BUT_ADMIN),
    "clerk": frozenset((*_READS, "orders:write")),
    "picker": frozenset(_FLOOR),
    "packer": frozenset((*_FLOOR, "shipping:read", "shipping:write")),
    "receiver": frozenset((*_FLOOR, "stock:write")),
    "buyer": frozenset(("orders:read", "stock:read", "stock:write", "reports:read")),
    "support": frozenset((*_READS, "orders:write", "money:write")),
    "sales": frozenset(("orders:read", "orders:write", "stock:read", "shipping:read", "money:read")),
    "accounts": frozenset(("orders:read", "money:read", "money:write", "reports:read")),
    "analyst": frozenset(_READS),
    "partner": frozenset(("orders:read", "stock:read", "floor:read", "shipping:read")),
}
"""What each role may do, in the scopes of API keys; whoever has several roles may do what any of them may."""

DEVICE_SCOPES = frozenset((*_FLOOR, "stock:write", "shipping:read", "shipping:write"))
"""What may be done at most on a shared device, whoever is signed in there."""

NAME_MAX = 64
PIN_LENGTHS = range(4, 7)
TOUCH_AFTER = timedelta(minutes=1)
"""A session in use is written down as seen no more often than this."""


def scopes_of(roles: Iterable[str], is_device: bool = False) -> frozenset[str]:
    """What somebody with these roles may do; on a shared device only work of the floor."""
    scopes = frozenset().union(*(ROLE_SCOPES.get(role, frozenset()) for role in roles))
    return scopes & DEVICE_SCOPES if is_device else scopes


def is_within_reach(by: Collection[str], *roles: Collection[str]) -> bool:
    """Whether somebody with the scopes `by` may give or take these roles: nobody gives more than they have."""
    return all(scopes_of(each) <= frozenset(by) for each in roles)


def role_findings(
    roles: Collection[str], sites: Collection[str] | None, channels: Collection[str] | None
) -> list[Finding]:
    """What is wrong with roles and limits: unknown roles, none at all, an owner with limits, a partner without."""
    limited = sites is not None or channels is not None
    if not roles or any(role not in ROLE_SCOPES for role in roles):
        return [known_as("bad_role", "/roles")]
    if ("owner" in roles and limited) or ("partner" in roles and not limited):
        return [known_as("bad_role", "/roles")]
    return []


def person_findings(email: str, name: str) -> list[Finding]:
    """What is wrong with the name or the e-mail address of somebody who is to sign in."""
    findings = []
    problem = email_problem(email)
    if problem is not None:
        findings.append(Finding("/email", problem, "This is no e-mail address that mail can reach."))
    if not 1 <= len(name) <= NAME_MAX or name != name.strip() or "\n" in name or "\t" in name:
        findings.append(
            worded("/name", "bad_name", "A name has 1 to {most} characters, without blanks around.", most=NAME_MAX)
        )
    return findings


class Span(NamedTuple):
    """How long somebody stays signed in: without doing anything, and at all."""

    idle: timedelta
    absolute: timedelta


def is_live(now: datetime, seen_at: datetime, ends_at: datetime, idle: timedelta) -> bool:
    """Whether a session that nobody ended still counts."""
    return now < ends_at and now < seen_at + idle


class Gate(NamedTuple):
    """Tries counted at one gate. last_at: when the last one was let through."""

    tries: int
    last_at: datetime


def knocked(gate: Gate | None, limit: int, closed: timedelta, now: datetime) -> Gate | timedelta:
    """A gate after one more try, or how long it stays closed.

    It closes with the `limit`th try and opens again when nobody was let through for as long as `closed`; then
    counting begins anew. Who knocks at a closed gate does not keep it closed.
    """
    if gate is None or now >= gate.last_at + closed:
        return Gate(1, now)
    if gate.tries >= limit:
        return gate.last_at + closed - now
    return Gate(gate.tries + 1, now)
