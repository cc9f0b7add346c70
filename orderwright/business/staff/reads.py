"""Who is signed in, who may, on which devices and by which links."""

from collections.abc import Collection
from typing import Any

from orderwright.business.staff.codes import read_again, uri_of
from orderwright.business.staff.forms import Account, Device, LinkShown, SessionShown, TotpKey, Visitor
from orderwright.business.staff.rules import is_live
from orderwright.business.staff.settings import span_of
from orderwright.business.staff.tables import COLUMNS, account_of
from orderwright.business.staff.tokens import csrf_of, hash_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

PAGE = 500

SEEN = """
    SELECT s.id::text AS session_id, s.seen_at, s.proved_at, s.ends_at, d.site AS device_site,
           a.id::text, a.email, a.name, a.roles, a.sites, a.channels, a.language
    FROM staff_session s JOIN staff_account a ON a.id = s.account_id LEFT JOIN staff_device d ON d.id = s.device_id
    WHERE s.ended_at IS NULL AND a.disabled_at IS NULL AND d.revoked_at IS NULL
"""


def find_visitor(tx: Tx, token: str) -> Visitor | None:
    """Who the cookie belongs to; None when nobody (any more): ended, idle too long, or past its last moment.

    Reads only. When the visitor is_stale, have `touch_sessions` write down that they are still here.
    """
    row = tx.row(SEEN + " AND s.token_hash = %(hash)s", hash=hash_of(token))
    if row is None:
        return None
    idle = span_of(tx, row.device_site is not None).idle
    return visitor_of(tx, row, token) if is_live(tx.now, row.seen_at, row.ends_at, idle) else None


def visitor_of(tx: Tx, row: Any, token: str) -> Visitor:
    """A row of SEEN as the visitor it is."""
    return Visitor(
        account_id=row.id, store=tx.store.name, name=row.name, email=row.email, roles=frozenset(row.roles),
        sites=_at_device(row), channels=None if row.channels is None else frozenset(row.channels),
        language=row.language, session_id=row.session_id, is_device=row.device_site is not None, csrf=csrf_of(token),
        seen_at=row.seen_at, proved_at=row.proved_at,
    )  # fmt: skip


def _at_device(row: Any) -> frozenset[str] | None:
    """On a shared device, its site alone: none at all when the person may not work there."""
    sites = None if row.sites is None else frozenset(row.sites)
    if row.device_site is None:
        return sites
    here = frozenset([row.device_site])
    return here if sites is None else sites & here


def has_owner(tx: Tx) -> bool:
    """Whether somebody owns the store: an owner who has chosen a password and is not disabled."""
    return tx.row(
        "SELECT 1 AS one FROM staff_account WHERE 'owner' = ANY(roles) AND password <> '' AND disabled_at IS NULL"
        " LIMIT 1"
    ) is not None  # fmt: skip


def find_link(tx: Tx, token: str) -> LinkShown | None:
    """What a one-time link is for, while it still counts; None otherwise."""
    row = tx.row(
        """
        SELECT l.kind, coalesce(a.name, '') AS name, coalesce(a.email, '') AS email, l.ends_at
        FROM staff_link l LEFT JOIN staff_account a ON a.id = l.account_id
        WHERE l.token_hash = %(hash)s AND l.used_at IS NULL AND l.ends_at > %(now)s AND a.disabled_at IS NULL
          AND l.kind <> 'code'
        """,
        hash=hash_of(token), now=tx.now,
    )  # fmt: skip
    if row is None or (row.kind == "first" and has_owner(tx)):
        return None
    return LinkShown(*row)


def list_accounts(tx: Tx, *, limit: int = PAGE) -> Page[Account]:
    """Everybody who may sign in or might, by name, and when they were last seen."""
    rows = tx.rows(
        f"""
        SELECT {COLUMNS}, (SELECT max(s.seen_at) FROM staff_session s WHERE s.account_id = staff_account.id) AS seen_at
        FROM staff_account ORDER BY name_key LIMIT %(limit)s
        """,
        limit=limit,
    )
    return Page([account_of(row, row.seen_at) for row in rows])


