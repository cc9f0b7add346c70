"""The ways in, for pages: a try is counted, the proof compared outside of any transaction, then a session opened.

Each function takes `run`, which runs an action in a transaction of its own (`Writer.run`), and may take half a second:
call it in a thread that may wait. Refusals are raised.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from orderwright.business.staff.forms import (
    UNKNOWN_PLACE,
    AcceptFirst,
    AcceptLink,
    Account,
    ChangePassword,
    CodeNeeded,
    Device,
    EnterCode,
    Knock,
    Known,
    LookAtLink,
    OpenByPin,
    OpenSession,
    Place,
    ProveAgain,
    SetPin,
    SignedIn,
    Visitor,
)
from orderwright.business.staff.gates import knock
from orderwright.business.staff.links import accept_first_owner, accept_links, look_at_links
from orderwright.business.staff.own import change_passwords, set_pins
from orderwright.business.staff.passwords import fits, hashed, pin_weakness_of, weakness_of
from orderwright.business.staff.sessions import enter_codes, open_by_pin, open_sessions, prove_again
from orderwright.values.findings import phrased, refusal_of
from orderwright.values.refusal import Refusal

Run = Callable[[Callable[..., list[Any]], Sequence[Any]], list[Any]]
Answer = TypeVar("Answer")
AT_THE_DOOR = "door"
"""Who acts before anybody is known."""


def sign_in(run: Run, email: str, password: str, place: Place = UNKNOWN_PLACE) -> SignedIn | CodeNeeded:
    """Sign in by e-mail address and password; CodeNeeded when a code is to follow (`give_code`).

    A person there is not is refused in the same words, after the same work. Refuses sign_in_refused, sign_in_wait.
    """
    known = _proved(run, Knock(kind="password", who=email, place=place.address, actor=AT_THE_DOOR), password)
    command = OpenSession(account_id=known.account_id, proof=known.secret, place=place, actor=AT_THE_DOOR)
    return cast("SignedIn | CodeNeeded", _one(run, open_sessions, command))


def give_code(run: Run, ticket: str, account_id: str, code: str, place: Place = UNKNOWN_PLACE) -> SignedIn:
    """The second step. account_id: whose ticket it is (`find_ticket_owner`).

    Refuses sign_in_refused (wrong, or taken before), sign_in_wait, link_spent (too late: start anew).
    """
    _one(run, knock, Knock(kind="code", who=account_id, place=place.address, actor=AT_THE_DOOR))
    return cast(SignedIn, _one(run, enter_codes, EnterCode(ticket=ticket, code=code, place=place, actor=AT_THE_DOOR)))


def become_owner(run: Run, token: str, email: str, name: str, password: str, place: Place = UNKNOWN_PLACE) -> SignedIn:
    """Accept the first owner's link. Refuses weak_password, malformed, link_spent, staff_taken."""
    _one(run, look_at_links, LookAtLink(token=token, actor=AT_THE_DOOR))
    _strong(password, email, name)
    command = AcceptFirst(
        token=token, email=email.strip(), name=name.strip(), password=hashed(password), place=place, actor=AT_THE_DOOR
    )
    return cast(SignedIn, _one(run, accept_first_owner, command))


def join(run: Run, token: str, password: str, own: Sequence[str], place: Place = UNKNOWN_PLACE) -> SignedIn:
    """Accept an invitation or a reset. own: name and e-mail, as `find_link` tells.

    Refuses weak_password, link_spent.
    """
    _one(run, look_at_links, LookAtLink(token=token, actor=AT_THE_DOOR))
    _strong(password, *own)
    command = AcceptLink(token=token, password=hashed(password), place=place, actor=AT_THE_DOOR)
    return cast(SignedIn, _one(run, accept_links, command))


def sign_in_by_pin(
    run: Run, device: Device, token: str, account_id: str, pin: str, place: Place = UNKNOWN_PLACE
) -> SignedIn:
    """Take a shared device into one's hands. device and token: as `find_device` knows it.

    Refuses sign_in_refused, sign_in_wait, unknown_device.
    """
    known = _proved(run, Knock(kind="pin", who=account_id, place=device.id, actor=AT_THE_DOOR), pin)
    command = OpenByPin(
        account_id=known.account_id, proof=known.secret, device=token, place=place, actor=f"device:{device.id}"
    )
    return cast(SignedIn, _one(run, open_by_pin, command))


def confirm_password(run: Run, visitor: Visitor, password: str, place: Place = UNKNOWN_PLACE) -> None:
    """The password once more, before a grave deed. Refuses sign_in_refused, sign_in_wait."""
    known = _proved(run, Knock(kind="password", who=visitor.email, place=place.address, actor=visitor.actor), password)
    _one(run, prove_again, ProveAgain(session_id=visitor.session_id, proof=known.secret, actor=visitor.actor))


def change_password(run: Run, visitor: Visitor, old: str, new: str, place: Place = UNKNOWN_PLACE) -> SignedIn:
    """Another password; all sessions end, the answer is a new one.

    Refuses sign_in_refused, sign_in_wait, weak_password.
    """
    _strong(new, visitor.email, visitor.name)
    known = _proved(run, Knock(kind="password", who=visitor.email, place=place.address, actor=visitor.actor), old)
    command = ChangePassword(
        account_id=visitor.account_id, session_id=visitor.session_id, proof=known.secret, password=hashed(new),
        place=place, actor=visitor.actor,
    )  # fmt: skip
    return cast(SignedIn, _one(run, change_passwords, command))


def set_own_pin(run: Run, visitor: Visitor, pin: str) -> Account:
    """A PIN of one's own; '' takes it away. Refuses weak_password."""
    command = SetPin(id=visitor.account_id, pin=_pin(pin), actor=visitor.actor)
    return cast(Account, _one(run, set_pins, command))


def set_pin_of(run: Run, account_id: str, pin: str, visitor: Visitor) -> Account:
    """A PIN for somebody else; '' takes it away. Refuses weak_password, not_found, role_beyond."""
    command = SetPin(id=account_id, pin=_pin(pin), by=visitor.scopes, actor=visitor.actor)
    return cast(Account, _one(run, set_pins, command))


def _pin(pin: str) -> str:
    if pin and (weakness := pin_weakness_of(pin)):
        raise refusal_of([phrased("/pin", "weak_password", weakness)])
    return hashed(pin) if pin else ""


def _strong(password: str, *own: str) -> None:
    weakness = weakness_of(password, *own)
    if weakness:
        raise refusal_of([phrased("/password", "weak_password", weakness)])


def _proved(run: Run, command: Knock, secret: str) -> Known:
    """Who it is, the proof being right. Compared in any case, so that it takes as long for nobody as for somebody."""
    known = cast(Known, _one(run, knock, command))
    if not fits(known.secret, secret) or not known.account_id:
        raise Refusal("sign_in_refused")
    return known


def _one(run: Run, action: Callable[..., list[Any]], command: Any) -> Any:
    (result,) = run(action, [command])
    if isinstance(result, Refusal):
        raise result
    return result
