"""One-time links: the first owner's, invitations, lost passwords. What is kept of one is a hash."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.business.staff.forms import (
    AcceptFirst,
    AcceptLink,
    FirstLink,
    LinkShown,
    LookAtLink,
    MakeFirstLink,
    SignedIn,
)
from orderwright.business.staff.opening import Opening, open_for
from orderwright.business.staff.reads import find_link, has_owner
from orderwright.business.staff.rules import person_findings
from orderwright.business.staff.settings import LINK_HOURS
from orderwright.business.staff.tables import (
    COLUMNS,
    change_accounts,
    end_open_sessions,
    keep_changes,
    lock_accounts,
    one_changer,
    spend_links,
    told,
)
from orderwright.business.staff.tokens import hash_of, new_token
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_key
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal


class NewLink(NamedTuple):
    """A link to be written. token: told to whoever asked for it and kept nowhere."""

    token: str
    kind: str
    account_id: str | None
    made_by: str
    ends_at: datetime


def write_links(tx: Tx, links: Sequence[NewLink]) -> None:
    """Keep new links, as hashes."""
    tx.copy(
        "staff_link",
        "token_hash, kind, account_id, made_by, made_at, ends_at",
        [(hash_of(each.token), each.kind, each.account_id, each.made_by, tx.now, each.ends_at) for each in links],
    )


def lock_links(tx: Tx, tokens: Iterable[str], kinds: Sequence[str]) -> dict[bytes, Any]:
    """Links of these kinds that still count, by their hash, locked."""
    rows = tx.rows(
        "SELECT token_hash, kind, account_id::text FROM staff_link WHERE token_hash = ANY(%(hashes)s::bytea[])"
        " AND kind = ANY(%(kinds)s::text[]) AND used_at IS NULL AND ends_at > %(now)s ORDER BY token_hash FOR UPDATE",
        hashes=array(sorted({hash_of(each) for each in tokens})), kinds=array(kinds), now=tx.now,
    )  # fmt: skip
    return {bytes(row.token_hash): row for row in rows}


def lock_owners_and_links(
    tx: Tx, tokens: Sequence[str], kinds: Sequence[str]
) -> tuple[dict[str, Any], dict[bytes, Any]]:
    """People by id and their links by hash, locked in the order everybody keeps: people first."""
    rows = tx.rows(
        "SELECT DISTINCT account_id::text FROM staff_link WHERE token_hash = ANY(%(hashes)s::bytea[])"
        " AND account_id IS NOT NULL",
        hashes=array(sorted({hash_of(each) for each in tokens})),
    )
    return lock_accounts(tx, [row.account_id for row in rows]), lock_links(tx, tokens, kinds)


def use_links(tx: Tx, hashes: Iterable[bytes]) -> None:
    """These links were used and open nothing any more."""
    tx.write(
        "UPDATE staff_link SET used_at = %(now)s WHERE token_hash = ANY(%(hashes)s::bytea[])",
        now=tx.now, hashes=array(sorted(hashes)),
    )  # fmt: skip


def make_first_links(tx: Tx, commands: Sequence[MakeFirstLink]) -> list[FirstLink | Refusal]:
    """Links that make the first owner; one `FirstLink` or Refusal each. Earlier ones count on until one is used.

    Refuses has_owner.
    """
    if has_owner(tx):
        return [Refusal("has_owner") for _ in commands]
    ends_at = tx.now + timedelta(hours=LINK_HOURS)
    made = [NewLink(new_token(tx), "first", None, each.actor, ends_at) for each in commands]
    write_links(tx, made)
    return [FirstLink(each.token, ends_at) for each in made]


def look_at_links(tx: Tx, commands: Sequence[LookAtLink]) -> list[LinkShown | Refusal]:
    """What one-time links are for, while they count; one `LinkShown` or Refusal each. Refuses link_spent."""
    return [find_link(tx, each.token) or Refusal("link_spent") for each in commands]


def accept_first_owner(tx: Tx, commands: Sequence[AcceptFirst]) -> list[SignedIn | Refusal]:
    """Make the first owner and sign them in; one `SignedIn` or Refusal per command.

    Of several at once, one becomes it. Refuses malformed, link_spent (used, too old, or somebody owns the store),
    staff_taken.
    """
    one_changer(tx)
    links = lock_links(tx, [each.token for each in commands], ["first"])
    taken = _taken(tx, commands)
    is_owned = has_owner(tx)
    results: list[SignedIn | Refusal] = []
    for command in commands:
        findings = [*text_findings([command.email, command.name]), *person_findings(command.email, command.name)]
        if hash_of(command.token) not in links or is_owned:
            results.append(Refusal("link_spent"))
        elif findings:
            results.append(refusal_of(findings))
        elif taken & {email_key(command.email), command.name.lower()}:
            results.append(Refusal("staff_taken"))
        else:
            is_owned = True  # so this happens once in the life of a store
            use_links(tx, [hash_of(command.token)])
            results.append(_become_owner(tx, command))
    return results


def _become_owner(tx: Tx, command: AcceptFirst) -> SignedIn:
    id_ = new_id()
    tx.copy(
        "staff_account",
        "id, email, email_key, name, name_key, password, password_at, roles, made_at",
        [(id_, command.email, email_key(command.email), command.name, command.name.lower(), command.password, tx.now,
          ["owner"], tx.now)],
    )  # fmt: skip
    row = lock_accounts(tx, [id_])[id_]
    keep_changes(tx, [(row.name, None, told(row), f"staff:{row.name}")])
    return open_for(tx, [Opening(row, command.place)])[0]


def _taken(tx: Tx, commands: Sequence[AcceptFirst]) -> set[str]:
    rows = tx.rows(f"SELECT {COLUMNS}, name_key FROM staff_account ORDER BY id LIMIT 10000")
    return {word for row in rows for word in (row.email_key, row.name_key)}


def accept_links(tx: Tx, commands: Sequence[AcceptLink]) -> list[SignedIn | Refusal]:
    """Choose a password by an invitation or a reset, and sign in; one `SignedIn` or Refusal per command.

    A reset signs the person out everywhere else and takes the second step away, for whoever lost the password may
    have lost the phone. All other links of the person are spent. Refuses link_spent.
    """
    accounts, found = lock_owners_and_links(tx, [each.token for each in commands], ["join", "reset"])
    before = dict(accounts)
    used: dict[bytes, int] = {}
    for i, command in enumerate(commands):
        hash_ = hash_of(command.token)
        row = accounts.get(found[hash_].account_id) if hash_ in found and hash_ not in used else None
        if row is not None and row.disabled_at is None:
            used[hash_] = i
            accounts[row.id] = row._replace(password=command.password, totp="", totp_new="", recovery=[])
    if not used:
        return [Refusal("link_spent") for _ in commands]
    openings = {i: Opening(accounts[found[hash_].account_id], commands[i].place) for hash_, i in used.items()}
    who = {each.account.id: each.account for each in openings.values()}
    end_open_sessions(tx, who, "password")
    change_accounts(tx, list(who.values()))
    spend_links(tx, who)
    keep_changes(
        tx, [(row.name, told(before[id_]), {**told(row), "password": "new"}, f"staff:{row.name}")
             for id_, row in who.items()],
    )  # fmt: skip
    opened = dict(zip(openings, open_for(tx, list(openings.values())), strict=True))
    return [opened.get(i) or Refusal("link_spent") for i in range(len(commands))]
