"""Charts looked at closer: drawn large by Vega of the same spec, by keyboard too, and nothing else is loaded before."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.browser.chromium import DESK, PHONE, Looker
from tests.browser.every_page import fill
from tests.console.conftest import Console

Look = Callable[..., Looker]
EVIL = '<img src=x onerror="alert(1)">'


@pytest.mark.parametrize(
    ("size", "locale", "words"), [(DESK, "en-GB", "Look closer"), (PHONE, "es-ES", "Ver de cerca")]
)
def test_a_chart_is_drawn_large_by_vega(console: Console, look: Look, size: dict[str, int], locale: str, words: str):
    fill(console.shop)
    looker = look(console.owner(), viewport=size, locale=locale)
    asked: list[str] = []
    looker.page.on("request", lambda request: asked.append(request.url))
    page = looker.go(f"/reports?rhythm=daily&day={date.today()}")
    assert not [url for url in asked if "vega" in url]
    button = page.locator("[data-chart]").first
    assert button.inner_text().strip() == words
    button.focus()
    page.keyboard.press("Enter")
    large = page.locator("#box [data-large] .marks")
    large.wait_for()
    page.locator("[data-save]:visible").nth(2).wait_for()
    looker.check()
    bars = page.locator("#box .mark-rect.role-mark path")
    values = json.loads(button.get_attribute("data-chart") or "")["layer"][0]["data"]["values"]
    assert bars.count() == len([each for each in values if each["value"] is not None])
    bars.last.hover(force=True)
    assert page.locator(".chart-tip").inner_text() == values[-1]["said"]
    page.keyboard.press("Escape")
    assert not page.locator("#box").is_visible()


def test_what_is_looked_at_can_be_saved(console: Console, look: Look, tmp_path: Path):
    fill(console.shop)
    looker = look(console.owner(), accept_downloads=True)
    page = looker.go(f"/reports?rhythm=daily&day={date.today()}")
    page.locator("[data-chart]").first.click()
    kept = {}
    for kind in ("svg", "png", "json"):
        with page.expect_download() as download:
            page.locator(f"[data-save={kind}]").click()
        kept[download.value.suggested_filename] = Path(download.value.path()).read_bytes()
    assert list(kept) == [f"Orders placed, by day.{ending}" for ending in ("svg", "png", "vl.json")]
    picture, photo, spec = kept.values()
    assert picture.startswith(b"<svg")
    assert photo.startswith(b"\x89PNG")
    assert json.loads(spec)["title"] == "Orders placed, by day"
    looker.check()


def test_words_of_a_chart_are_never_read_as_html(console: Console, look: Look):
    fill(console.shop)
    looker = look(console.owner())
    page = looker.go(f"/reports?rhythm=daily&day={date.today()}")
    page.evaluate(
        """(evil) => {
            const button = document.querySelector("[data-chart]");
            button.dataset.chart = button.dataset.chart.replaceAll(/"(title|label|said)":"[^"]+"/g, `"$1":${evil}`);
        }""",
        json.dumps(EVIL),
    )
    page.locator("[data-chart]").first.click()
    page.locator("#box .mark-rect.role-mark path").last.hover(force=True)
    assert page.locator(".chart-tip").inner_text() == EVIL
    assert page.locator("#box img").count() == 0
    looker.check()


def test_a_chart_stays_as_it_was_where_vega_does_not_come(console: Console, look: Look):
    fill(console.shop)
    looker = look(console.owner())
    page = looker.go(f"/reports?rhythm=daily&day={date.today()}")
    looker.context.route("**/vega*", lambda route: route.abort())
    page.locator("[data-chart]").first.click()
    page.locator("#box [data-large] svg.chart").wait_for()
    assert page.locator("[data-save]:visible").count() == 0
