"""The first two days of a shop, through the console alone: set up by its owner, led by the steps that Today tells;
goods and orders brought, every exception cleared, an order shipped with a phone, something taken back, yesterday's
report read.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, expect

from orderwright.app import wiring
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.staff import passwords
from orderwright.business.truth.check import check_store
from orderwright.database.clock import set_clock
from orderwright.doors.api.routes import all_routes
from orderwright.doors.worker.loop import Worker
from tests.browser.chromium import Looker
from tests.browser.test_floor import SCANNER, says, wedge
from tests.console.conftest import PASSWORD, Console
from tests.kept_connections import kept_database
from tests.served import serving
from tests.shop import Shop
from tests.spare_stores import spare_store

Look = Callable[..., Looker]
GOODS = "sku,title,price,currency\nMUG,Mug,8.25,GBP\nLAMP,Lamp,12.50,GBP\nBULB,,x,GBP\n"
COUNTED = "sku,site,quantity\nMUG,LEEDS,20\nLAMP,LEEDS,3\n"
ORDERS = """order number,customer,email,address 1,city,postcode,country,sku,quantity,unit price,mood
1001,Ada Lovelace,ada@example.org,1 High St,Leeds,LS1 1AA,GB,MUG,2,8.25,fine
1002,Grace Hopper,grace@example.org,2 High St,Leeds,LS1 1AA,GB,JUG,1,14.00,fine
1003,Alan Turing,alan@example.org,3 High St,Leeds,LS1 IAA,GB,MUG,1,8.25,fine
1004,Mary Somerville,mary@example.org,4 High St,Leeds,LS1 1AA,GB,LAMP,1,1.25,fine
1005,Ada Lovelace,ada@example.org,1 High St,Leeds,LS1 1AA,GB,MUG,2,8.25,fine
"""
NOW = datetime.now(UTC)
MONDAY = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7 - NOW.weekday())
"""The next there is: browsers forget cookies by their own clock."""
MONDAYS = {
    "Orders placed": "5", "Value of orders": "£56.50", "Cancelled": "20.0%", "Held": "80.0%", "Made to wait": "20.0%",
    "Orders shipped": "1", "Parcels shipped": "1", "Units shipped": "2", "Label cost per parcel": "£3.20",
    "Units received back": "0",
}  # fmt: skip
TUESDAYS = {
    "Orders placed": "0", "Orders shipped": "0", "Units received back": "worse 1", "Return scan to refund": "0 min"
}  # fmt: skip
"""Figures of the reports of these days: what was done on them, and nothing else."""


class House(NamedTuple):
    """A served shop, and its worker, who works when told."""

    console: Console
    worker: Worker

    def work(self) -> None:
        """Whatever is due by now."""
        self.worker.run_until_idle()

    def at(self, moment: datetime) -> None:
        """It is this time now; the worker does what is due. Days it tells only in real time; here they are told."""
        with self.console.shop.begin() as tx:
            set_clock(tx, moment)
        self.work()
        with self.console.shop.begin() as tx:
            tell_all(tx)


@pytest.fixture
def house(postgres: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    """A shop in which there is nothing at all, on a Monday morning."""
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    wired = wiring()
    with (
        spare_store(postgres) as name,
        kept_database(postgres) as database,
        serving(postgres, all_routes(), name) as port,
    ):
        shop = Shop(database.store(name))
        house = House(Console(shop, port), Worker(shop.store, wired.kinds, wired.timetable))
        house.at(MONDAY)
        yield house
        assert [each.name for each in check_store(shop.store, full=True) if not each.holds] == []


@pytest.fixture
def console(house: House) -> Console:
    """Where `look` looks."""
    return house.console


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


def begun(console: Console, looker: Looker) -> None:
    """The one-time link makes an owner, and Today leads to a place and a channel."""
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


def brought(looker: Looker, folder: Path) -> None:
    """Goods, the rows of them that were to mend, what was counted, and orders."""
    page = bring(looker, folder / "goods.csv", "products", GOODS)
    assert "Title: is missing" in page.inner_text("main")
    assert "Price: It cannot be read" in page.inner_text("main")
    looker.check()
    take(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the rows to mend").click()
    mended = Path(saving.value.path()).read_text(encoding="utf-8-sig").replace("BULB,,x", "BULB,Bulb,1.20")
    take(bring(looker, folder / "mended.csv", "products", mended))
    looker.check()
    take(bring(looker, folder / "counted.csv", "stock", COUNTED))

    page = bring(looker, folder / "orders.csv", "orders", ORDERS)
    assert "Columns that are not used: mood" in page.inner_text("main")
    assert page.is_checked("[name=payment][value=paid]")
    looker.check()
    take(page)


def enter(looker: Looker, path: str) -> Page:
    """Open a page as the owner, who signs in where it asks for that."""
    page = looker.go(path)
    if "/sign-in" in page.url:
        page.fill("[name=email]", "olivia@example.org")
        page.fill("[name=password]", PASSWORD)
        page.click("main form:has([name=password]) button")
        page.wait_for_url(looker.address + path)
    return page


def cleared(house: House, looker: Looker) -> None:
    """Each exception is settled as the desk proposes, until there is none."""
    page = looker.go("/exceptions")
    assert page.locator(".desk > li").count() == 4
    looker.check()
    for cause, settling, said in (
        ("Probable duplicate", "Cancel the duplicate", "The duplicate is cancelled."),
        ("Doubtful address", "Use the suggested address", "The address is changed."),
        ("Unusual price", "Keep the charged price", ""),
    ):
        page.locator(".desk > li", has_text=cause).locator(".suggested").click()
        box = page.locator("#box[open]")
        with page.expect_navigation():
            box.get_by_role("button", name=settling).click()
        expect(page.locator("[data-toast]")).to_contain_text(said)
    page.get_by_role("button", name="Add the product").click()
    page.wait_for_url("**/products/new?sku=JUG")
    fill(page, "Add product", title="Jug", price="14.00")
    house.work()
    assert "Nothing needs you" in looker.go("/exceptions").inner_text("main")
    rows = house.console.shop.rows("SELECT state FROM orders ORDER BY reference")
    assert [row.state for row in rows] == ["allocated", "waiting", "allocated", "allocated", "cancelled"]
    assert looker.go("/").locator(".first-steps").count() == 0


def shipped(house: House, phone: Looker) -> None:
    """Order 1001 is picked, packed and labelled on a phone, and its parcel scanned at the door."""
    page = enter(phone, "/floor")
    page.click("text=Take goods from their bins")
    expect(page.locator("#totes")).to_be_focused()
    page.keyboard.type("T:T-1")
    page.click(".big button")
    says(page, "Go to STOCK and scan it.")
    wedge(page, "STOCK", "MUG", "MUG", "T-1")
    says(page, "All is picked")
    page.click("button[value=done]")
    says(page, "This walk is over.")
    phone.go("/floor").get_by_text("From the tote into its carton").click()
    expect(page.locator("#subject")).to_be_focused()
    wedge(page, "T:T-1")
    says(page, "2 to go")
    wedge(page, "MUG", "MUG")
    says(page, "Scan the carton you took")
    page.click("button[value=done]")
    says(page, "Put the parcel on the scale")
    page.fill("#grams", "700")
    page.click("text=That is it")
    says(page, "is packed.")
    house.work()
    page.click("text=Label and papers")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("#code")).to_be_focused()
    phone.check()
    wedge(page, page.inner_text(".parcels .mono"))
    expect(page.locator(".good-news")).to_have_text("P-000001 of order OW-000001 left with practice.")
    phone.check()


def asked_back(customer: Looker) -> str:
    """Ada finds her order, and sends one of two mugs back; the number of the return."""
    page = customer.go("/track/find")
    page.fill("#number", "OW-000001")
    page.fill("#word", "ada@example.org")
    page.click("form.large button")
    page.wait_for_url("**/track")
    page.click("a[href='/returns']")
    page.select_option("#units-1", "1")
    page.select_option("#reason", "unwanted")
    page.click("form.large button")
    page.wait_for_url("**/returns/check**")
    assert page.inner_text("h1") == "You get back £8.25"
    page.click("form.large button")
    page.wait_for_url("**/returns/R-*")
    customer.check()
    return page.url.rpartition("/")[2]


def taken_back(house: House, phone: Looker, owner: Looker, number: str) -> None:
    """The bench takes it in on the phone, its money goes back from the order's page, and what packing asked is told."""
    page = enter(phone, "/floor")
    page.click("text=What customers send back")
    says(page, "Scan the return")
    wedge(page, number, "MUG")
    says(page, "1 of MUG")
    page.click("button[value=restock]")
    says(page, "into a bin")
    wedge(page, "STOCK")
    says(page, "All of")
    page.click("button[value=done]")
    says(page, "1 restocked, 0 to quarantine, 0 scrapped.")
    page = enter(owner, "/orders/OW-000001")
    page.get_by_role("button", name="Settle it").click()
    with page.expect_navigation():
        page.locator("#box[open]").get_by_role("button", name="Settle it").click()
    house.work()
    page = owner.go("/orders/OW-000001")
    owner.check()
    assert "Settled £8.25 CN-000001" in " ".join(page.inner_text("#returns").split())
    owner.go("/exceptions").locator(".desk > li", has_text="Product without sizes").locator(".suggested").click()
    with page.expect_navigation():
        page.locator("#box[open] form button").first.click()
    assert "Nothing needs you" in page.inner_text("main")


