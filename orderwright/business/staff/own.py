"""What people change of their own: password, second step, PIN."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.staff.codes import (
    kept,
    new_recovery_codes,
    new_secret,
    read_again,
    recovery_hash,
    step_of,
    uri_of,
)
from orderwright.business.staff.forms import (
    Account,
    BeginTotp,
    ChangePassword,
    ConfirmTotp,
    MakeRecoveryCodes,
    RecoveryCodes,
    RemoveTotp,
    SetPin,
    SignedIn,
    TotpKey,
)
from orderwright.business.staff.gates import let_through
from orderwright.business.staff.opening import Opening, open_for
from orderwright.business.staff.rules import is_within_reach
from orderwright.business.staff.tables import (
    account_of,
    change_accounts,
    end_open_sessions,
    keep_changes,
    lock_accounts,
    spend_links,
    state_of,
    told,
)
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def change_passwords(tx: Tx, commands: Sequence[ChangePassword]) -> list[SignedIn | Refusal]:
    """Change passwords of people who gave the old one; one `SignedIn` (their new session) or Refusal per command.

    Every session and link of theirs ends, the present session too. Refuses sign_in_refused (it was changed meanwhile).
    """
    rows = lock_accounts(tx, [each.account_id for each in commands])
    changed: dict[str, int] = {}
    for i, command in enumerate(commands):
        row: Any = rows.get(command.account_id)
        is_theirs = row is not None and row.disabled_at is None and command.proof != ""
        if is_theirs and row.password == command.proof and row.id not in changed:
            rows[row.id] = row._replace(password=command.password)
            changed[row.id] = i
    if not changed:
        return [Refusal("sign_in_refused") for _ in commands]
    end_open_sessions(tx, changed, "password")
    spend_links(tx, changed)
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(
        tx, [(rows[id_].name, told(rows[id_]), {**told(rows[id_]), "password": "new"}, commands[i].actor)
             for id_, i in changed.items()],
    )  # fmt: skip
    let_through(tx, [("password", rows[id_].email, commands[i].place.address) for id_, i in changed.items()])
    opened = open_for(tx, [Opening(rows[id_], commands[i].place) for id_, i in changed.items()])
    signed = dict(zip(changed.values(), opened, strict=True))
    return [signed.get(i) or Refusal("sign_in_refused") for i in range(len(commands))]


def begin_totp(tx: Tx, commands: Sequence[BeginTotp]) -> list[TotpKey | Refusal]:
    """A secret for an authenticator app, which counts once a code of it was given; one `TotpKey` or Refusal each.

    Told again, a fresh one. A second step that is in force goes on until then. Refuses staff_step.
    """
    rows = lock_accounts(tx, [each.account_id for each in commands])
    results: list[TotpKey | Refusal] = []
    begun = set()
    for command in commands:
        row = rows.get(command.account_id)
        if row is None or state_of(row) != "active":
            results.append(Refusal("staff_step", state=None if row is None else state_of(row)))
            continue
        secret = new_secret()
        rows[row.id] = row._replace(totp_new=kept(tx, row.id, secret))
        begun.add(row.id)
        results.append(TotpKey(secret, uri_of(secret, row.email, tx.store.name)))
    change_accounts(tx, [rows[id_] for id_ in sorted(begun)])
    return results


def confirm_totp(tx: Tx, commands: Sequence[ConfirmTotp]) -> list[RecoveryCodes | Refusal]:
    """Put a second step in force, by a code of the app; one `RecoveryCodes` or Refusal per command.

    Recovery codes of before are worth nothing any more. Refuses staff_step (no secret was asked for), wrong_code.
    """
    rows = lock_accounts(tx, [each.account_id for each in commands])
    before = dict(rows)
    results: list[RecoveryCodes | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row = rows.get(command.account_id)
        secret = None if row is None else read_again(tx, row.id, row.totp_new)
        if row is None or secret is None:
            results.append(Refusal("staff_step", state=None if row is None else state_of(row)))
            continue
        step = step_of(secret, command.code, tx.now, 0)
        if step is None:
            results.append(Refusal("wrong_code"))
            continue
        rows[row.id], codes = _with_new_codes(row._replace(totp=row.totp_new, totp_new="", totp_used=step))
        changed[row.id] = command.actor
        results.append(codes)
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(tx, [(rows[id_].name, told(before[id_]), told(rows[id_]), each) for id_, each in changed.items()])
    return results


def make_recovery_codes(tx: Tx, commands: Sequence[MakeRecoveryCodes]) -> list[RecoveryCodes | Refusal]:
    """Other recovery codes in the place of those there are; one `RecoveryCodes` or Refusal per command.

    Whoever calls this has seen the person's password a moment ago. Refuses staff_step (there is no second step).
    """
    rows = lock_accounts(tx, [each.account_id for each in commands])
    before = dict(rows)
    results: list[RecoveryCodes | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row = rows.get(command.account_id)
        if row is None or not row.totp:
            results.append(Refusal("staff_step", state=None if row is None else state_of(row)))
            continue
        rows[row.id], codes = _with_new_codes(row)
        changed[row.id] = command.actor
        results.append(codes)
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(
        tx, [(rows[id_].name, told(before[id_]), {**told(rows[id_]), "recovery_codes": "new"}, each)
             for id_, each in changed.items()],
    )  # fmt: skip
    return results


def _with_new_codes(row: Any) -> tuple[Any, RecoveryCodes]:
    codes = new_recovery_codes()
    return row._replace(recovery=[recovery_hash(row.id, each) for each in codes]), RecoveryCodes(codes)


def remove_totp(tx: Tx, commands: Sequence[RemoveTotp]) -> list[Account | Refusal]:
    """Take the second step away; one `Account` or Refusal per command. Without one: nothing happens.

    Whoever calls this has seen the person's password a moment ago (`Visitor.proved_at`). Refuses not_found.
    """
    rows = lock_accounts(tx, [each.account_id for each in commands])
    before = dict(rows)
    changed: dict[str, str] = {}
    for command in commands:
        row = rows.get(command.account_id)
        if row is not None and (row.totp or row.totp_new):
            rows[row.id] = row._replace(totp="", totp_new="", recovery=[])
            changed[row.id] = command.actor
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(tx, [(rows[id_].name, told(before[id_]), told(rows[id_]), each) for id_, each in changed.items()])
    return [
        account_of(rows[each.account_id])
        if each.account_id in rows
        else Refusal("not_found", id=each.account_id)
        for each in commands
    ]  # fmt: skip


def set_pins(tx: Tx, commands: Sequence[SetPin]) -> list[Account | Refusal]:
    """Give people a PIN for shared devices, or take it away; one `Account` or Refusal per command.

    Sessions on shared devices go on. Refuses not_found, role_beyond (by: the scopes of whoever sets somebody
    else's; None for one's own).
    """
    rows = lock_accounts(tx, [each.id for each in commands])
    before = dict(rows)
    results: list[Account | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row = rows.get(command.id)
        if row is None:
            results.append(Refusal("not_found", id=command.id))
        elif command.by is not None and not is_within_reach(command.by, row.roles):
            results.append(Refusal("role_beyond"))
        else:
            rows[row.id] = row = row._replace(pin=command.pin)
            changed[row.id] = command.actor
            results.append(account_of(row))
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(
        tx, [(rows[id_].name, told(before[id_]), {**told(rows[id_]), "pin": "new" if rows[id_].pin else "none"}, each)
             for id_, each in changed.items()],
    )  # fmt: skip
    return results
