"""People with browsers at a served shop."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from orderwright.business.staff.forms import SignedIn
from tests.browser.chromium import DESK, Looker, launched
from tests.console.conftest import Console, console

__all__ = ["console"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def look(browser: Browser, console: Console) -> Iterator[Callable[..., Looker]]:
    """look(signed): a browser of somebody; options as playwright takes them, such as viewport and color_scheme."""
    contexts = []

    def make(signed: SignedIn | None = None, **options: Any) -> Looker:
        told = {"viewport": DESK, "locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce",
                "service_workers": "block"}  # fmt: skip
        context = browser.new_context(**{**told, **options})
        contexts.append(context)
        if signed is not None:
            context.add_cookies([{"name": "orderwright", "value": signed.token, "url": console.address}])
        return Looker(context, console.address)

    yield make
    for context in contexts:
        context.close()
