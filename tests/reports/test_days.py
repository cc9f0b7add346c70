"""Days are told as the rows stand, and told again when something of them changes."""

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.resolve import ResolveException, resolve_exceptions
from orderwright.business.deeds.track import record_tracking
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.form import LineForm, PaymentForm
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.shipping.forms import TrackingEvent
from orderwright.values.refusal import Refusal
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture


def tell(shop: Shop) -> None:
    with shop.begin() as tx:
        tell_all(tx)


def told(shop: Shop, figure: str, scope: str = "") -> dict[str, tuple[int, int, int]]:
    """Counted, judged and pending by part, of all days together."""
    rows = shop.rows(
        "SELECT part, sum(counted)::bigint AS n, sum(judged)::bigint AS j, sum(pending)::bigint AS p FROM report_day"
        " WHERE scope = %(scope)s AND figure = %(figure)s GROUP BY part",
        scope=scope, figure=figure,
    )  # fmt: skip
    return {row.part: (row.n, row.j, row.p) for row in rows}


def test_an_orders_way_through_the_days(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    shop.place({"MUG": 2})
    tell(shop)
    assert told(shop, "orders_in") == {"allocated": (1, 0, 0)}
    assert told(shop, "shipped_on_time") == {"": (0, 0, 1)}
    floor.ship()
    tell(shop)
    assert told(shop, "orders_in") == told(shop, "orders_in", "site:LEEDS") == {"shipped": (1, 0, 0)}
    assert told(shop, "orders_in", "channel:web") == {"shipped": (1, 0, 0)}
    assert told(shop, "shipped_on_time") == {"": (1, 1, 0)}
    assert told(shop, "parcels_shipped") == {"practice": (1, 0, 0)}
    assert told(shop, "picks_per_hour") == {"": (2, 0, 0)}
    assert told(shop, "order_accuracy") == {}
    for _ in range(8):
        floor.pass_time(days=1)
    floor.pass_time(days=14)
    tell(shop)
    assert told(shop, "order_accuracy") == {"": (1, 1, 0)}


def test_what_stopped_an_order_and_stood_in_the_queue_for_it_is_one_cause(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    kim = {"actor": "staff:Kim", "resolution": "looked_at", "release": True}
    dear = LineForm(sku="MUG", quantity=1, unit_price="21.00", reference="1")
    paid = PaymentForm(state="paid", amount="21.00")
    number = shop.place({"MUG": 1}, lines=[dear], total="21.00", payment=paid).number
    [stopped] = shop.run(hold_orders, HoldOrder(number=number, actor="staff:Kim", kind="fraud"))
    assert not isinstance(stopped, Refusal)
    for row in shop.rows("SELECT id::text FROM exception ORDER BY kind"):
        [done] = shop.run(resolve_exceptions, ResolveException(id=row.id, note="x", **kim))
        assert not isinstance(done, Refusal)
    floor.ship()
    tell(shop)
    assert {part: counted for part, (counted, *_) in told(shop, "zero_touch").items() if part} == {
        "hold:fraud": 1, "hold:price": 1, "desk:order_held": 1,
    }  # fmt: skip


def test_what_carriers_tell_takes_nobodys_minutes(shop: Shop, floor: Floor) -> None:  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    shop.place({"MUG": 1})
    floor.ship()
    tell(shop)
    before = told(shop, "touch_time")
    code = shop.value("SELECT tracking_code FROM parcel")
    for hour, milestone in enumerate(("in_transit", "out_for_delivery", "delivered"), 1):
        floor.pass_time(hours=1)
        with shop.begin() as tx:
            event = TrackingEvent(
                carrier="practice", external_id=f"scan {hour}", tracking_code=code, milestone=milestone,
                occurred_at=tx.now, actor="practice",
            )  # fmt: skip
            [heard] = record_tracking(tx, [event])
        assert not isinstance(heard, Refusal)
    tell(shop)
    assert told(shop, "touch_time") == before
