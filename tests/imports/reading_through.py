"""Reading a file to its end, with the report that must add up."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.imports.profile import Profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import ReadResult
from orderwright.business.imports.sheets import Sheet

COLUMNS = """
currency = "EUR"
channel = "web"
country = "ES"
[columns]
reference = "order"
sku = "sku"
quantity = "qty"
unit_price = "price"
"""
"""The four plain columns most of these tests read."""


def read_through(sheet: Sheet, profile: Profile) -> tuple[list[ReadResult], ImportReport]:
    """All results of a reading and its closed report, checked to add up."""
    reading, report = Reading(sheet, profile), ImportReport()
    results = []
    for result in reading:
        report.add(result)
        results.append(result)
    report.close(reading.notes)
    assert report.differences() == []
    assert report.text().count("\n") == len(report.lines())
    return results, report


def only(kind: type, results: Sequence[ReadResult]) -> list[Any]:
    """The results of one kind."""
    return [result for result in results if isinstance(result, kind)]
