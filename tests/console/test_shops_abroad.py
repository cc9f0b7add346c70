"""A shop in the United States and one in Japan, from the first form to the day's report: nothing is British."""

import re
from typing import Any, NamedTuple

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.orders.form import LineForm, PaymentForm
from orderwright.business.orders.story import explain_order
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.periods import Period
from orderwright.business.reports.told import report_of
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from orderwright.links.carriers.practice import PracticeCarrier
from orderwright.values.forms import AddressForm
from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.console.visiting import Visit
from tests.floor import Floor


class Abroad(NamedTuple):
    """A shop abroad. address: of its site; home: of its customer. prices: of a parcel and of each
    kilogram more; label: what the parcel of its order costs by them."""

    site: str
    address: AddressForm
    time_zone: str
    currency: str
    late_day: str
    prices: tuple[str, str]
    price: str
    total: str
    home: AddressForm
    shown: tuple[str, str, str]
    label: float
    point: tuple[str, str] = ("", "")


US = Abroad(
    "LAX", AddressForm(country="US", lines=["500 S Alameda St"], city="Los Angeles", region="CA", postal_code="90013",
                       phone="+1 213 555 0143"),
    "America/Los_Angeles", "USD", "0.75", ("8.40", "1.10"), "19.99", "39.98",
    AddressForm(name="Dana Fox", lines=["350 5th Ave", "Apt 4B"], city="New York", region="NY", postal_code="10118",
                country="US", phone="(212) 555-0199"),
    ("$8.40", "$39.98", "$19.99"), 9.5,
)  # fmt: skip
JP = Abroad(
    "TOKYO", AddressForm(country="JP", lines=["1-9-1 Marunouchi"], city="Chiyoda-ku", region="Tokyo",
                         postal_code="100-0005", phone="03-5555-0143"),
    "Asia/Tokyo", "JPY", "90", ("820", "120"), "1980", "3960",
    AddressForm(name="佐藤 花子", lines=["梅田3-1-1"], city="大阪市", region="大阪府", postal_code="530-0001",
                country="JP", phone="090-5555-0199"),
    ("¥820", "¥3,960", "¥1,980"), 940.0, ("35.68", "139.77"),
)  # fmt: skip


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner())


def add(owner: Visit, path: str, **fields: Any) -> None:
    told = {name.replace("__", "/"): value for name, value in fields.items()}
    answer = owner.post(path, {**filled(owner.get(path)), **told})
    assert answer.status == 303, (path, re.findall(r'class="wrong"[^>]*>(.*?)</', answer.text, re.DOTALL), answer.words)


def set_up(owner: Visit, shop: Abroad) -> None:
    at = shop.address
    add(owner, "/settings/rate-card", currency=shop.currency, late_day=shop.late_day)
    add(owner, "/settings/services/new", code="ground", name="Ground", zones__0__name="home", zones__0__km_max="9000",
        zones__0__transit_days="3", zones__0__base=shop.prices[0], zones__0__step=shop.prices[1])  # fmt: skip
    add(owner, "/settings/sites/new", code=shop.site, name=shop.site.title(), address__lines__0=at.lines[0],
        address__city=at.city, address__region=at.region, address__postal_code=at.postal_code,
        address__country=at.country.lower(), address__phone=at.phone, time_zone=shop.time_zone,
        latitude=shop.point[0], longitude=shop.point[1], cut_off="15:00",
        holidays=at.country)  # fmt: skip
    add(owner, "/settings/channels/new", code="shop", name="Shop", kind="api", currency=shop.currency)
    add(owner, "/products/new", sku="BOWL", title="Bowl", price=shop.price, currency=shop.currency, weight_g="600")


@pytest.mark.parametrize("shop", [US, JP], ids=["US", "JP"])
def test_a_shop_abroad_sends_and_takes_back_in_its_own_money(console: Console, owner: Visit, shop: Abroad) -> None:
    set_up(owner, shop)
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    floor.stock(shop.site, BOWL=9)
    lines = [LineForm(sku="BOWL", quantity=2, unit_price=shop.price, reference="1")]
    paid = PaymentForm(state="paid", amount=shop.total)
    number = floor.place([("BOWL", 2)], channel="shop", currency=shop.currency, ship_to=shop.home, lines=lines,
                         total=shop.total, payment=paid, service="ground").number  # fmt: skip
    floor.release(number, shop.site)
    for task in floor.tasks(number):
        floor.pick(task)
    parcel = floor.pack(number, shop.site).parcels[0]
    floor.buy_labels()
    floor.hand_over(parcel.id)
    label = console.shop.rows("SELECT cost_minor, currency FROM label")
    assert [each.currency for each in label] == [shop.currency]
    back = floor.one(ask_returns, AskReturn(number=number, lines=[AskedLine(1, 1, "unwanted")], actor="test"))
    floor.one(receive_returns, ReceiveReturn(return_id=back.id, actor="test"))
    with console.shop.begin() as tx:
        tell_all(tx)
    paths = [
        "/", "/orders", f"/orders/{number}", f"/orders/{number}/returns/{back.id}/label", "/products?q=BOWL",
        "/reports", "/was-now", "/settings/carriers", "/settings/rate-card", "/settings/services/ground",
        f"/settings/sites/{shop.site}",
    ]  # fmt: skip
    pages = {path: owner.get(path) for path in paths}
    for path, seen in pages.items():
        assert seen.status == 200, path
        assert not re.search(r"£|GBP|[Pp]ence|Leeds", seen.words), (
            path,
            re.findall(r".{40}(?:£|GBP|[Pp]ence).{40}", seen.words),
        )
    assert shop.shown[1] in pages[f"/orders/{number}"].words
    assert shop.shown[0] in pages["/settings/carriers"].words
    assert shop.shown[2] in pages["/products?q=BOWL"].words
    with console.shop.store.read() as tx:
        [decision] = explain_order(tx, number).decisions
        today = tx.now.date()
        told = {
            each.name: each for group in report_of(tx, Period("daily", today, today)).groups for each in group.figures
        }
    assert (decision.currency, "." in decision.candidates[0].cost) == (shop.currency, shop.currency != "JPY")
    assert (told["label_cost"].currency, told["label_cost"].value) == (shop.currency, shop.label)
    assert (told["cost_per_order"].currency, told["cost_per_order"].value) == (shop.currency, shop.label)
