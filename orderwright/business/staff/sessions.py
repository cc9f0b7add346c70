"""Signing in and out. Whatever is compared with a password or PIN was compared before, outside of transactions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from orderwright.business.staff.codes import read_again, recovery_hash, step_of
from orderwright.business.staff.forms import (
    CodeNeeded,
    EndSessions,
    EnterCode,
    OpenByPin,
    OpenSession,
    ProveAgain,
    SignedIn,
    SignedOut,
    TouchSession,
)
from orderwright.business.staff.gates import let_through
from orderwright.business.staff.links import NewLink, lock_owners_and_links, use_links, write_links
from orderwright.business.staff.opening import Opening, open_for
from orderwright.business.staff.rules import is_within_reach, scopes_of
from orderwright.business.staff.settings import TICKET_MINUTES
from orderwright.business.staff.tables import change_accounts, keep_changes, lock_accounts, told
from orderwright.business.staff.tokens import hash_of, new_token
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def open_sessions(tx: Tx, commands: Sequence[OpenSession]) -> list[SignedIn | CodeNeeded | Refusal]:
    """Sign people in whose password was right, or ask for a code; one answer or Refusal per command.

    Refuses sign_in_refused: the password was changed meanwhile, or the person may not sign in any more.
    """
    accounts = lock_accounts(tx, [each.account_id for each in commands])
    let_in = {i: command for i, command in enumerate(commands) if _is_theirs(accounts.get(command.account_id), command)}
    let_through(tx, [("password", accounts[each.account_id].email, each.place.address) for each in let_in.values()])
    ends_at = tx.now + timedelta(minutes=TICKET_MINUTES)
    tickets = {
        i: NewLink(new_token(tx), "code", each.account_id, each.actor, ends_at)
        for i, each in let_in.items() if accounts[each.account_id].totp
    }  # fmt: skip
    write_links(tx, list(tickets.values()))
    plain = {i: Opening(accounts[each.account_id], each.place) for i, each in let_in.items() if i not in tickets}
    answers: dict[int, SignedIn | CodeNeeded] = {i: CodeNeeded(each.token, each.ends_at) for i, each in tickets.items()}
    answers.update(zip(plain, open_for(tx, list(plain.values())), strict=True))
    return [answers.get(i) or Refusal("sign_in_refused") for i in range(len(commands))]


def _is_theirs(row: Any, command: OpenSession) -> bool:
    return row is not None and row.disabled_at is None and command.proof != "" and row.password == command.proof


def find_ticket_owner(tx: Tx, ticket: str) -> str | None:
    """Whose code a ticket waits for."""
    row = tx.row(
        "SELECT account_id::text FROM staff_link WHERE token_hash = %(hash)s AND kind = 'code' AND used_at IS NULL"
        " AND ends_at > %(now)s",
        hash=hash_of(ticket), now=tx.now,
    )  # fmt: skip
    return None if row is None else str(row.account_id)


def enter_codes(tx: Tx, commands: Sequence[EnterCode]) -> list[SignedIn | Refusal]:
    """Sign people in whose code is right and was never taken before; one `SignedIn` or Refusal per command.

    The code is one of the app, or a recovery code, which is spent by that. Refuses link_spent (the ticket is too old,
    or was used), sign_in_refused.
    """
    accounts, tickets = lock_owners_and_links(tx, [each.ticket for each in commands], ["code"])
    before = dict(accounts)
    used: dict[bytes, int] = {}
    results: dict[int, SignedIn | Refusal] = {}
    for i, command in enumerate(commands):
        hash_ = hash_of(command.ticket)
        if hash_ not in tickets or hash_ in used:
            results[i] = Refusal("link_spent")
            continue
        row = _coded(tx, accounts[tickets[hash_].account_id], command.code)
        if row is None or row.disabled_at is not None:
            results[i] = Refusal("sign_in_refused")
            continue
        accounts[row.id] = row
        used[hash_] = i
    if used:
        openings = {i: Opening(accounts[tickets[hash_].account_id], commands[i].place) for hash_, i in used.items()}
        use_links(tx, used)
        let_through(tx, [("code", each.account.id, each.place.address) for each in openings.values()])
        change_accounts(tx, list({each.account.id: each.account for each in openings.values()}.values()))
        keep_changes(
            tx, [(row.name, told(before[id_]), told(row), f"staff:{row.name}") for id_, row in accounts.items()]
        )
        results.update(zip(openings, open_for(tx, list(openings.values())), strict=True))
    return [results[i] for i in range(len(commands))]


def _coded(tx: Tx, row: Any, code: str) -> Any:
    """A person whose code is right, as they are once it is taken; None when it is wrong."""
    recovery = recovery_hash(row.id, code)
    if recovery is not None and recovery in row.recovery:
        return row._replace(recovery=[each for each in row.recovery if each != recovery])
    secret = read_again(tx, row.id, row.totp)
    step = None if secret is None else step_of(secret, code, tx.now, row.totp_used)
    return None if step is None else row._replace(totp_used=step)


def open_by_pin(tx: Tx, commands: Sequence[OpenByPin]) -> list[SignedIn | Refusal]:
    """Hand a shared device to people whose PIN was right; one `SignedIn` or Refusal per command, the last one holds it.

    Whoever held it is signed out there. Refuses unknown_device, sign_in_refused (the PIN was changed meanwhile, the
    person has nothing to do on the floor, or not at this site).
    """
    accounts = lock_accounts(tx, [each.account_id for each in commands])
    devices = _lock_devices(tx, [each.device for each in commands])
    results: list[SignedIn | Refusal | None] = []
    last: dict[str, int] = {}
    for i, command in enumerate(commands):
        device, row = devices.get(hash_of(command.device)), accounts.get(command.account_id)
        if device is None:
            results.append(Refusal("unknown_device"))
        elif row is None or not _may_hold(row, device, command.proof):
            results.append(Refusal("sign_in_refused"))
        elif device.id in last:
            results.append(Refusal("sign_in_wait", wait_s=1))  # somebody else takes it at this very moment
        else:
            last[device.id] = i
            results.append(None)
    chosen = [commands[i] for i in last.values()]
    let_through(tx, [("pin", each.account_id, devices[hash_of(each.device)].id) for each in chosen])
    opened = open_for(
        tx, [Opening(accounts[each.account_id], each.place, devices[hash_of(each.device)]) for each in chosen]
    )
    for i, signed in zip(last.values(), opened, strict=True):
        results[i] = signed
    return [each for each in results if each is not None]


def _may_hold(row: Any, device: Any, proof: str) -> bool:
    is_theirs = bool(proof) and row.pin == proof and row.disabled_at is None
    return is_theirs and (row.sites is None or device.site in row.sites) and bool(scopes_of(row.roles, True))


def _lock_devices(tx: Tx, tokens: Sequence[str]) -> dict[bytes, Any]:
    rows = tx.rows(
        "SELECT id::text, site, token_hash FROM staff_device WHERE token_hash = ANY(%(hashes)s::bytea[])"
        " AND revoked_at IS NULL ORDER BY id FOR UPDATE",
        hashes=array(sorted({hash_of(each) for each in tokens})),
    )
    return {bytes(row.token_hash): row for row in rows}


def end_sessions(tx: Tx, commands: Sequence[EndSessions]) -> list[SignedOut | Refusal]:
    """Sign people out; one `SignedOut` or Refusal per command. Signed out already: none ends.

    Refuses not_found, role_beyond (by: the scopes of whoever signs somebody else out; None for oneself).
    """
    accounts = lock_accounts(tx, [each.account_id for each in commands])
    open_ = tx.rows(
        "SELECT id::text, account_id::text FROM staff_session WHERE account_id = ANY(%(accounts)s::uuid[])"
        " AND ended_at IS NULL ORDER BY id FOR UPDATE",
        accounts=array(sorted(accounts)),
    )
    ended: dict[str, str] = {}
    results: list[SignedOut | Refusal] = []
    for command in commands:
        account = accounts.get(command.account_id)
        if account is None:
            results.append(Refusal("not_found", id=command.account_id))
            continue
        if command.by is not None and not is_within_reach(command.by, account.roles):
            results.append(Refusal("role_beyond"))
            continue
        mine = [
            row.id for row in open_
            if row.account_id == account.id and row.id not in ended and row.id != command.but
            and (not command.id or row.id == command.id)
        ]  # fmt: skip
        ended |= dict.fromkeys(mine, command.why)
        results.append(SignedOut(len(mine)))
    if ended:
        tx.write(
            "UPDATE staff_session s SET ended_at = %(now)s, ended_why = n.why"
            " FROM unnest(%(ids)s::uuid[], %(whys)s::text[]) AS n(id, why) WHERE s.id = n.id",
            now=tx.now, ids=array(ended), whys=array(ended.values()),
        )  # fmt: skip
    return results


def touch_sessions(tx: Tx, commands: Sequence[TouchSession]) -> list[bool]:
    """Write down that people are still here; whether each still is signed in. Never moves a moment back."""
    ids = sorted({each.session_id for each in commands if is_id(each.session_id)})
    rows = tx.rows(
        """
        UPDATE staff_session SET seen_at = greatest(seen_at, %(now)s)
        WHERE id IN (SELECT id FROM staff_session WHERE id = ANY(%(ids)s::uuid[]) AND ended_at IS NULL
                     ORDER BY id FOR UPDATE)
        RETURNING id::text
        """,
        now=tx.now, ids=array(ids),
    )  # fmt: skip
    here = {row.id for row in rows}
    return [each.session_id in here for each in commands]


def prove_again(tx: Tx, commands: Sequence[ProveAgain]) -> list[bool | Refusal]:
    """Write down that people gave their password once more; True or Refusal per command.

    Refuses sign_in_refused: signed out, or the password was changed meanwhile.
    """
    ids = sorted({each.session_id for each in commands if is_id(each.session_id)})
    rows = {
        row.id: row
        for row in tx.rows(
            "SELECT s.id::text, a.password, a.email, s.address FROM staff_session s"
            " JOIN staff_account a ON a.id = s.account_id"
            " WHERE s.id = ANY(%(ids)s::uuid[]) AND s.ended_at IS NULL ORDER BY s.id FOR UPDATE OF s",
            ids=array(ids),
        )
    }
    proved = {
        each.session_id for each in commands
        if each.proof and each.session_id in rows and rows[each.session_id].password == each.proof
    }  # fmt: skip
    let_through(tx, [("password", rows[each].email, rows[each].address) for each in sorted(proved)])
    if proved:
        tx.write(
            "UPDATE staff_session SET proved_at = %(now)s, seen_at = %(now)s WHERE id = ANY(%(ids)s::uuid[])",
            now=tx.now, ids=array(sorted(proved)),
        )  # fmt: skip
    return [True if each.session_id in proved else Refusal("sign_in_refused") for each in commands]
