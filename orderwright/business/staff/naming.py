"""Whom a text names: people who may see orders, called with an @."""

from collections.abc import Sequence
from typing import NamedTuple

from orderwright.business.staff.rules import scopes_of
from orderwright.database.tx import Tx


class Person(NamedTuple):
    """Somebody who can be named with @ in a note. sites, channels: limits of what they see, None for all."""

    id: str
    name: str
    email: str
    sites: Sequence[str] | None = None
    channels: Sequence[str] | None = None


def mentioned(text: str, people: Sequence[Person]) -> list[str]:
    """Whom a text names, by id, each once, in the order of the text.

    After an @ that no letter or digit stands before: a whole name, an e-mail address, or a first name or the part of
    an address before its @ where only one person has it. The longest that fits counts; case does not.
    """
    handles = _handles(people)
    longest = sorted(handles, key=lambda handle: (-len(handle), handle))
    told, found = text.lower(), dict[str, None]()
    for at, sign in enumerate(told):
        if sign != "@" or (at and told[at - 1].isalnum()):
            continue
        name = next((each for each in longest if told.startswith(each, at + 1) and _ends(told, at + 1 + len(each))), "")
        if name:
            found[handles[name]] = None
    return list(found)


def _handles(people: Sequence[Person]) -> dict[str, str]:
    """What people are called, in lower case, and who that is; what two are called in short is nobody's."""
    handles, short = dict[str, str](), dict[str, set[str]]()
    for each in people:
        for name in (each.name.lower().partition(" ")[0], each.email.lower().partition("@")[0]):
            short.setdefault(name, set()).add(each.id)
    handles.update({name: next(iter(ids)) for name, ids in short.items() if len(ids) == 1 and name})
    handles.update({each.email.lower(): each.id for each in people})
    handles.update({each.name.lower(): each.id for each in people})
    return handles


def _ends(text: str, at: int) -> bool:
    """Whether a name can end here: not within a word, nor before a dot, dash or @ that goes on with one."""
    after, next_one = text[at : at + 1], text[at + 1 : at + 2]
    return not (after.isalnum() or after == "_") and not (
        after in (".", "-", "@") and after != "" and next_one.isalnum()
    )


def list_named(tx: Tx) -> list[Person]:
    """Everybody who can be named about an order: who may see orders and is not disabled, by name."""
    rows = tx.rows(
        "SELECT id::text, name, email, sites, channels, roles FROM staff_account WHERE disabled_at IS NULL"
        " ORDER BY name_key"
    )
    return [Person(*row[:5]) for row in rows if "orders:read" in scopes_of(row.roles)]
