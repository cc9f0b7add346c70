"""The year of a real shop, read by the importer any shop would use and a profile of a kind any shop could write."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar

from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.profile import get_profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import ReadCredit, ReadOrder
from orderwright.business.imports.samples import get_sample
from orderwright.business.imports.sheets import Sheet, open_sheet

PROFILE = "online_retail"
SAMPLE = "online_retail.csv.xz"

Item = TypeVar("Item")


class Year(NamedTuple):
    """What a file holds: orders and credit notes by time, and the account of every row."""

    orders: list[ReadOrder]
    credits: list[ReadCredit]
    report: ImportReport


def read_year() -> Year:
    """The year that comes along."""
    profile = get_profile(PROFILE)
    return read_orders(open_sheet(get_sample(SAMPLE), profile.form), PROFILE)


def read_orders(sheet: Sheet, profile_name: str) -> Year:
    """Any sheet of orders by a profile. What has no time is accounted for and plays no part."""
    profile = guess_profile(sheet, get_profile(profile_name), {}).profile
    reading, report = Reading(sheet, profile), ImportReport()
    orders: list[ReadOrder] = []
    credits: list[ReadCredit] = []
    for result in reading:
        report.add(result)
        if isinstance(result, ReadOrder):
            orders.append(result)
        elif isinstance(result, ReadCredit):
            credits.append(result)
    report.close(reading.notes)
    return Year(
        by_time(orders, lambda order: order.form.placed_at), by_time(credits, lambda each: each.placed_at), report
    )


def by_time(items: Iterable[Item], time_of: Callable[[Item], datetime | None]) -> list[Item]:
    """Items in order of time, equals as they came; without those that have none."""
    timed = [(at, n, item) for n, item in enumerate(items) if (at := time_of(item)) is not None]
    return [item for _, _, item in sorted(timed, key=lambda each: each[:2])]
