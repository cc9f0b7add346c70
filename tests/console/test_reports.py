"""Reports, and how it was beside how it is, as people see them."""

import posixpath
import re
import zipfile
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from orderwright.business.orders.notes import WriteNote, write_notes
from orderwright.business.reports.days import rows
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.periods import RHYTHMS, period_of
from orderwright.doors.console.report_files import file_of
from orderwright.doors.console.report_files.pivot import MAIN
from orderwright.doors.console.report_files.rows import DayRow, csv_of
from orderwright.doors.console.report_words import mend_words
from tests.console.conftest import Console


@pytest.fixture
def told(console: Console) -> Console:
    """A shop with three orders of today, all of it added up."""
    console.shop.stock("LEEDS", MUG=9)
    for units in (1, 2, 3):
        console.shop.place({"MUG": units})
    with console.shop.begin() as tx:
        tell_all(tx)
    return console


def test_a_report_tells_its_figures_with_what_they_count(told: Console) -> None:
    visit = told.visit(told.owner())
    today = told.shop.value("SELECT max(day) FROM report_told")
    seen = visit.get(f"/reports?rhythm=daily&day={today}")
    assert (seen.status, seen.title) == (200, "Reports")
    assert "Orders placed, by what became of them since." in seen.words
    assert "Nobody wrote a contact down yet" in seen.words
    behind = visit.get(f"/reports/rows?figure=orders_in&day={today}")
    assert behind.text.count('href="/orders/OW-') == 3


