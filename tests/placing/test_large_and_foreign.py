"""Orders of unusual size, in unusual money, and from the other side of the date line."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orderwright.business.catalog.actions import put_channels
from orderwright.business.catalog.forms import ChannelForm, PutChannel
from orderwright.business.deeds.pay import RecordPayment, record_payments
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.orders.form import DiscountForm, LineForm, PaymentForm, ShippingForm
from orderwright.business.warehouse.forms import Release
from orderwright.values.forms import AddressForm
from tests.shop import Shop


def test_an_order_of_5_000_lines_is_taken_like_any_other(shop: Shop) -> None:
    # Edge case 62.
    shop.stock("LEEDS", MUG=2_500, TEE=2_500)
    placed = shop.place([("MUG", 1), ("TEE", 1)] * 2_500)
    assert (placed.state, len(placed.fulfilments[0].lines)) == ("allocated", 5_000)
    assert (shop.free("MUG", "LEEDS"), shop.free("TEE", "LEEDS")) == (0, 0)
    assert shop.rows("SELECT line_count, total_minor FROM orders") == [(5_000, 3_750_000)]


def test_an_order_of_5_000_lines_that_no_site_has_whole_is_split_and_waits(shop: Shop) -> None:
    # Edge case 62: the lines compete for the same units.
    shop.stock("LEEDS", MUG=1_000, TEE=2_000)
    shop.stock("GLASGOW", MUG=500)
    placed = shop.place([("MUG", 1), ("TEE", 1)] * 2_500)
    assert placed.state == "partially_allocated"
    units = (
        "SELECT sku, sum(allocated)::int AS allocated, sum(waiting)::int AS waiting FROM demand GROUP BY 1 ORDER BY 1"
    )
    assert shop.rows(units) == [("MUG", 1_500, 1_000), ("TEE", 2_000, 500)]


@pytest.mark.parametrize(
    ("currency", "unit_price", "goods_minor", "total", "total_minor"),
    [
        ("JPY", "333.4", 1_000, "1351", 1_351),  # 1000.2 yen of goods; there is nothing below a yen
        ("KWD", "0.3335", 1_000, "352.000", 352_000),  # 1.0005 dinars: half a fils goes to the even one
        ("GBP", "3.335", 1_000, "361.00", 36_100),  # 10.005 pounds likewise
    ],
)
def test_totals_are_counted_in_the_currencys_own_minor_unit(
    shop: Shop, currency: str, unit_price: str, goods_minor: int, total: str, total_minor: int
) -> None:
    # Edge case 50.
    shop.run(
        put_channels, PutChannel(code="far", form=ChannelForm(name="far", kind="api", currency=currency), actor="t")
    )
    shop.stock("LEEDS", MUG=9)
    lines = [LineForm(sku="MUG", quantity=3, unit_price=unit_price, reference="1")]
    placed = shop.place(
        {"MUG": 3}, channel="far", currency=currency, lines=lines, total=total, payment=PaymentForm(state="unpaid"),
        shipping=ShippingForm(price="352"), discounts=[DiscountForm(amount="1")],
    )  # fmt: skip
    assert shop.rows("SELECT goods_minor, total_minor FROM orders") == [(goods_minor, total_minor)]
    half = str(Decimal(total) - 1)
    [told] = shop.run(record_payments, RecordPayment(
        number=placed.number, state="paid", amount=half, gateway="bank", reference="1", actor="test"))  # fmt: skip
    assert (told.covered, Decimal(told.missing)) == (half, 1)
    assert len(told.missing.partition(".")[2]) == len(total.partition(".")[2])
    assert shop.rows("SELECT captured_minor FROM payment") == [(total_minor - total_minor // int(Decimal(total)),)]


def test_promise_business_day_and_the_days_count_agree_across_the_date_line(shop: Shop) -> None:
    # Edge case 66: noon on Monday in Los Angeles, Tuesday 9:00 at a site at UTC+13; the clock of neither is ours.
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=datetime(2026, 1, 5, 20, tzinfo=UTC))
    shop.site("AUCKLAND", time_zone="Pacific/Auckland", cut_off="10:00", latitude=-36.85, longitude=174.76)
    shop.stock("AUCKLAND", MUG=5)
    home = AddressForm(
        name="A. Buyer", lines=["1 Main St"], city="Los Angeles", region="CA", postal_code="90001", country="US"
    )
    placed = shop.place({"MUG": 1}, ship_to=home)
    [part] = placed.fulfilments
    assert part.promise.ship_by == datetime(2026, 1, 5, 21, tzinfo=UTC)  # 10:00 on Tuesday, the site's time
    shop.run(release_fulfilments, Release(fulfilment_id=part.id, actor="test"))
    tuesday = date(2026, 1, 6)
    assert shop.rows("SELECT ship_day, deliver_by > ship_day FROM fulfilment") == [(tuesday, True)]
    assert shop.rows("SELECT site, day, orders FROM site_load") == [("AUCKLAND", tuesday, 1)]
    assert shop.rows("SELECT site, day, orders FROM release_day") == [("AUCKLAND", tuesday, 1)]