def get_account(tx: Tx, id_: str) -> Account:
    """One person. Refuses not_found."""
    row = tx.row(f"SELECT {COLUMNS} FROM staff_account WHERE id = %(id)s::uuid", id=id_) if is_id(id_) else None
    if row is None:
        raise Refusal("not_found", id=id_)
    return account_of(row)


def find_pending_totp(tx: Tx, account_id: str) -> TotpKey | None:
    """What a person's authenticator app is told while its first code is waited for; None when nothing was begun."""
    row = tx.row("SELECT email, totp_new FROM staff_account WHERE id = %(id)s::uuid", id=account_id)
    secret = None if row is None else read_again(tx, account_id, row.totp_new)
    return None if secret is None else TotpKey(secret, uri_of(secret, row.email, tx.store.name))


def count_recovery_codes(tx: Tx, account_id: str) -> int:
    """How many recovery codes a person has not used yet."""
    row = tx.row("SELECT cardinality(recovery) AS codes FROM staff_account WHERE id = %(id)s::uuid", id=account_id)
    return 0 if row is None else int(row.codes)


def find_account_named(tx: Tx, words: str) -> Account | None:
    """A person by name or e-mail address, as people write them."""
    row = tx.row(
        f"SELECT {COLUMNS} FROM staff_account WHERE email_key = %(words)s OR name_key = %(words)s ORDER BY id LIMIT 1",
        words=words.strip().lower(),
    )
    return None if row is None else account_of(row)


def list_sessions(tx: Tx, account_id: str, *, limit: int = PAGE) -> Page[SessionShown]:
    """Where a person is signed in now, last seen first."""
    if not is_id(account_id):
        return Page([])
    rows = tx.rows(
        """
        SELECT s.id::text, s.address, s.agent, coalesce(d.name, '') AS device, s.started_at, s.seen_at, s.ends_at
        FROM staff_session s LEFT JOIN staff_device d ON d.id = s.device_id
        WHERE s.account_id = %(account)s::uuid AND s.ended_at IS NULL AND s.ends_at > %(now)s
        ORDER BY s.seen_at DESC, s.id DESC LIMIT %(limit)s
        """,
        account=account_id, now=tx.now, limit=limit,
    )  # fmt: skip
    shown = [SessionShown(*row) for row in rows]
    return Page([
        each for each in shown if is_live(tx.now, each.seen_at, each.ends_at, span_of(tx, each.device != "").idle)
    ])  # fmt: skip


def list_devices(tx: Tx, *, limit: int = PAGE) -> Page[Device]:
    """Shared devices, newest first, revoked ones too."""
    rows = tx.rows(
        "SELECT id::text, name, site, made_by, made_at, revoked_at FROM staff_device"
        " ORDER BY made_at DESC, id DESC LIMIT %(limit)s",
        limit=limit,
    )
    return Page([Device(*row) for row in rows])


def find_device(tx: Tx, token: str) -> Device | None:
    """The shared device a cookie belongs to; None when it is none, or was revoked."""
    row = tx.row(
        "SELECT id::text, name, site, made_by, made_at FROM staff_device"
        " WHERE token_hash = %(hash)s AND revoked_at IS NULL",
        hash=hash_of(token),
    )
    return None if row is None else Device(*row)


def list_people_at(tx: Tx, device: Device, *, roles: Collection[str], limit: int = PAGE) -> list[Account]:
    """Who may take this device into their hands: people with a PIN and one of these roles, at its site."""
    rows = tx.rows(
        f"""
        SELECT {COLUMNS} FROM staff_account
        WHERE pin <> '' AND disabled_at IS NULL AND roles && %(roles)s::text[]
          AND (sites IS NULL OR %(site)s = ANY(sites))
        ORDER BY name_key LIMIT %(limit)s
        """,
        roles=array(sorted(roles)), site=device.site, limit=limit,
    )  # fmt: skip
    return [account_of(row) for row in rows]
