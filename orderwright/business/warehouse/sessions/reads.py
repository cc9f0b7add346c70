"""What screens ask of sessions: those a person has open, and what came of the last scans."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from orderwright.business.warehouse.sessions.forms import SCANS_MAX, ScanAnswer
from orderwright.business.warehouse.sessions.rows import known_scans
from orderwright.database.rows import array
from orderwright.database.tx import Tx

OPEN_MAX = 50
"""So many open sessions of one person are listed at most."""


class OpenSessionShown(msgspec.Struct, frozen=True):
    """A session somebody can go on with. last_at: of its last scan."""

    id: str
    site: str
    kind: str
    last_at: datetime


def list_open_sessions(tx: Tx, person: str, sites: Collection[str] | None = None) -> list[OpenSessionShown]:
    """The open sessions of a person at these sites (None: all), the one last used first."""
    rows = tx.rows(
        "SELECT id::text, site, kind, last_at FROM floor_session WHERE person = %(person)s AND closed_at IS NULL"
        " AND (%(is_all)s OR site = ANY(%(sites)s::text[])) ORDER BY last_at DESC, id LIMIT %(limit)s",
        person=person, is_all=sites is None, sites=array(sorted(sites or ())), limit=OPEN_MAX,
    )  # fmt: skip
    return [OpenSessionShown(*row) for row in rows]


def list_answers(tx: Tx, session_id: str, first: int, next_n: int) -> list[ScanAnswer]:
    """What came of a session's scans from `first` on that were done, in their order; of many, the last ones."""
    numbers = range(max(1, first, next_n - SCANS_MAX), next_n)
    rows = known_scans(tx, {session_id: (next_n, numbers)}) if numbers else {}
    told = (rows.get((session_id, n)) for n in numbers)
    return [msgspec.json.decode(row.answer, type=ScanAnswer) for row in told if row is not None and row.answer]
