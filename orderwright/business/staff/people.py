"""People who sign in: invited, given roles, disabled. Nobody gives or takes more than they may do themselves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from orderwright.business.staff.forms import Account, Invite, Linked, MakeLink, SetActive, SetLanguage, SetRoles
from orderwright.business.staff.links import NewLink, write_links
from orderwright.business.staff.rules import is_within_reach, person_findings, role_findings
from orderwright.business.staff.settings import INVITATION_HOURS, LINK_HOURS
from orderwright.business.staff.tables import (
    account_of,
    change_accounts,
    end_open_sessions,
    keep_changes,
    lock_accounts,
    one_changer,
    sorted_or_none,
    spend_links,
    state_of,
    told,
)
from orderwright.business.staff.tokens import new_token
from orderwright.database.rows import array
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_key
from orderwright.values.findings import Finding, askable, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

LANGUAGES = ("", "en", "es")


def invite(tx: Tx, commands: Sequence[Invite]) -> list[Linked | Refusal]:
    """Make people known and a one-time link for each, to be passed on; one `Linked` or Refusal per command.

    Refuses malformed, bad_role, role_beyond, staff_taken.
    """
    one_changer(tx)
    words = [word for each in commands for word in (email_key(each.email), each.name.lower())]
    taken = _taken(tx, words)
    results: list[Linked | Refusal] = []
    sound: list[tuple[Invite, str]] = []
    ends_at = tx.now + timedelta(hours=value_of(tx, INVITATION_HOURS))
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        findings = _findings(command)
        own = {email_key(command.email), command.name.lower()}
        if findings:
            results.append(refusal_of(findings))
        elif not is_within_reach(command.by, command.roles):
            results.append(Refusal("role_beyond"))
        elif own & taken:
            results.append(Refusal("staff_taken"))
        else:
            taken |= own
            sound.append((command, id_))
            results.append(Linked(
                id_, command.email, command.name, "invited", sorted(set(command.roles)),
                sorted_or_none(command.sites), sorted_or_none(command.channels), command.language, False, False,
                tx.now, token=new_token(tx), link_ends_at=ends_at,
            ))  # fmt: skip
    _write(tx, [each for each in results if isinstance(each, Linked)], sound)
    return results


def _findings(command: Invite) -> list[Finding]:
    texts: list[object] = [command.email, command.name, list(command.sites or ()), list(command.channels or ())]
    findings = [*text_findings(texts), *person_findings(command.email, command.name)]
    if command.language not in LANGUAGES:
        findings.append(Finding("/language", "bad_language", "The languages are en and es."))
    return [*findings, *role_findings(command.roles, command.sites, command.channels)]


def _taken(tx: Tx, words: Sequence[str]) -> set[str]:
    rows = tx.rows(
        "SELECT email_key, name_key FROM staff_account"
        " WHERE email_key = ANY(%(words)s::text[]) OR name_key = ANY(%(words)s::text[])",
        words=array(askable(words)),
    )
    return {word for row in rows for word in row}


def _write(tx: Tx, made: Sequence[Linked], sound: Sequence[tuple[Invite, str]]) -> None:
    tx.copy(
        "staff_account",
        "id, email, email_key, name, name_key, roles, sites, channels, language, made_at",
        [
            (each.id, each.email, email_key(each.email), each.name, each.name.lower(), each.roles, each.sites,
             each.channels, each.language, tx.now)
            for each in made
        ],
    )  # fmt: skip
    write_links(
        tx,
        [NewLink(each.token, "join", each.id, command.actor, each.link_ends_at)
         for each, (command, _) in zip(made, sound, strict=True)],
    )  # fmt: skip
    rows = lock_accounts(tx, [each.id for each in made])
    keep_changes(tx, [(each.name, None, told(rows[id_]), each.actor) for each, id_ in sound])


def make_links(tx: Tx, commands: Sequence[MakeLink]) -> list[Linked | Refusal]:
    """Another link for people: who was invited joins by it, who lost their password chooses a new one.

    Earlier links of theirs are useless from now on; a password that is not lost goes on until the link is used.
    Refuses not_found, role_beyond, staff_step (disabled).
    """
    rows = lock_accounts(tx, [each.id for each in commands])
    results: list[Linked | Refusal] = []
    last: dict[str, NewLink] = {}
    for command in commands:
        row: Any = rows.get(command.id)
        refusal = _refusal(row, command.id, command.by)
        if refusal is None and state_of(row) == "disabled":
            refusal = Refusal("staff_step", state="disabled")
        if refusal is not None:
            results.append(refusal)
            continue
        kind, hours = ("reset", LINK_HOURS) if row.password else ("join", value_of(tx, INVITATION_HOURS))
        link = NewLink(new_token(tx), kind, row.id, command.actor, tx.now + timedelta(hours=hours))
        last[row.id] = link
        shown = msgspec.structs.asdict(account_of(row))
        results.append(Linked(**shown, token=link.token, link_ends_at=link.ends_at))
    spend_links(tx, last)
    write_links(tx, list(last.values()))
    keep_changes(
        tx, [(rows[id_].name, told(rows[id_]), {**told(rows[id_]), "link": link.kind}, link.made_by)
             for id_, link in last.items()],
    )  # fmt: skip
    return results


def set_roles(tx: Tx, commands: Sequence[SetRoles]) -> list[Account | Refusal]:
    """Give people other roles or limits, and sign them out everywhere; one `Account` or Refusal per command.

    As they stand already: nothing happens. Refuses malformed, bad_role, not_found, role_beyond, last_owner.
    """
    rows = lock_accounts(tx, [each.id for each in commands], with_owners=True)
    before = dict(rows)
    results: list[Account | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row: Any = rows.get(command.id)
        findings = [
            *text_findings([list(command.sites or ()), list(command.channels or ())]),
            *role_findings(command.roles, command.sites, command.channels),
        ]
        refusal = refusal_of(findings) if findings else _refusal(row, command.id, command.by, command.roles)
        if refusal is None:
            wanted = row._replace(
                roles=sorted(set(command.roles)), sites=sorted_or_none(command.sites),
                channels=sorted_or_none(command.channels),
            )  # fmt: skip
            refusal = _last_owner(rows, wanted)
        if refusal is not None:
            results.append(refusal)
            continue
        if wanted != row:
            rows[wanted.id] = wanted
            changed[wanted.id] = command.actor
        results.append(account_of(wanted))
    _change(tx, before, rows, changed, "roles")
    return results


def set_active(tx: Tx, commands: Sequence[SetActive]) -> list[Account | Refusal]:
    """Let people in no more, signing them out everywhere, or let them in again; one `Account` or Refusal per command.

    As they stand already: nothing happens. Refuses not_found, role_beyond, last_owner.
    """
    rows = lock_accounts(tx, [each.id for each in commands], with_owners=True)
    before = dict(rows)
    results: list[Account | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row: Any = rows.get(command.id)
        refusal = _refusal(row, command.id, command.by)
        if refusal is None:
            wanted = row._replace(disabled_at=None if command.is_active else row.disabled_at or tx.now)
            refusal = _last_owner(rows, wanted)
        if refusal is not None:
            results.append(refusal)
            continue
        if wanted != row:
            rows[wanted.id] = wanted
            changed[wanted.id] = command.actor
        results.append(account_of(wanted))
    _change(tx, before, rows, changed, "disabled")
    return results


def set_languages(tx: Tx, commands: Sequence[SetLanguage]) -> list[Account | Refusal]:
    """People choose their language; one `Account` or Refusal per command. Refuses malformed, not_found."""
    rows = lock_accounts(tx, [each.account_id for each in commands])
    before = dict(rows)
    results: list[Account | Refusal] = []
    changed: dict[str, str] = {}
    for command in commands:
        row = rows.get(command.account_id)
        if row is None:
            results.append(Refusal("not_found", id=command.account_id))
        elif command.language not in LANGUAGES:
            results.append(refusal_of([Finding("/language", "bad_language", "The languages are en and es.")]))
        else:
            rows[row.id] = row = row._replace(language=command.language)
            changed[row.id] = command.actor
            results.append(account_of(row))
    _change(tx, before, rows, changed, "")
    return results


def _change(
    tx: Tx, before: Mapping[str, Any], rows: Mapping[str, Any], changed: Mapping[str, str], ended_why: str
) -> None:
    """Write who changed, by whom; ended_why: why their sessions end, '' when they go on."""
    if not changed:
        return
    if ended_why:
        end_open_sessions(tx, changed, ended_why)
    if ended_why == "disabled":
        spend_links(tx, changed)
    change_accounts(tx, [rows[id_] for id_ in changed])
    keep_changes(
        tx, [(rows[id_].name, told(before[id_]), told(rows[id_]), actor) for id_, actor in changed.items()]
    )  # fmt: skip


def _refusal(row: Any, id_: str, by: Collection[str], *roles: Collection[str]) -> Refusal | None:
    if row is None:
        return Refusal("not_found", id=id_)
    return None if is_within_reach(by, row.roles, *roles) else Refusal("role_beyond")


def _last_owner(rows: Mapping[str, Any], wanted: Any) -> Refusal | None:
    """Whether nobody would own the store any more. `rows` has all owners, locked."""
    if not _owns(rows[wanted.id]) or _owns(wanted):
        return None
    return None if any(_owns(row) for id_, row in rows.items() if id_ != wanted.id) else Refusal("last_owner")


def _owns(row: Any) -> bool:
    return "owner" in row.roles and state_of(row) == "active"