def test_the_rows_of_a_figure_are_paged_and_saved_whole(told: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS_A_PAGE", 2)
    today = told.shop.value("SELECT max(day) FROM report_told")
    visit = told.visit(told.owner())
    first = visit.get(f"/reports/rows?figure=orders_in&day={today}")
    assert "3 rows, those that count most first" in first.words
    [following] = re.findall(r'href="([^"]+)"[^>]*rel="next"', first.text)
    second = visit.get(unescape(following))
    assert "3 rows, those that count most first" in second.words
    assert "First page" in second.words
    assert "Next page" not in second.words
    numbers = [re.findall('href="/orders/(OW-[0-9]+)"', page.text) for page in (first, second)]
    assert [len(each) for each in numbers] == [2, 1]
    shown = [*numbers[0], *numbers[1]]
    assert sorted(shown) == [row.number for row in told.shop.rows("SELECT number FROM orders ORDER BY number")]
    [link] = [each for each in re.findall('href="(/reports/rows/file[^"]+)"', second.text) if "csv" in each]
    saved = visit.get(unescape(link))
    assert saved.header("content-disposition") == f'attachment; filename="orders_in-{today}.csv"'
    told_rows = saved.text.removeprefix("\ufeff").splitlines()
    assert told_rows[0] == "order,site,channel,part,counted,judged,pending"
    assert [each.partition(",")[0] for each in told_rows[1:]] == shown
    sheet = visit.get(f"/reports/rows/file?figure=orders_in&day={today}&kind=xlsx").text.encode("latin-1")
    [found] = sheets(sheet).values()
    assert [row[0] for row in found[1:]] == shown


@pytest.mark.parametrize(("before", "says"), [("JPY", "worse"), ("GBP", "")])
def test_what_was_counted_in_another_currency_is_neither_better_nor_worse(
    told: Console, before: str, says: str
) -> None:
    with told.shop.store.begin() as tx:
        day = "INSERT INTO report_day (day, figure, scope, part, counted, judged, pending) VALUES"
        for when, currency, minor in (("2026-03-03", "JPY", 820), ("2026-03-02", before, 320)):
            tx.write(f"{day} (%(when)s, 'label_cost', '', %(part)s, %(n)s, 1, 0)", when=when, part=currency, n=minor)
            tx.write("INSERT INTO report_told VALUES (%(when)s, %(now)s, false)", when=when, now=tx.now)
    page = told.visit(told.owner()).get("/reports?rhythm=daily&day=2026-03-03")
    [row] = re.findall("Label cost per parcel.*?</tr>", page.text, re.DOTALL)
    assert "¥820" in row
    assert re.findall('class="turn [a-z]+">([a-z]+)<', row) == ([says] if says else [])


def test_a_word_no_report_knows_is_told_with_those_it_does_in_the_readers_language(told: Console):
    owner = told.owner()
    for language, known in (
        ("en", "Known are: daily, weekly, monthly."),
        ("es", "Se conocen: daily, weekly, monthly."),
    ):
        seen = told.visit(owner, language=language).get("/reports?rhythm=day")
        assert (seen.status, known in seen.words) == (422, True), seen.words


def test_a_day_without_rows_says_so(told: Console) -> None:
    page = told.visit(told.owner()).get("/reports/rows?figure=orders_in&day=2001-02-03")
    assert (page.status, "No rows on this day" in page.words) == (200, True)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_an_end_of_the_calendar_is_answered_with_the_nearest_there_is(told: Console, day: str) -> None:
    visit = told.visit(told.owner())
    reports = [f"/reports?day={day}&rhythm={each}" for each in RHYTHMS]
    files = [f"/reports/file?day={day}&kind=csv", f"/reports/rows/file?figure=orders_in&day={day}&kind=csv"]
    for path in (*reports, *files, f"/reports/rows?figure=touch_time&day={day}"):
        assert (path, visit.get(path).status) == (path, 200)


def test_rows_nobody_may_see_are_not_there_and_a_mark_that_is_none_is_refused(told: Console) -> None:
    visit, today = told.visit(told.owner()), told.shop.value("SELECT max(day) FROM report_told")
    limited = told.visit(told.person("analyst", sites=["LEEDS"]))
    for path in (f"/reports/rows/file?figure=nothing&day={today}", f"/reports/rows?figure=stock_value&day={today}"):
        assert visit.get(path).status == 404
    assert limited.get(f"/reports/rows/file?figure=orders_in&day={today}&scope=site:BRISTOL&kind=csv").status == 404
    assert visit.get(f"/reports/rows?figure=orders_in&day={today}&after=nonsense").status == 422


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_has_a_pivot_table_over_its_rows(told: Console) -> None:
    today = told.shop.value("SELECT max(day) FROM report_told")
    with told.shop.store.read() as tx:
        made = file_of(tx, "xlsx", period_of("daily", today), "", "en")
    found = sheets(made.content)
    assert list(found) == ["Report", "Pivot", "Rows"]
    assert found["Report"][4][:2] == ["Orders placed", 3.0]
    pivoted = {row[0]: row[-1] for row in found["Pivot"]}
    assert (pivoted["Orders placed"], pivoted["Order lines"], pivoted["Value of orders"]) == (3.0, 3.0, 4500.0)
    assert sum(row[5] for row in found["Rows"][1:] if row[1] == "Whole store") == pivoted["Total"]
    with zipfile.ZipFile(BytesIO(made.content)) as parts:
        roots = {name: ElementTree.fromstring(parts.read(name)) for name in parts.namelist()}
        linked = {
            f"{posixpath.normpath(posixpath.join(posixpath.dirname(name), '..', each.get('Target', '')))}".lstrip("/")
            for name, root in roots.items() if name.endswith(".rels") and name.count("/") > 1
            for each in root
        }  # fmt: skip
    assert linked <= roots.keys()
    definition, records = (roots[f"xl/pivotCache/pivotCache{what}1.xml"] for what in ("Definition", "Records"))
    assert definition.get("refreshOnLoad") == "1"
    assert len(records) == len(found["Rows"]) - 1 == int(definition.get("recordCount") or 0)
    fields = definition.find(f"{{{MAIN}}}cacheFields")
    assert [each.get("name") for each in fields or ()] == found["Rows"][0]
    shared = [[item.get("v") for item in field[0]] for field in fields or ()]
    told_again = [
        [
            each[int(cell.get("v") or 0)] if each else float(cell.get("v") or 0)
            for cell, each in zip(record, shared, strict=True)
        ]
        for record in records
    ]
    assert told_again == found["Rows"][1:]
    names = shared[3]
    cache = roots["xl/workbook.xml"].find(f"{{{MAIN}}}pivotCaches")
    table = roots["xl/pivotTables/pivotTable1.xml"]
    assert cache is not None
    assert cache[0].get("cacheId") == table.get("cacheId")
    location = table.find(f"{{{MAIN}}}location")
    assert location is not None
    assert location.get("ref") == f"A3:C{4 + len(names) + 1}"


def test_no_cell_of_a_file_can_be_run() -> None:
    row = DayRow("2026-11-20", "site:=1+1", "Orders", "Orders placed", '=HYPERLINK("x")', 1, 0, -2)
    assert csv_of([row]).decode("utf-8-sig").splitlines()[1] == (
        '2026-11-20,site:=1+1,Orders,Orders placed,"\'=HYPERLINK(""x"")",1,0,-2'
    )


def test_a_report_is_told_on_paper_and_sent_as_a_file(told: Console) -> None:
    visit = told.visit(told.owner())
    seen = visit.get("/reports/file?kind=csv&rhythm=weekly")
    assert (seen.header("content-disposition") or "").startswith('attachment; filename="report-weekly-')
    today = told.shop.value("SELECT max(day) FROM report_told")
    with told.shop.store.read() as tx:
        made = file_of(tx, "pdf", period_of("weekly", today), "", "es")
    page = pypdfium2.PdfDocument(made.content)[0].get_textpage().get_text_bounded()
    assert "Pedidos" in page


def test_how_it_was_is_said_in_a_form_and_stands_beside_how_it_is(told: Console) -> None:
    visit = told.visit(told.owner())
    refused = visit.submit("/was-now/touch_time", "/was-now/touch_time", timed="312", count="0")
    assert (refused.status, "Write a number above 0." in refused.words) == (422, True)
    done = visit.submit("/was-now/touch_time", "/was-now/touch_time", timed="312", count="48", note="<b>")
    assert (done.status, done.location) == (303, "/was-now")
    seen = visit.get("/was-now").words
    assert "Was 6.5 min timed" in seen
    assert "What to mend next" in seen
    assert visit.get("/was-now/orders_in").status == 404
    analyst = told.visit(told.person("analyst"))
    assert "Say how it was" not in analyst.get("/was-now").words
    assert analyst.get("/was-now/touch_time").status == 403


def test_what_an_hour_costs_and_a_question_takes_is_set_a_click_away(told: Console) -> None:
    owner, analyst = told.visit(told.owner()), told.visit(told.person("analyst"))
    links = re.findall('href="(/settings/store)#([^"]+)"', owner.get("/was-now").text)
    settings = owner.get("/settings/store").text
    assert [f'id="{field}"' in settings for _page, field in links] == [True, True]
    assert "/settings/store" not in analyst.get("/was-now").text


def test_who_is_limited_to_a_site_sees_its_reports_alone(told: Console) -> None:
    visit = told.visit(told.person("analyst", sites=["LEEDS"]))
    seen = visit.get("/reports")
    assert seen.status == 200
    assert 'value="site:LEEDS" selected' in seen.text
    assert "BRISTOL" not in seen.text
    assert [visit.get(f"/reports?scope={each}").status for each in ("site:BRISTOL", "channel:web")] == [404, 404]
    assert visit.get("/was-now").status == 403


def test_what_is_to_be_mended_is_named_in_the_words_of_its_figure():
    named = [
        mend_words(*each)[:2]
        for each in (("contact", "where_is_it"), ("contact_untimed", "complaint"), ("lost", "acme"))
    ]
    assert named == [
        ("What customers get in touch about", "Where is my order?"),
        ("What customers get in touch about", "Complaint"),
        ("Parcels lost", "acme"),
    ]


def test_rows_of_money_are_told_as_money_and_saved_so(told: Console) -> None:
    today = told.shop.value("SELECT max(day) FROM report_told")
    visit = told.visit(told.owner())
    page = visit.get(f"/reports/rows?figure=order_value&day={today}")
    assert re.findall('<td class="amount">([^<]*)</td><td', page.text) == ["£22.50", "£15.00", "£7.50"]
    saved = visit.get(f"/reports/rows/file?figure=order_value&day={today}&kind=csv").text.splitlines()
    assert [line.split(",")[3:5] for line in saved[1:]] == [["GBP", "22.50"], ["GBP", "15.00"], ["GBP", "7.50"]]


def test_rows_of_time_are_told_in_minutes(told: Console) -> None:
    numbers = [row.number for row in told.shop.rows("SELECT number FROM orders ORDER BY number LIMIT 2")]
    told.shop.run(write_notes, *[WriteNote(number=each, text="Called.", actor="staff:Sam") for each in numbers])
    with told.shop.begin() as tx:
        tx.write("UPDATE fact SET occurred_at = occurred_at - interval '90 seconds' WHERE id ="
                 " (SELECT min(id) FROM fact WHERE type = 'order_noted')")  # fmt: skip
        tx.write("INSERT INTO worker (person) VALUES ('pia')")
        tx.write(
            "INSERT INTO work_clock (id, person, site, task, started_at, ended_at)"
            " SELECT gen_random_uuid(), 'pia', 'LEEDS', 'pick', %(now)s, %(now)s + interval '45 seconds'", now=tx.now,
        )  # fmt: skip
    visit, today = told.visit(told.owner()), told.shop.value("SELECT max(day) FROM report_told")
    touches, picks = (
        visit.get(f"/reports/rows?figure={each}&day={today}") for each in ("touch_time", "picks_per_hour")
    )
    assert re.findall('<td class="amount">([^<]*)</td>', touches.text) == ["1.5 min", "–"]
    assert re.findall('<td class="amount">([^<]*)</td>', picks.text) == ["0", "0.8 min"]
