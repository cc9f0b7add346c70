"""What holds for every page, whoever made it: it is accessible, fits a phone, keeps its policy, in every language."""

from collections.abc import Callable

from tests.browser.chromium import DESK, PHONE, Looker
from tests.browser.every_page import fill, paths
from tests.console.conftest import Console

Look = Callable[..., Looker]
ZOOMED = {"width": 640, "height": 430}
"""A desk's window at 200 %."""


def test_every_page_is_accessible_fits_and_keeps_its_policy(console: Console, look: Look):
    looker = look(console.owner(), viewport=DESK)
    for path in paths(fill(console.shop)).values():
        looker.page.set_viewport_size(DESK)
        looker.page.emulate_media(forced_colors="none")
        looker.go(path)
        looker.check()
        looker.page.emulate_media(forced_colors="active")
        looker.page.set_viewport_size(ZOOMED)
        looker.check_width()


def test_every_page_is_accessible_and_fits_a_phone_in_the_dark_in_spanish(console: Console, look: Look):
    looker = look(
        console.owner(), viewport=PHONE, color_scheme="dark", locale="es-ES", is_mobile=True, has_touch=True
    )  # fmt: skip
    for path in paths(fill(console.shop)).values():
        looker.go(path)
        looker.check_looks()
        looker.read_from_the_right()
        looker.check_width()


def test_a_first_look_takes_less_than_150_kb(console: Console, look: Look):
    looker = look(console.owner())
    parts = fill(console.shop)
    client = looker.context.new_cdp_session(looker.page)
    client.send("Network.enable")
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    looker.go(f"/orders/{parts['split']}")
    assert 20_000 < sum(sizes) < 150_000
