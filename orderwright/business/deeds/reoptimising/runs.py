"""Re-optimisations one by one: who wanted it, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderwright.database.rows import array
from orderwright.database.schedules import subject_of
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.forms import Command
from orderwright.values.ids import new_id
from orderwright.values.pages import Page

REOPTIMISE = "reoptimise"
SHOWN_MAX = 50


class WantReoptimising(Command, frozen=True):
    """Route what is not released yet again, all together, as soon as the worker comes to it."""


class Reoptimisation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look at all orders not yet released. saved: what their parcels cost less since.

    looked_at, moved, skipped: orders; skipped ones could have moved, and had changed meanwhile. state: wanted,
    done, or failed when its task died. `repeated`: one was under way already.
    """

    id: str
    state: str
    actor: str
    made_at: datetime
    ended_at: datetime | None
    looked_at: int
    moved: int
    skipped: int
    saved: str
    currency: str
    repeated: bool = False


def want_reoptimising(tx: Tx, commands: Sequence[WantReoptimising]) -> list[Reoptimisation]:
    """Want a re-optimisation; the one under way, `repeated`, where there is one. All commands share one."""
    tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")  # one asker at a time
    found = _rows(tx, "WHERE state = 'wanted'")
    if not found:
        id_ = new_id()
        add_run(tx, id_, commands[0].actor)
        tx.enqueue(REOPTIMISE, subject_of(REOPTIMISE), {"run": id_})
    [run] = found or _rows(tx, "WHERE state = 'wanted'")
    return [msgspec.structs.replace(run, repeated=bool(found) or n > 0) for n in range(len(commands))]


def list_runs(tx: Tx) -> Page[Reoptimisation]:
    """The latest re-optimisations, newest first."""
    return Page(_rows(tx, ""))


def find_outcome(tx: Tx) -> Reoptimisation | None:
    """The latest re-optimisation, or None while it is under way."""
    latest = _rows(tx, "")
    return latest[0] if latest and latest[0].state != "wanted" else None


def add_run(tx: Tx, run_id: str, actor: str) -> None:
    """Write one as wanted; again changes nothing."""
    tx.write(
        "INSERT INTO reoptimisation (id, state, actor, made_at) VALUES (%(id)s, 'wanted', %(actor)s, %(now)s)"
        " ON CONFLICT (id) DO NOTHING",
        id=run_id, actor=actor, now=tx.now,
    )  # fmt: skip


def tell_looked_at(tx: Tx, run_ids: Sequence[str], orders: int) -> None:
    """How many orders are looked at."""
    tx.write(
        "UPDATE reoptimisation SET looked_at = %(orders)s WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(run_ids), orders=orders,
    )  # fmt: skip


def end_run(
    tx: Tx,
    run_id: str,
    *,
    moved: int = 0,
    skipped: int = 0,
    saved_minor: int = 0,
    currency: str = "",
    state: str = "done",
) -> None:
    """Write what came of one; orders, and minor units of a currency."""
    tx.write(
        """
        UPDATE reoptimisation SET state = %(state)s, ended_at = %(now)s, moved = %(moved)s, skipped = %(skipped)s,
               saved_minor = %(saved)s, currency = %(currency)s
        WHERE id = %(id)s AND state = 'wanted'
        """,
        id=run_id, state=state, now=tx.now, moved=moved, skipped=skipped, saved=saved_minor, currency=currency,
    )  # fmt: skip


def _rows(tx: Tx, which: str) -> list[Reoptimisation]:
    rows: list[Any] = tx.rows(
        f"SELECT *, id::text AS name FROM reoptimisation {which} ORDER BY id DESC LIMIT {SHOWN_MAX}"
    )
    return [
        Reoptimisation(
            row.name, row.state, row.actor, row.made_at, row.ended_at, row.looked_at, row.moved, row.skipped,
            money.format_minor(row.saved_minor, row.currency) if row.currency else "0", row.currency,
        )
        for row in rows
    ]  # fmt: skip
