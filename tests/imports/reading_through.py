"""Small tables, and reading a file to its end, with the report that must add up."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from orderwright.business.imports.profile import Profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.report import ImportReport
from orderwright.business.imports.results import BadRow, ReadResult
from orderwright.business.imports.sheets import Sheet
from orderwright.business.orders.checks import check_totals, price
from orderwright.business.orders.form import NewOrder

Read = Callable[..., Any]
"""The `read` fixture: text, and more of a profile or a whole one, to results and report."""

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
HEADER = "order,sku,qty,price"
CHARGES = """
[[not_goods]]
kind = "shipping"
name = "postage"
codes = ["POST"]
[[not_goods]]
kind = "discount"
codes = ["D"]
[[not_goods]]
kind = "voucher"
name = "gift vouchers"
pattern = "GIFT-\\\\d+"
[[not_goods]]
kind = "bad_debt"
codes = ["B"]
[[not_goods]]
kind = "other"
name = "gift wrap"
codes = ["WRAP"]
becomes = "line"
"""


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


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def bad(results: list[Any]) -> list[tuple[int, list[str]]]:
    """Row numbers of bad rows and what is wrong, as "field: code"."""
    return [(r.row, [f"{f.field}: {f.code}" for f in r.findings]) for r in only(BadRow, results)]


def assert_takes(form: NewOrder) -> None:
    """The form is one every door takes, and adds up to the minor unit."""
    assert msgspec.convert(msgspec.to_builtins(form), NewOrder) == form
    findings: list[Any] = []
    priced = price(form, findings)
    assert priced is not None
    check_totals(form, priced, findings)
    assert [finding.code for finding in findings if finding.code != "payment_missing"] == []
