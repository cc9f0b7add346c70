"""Reports over HTTP and at the command line."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from orderwright.business.reports.days.telling import tell_all
from tests.client import Client
from tests.doors.conftest import Served
from tests.doors.test_commands import Say, say

__all__ = ["say"]


def tell(served: Served) -> tuple[date, int]:
    """Tell everything; the last day, and its orders (other tests place theirs in this store, too)."""
    served.shop.place({"MUG": 2})
    with served.shop.begin() as tx:
        tell_all(tx)
        row = tx.row(
            "SELECT day, sum(counted)::int AS orders FROM report_day WHERE scope = '' AND figure = 'orders_in'"
            " GROUP BY day ORDER BY day DESC LIMIT 1"
        )
    return row.day, row.orders


def told(report: Any, name: str) -> Any:
    [figure] = [each for group in report["groups"] for each in group["figures"] if each["name"] == name]
    return figure


def test_a_report_is_asked_for_by_period_and_part(served: Served, admin: Client) -> None:
    day, orders = tell(served)
    found = admin("GET", f"/v1/reports/periods/daily?day={day}").json
    assert (told(found, "orders_in")["value"], told(found, "contacts")["value"]) == (orders, None)
    assert told(found, "contacts")["because"].startswith("Nobody wrote a contact down yet")
    assert admin("GET", f"/v1/reports/periods/monthly?day={day}&site=LEEDS").json["scope"] == "site:LEEDS"
    assert admin("GET", "/v1/reports/periods/yearly").code == "not_found"
    limited = served.at("reports:read", sites=["LEEDS"])
    assert limited("GET", f"/v1/reports/periods/daily?day={day}&site=LEEDS").status == 200
    assert limited("GET", f"/v1/reports/periods/daily?day={day}&site=BRISTOL").code == "forbidden"
    assert limited("GET", f"/v1/reports/periods/daily?day={day}&channel=web").code == "forbidden"
    assert limited("GET", f"/v1/reports/periods/daily?day={day}").code == "forbidden"
    assert limited("GET", "/v1/reports/was-now").code == "forbidden"


def test_how_it_was_is_told_and_stands_beside_how_it_is(served: Served, admin: Client) -> None:
    put = admin("PUT", "/v1/reports/was-now/touch_time", {"timed": "312", "count": "48"})
    assert (put.status, put.json["value"], put.json["source"]) == (200, 6.5, "timed")
    assert admin("PUT", "/v1/reports/was-now/same_day", {"value": "a lot"}).code == "malformed"
    assert admin("PUT", "/v1/reports/was-now/orders_in", {"value": "1"}).code == "not_found"
    assert served.at("reports:read")("PUT", "/v1/reports/was-now/touch_time", {"value": "1"}).code == "forbidden"
    standing = {each["figure"]: each for each in admin("GET", "/v1/reports/was-now").json["standing"]}
    assert (standing["touch_time"]["was"]["value"], standing["touch_time"]["target"]) == (6.5, 4)


def test_a_report_is_printed_and_written(say: Say, served: Served) -> None:
    day, orders = tell(served)
    found = json.loads(say("report", "daily", "--day", str(day), "--json").out)
    assert told(found, "orders_in")["value"] == orders
    printed = say("report", "daily", "--day", str(day)).out
    assert f"  Orders placed                      {orders:>14}   before: " in printed
    assert say("report", "weekly", "--of", "site:LEEDS", "--file", "week.xlsx").code == 0
    assert Path("week.xlsx").read_bytes().startswith(b"PK")
    assert say("report", "weekly", "--file", "week.doc").code == 2