def yesterday(owner: Looker, figures: dict[str, str]) -> Page:
    """Yesterday's report, of the day before the store's, and what its figures say."""
    enter(owner, "/reports")
    page = owner.go("/reports?rhythm=daily")
    page.locator(".figures").first.wait_for()
    rows = page.eval_on_selector_all(
        ".figures tbody tr", "rows => rows.map(e => [e.querySelector('summary').innerText, e.cells[1].innerText])"
    )
    found = {name.strip(): " ".join(told.split()) for name, told in rows}
    assert {name: found.get(name) for name in figures} == figures
    assert [each.inner_text() for each in page.locator(".files a").all()] == ["XLSX", "CSV", "PDF"]
    return page


def test_a_newcomer_lives_two_days_of_a_shop_through_the_console_alone(
    house: House, look: Look, tmp_path: Path
) -> None:
    owner, phone = look(accept_downloads=True), look(**SCANNER)
    begun(house.console, owner)
    brought(owner, tmp_path)
    cleared(house, owner)
    house.at(MONDAY + timedelta(hours=1))
    shipped(house, phone)
    house.at(MONDAY + timedelta(hours=30))
    page = yesterday(owner, MONDAYS)
    owner.check()
    for kind in ("xlsx", "csv", "pdf"):
        with page.expect_download() as saving:
            page.click(f".files a[href*='kind={kind}']")
        assert Path(saving.value.path()).stat().st_size > 0
    number = asked_back(look(**SCANNER))
    taken_back(house, phone, owner, number)
    house.at(MONDAY + timedelta(hours=48))
    yesterday(look(), TUESDAYS)
