"""A report as plain rows: what each day came to, part by part, as it is told."""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from orderwright.business.imports.quoting import quoted
from orderwright.business.reports.measures import GROUPS
from orderwright.business.reports.periods import Period
from orderwright.database.tx import Tx

ROWS_MAX = 200_000


class DayRow(NamedTuple):
    """What one day came to. scope: '' the store. counted of judged; pending: too young to be judged."""

    day: str
    scope: str
    group: str
    figure: str
    part: str
    counted: int
    judged: int
    pending: int


_TITLES = {each.name: (group, each.title) for group, measures in GROUPS.items() for each in measures}


def day_rows(tx: Tx, period: Period, scope: str) -> list[DayRow]:
    """The rows of a period, by day; of the store those of its sites and channels, too. One statement."""
    rows = tx.tuples(
        f"""
        SELECT day, scope, figure, part, counted, judged, pending FROM report_day
        WHERE day BETWEEN %(first)s AND %(last)s AND (scope = %(scope)s OR %(scope)s = '')
        ORDER BY day, scope, figure, part LIMIT {ROWS_MAX}
        """,
        first=period.first, last=period.last, scope=scope,
    )  # fmt: skip
    return [_row(str(day), of, figure, part, *sums) for day, of, figure, part, *sums in rows]


def _row(day: str, scope: str, figure: str, part: str, counted: int, judged: int, pending: int) -> DayRow:
    group, title = _TITLES.get(figure, ("Further", figure.replace("_", " ")))
    return DayRow(day, scope, group, title, part, counted, judged, pending)


def csv_of(rows: Sequence[DayRow]) -> bytes:
    """Rows as CSV, as spreadsheets take it; no cell can be run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(DayRow._fields)
    for row in rows:
        writer.writerow([quoted(cell) if isinstance(cell, str) else cell for cell in row])
    # Spreadsheets take a CSV for UTF-8 only with its mark.
    return out.getvalue().encode("utf-8-sig")
