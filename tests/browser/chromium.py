"""A headless Chromium, and what each page in it must be: accessible, within its policy, no wider than its window."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN = "/usr/bin/chromium"
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 860}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "html-has-lang", "html-lang-valid", "link-in-text-block"],
}


@cache
def chromium() -> str | None:
    """Where a Chromium is: CHROMIUM, or on the path."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (DEBIAN if Path(DEBIAN).exists() else None)


def required_chromium() -> str:
    """Where a Chromium is. Skips the test when there is none; fails where every test must run (CI)."""
    found = chromium()
    if found is None:
        says = "no Chromium was found (set CHROMIUM, or install it): the pages are NOT looked at in a browser"
        if os.environ.get("CI"):
            pytest.fail(says)
        pytest.skip(says)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium while the block runs."""
    path = required_chromium()
    with sync_playwright() as playwright:
        # As root, in containers, Chromium has no sandbox; it visits nothing here but ourselves.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Looker:
    """One person's browser. Whatever it shows is looked at; `check` fails with everything that is wrong."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.wrong: list[str] = []
        self.foreign: list[str] = []
        context.on("page", self._watch)
        self.page: Page = context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: script: {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)
        page.on("dialog", self._alerted)

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            self.wrong.append(f"policy: {message.text}")

    def _asked(self, request: Any) -> None:
        if request.url.endswith("/csp-report"):
            self.wrong.append(f"policy report: {request.post_data}")
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _alerted(self, dialog: Any) -> None:
        self.wrong.append(f"alert: {dialog.message}")
        dialog.dismiss()

    def go(self, path: str) -> Page:
        """Open a path."""
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def come(self, link: str, path: str, word: str) -> Page:
        """Open a page of customers: behind their link, if any, and the question who they are, which `word` answers."""
        self.context.clear_cookies()
        if link:
            self.go(link)
        page = self.go(path)
        if page.url.endswith("/track/prove") and path != "/track/prove":
            page.fill("#word", word)
            page.click("form.large button")
            page.wait_for_url(f"**{path}")
        return page

    def check(self) -> None:
        """Fail unless this page is accessible, fits its window, and nothing broke the policy."""
        self._tell([*self._broken(), *violations(self.page, RULES), *self._too_wide()])

    def check_looks(self) -> None:
        """As `check`, by the rules alone that size, colours and language decide."""
        self._tell([*self._broken(), *violations(self.page, LOOKS), *self._too_wide()])

    def read_from_the_right(self) -> None:
        """Turn this page round, as it is for who reads Arabic or Hebrew."""
        self.page.evaluate("() => { document.documentElement.dir = 'rtl' }")

    def _broken(self) -> list[str]:
        return [*self.wrong, *(f"another host: {url}" for url in self.foreign)]

    def check_width(self) -> None:
        """Fail unless this page fits its window."""
        self._tell(self._too_wide())

    def _too_wide(self) -> list[str]:
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"wider than its window by {wide} px"] if wide > 0 else []

    def _tell(self, found: list[str]) -> None:
        if found:
            pytest.fail(f"{self.page.url}\n" + "\n".join(found), pytrace=False)


def violations(page: Page, only: dict[str, Any]) -> list[str]:
    """What axe finds on a page by some of its rules."""
    page.evaluate("scrollTo(0, 0)")  # what is half under the bar at the top is scrolled away, not covered
    page.evaluate(_axe())
    asked = {"runOnly": only, "resultTypes": ["violations"]}  # of all else it found it need not tell every element
    found = page.evaluate("async (asked) => (await axe.run(document, asked)).violations", asked)
    return [
        f"axe {each['id']}: {each['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:240]}"
        for each in found
        for node in each["nodes"]
    ]


@cache
def _axe() -> str:
    return AXE.read_text()
