"""Where the work stands at this moment: how much waits at each stage, since when, and what of it is late."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderwright.business.reports.today.rules import PACE_HOURS, PAST, Due, why_late
from orderwright.database.rows import array
from orderwright.database.tx import Tx

COUNT_MAX = 10_000
"""So far work is counted; beyond it the page says "more than"."""
LATE_SHOWN = 12
DUE_LOOKED_AT = 100
"""Of each site and state, what has to leave first: whether it will be late."""


class StageNow(NamedTuple):
    """One stage. waiting: at most COUNT_MAX. since: when the oldest of it came there, None where nothing waits.

    late: of it, what should have left already; None at stages where nothing was promised by the hour.
    """

    stage: str
    waiting: int
    since: datetime | None
    late: int | None


class LateWork(NamedTuple):
    """Work that is late, or will be. state: of the fulfilment. ahead: how much is to be packed before it."""

    number: str
    site: str
    state: str
    ship_by: datetime
    why: str
    ahead: int
    packed_lately: int


class Lateness(NamedTuple):
    """What is late and will be. over: past their time, at most COUNT_MAX for each state; soon: by cause, of the
    DUE_LOOKED_AT of each site and state that have to leave first. works: the first of them."""

    over: int
    soon: dict[str, int]
    works: list[LateWork]


class OldestException(NamedTuple):
    """Open exceptions of one kind, and the oldest of them."""

    kind: str
    open: int
    oldest_id: str
    opened_at: datetime
    overdue: int


def stages_now(tx: Tx) -> list[StageNow]:
    """Every stage, in the order work goes through them; one statement, over what is open alone."""
    sites = array(row.code for row in tx.rows("SELECT code FROM site ORDER BY code"))
    rows = {
        row.stage: row for row in tx.rows(_STAGES, now=tx.now, sites=sites, most=COUNT_MAX)
    }  # fmt: skip
    return [
        StageNow(stage, rows[stage].waiting, rows[stage].since, rows[stage].late if stage in _PROMISED else None)
        for stage in STAGES
    ]


STAGES = ("held", "waiting", "planned", "released", "picked", "packed", "labelled", "on_the_way")
_PROMISED = ("planned", "released", "picked")
_ORDERS = """
    SELECT '{stage}' AS stage, count(*) AS waiting, 0 AS late,
           least({oldest}) AS since
    FROM (SELECT 1 FROM orders WHERE state IN ({states}) LIMIT %(most)s) AS o"""
_OLDEST = "(SELECT placed_at FROM orders WHERE state = '{state}' ORDER BY placed_at, id LIMIT 1)"
_WORK = """
    SELECT '{state}', count(*), count(*) FILTER (WHERE ship_by < %(now)s), min({since})
    FROM (SELECT ship_by, made_at, released_at, fact_at FROM fulfilment
          WHERE site = ANY(%(sites)s::text[]) AND state = '{state}' LIMIT %(most)s) AS f"""
_PARCELS = """
    SELECT '{stage}', count(*), 0, min({since})
    FROM (SELECT packed_at, labelled_at, shipped_at FROM parcel
          WHERE site = ANY(%(sites)s::text[]) AND state = '{state}' LIMIT %(most)s) AS p"""


def _orders(stage: str, *states: str) -> str:
    oldest = ", ".join(_OLDEST.format(state=state) for state in states)
    return _ORDERS.format(stage=stage, oldest=oldest, states=", ".join(f"'{state}'" for state in states))


_STAGES = " UNION ALL ".join(
    [
        _orders("held", "held"), _orders("waiting", "waiting", "partially_allocated"),
        _WORK.format(state="planned", since="made_at"),
        _WORK.format(state="released", since="coalesce(released_at, made_at)"),
        _WORK.format(state="picked", since="coalesce(fact_at, released_at, made_at)"),
        _PARCELS.format(stage="packed", state="packed", since="packed_at"),
        _PARCELS.format(stage="labelled", state="labelled", since="coalesce(labelled_at, packed_at)"),
        _PARCELS.format(stage="on_the_way", state="shipped", since="shipped_at"),
    ]
)  # fmt: skip


def lateness(tx: Tx) -> Lateness:
    """What is late and what will be; three statements over what is open and has to leave first."""
    sites = array(row.code for row in tx.rows("SELECT code FROM site ORDER BY code"))
    over = tx.row(_OVER, now=tx.now, sites=sites, most=COUNT_MAX).n
    soon: dict[str, int] = {}
    works: list[LateWork] = []
    since = tx.now - timedelta(hours=PACE_HOURS)
    for row in tx.rows(_DUE, since=since, now=tx.now, sites=sites, most=DUE_LOOKED_AT, pace_most=COUNT_MAX):
        why = why_late(Due(row.ship_by, row.is_held, row.ahead, row.packed_lately), tx.now)
        if why is None:
            continue
        if why not in PAST:
            soon[why] = soon.get(why, 0) + 1
        if len(works) < LATE_SHOWN:
            works.append(_late(row, why))
    return Lateness(over, soon, works)


def _late(row: Any, why: str) -> LateWork:
    return LateWork(row.number, row.site, row.state, row.ship_by, why, row.ahead, row.packed_lately)


_OPEN = ("planned", "released", "picked")
_OVER = "SELECT " + " + ".join(
    f"(SELECT count(*) FROM (SELECT 1 FROM fulfilment WHERE site = ANY(%(sites)s::text[]) AND state = '{state}'"
    " AND ship_by <= %(now)s LIMIT %(most)s) AS f)"
    for state in _OPEN
) + " AS n"  # fmt: skip
_FIRST = " UNION ALL ".join(
    f"(SELECT id, order_id, site, state, ship_by FROM fulfilment WHERE site = s.code AND state = '{state}'"
    " ORDER BY ship_by, id LIMIT %(most)s)"
    for state in _OPEN
)
# How much a site packed lately is read off its parcels by state, and counted no further than is of use.
_DUE = f"""
    SELECT o.number, o.is_held, d.*, coalesce(p.packed, 0) AS packed_lately
    FROM (SELECT f.*, (row_number() OVER (PARTITION BY f.site ORDER BY f.ship_by, f.id) - 1)::bigint AS ahead
          FROM unnest(%(sites)s::text[]) AS s(code) CROSS JOIN LATERAL ({_FIRST}) AS f) AS d
    JOIN orders o ON o.id = d.order_id
    LEFT JOIN (
        SELECT t.code, (SELECT count(*) FROM (
            SELECT 1 FROM parcel WHERE site = t.code AND state IN ('packed', 'labelled', 'shipped')
              AND packed_at >= %(since)s LIMIT %(pace_most)s) AS x) AS packed
        FROM unnest(%(sites)s::text[]) AS t(code)) AS p ON p.code = d.site
    ORDER BY d.ship_by, d.id"""


def exceptions_now(tx: Tx) -> list[OldestException]:
    """Open exceptions by kind, with the oldest of each, most first; of the COUNT_MAX that are due first."""
    rows = tx.rows(
        """
        SELECT kind, count(*) AS open, (array_agg(id::text ORDER BY opened_at, id))[1] AS oldest,
               min(opened_at) AS opened_at, count(*) FILTER (WHERE due_at < %(now)s) AS overdue
        FROM (SELECT id, kind, opened_at, due_at FROM exception WHERE closed_at IS NULL
              ORDER BY due_at, id LIMIT %(most)s) AS e
        GROUP BY kind ORDER BY open DESC, kind
        """,
        now=tx.now, most=COUNT_MAX,
    )  # fmt: skip
    return [OldestException(*row) for row in rows]


def pulse_of(tx: Tx) -> str:
    """What changes whenever something happens in the store; a look at the end of one index."""
    row = tx.row("SELECT f.xid::text AS xid, f.id FROM fact f ORDER BY f.xid DESC, f.id DESC LIMIT 1")
    return "" if row is None else f"{row.xid}-{row.id}"
