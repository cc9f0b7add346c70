"""What came of the demo, put together from the store as it stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from orderwright.business.imports.report import ImportReport
from orderwright.business.reports.figures import Figure, Span, figures
from orderwright.business.reports.labour import hours_of
from orderwright.business.warehouse.labour.rules import per_hour
from orderwright.database.invariants import CheckResult
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.demo.house import Bought, Cartons, Counted, bins_counted, cartons_used, goods_bought
from orderwright.doors.demo.left import Task
from orderwright.doors.demo.mistakes import count_mistakes
from orderwright.doors.demo.people import People, Rates
from orderwright.doors.demo.script import Script
from orderwright.doors.demo.sites import TOWNS
from orderwright.doors.demo.supply import COST_PERCENT

INVENTED = (
    "Three sites in real towns: their streets, hours, cut-offs, capacities, bins and which goods they keep.",
    "Weights and sizes of goods, drawn from a seed around what heavier goods tend to cost.",
    "List prices: the most frequent price of the eight weeks before; goods first sold later have their first price.",
    "Opening stock and what is ordered each week, by what the eight weeks before asked for, never by orders to come;"
    f" suppliers, what they send and when. What goods cost is {COST_PERCENT} % of the list price.",
    "Kinds of cartons, what they cost and weigh, and a gram of fill for each litre.",
    "Customers' names, streets and e-mail addresses. Postcodes are real ones of their country, drawn from a seed;"
    " of British, Irish, Dutch and Canadian ones the first part is.",
    "Payments (authorised when ordered, by the practice gateway) and parcels with their scans (the practice carrier).",
    "How long clerks take, who picks, who packs, and everybody's mistakes.",
    "Which customers call or write, how, and what about.",
    "When what was credited came back and in what state; reasons follow the planted mistakes, else unknown.",
)  # fmt: skip


class Floor(msgspec.Struct, frozen=True):
    """How the sites' pickers worked. first_come_m: the same orders one by one as they came, aisle by aisle.

    picks_per_hour: units for each hour clocked in; None where nobody was. walking_s: how long the walks were planned.
    """

    walks: int
    lines: int
    units: int
    clocked_s: int
    picks_per_hour: int | None
    walking_s: int
    walked_m: int
    first_come_m: int
    scans: int
    refused_scans: int


class Summary(msgspec.Struct, frozen=True):
    """What `orderwright demo --json` prints.

    begin, end: of what was lived through. script: the file's orders and credit notes by whether they were run.
    figures: see `reports.figures`. floor, cartons, bought, counted: what the people of the house did. check:
    invariants that do not hold. caught: planted mistakes by who noticed. left: what waits for whoever looks at it.
    """

    days: int
    begin: datetime
    end: datetime
    seconds: float
    orders_in_file: int
    import_account: dict[str, Any]
    import_report: list[str]
    script: dict[str, int]
    figures: list[Figure]
    check: list[str]
    invariants: int
    invented: list[str]
    mistakes: list[str]
    caught: dict[str, int]
    floor: Floor
    cartons: Cartons
    bought: Bought
    counted: Counted
    left: list[Task]


class Found(NamedTuple):
    """What the store tells of the days lived through."""

    figures: list[Figure]
    caught: dict[str, int]
    floor: Floor
    cartons: Cartons
    bought: Bought
    counted: Counted


def look_back(store: Store, script: Script, people: People) -> Found:
    """The figures of the orders that were run, and the mistakes that were made with them."""
    with store.read() as tx:
        end = script.end + timedelta(microseconds=1)
        return Found(
            figures(tx, Span(script.begin, end)), count_mistakes(tx, people, script.begin, script.end),
            _floor(tx, script), cartons_used(tx, script.begin, end), goods_bought(tx, end), bins_counted(tx),
        )  # fmt: skip


def _floor(tx: Tx, script: Script) -> Floor:
    end = script.end + timedelta(microseconds=1)
    walked = tx.row(
        """
        SELECT count(*) AS walks, coalesce(sum(b.predicted_s), 0)::bigint AS walking_s,
               coalesce(sum(b.predicted_mm), 0)::bigint / 1000 AS walked_m,
               coalesce(sum(b.first_come_mm), 0)::bigint / 1000 AS first_come_m,
               coalesce(sum(t.lines), 0)::bigint AS lines, coalesce(sum(t.units), 0)::bigint AS units
        FROM pick_batch b
        CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(picked) AS units FROM pick_task
                            WHERE batch_id = b.id AND picked > 0) t
        WHERE b.state = 'done' AND b.ended_at >= %(begin)s AND b.ended_at < %(end)s
        """,
        begin=script.begin, end=end,
    )  # fmt: skip
    scans = tx.row("SELECT count(*) AS n, count(*) FILTER (WHERE outcome = 'refused') AS refused FROM scan")
    hours = [row for town in TOWNS for row in hours_of(tx, town.code, script.begin, end) if row.task == "pick"]
    clocked_s = sum(row.clocked_s for row in hours)
    return Floor(
        walked.walks, walked.lines, walked.units, clocked_s, per_hour(sum(row.units or 0 for row in hours), clocked_s),
        walked.walking_s, walked.walked_m, walked.first_come_m, scans.n, scans.refused,
    )  # fmt: skip


def summarise(
    script: Script,
    rates: Rates,
    found: Found,
    report: ImportReport,
    checked: Sequence[CheckResult],
    seconds: float,
    left: Sequence[Task] = (),
) -> Summary:
    """Put the summary together."""
    return Summary(
        days=(script.end - script.begin).days,
        begin=script.begin,
        end=script.end,
        seconds=round(seconds, 1),
        orders_in_file=report.kinds["orders"],
        import_account=report.as_dict(),
        import_report=report.lines(),
        script=script.account._asdict(),
        figures=found.figures,
        check=[f"{each.name}: {each.violations}" for each in checked if not each.holds],
        invariants=len(checked),
        invented=list(INVENTED),
        mistakes=rates.sentences(),
        caught=found.caught,
        floor=found.floor,
        cartons=found.cartons,
        bought=found.bought,
        counted=found.counted,
        left=list(left),
    )
