"""The rows of staff: locked, told, kept with before and after."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from orderwright.business.staff.forms import Account, State
from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id

COLUMNS = (
    "id::text, email, email_key, name, password, roles, sites, channels, language, totp, totp_new, totp_used,"
    " recovery, pin, made_at, disabled_at"
)


def one_changer(tx: Tx) -> None:
    """Wait until nobody else makes people or owners: for the few deeds that must see all of them as they stay."""
    tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")


def lock_accounts(tx: Tx, ids: Iterable[str], *, with_owners: bool = False) -> dict[str, Any]:
    """People by id, locked in the order of their ids; with_owners: all owners too."""
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM staff_account"
        " WHERE id = ANY(%(ids)s::uuid[]) OR %(owners)s AND 'owner' = ANY(roles) ORDER BY id FOR UPDATE",
        ids=array(sorted({each for each in ids if is_id(each)})), owners=with_owners,
    )  # fmt: skip
    return {row.id: row for row in rows}


def state_of(row: Any) -> State:
    """Whether somebody can sign in."""
    if row.disabled_at is not None:
        return "disabled"
    return "active" if row.password else "invited"


def account_of(row: Any, seen_at: datetime | None = None) -> Account:
    """A person as others see them."""
    return Account(
        row.id, row.email, row.name, state_of(row), row.roles, row.sites, row.channels, row.language,
        bool(row.totp), bool(row.pin), row.made_at, seen_at,
    )  # fmt: skip


def told(row: Any) -> dict[str, object]:
    """What is kept of a person as before and after: everything but secrets, of which only that there are any."""
    return {
        "email": row.email, "roles": row.roles, "sites": row.sites, "channels": row.channels, "state": state_of(row),
        "language": row.language, "has_totp": bool(row.totp), "recovery_codes": len(row.recovery),
        "has_pin": bool(row.pin),
    }  # fmt: skip


def keep_changes(tx: Tx, changes: Sequence[tuple[str, Mapping[str, object] | None, object, str]]) -> None:
    """Keep changes of people for ever: (name, before, after, actor) each."""
    note(tx, [Change("account", *each) for each in changes if each[1] != each[2]])


def change_accounts(tx: Tx, rows: Sequence[Any]) -> None:
    """Write people as these rows say, whatever of them changed; one statement. Names and e-mails stay."""
    tx.write(
        """
        UPDATE staff_account a SET password = n.password, roles = string_to_array(n.roles, ','),
            sites = string_to_array(n.sites, ','), channels = string_to_array(n.channels, ','),
            language = n.language, totp = n.totp, totp_new = n.totp_new, totp_used = n.totp_used,
            recovery = string_to_array(n.recovery, ','), pin = n.pin,
            disabled_at = n.disabled_at,
            password_at = CASE WHEN a.password = n.password THEN a.password_at ELSE %(now)s END
        FROM unnest(%(ids)s::uuid[], %(passwords)s::text[], %(roles)s::text[], %(sites)s::text[], %(channels)s::text[],
                    %(languages)s::text[], %(totps)s::text[], %(new_totps)s::text[], %(used)s::bigint[],
                    %(recovery)s::text[], %(pins)s::text[], %(disabled)s::timestamptz[])
             AS n(id, password, roles, sites, channels, language, totp, totp_new, totp_used, recovery, pin,
                  disabled_at)
        WHERE a.id = n.id
        """,
        now=tx.now, ids=array(each.id for each in rows), passwords=array(each.password for each in rows),
        roles=array(",".join(each.roles) for each in rows), sites=array(_joined(each.sites) for each in rows),
        channels=array(_joined(each.channels) for each in rows), languages=array(each.language for each in rows),
        totps=array(each.totp for each in rows), new_totps=array(each.totp_new for each in rows),
        used=array(each.totp_used for each in rows), recovery=array(",".join(each.recovery) for each in rows),
        pins=array(each.pin for each in rows),
        disabled=array(each.disabled_at for each in rows),
    )  # fmt: skip


def end_open_sessions(tx: Tx, accounts: Collection[str], why: str, but: Collection[str] = ()) -> int:
    """End every session of these people, whose rows are locked; how many there were."""
    return tx.write(
        """
        UPDATE staff_session SET ended_at = %(now)s, ended_why = %(why)s
        WHERE id IN (SELECT id FROM staff_session WHERE account_id = ANY(%(accounts)s::uuid[]) AND ended_at IS NULL
                       AND NOT id = ANY(%(but)s::uuid[]) ORDER BY id FOR UPDATE)
        """,
        now=tx.now, why=why, accounts=array(sorted(accounts)), but=array(sorted(but)),
    )  # fmt: skip


def spend_links(tx: Tx, accounts: Collection[str]) -> None:
    """Make every link of these people useless."""
    tx.write(
        "UPDATE staff_link SET used_at = %(now)s WHERE account_id = ANY(%(accounts)s::uuid[]) AND used_at IS NULL",
        now=tx.now, accounts=array(sorted(accounts)),
    )  # fmt: skip


def sorted_or_none(limits: Collection[str] | None) -> list[str] | None:
    """Limits as they are kept."""
    return None if limits is None else sorted(set(limits))


def _joined(limits: Collection[str] | None) -> str | None:
    return None if limits is None else ",".join(limits)
