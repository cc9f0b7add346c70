"""What a site's day takes: full days, early closing and its own holidays move the promise, and only there."""

from datetime import UTC, datetime
from typing import Any

from orderwright.business.routing.reads import LOADS_KEPT_FOR
from tests.shop import Shop

FRIDAY = datetime(2026, 11, 20, 13, tzinfo=UTC)


def at(shop: Shop, moment: datetime) -> None:
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=moment)


def leaves(shop: Shop, units: int = 1) -> tuple[str, str]:
    """(site, day it leaves) of one more order, when what is planned so far is known."""
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(later)s", later=tx.now + LOADS_KEPT_FOR)
    placed: Any = shop.place({"MUG": units})
    [part] = placed.fulfilments
    return part.site, part.promise.ship_by.date().isoformat()


def test_orders_beyond_a_days_capacity_leave_the_day_after(shop: Shop) -> None:
    # Edge case 26: the third finds the day full, and Monday is the next that is worked.
    at(shop, FRIDAY)
    shop.site("LEEDS", daily_capacity=2)
    shop.stock("LEEDS", MUG=9)
    assert [leaves(shop) for _ in range(3)] == [
        ("LEEDS", "2026-11-20"), ("LEEDS", "2026-11-20"), ("LEEDS", "2026-11-23"),
    ]  # fmt: skip


def test_a_day_is_full_of_units_as_well_as_of_orders(shop: Shop) -> None:
    # Edge case 26.
    at(shop, FRIDAY)
    shop.site("LEEDS", daily_units=5)
    shop.stock("LEEDS", MUG=9)
    assert [leaves(shop, 5), leaves(shop, 1)] == [("LEEDS", "2026-11-20"), ("LEEDS", "2026-11-23")]


def test_a_full_site_gives_way_to_one_that_has_room(shop: Shop) -> None:
    # Edge case 26: three days later (over the weekend) counts more than the longer way.
    at(shop, FRIDAY)
    shop.site("LEEDS", daily_capacity=1)
    for site in ("LEEDS", "BRISTOL"):
        shop.stock(site, MUG=9)
    assert [leaves(shop), leaves(shop)] == [("LEEDS", "2026-11-20"), ("BRISTOL", "2026-11-20")]


def test_a_site_that_closes_early_lets_later_orders_leave_the_day_after(shop: Shop) -> None:
    # Edge case 26: at one o'clock LEEDS says that it closed at noon; what it had promised stays promised.
    at(shop, FRIDAY)
    shop.stock("LEEDS", MUG=9)
    before = leaves(shop)
    shop.site("LEEDS", cut_off="12:00")
    assert (before, leaves(shop)) == (("LEEDS", "2026-11-20"), ("LEEDS", "2026-11-23"))
    assert shop.rows("SELECT ship_day::text, count(*) FROM fulfilment GROUP BY 1 ORDER BY 1") == [
        ("2026-11-20", 1), ("2026-11-23", 1),
    ]  # fmt: skip


def test_a_holiday_at_one_site_moves_the_promise_of_that_site_alone(shop: Shop) -> None:
    # Edge case 26: Saint Andrew's Day is kept in Scotland.
    at(shop, datetime(2026, 11, 30, 13, tzinfo=UTC))
    shop.site("GLASGOW", holidays="GB-SCT")
    shop.site("LEEDS", holidays="GB-ENG")
    shop.stock("GLASGOW", MUG=1)
    assert leaves(shop) == ("GLASGOW", "2026-12-01")
    shop.stock("LEEDS", MUG=1)
    assert leaves(shop) == ("LEEDS", "2026-11-30")
