"""What is told of people who sign in, and what is answered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from orderwright.business.staff.rules import TOUCH_AFTER, scopes_of
from orderwright.values.forms import Command

State = Literal["invited", "active", "disabled"]
EndedWhy = Literal["signed_out", "ended", "password", "roles", "disabled", "device", "next_person"]


class Visitor(msgspec.Struct, frozen=True):
    """Who is signed in. `sites` and `channels`: limits, None for all. `csrf`: what a changing request must say.

    language: '' for what the browser asks for. proved_at: when they last gave password or PIN.
    """

    account_id: str
    store: str
    name: str
    email: str
    roles: frozenset[str]
    sites: frozenset[str] | None
    channels: frozenset[str] | None
    language: str
    session_id: str
    is_device: bool
    csrf: str
    seen_at: datetime
    proved_at: datetime

    @property
    def actor(self) -> str:
        """How facts name them."""
        return f"staff:{self.name}"

    @property
    def scopes(self) -> frozenset[str]:
        """What they may do, in the scopes of API keys."""
        return scopes_of(self.roles, self.is_device)

    def is_stale(self, now: datetime) -> bool:
        """Whether it is time to write down that they are still here (see `touch_sessions`)."""
        return now - self.seen_at >= TOUCH_AFTER


class Account(msgspec.Struct, frozen=True):
    """A person who signs in, as others see them. invited: they have not chosen a password yet."""

    id: str
    email: str
    name: str
    state: State
    roles: list[str]
    sites: list[str] | None
    channels: list[str] | None
    language: str
    has_totp: bool
    has_pin: bool
    made_at: datetime
    seen_at: datetime | None = None


class Linked(Account, frozen=True, kw_only=True):
    """A person and the one-time link made for them; `token` is told this once."""

    token: str
    link_ends_at: datetime


class FirstLink(msgspec.Struct, frozen=True):
    """The link that makes the first owner, told this once; it lies at `/first/{token}`."""

    token: str
    ends_at: datetime


class LinkShown(msgspec.Struct, frozen=True):
    """A one-time link that still counts. name and e-mail: '' for that of the first owner."""

    kind: Literal["first", "join", "reset"]
    name: str
    email: str
    ends_at: datetime


class SignedIn(msgspec.Struct, frozen=True):
    """Somebody is signed in. token: the cookie, told this once."""

    token: str
    visitor: Visitor
    ends_at: datetime


class CodeNeeded(msgspec.Struct, frozen=True):
    """The password was right, and a code is asked for besides. ticket: what to come back with."""

    ticket: str
    ends_at: datetime


class SessionShown(msgspec.Struct, frozen=True):
    """Where somebody is signed in. device: the shared device's name, or ''."""

    id: str
    address: str
    agent: str
    device: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


class Place(msgspec.Struct, frozen=True):
    """Where somebody signs in from: network address, and what the browser calls itself."""

    address: str = ""
    agent: str = ""


UNKNOWN_PLACE = Place()


class MakeFirstLink(Command, frozen=True):
    """Make a link that makes the first owner."""


class LookAtLink(Command, frozen=True):
    """Whether a one-time link still counts, before anything slow is done for it."""

    token: str


class AcceptFirst(Command, frozen=True):
    """Become the first owner. password: hashed already."""

    token: str
    email: str
    name: str
    password: str
    place: Place = UNKNOWN_PLACE


class AcceptLink(Command, frozen=True):
    """Choose a password, invited or having lost the old one. password: hashed already."""

    token: str
    password: str
    place: Place = UNKNOWN_PLACE


class Invite(Command, frozen=True):
    """Somebody is to sign in. by: the scopes of who asks; nobody gives more than they have."""

    email: str
    name: str
    roles: Sequence[str]
    sites: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    language: str = ""
    by: Collection[str] = frozenset()


class MakeLink(Command, frozen=True):
    """Another link for somebody: the invitation once more, or a new password where the old one is lost."""

    id: str
    by: Collection[str] = frozenset()


