"""What holds for every page, whoever made it: it is accessible, fits a phone, keeps its policy, in every language."""

from collections.abc import Callable

import pytest

from tests.browser.chromium import DESK, PHONE, Looker
from tests.browser.every_page import fill, paths
from tests.console.conftest import Console

Look = Callable[..., Looker]
ZOOMED = {"width": 640, "height": 430}
"""A desk's window at 200 %."""


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": DESK},
        {"viewport": PHONE, "color_scheme": "dark", "locale": "es-ES", "is_mobile": True, "has_touch": True},
        {"viewport": ZOOMED, "forced_colors": "active"},
    ],
    ids=["desk", "phone in the dark in Spanish", "zoomed in high contrast"],
)
def test_every_page_is_accessible_fits_and_keeps_its_policy(console: Console, look: Look, options):
    looker = look(console.owner(), **options)
    for path in paths(fill(console.shop)).values():
        looker.go(path)
        looker.check()


def test_a_first_look_takes_less_than_150_kb(console: Console, look: Look):
    looker = look(console.owner())
    parts = fill(console.shop)
    client = looker.context.new_cdp_session(looker.page)
    client.send("Network.enable")
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    looker.go(f"/orders/{parts['split']}")
    assert 20_000 < sum(sizes) < 150_000
