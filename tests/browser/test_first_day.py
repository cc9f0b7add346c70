"""A first day: an empty shop is set up by its owner through the console alone, led by the steps that Today tells."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page

from orderwright.business.deeds.unknown_products import RESOLVE_PRODUCTS, resolve_products
from orderwright.business.staff import passwords
from orderwright.database import tasks
from orderwright.doors.api.routes import all_routes
from tests.browser.chromium import Looker
from tests.console.conftest import PASSWORD, Console
from tests.kept_connections import kept_database
from tests.served import serving
from tests.shop import Shop
from tests.spare_stores import spare_store

Look = Callable[..., Looker]
GOODS = "sku,title,price,currency\nMUG,Mug,8.25,GBP\nLAMP,Lamp,12.50,GBP\nBULB,,x,GBP\n"
COUNTED = "sku,site,quantity\nMUG,LEEDS,20\nLAMP,LEEDS,3\n"
ORDERS = """order number,customer,email,address 1,city,postcode,country,sku,quantity,unit price,mood
1001,Ada Lovelace,ada@example.org,1 High St,Leeds,LS1 1AA,GB,MUG,1,8.25,fine
1002,Grace Hopper,grace@example.org,2 High St,Leeds,LS1 1AA,GB,JUG,1,14.00,fine
"""


@pytest.fixture
def console(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """A shop in which there is nothing at all."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    with (
        spare_store(postgres) as name,
        kept_database(postgres) as database,
        serving(postgres, all_routes(), name) as port,
    ):
        yield Console(Shop(database.store(name)), port)


def fill(page: Page, button: str, **told: str) -> None:
    """Write into the fields of a form by their ids, and send it."""
    for field, text in told.items():
        page.fill(f"#{field.replace('__', '-')}", text)
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_selector("[data-toast]")


def bring(looker: Looker, path: Path, kind: str, text: str) -> Page:
    """Bring a file and look at what it would change."""
    path.write_text(text, encoding="utf-8")
    page = looker.go("/imports")
    page.check(f"[name=kind][value={kind}]")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Look at what it would change").click()
    page.get_by_role("heading", name="What would change").wait_for()
    return page


def take(page: Page) -> None:
    """Import what was looked at."""
    page.get_by_role("button", name="Import it").dblclick()
    page.get_by_role("heading", name="What came of it").wait_for()


def test_a_newcomer_sets_up_a_shop_and_clears_what_the_first_orders_ask(console: Console, look: Look, tmp_path: Path):
    looker = look(accept_downloads=True)
    page = looker.go(console.first_link())
    page.fill("[name=name]", "Olivia")
    page.fill("[name=email]", "olivia@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=name]) button")
    page.wait_for_selector(".first-steps")
    looker.check()

    page.get_by_role("link", name="Add the place you ship from").click()
    fill(page, "Add site", code="LEEDS", name="Leeds", address__postal_code="LS10 1AB", address__country="gb")
    looker.go("/").get_by_role("link", name="Add where your orders come from").click()
    fill(page, "Add channel", code="web", name="Web shop", kind="file", currency="GBP")

    page = bring(looker, tmp_path / "goods.csv", "products", GOODS)
    assert "title: is missing" in page.inner_text("main")
    assert "price: It cannot be read" in page.inner_text("main")
    looker.check()
    take(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the rows to mend").click()
    mended = Path(saving.value.path()).read_text(encoding="utf-8-sig").replace("BULB,,x", "BULB,Bulb,1.20")
    take(bring(looker, tmp_path / "mended.csv", "products", mended))
    looker.check()
    take(bring(looker, tmp_path / "counted.csv", "stock", COUNTED))

    page = bring(looker, tmp_path / "orders.csv", "orders", ORDERS)
    assert "Columns that are not used: mood" in page.inner_text("main")
    assert page.is_checked("[name=payment][value=paid]")
    looker.check()
    take(page)

    page = looker.go("/exceptions")
    assert "Grace Hopper" in page.inner_text(".desk")
    looker.check()
    page.get_by_role("button", name="Add the product").click()
    page.wait_for_url("**/products/new?sku=JUG")
    fill(page, "Add product", title="Jug", price="14.00")
    resolved(console)
    assert "Nothing needs you" in looker.go("/exceptions").inner_text("main")
    states = console.shop.rows("SELECT reference, state FROM orders ORDER BY reference")
    assert [tuple(each) for each in states] == [("1001", "allocated"), ("1002", "waiting")]
    assert looker.go("/").locator(".first-steps").count() == 0


def resolved(console: Console) -> None:
    """What the worker does as soon as a product came."""
    with console.shop.begin() as tx:
        resolve_products(tx, tasks.claim(tx, [RESOLVE_PRODUCTS], limit=9))
