"""Practising: people of a store are known in another one, where nothing is real, without a password of its own."""

from collections.abc import Sequence

from orderwright.business.staff.forms import LetPractise, NotePractice, SignedIn
from orderwright.business.staff.opening import Opening, open_for
from orderwright.business.staff.tables import end_open_sessions, lock_accounts
from orderwright.database.invented import find_mark
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_key
from orderwright.values.refusal import Refusal

ROLES = ["manager"]
"""Whoever practises may do there what the course asks for, whatever they may do in their own store."""


def let_practise(tx: Tx, commands: Sequence[LetPractise]) -> list[SignedIn | Refusal]:
    """Sign people in where they practise; one `SignedIn` or Refusal per command. Earlier sessions there end.

    They were asked for their password where they come from. Refuses forbidden in any store that is not theirs to
    practise in: a shop's own staff come in by the door.
    """
    mark = find_mark(tx)
    theirs = [mark is not None and mark.is_practice and each.account_id == mark.of_account for each in commands]
    new = {each.account_id: each for each, is_theirs in zip(commands, theirs, strict=True) if is_theirs}
    for each in new.values():  # one at most: a store is one person's
        tx.write(
            "INSERT INTO staff_account (id, email, email_key, name, name_key, roles, language, made_at)"
            " VALUES (%(id)s::uuid, %(email)s, %(key)s, %(name)s, lower(%(name)s), %(roles)s, %(language)s, %(now)s)"
            " ON CONFLICT DO NOTHING",
            id=each.account_id, email=each.email, key=email_key(each.email), name=each.name, roles=ROLES,
            language=each.language, now=tx.now,
        )  # fmt: skip
    rows = lock_accounts(tx, new)
    end_open_sessions(tx, new, "ended")
    signed = dict(zip(new, open_for(tx, [Opening(rows[id_], each.place) for id_, each in new.items()]), strict=True))
    return [signed.get(each.account_id, Refusal("forbidden")) for each in commands]


def note_practice(tx: Tx, commands: Sequence[NotePractice]) -> list[str]:
    """Write down where people practise; for each the store they practised in before, '' where there was none."""
    accounts = [each.account_id for each in commands]
    lock_accounts(tx, accounts)
    before = {
        row.id: row.store
        for row in tx.rows(
            "SELECT account_id::text AS id, store FROM practice_store WHERE account_id = ANY(%(ids)s::uuid[])",
            ids=accounts,
        )
    }
    last = {each.account_id: each.store for each in commands}
    tx.write("DELETE FROM practice_store WHERE account_id = ANY(%(ids)s::uuid[])", ids=accounts)
    tx.copy(
        "practice_store", "account_id, store, made_at",
        [(id_, store, tx.now) for id_, store in last.items() if store],
    )  # fmt: skip
    return [before.get(each.account_id, "") for each in commands]


def find_practice(tx: Tx, account_id: str) -> str:
    """The store somebody practises in; '' where there is none."""
    row = tx.row("SELECT store FROM practice_store WHERE account_id = %(id)s::uuid", id=account_id)
    return "" if row is None else str(row.store)


def list_practices(tx: Tx) -> list[tuple[str, str, str]]:
    """Who practises where: (account id, name, store), by name."""
    rows = tx.rows(
        "SELECT p.account_id::text AS id, a.name, p.store FROM practice_store p"
        " JOIN staff_account a ON a.id = p.account_id ORDER BY a.name_key LIMIT 500"
    )
    return [tuple(row) for row in rows]


def practices_over(tx: Tx, keep: int, days: int) -> list[str]:
    """Whose stores to practise in are to go: those made more than so many days ago, and the oldest beyond `keep`.

    Account ids, the oldest store first.
    """
    rows = tx.rows(
        "SELECT id FROM (SELECT account_id::text AS id, made_at,"
        " row_number() OVER (ORDER BY made_at DESC, account_id DESC) AS place FROM practice_store) AS kept"
        " WHERE place > %(keep)s OR made_at < %(now)s - make_interval(days => %(days)s) ORDER BY made_at, id",
        keep=keep, days=days, now=tx.now,
    )  # fmt: skip
    return [str(row.id) for row in rows]
