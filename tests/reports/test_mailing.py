"""Reports go by mail when their period is over, once to each address, with their paper."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.mailing import is_due, want_mails
from orderwright.business.reports.periods import before, last_whole, period_of
from orderwright.settings import PutSettings, put_settings
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 23, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 7, 0, tzinfo=UTC), False),
    ],
)
def test_a_week_is_mailed_on_monday_at_seven_of_the_shops_clock(at: datetime, due: bool) -> None:
    assert is_due(period_of("weekly", date(2026, 11, 18)), at, "Europe/London", "07:00") is due


def test_periods_follow_each_other() -> None:
    assert period_of("weekly", date(2026, 11, 22))[1:] == (date(2026, 11, 16), date(2026, 11, 22))
    assert before(period_of("monthly", date(2026, 3, 31)))[1:] == (date(2026, 2, 1), date(2026, 2, 28))
    assert last_whole("daily", date(2026, 3, 1)).first == date(2026, 2, 28)


def test_a_report_is_mailed_once_to_each_address(shop: Shop, floor: Floor, tmp_path: Path) -> None:  # noqa: F811
    shop.place({"MUG": 1})
    with shop.begin() as tx:
        tell_all(tx)
        period = period_of("daily", tx.row("SELECT max(day) AS day FROM report_told").day)
        assert want_mails(tx, period, ["ann@example.org", "bob@refused.invalid", "ann@example.org"]) == 2
    floor.worker.run_until_idle()
    with shop.begin() as tx:
        assert want_mails(tx, period, ["ann@example.org"]) == 0
    rows = shop.rows("SELECT address, state, said FROM report_mail ORDER BY address")
    assert [(row.address, row.state) for row in rows] == [
        ("ann@example.org", "sent"), ("bob@refused.invalid", "refused"),
    ]  # fmt: skip
    assert rows[1].said == "bob@refused.invalid: no such mailbox"
    [mail] = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (tmp_path / "practice-mail").iterdir()
    ]
    told: Any = mail
    assert told["Subject"].startswith("Daily report, ")
    assert "Orders placed" in told.get_body().get_content()
    [paper] = told.iter_attachments()
    assert paper.get_filename() == f"report-daily-{period.first}.pdf"
    assert paper.get_content().startswith(b"%PDF")


def test_what_is_no_address_gets_no_reports(shop: Shop) -> None:
    values = {"reports.weekly_to": ["ann@example.org", "nobody"]}
    [refused] = shop.run(put_settings, PutSettings(values=values, actor="test"))
    assert [each["message"] for each in refused.facts["findings"]] == ["These are no e-mail addresses: nobody"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("reports.time_zone", "New York", "There is no such time zone; one is America/New_York."),
        ("reports.time_zone", "../../etc/passwd", "There is no such time zone; one is America/New_York."),
        ("reports.hour_cost", "abc", "This is no cost of an hour, such as 14.50."),
        ("reports.hour_cost", "-3", "This is no cost of an hour, such as 14.50."),
        ("reports.hour_cost", "nan", "This is no cost of an hour, such as 14.50."),
    ],
)
def test_what_reports_would_not_heed_is_refused_and_not_kept(shop: Shop, name: str, value: str, says: str):
    (refused,) = shop.run(put_settings, PutSettings(values={name: value}, actor="test"))
    assert [each["message"] for each in refused.facts["findings"]] == [says]


@pytest.mark.parametrize(
    ("name", "value"),
    [("reports.time_zone", "America/New_York"), ("reports.time_zone", ""), ("reports.hour_cost", "14,50"),
     ("reports.hour_cost", " 14.50 "), ("reports.hour_cost", "")],
)  # fmt: skip
def test_what_reports_heed_is_kept(shop: Shop, name: str, value: str):
    (kept,) = shop.run(put_settings, PutSettings(values={name: value}, actor="test"))
    assert {each.name: each.value for each in kept.items}[name] == value
