"""Days are told as the rows stand, and told again when something of them changes."""

from orderwright.business.reports.days.telling import tell_all
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
