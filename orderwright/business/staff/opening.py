"""Opening sessions for people who have proved who they are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orderwright.business.staff.forms import Place, SignedIn
from orderwright.business.staff.reads import visitor_of
from orderwright.business.staff.settings import span_of
from orderwright.business.staff.tokens import hash_of, new_token
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.codes import text_problem
from orderwright.values.ids import new_ids

ADDRESS_MAX, AGENT_MAX = 64, 200


class Opening(NamedTuple):
    """Somebody (a locked row of staff_account) who is to be signed in. device: a row of staff_device, or None."""

    account: Any
    place: Place
    device: Any = None


class _Shown(NamedTuple):
    """What `visitor_of` reads."""

    session_id: str
    seen_at: Any
    proved_at: Any
    ends_at: Any
    device_site: str | None
    id: str
    email: str
    name: str
    roles: Sequence[str]
    sites: Sequence[str] | None
    channels: Sequence[str] | None
    language: str


def open_for(tx: Tx, openings: Sequence[Opening]) -> list[SignedIn]:
    """A session each, with a token nobody had before. Whoever held a shared device is signed out of it."""
    devices = [each.device.id for each in openings if each.device is not None]
    if devices:
        tx.write(
            """
            UPDATE staff_session SET ended_at = %(now)s, ended_why = 'next_person'
            WHERE id IN (SELECT id FROM staff_session WHERE device_id = ANY(%(devices)s::uuid[]) AND ended_at IS NULL
                         ORDER BY id FOR UPDATE)
            """,
            now=tx.now, devices=array(sorted(devices)),
        )  # fmt: skip
    made = []
    for opening, id_ in zip(openings, new_ids(len(openings)), strict=True):
        account, device = opening.account, opening.device
        ends_at = tx.now + span_of(tx, device is not None).absolute
        shown = _Shown(
            id_, tx.now, tx.now, ends_at, None if device is None else device.site, account.id, account.email,
            account.name, account.roles, account.sites, account.channels, account.language,
        )  # fmt: skip
        token = new_token(tx)
        made.append(SignedIn(token, visitor_of(tx, shown, token), ends_at))
    tx.copy(
        "staff_session",
        "id, token_hash, account_id, device_id, address, agent, started_at, seen_at, proved_at, ends_at",
        [
            (each.visitor.session_id, hash_of(each.token), opening.account.id,
             None if opening.device is None else opening.device.id, _kept(opening.place.address, ADDRESS_MAX),
             _kept(opening.place.agent, AGENT_MAX), tx.now, tx.now, tx.now, each.ends_at)
            for opening, each in zip(openings, made, strict=True)
        ],
    )  # fmt: skip
    return made


def _kept(text: str, most: int) -> str:
    """What a browser says of itself is shown to people, so nothing is kept of it that cannot be shown."""
    return "" if text_problem(text) else text[:most]
