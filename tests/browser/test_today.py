"""Today in a browser: it says by itself when something happened, and not while somebody is at work in it."""

from collections.abc import Callable

import pytest

from orderwright.doors.console import live
from tests.browser.chromium import Looker
from tests.console.conftest import Console

Look = Callable[..., Looker]
SAYS = "(count) => document.querySelector('.flow').innerText.includes(`${count}\\nTo let out`)"

SPY = """() => {
    window.pulses = window.hushed = 0;
    const path = document.querySelector("[data-live]").dataset.live;
    new EventSource(path).addEventListener("pulse", () => { window.pulses += 1; });
    const close = EventSource.prototype.close;
    EventSource.prototype.close = function () { window.hushed += 1; close.call(this); };
}"""


def test_today_shows_by_itself_what_happened(console: Console, look: Look, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "POLL_S", 0.1)
    console.shop.stock("LEEDS", MUG=5)
    looker = look(console.owner())
    page = looker.go("/")
    assert page.evaluate(SAYS, "0")
    console.shop.place({"MUG": 1})
    page.wait_for_function(SAYS, arg="1")
    page.focus(".flow a")
    page.evaluate(SPY)
    page.wait_for_function("() => window.pulses === 1")
    console.shop.place({"MUG": 1})
    page.wait_for_function("() => window.pulses === 2")
    assert page.evaluate(SAYS, "1")  # somebody is at work in it
    page.evaluate("document.activeElement.blur()")
    page.wait_for_function(SAYS, arg="2")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("window.hushed") == 1
    looker.check()
