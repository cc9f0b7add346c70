"""Pictures of every page, in every language and both sizes, into build/screenshots: `make screenshots`."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from orderwright.database.cluster import open_cluster
from orderwright.doors.api.routes import all_routes
from tests.browser.chromium import DESK, PHONE, Looker, chromium, launched
from tests.browser.every_page import fill, paths
from tests.console.conftest import Console
from tests.floor import new_floor
from tests.portal import looks
from tests.portal.conftest import Counter
from tests.portal.scene import POSTCODE
from tests.served import serving
from tests.shop import new_shop

TARGET = Path(__file__).parents[2] / "build" / "screenshots"
SIZES = {"desk": {"viewport": DESK}, "phone": {"viewport": PHONE, "is_mobile": True, "device_scale_factor": 2}}
LANGUAGES = {"en": "en-GB", "es": "es-ES"}
COLOURS = ("light", "dark")


def main() -> None:
    """Take them all."""
    if chromium() is None:
        raise SystemExit("No Chromium was found: set CHROMIUM, or install it.")
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory(prefix="orderwright-screenshots-") as folder,
        open_cluster(Path(folder) / "postgres", may_initialise=True) as cluster,
        launched() as browser,
    ):
        with new_shop(cluster.dsn) as shop, serving(cluster.dsn, all_routes(), shop.store.name) as port:
            _staff(browser, Console(shop, port))
        with new_floor(cluster.dsn) as floor, serving(cluster.dsn, all_routes(), floor.store.name) as port:
            _customers(browser, Counter(floor, port))
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}")


def _staff(browser: Browser, console: Console) -> None:
    doors = {"sign-in": "/sign-in", "first": console.first_link()}
    for looker, ending in _lookers(browser, console.address, COLOURS[:1]):
        for name, path in doors.items():
            looker.go(path)
            _take(looker, name, ending)
    owner, pages = console.owner(), paths(fill(console.shop))
    for looker, ending in _lookers(browser, console.address, COLOURS):
        looker.context.add_cookies([{"name": "orderwright", "value": owner.token, "url": console.address}])
        for name, path in pages.items():
            looker.go(path)
            _take(looker, name, ending)


def _customers(browser: Browser, counter: Counter) -> None:
    pages = looks.paths(looks.fill(counter.floor))
    for looker, ending in _lookers(browser, counter.address, COLOURS):
        for name, (link, path) in pages.items():
            looker.come(link, path, POSTCODE)
            _take(looker, f"customer-{name}", ending)


def _lookers(browser: Browser, address: str, colours: Sequence[str]) -> Iterator[tuple[Looker, str]]:
    """Somebody in each language, at each size, in each of the colours; how their pictures' names end."""
    for (language, locale), (size, options), colour in product(LANGUAGES.items(), SIZES.items(), colours):
        context = browser.new_context(locale=locale, color_scheme=colour, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        yield Looker(context, address), f"{language}.{size}.{colour}"
        context.close()


def _take(looker: Looker, name: str, ending: str) -> None:
    looker.page.evaluate("scrollTo(0, 0)")  # where a field has the focus the page begins further down
    looker.page.screenshot(path=str(TARGET / f"{name}.{ending}.png"), full_page=True)


if __name__ == "__main__":
    main()