class SetRoles(Command, frozen=True):
    """Somebody has these roles and limits from now on."""

    id: str
    roles: Sequence[str]
    sites: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    by: Collection[str] = frozenset()


class SetActive(Command, frozen=True):
    """Somebody may not sign in any more, or may again."""

    id: str
    is_active: bool
    by: Collection[str] = frozenset()


class SetLanguage(Command, frozen=True):
    """Somebody reads this language; '' for what the browser asks for."""

    account_id: str
    language: str


class Knock(Command, frozen=True):
    """Somebody wants to prove who they are. who: e-mail address; the account's id (PIN or code); an order's number.

    place: the network address, or the shared device's id.
    """

    kind: Literal["password", "pin", "code", "order"]
    who: str
    place: str


class Known(msgspec.Struct, frozen=True):
    """What a proof is to be compared with; nobody has account_id ''. secret: a hash, or '' where there is none."""

    account_id: str = ""
    secret: str = ""


class OpenSession(Command, frozen=True):
    """Somebody gave the right password. proof: the hash it was compared with, which must still be theirs."""

    account_id: str
    proof: str
    place: Place = UNKNOWN_PLACE


class OpenByPin(Command, frozen=True):
    """Somebody gave the right PIN on a shared device. device: its token."""

    account_id: str
    proof: str
    device: str
    place: Place = UNKNOWN_PLACE


class EnterCode(Command, frozen=True):
    """The code that is asked for after the password: of the app, or a recovery code."""

    ticket: str
    code: str
    place: Place = UNKNOWN_PLACE


class EndSessions(Command, frozen=True):
    """Somebody signs out, or is signed out. id: one session; else all of the account but `but`."""

    account_id: str
    id: str = ""
    but: str = ""
    why: EndedWhy = "signed_out"
    by: Collection[str] | None = None


class SignedOut(msgspec.Struct, frozen=True):
    """How many sessions ended."""

    sessions: int


class TouchSession(Command, frozen=True):
    """Somebody is still here."""

    session_id: str


class ProveAgain(Command, frozen=True):
    """Somebody gave the password once more before a grave deed. proof: the hash it was compared with."""

    session_id: str
    proof: str


class ChangePassword(Command, frozen=True):
    """A new password, hashed already. proof: the hash the old one was compared with."""

    account_id: str
    session_id: str
    proof: str
    password: str
    place: Place = UNKNOWN_PLACE


class SetPin(Command, frozen=True):
    """A PIN for shared devices, hashed already; '' takes it away."""

    id: str
    pin: str
    by: Collection[str] | None = None


class TotpKey(msgspec.Struct, frozen=True):
    """What an authenticator app is told: the secret in base32, and the same as an address for a QR code."""

    secret: str
    uri: str


class BeginTotp(Command, frozen=True):
    """A second step is wanted."""

    account_id: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """What lets somebody in who has lost the app, each once; told this one time."""

    codes: list[str]


class ConfirmTotp(Command, frozen=True):
    """The app is set up: a code of it proves that."""

    account_id: str
    code: str


class MakeRecoveryCodes(Command, frozen=True):
    """New recovery codes are wanted; those there were are worth nothing any more."""

    account_id: str


class RemoveTotp(Command, frozen=True):
    """No second step any more."""

    account_id: str


class RegisterDevice(Command, frozen=True):
    """A scanner several people share, at one site."""

    name: str
    site: str


class RevokeDevice(Command, frozen=True):
    """A shared device is lost or gone."""

    id: str


class Device(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shared device. token: the cookie of a device just registered, told this once."""

    id: str
    name: str
    site: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None
    token: str = ""


class LetPractise(Command, frozen=True):
    """Somebody who is signed in to a store goes where they practise; see `Visitor` for the fields."""

    account_id: str
    email: str
    name: str
    language: str
    place: Place


class NotePractice(Command, frozen=True):
    """Somebody practises in a store from now on; '' : nowhere."""

    account_id: str
    store: str
