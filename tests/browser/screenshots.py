"""Pictures of every page, in every language and both sizes, into build/screenshots: `make screenshots`."""

import tempfile
from pathlib import Path

from orderwright.database.cluster import open_cluster
from orderwright.doors.api.routes import all_routes
from tests.browser.chromium import DESK, PHONE, Looker, chromium, launched
from tests.browser.every_page import fill, paths
from tests.console.conftest import Console
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
    with (
        tempfile.TemporaryDirectory(prefix="orderwright-screenshots-") as folder,
        open_cluster(Path(folder) / "postgres", may_initialise=True) as cluster,
        new_shop(cluster.dsn) as shop,
        serving(cluster.dsn, all_routes(), shop.store.name) as port,
        launched() as browser,
    ):
        console = Console(shop, port)
        first = console.first_link()
        doors = {"sign-in": "/sign-in", "first": first}
        for language, locale in LANGUAGES.items():
            for size, options in SIZES.items():
                context = browser.new_context(locale=locale, **options)  # type: ignore[arg-type]
                _take(Looker(context, console.address), doors, f"{language}.{size}.light")
                context.close()
        owner, parts = console.owner(), fill(shop)
        for language, locale in LANGUAGES.items():
            for size, options in SIZES.items():
                for colours in COLOURS:
                    context = browser.new_context(locale=locale, color_scheme=colours, **options)  # type: ignore[arg-type]
                    context.add_cookies([{"name": "orderwright", "value": owner.token, "url": console.address}])
                    _take(Looker(context, console.address), paths(parts), f"{language}.{size}.{colours}")
                    context.close()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}")


def _take(looker: Looker, pages: dict[str, str], ending: str) -> None:
    for name, path in pages.items():
        looker.go(path).screenshot(path=str(TARGET / f"{name}.{ending}.png"), full_page=True)


if __name__ == "__main__":
    main()
