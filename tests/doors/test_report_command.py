"""Reports at the command line."""

import json
from pathlib import Path

from tests.doors.conftest import Served
from tests.doors.test_commands import Say, say

__all__ = ["say"]


def test_a_report_is_printed_and_written(say: Say, served: Served) -> None:
    served.shop.stock("LEEDS", MUG=3)
    served.shop.place({"MUG": 2})
    today = str(served.shop.value("SELECT (max(placed_at) AT TIME ZONE 'Europe/London')::date FROM orders"))
    found = json.loads(say("report", "daily", "--day", today, "--json").out)
    told = {each["name"]: each for group in found["groups"] for each in group["figures"]}
    assert (told["orders_in"]["value"], told["contacts"]["value"]) == (1, None)
    assert (
        "Orders placed                                   1   before: 0" in say("report", "monthly", "--day", today).out
    )
    assert say("report", "weekly", "--of", "site:LEEDS", "--file", "week.xlsx").code == 0
    assert Path("week.xlsx").read_bytes().startswith(b"PK")
    assert say("report", "weekly", "--file", "week.doc").code == 2
