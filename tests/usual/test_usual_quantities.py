"""What is usual is learnt from what was ordered, and a regular's usual is not unusual."""

from datetime import timedelta
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.business.orders.usual import refresh_usual
from tests.shop import Shop

REGULAR = CustomerForm(email="regular@example.org", name="R. Egular")
ON_ACCOUNT = PaymentForm(state="on_account")


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop that sells mugs in ones, twos and threes: half of nine lines within 0.585 doublings of 2, where 3 is."""
    shop.stock("LEEDS", MUG=100_000, TEE=100_000)
    for units in (1, 2, 3) * 3:
        shop.place({"MUG": units})
    return shop


def learn(shop: Shop) -> int:
    with shop.begin() as tx:
        return refresh_usual(tx)


def usual(shop: Shop) -> list[tuple[Any, ...]]:
    """(sku, e-mail or None, lines, median, MAD in thousandths of a doubling)."""
    rows = shop.rows(
        "SELECT u.sku, c.email_key, u.orders, u.median, u.mad_milli FROM usual_quantity u"
        " LEFT JOIN customer c ON c.id = u.customer_id ORDER BY u.sku, c.email_key NULLS FIRST"
    )
    return [tuple(row) for row in rows]


def test_median_and_spread_per_product(busy: Shop) -> None:
    learn(busy)
    assert usual(busy) == [("MUG", None, 9, 2, 585)]


def test_a_buyer_counts_from_three_lines_on(busy: Shop) -> None:
    for units in (400, 500):
        busy.place({"MUG": units}, customer=REGULAR)
    learn(busy)
    assert [row[1] for row in usual(busy)] == [None]
    busy.place({"MUG": 700}, customer=REGULAR)
    learn(busy)
    assert usual(busy)[1] == ("MUG", "regular@example.org", 3, 500, 322)


def test_far_more_than_usual_is_held_once_that_was_learnt(busy: Shop) -> None:
    assert busy.place({"MUG": 65}).holds == []  # nine lines are there, but nobody has looked at them
    learn(busy)
    answer = busy.place({"MUG": 65})
    assert answer.holds == ["quantity"]
    assert answer.findings[0].facts == {"sku": "MUG", "quantity": 65, "usual": 2, "unusual_above": 64}


def test_a_regular_s_own_usual_is_not_unusual(busy: Shop) -> None:
    for units in (400, 500, 700):
        busy.place({"MUG": units}, customer=REGULAR)
    learn(busy)
    assert busy.place({"MUG": 800}, customer=REGULAR, payment=ON_ACCOUNT).holds == []
    assert busy.place({"MUG": 800}).holds == ["quantity"]
    assert busy.place({"MUG": 90_000}, customer=REGULAR).holds == ["quantity"]


def test_a_regular_of_one_product_is_none_of_another(busy: Shop) -> None:
    for units in (400, 500, 700):
        busy.place({"MUG": units}, customer=REGULAR)
    for units in (1, 2, 3) * 3:
        busy.place({"TEE": units})
    learn(busy)
    assert busy.place({"MUG": 800, "TEE": 800}, customer=REGULAR).holds == ["quantity"]


def test_cancelled_and_old_orders_teach_nothing(busy: Shop) -> None:
    gone = [busy.place({"MUG": 50}).number for _ in range(12)]
    busy.run(cancel_orders, *[CancelOrder(number=each, reason="x", actor="test") for each in gone])
    with busy.begin() as tx:
        tx.write("UPDATE orders SET placed_at = %(then)s WHERE number = ANY(%(old)s)",
                 then=tx.now - timedelta(days=181), old=[busy.place({"MUG": 1}).number for _ in range(9)])  # fmt: skip
    learn(busy)
    assert usual(busy) == [("MUG", None, 9, 2, 585)]


def test_what_is_no_longer_ordered_is_forgotten(busy: Shop) -> None:
    learn(busy)
    with busy.begin() as tx:
        tx.write("UPDATE orders SET placed_at = placed_at - interval '200 days'")
    assert learn(busy) == 1
    assert usual(busy) == []


def test_learning_again_changes_nothing_and_drops_no_cache(busy: Shop) -> None:
    assert learn(busy) == 1
    with busy.begin() as tx:
        before = tx.revision
    assert learn(busy) == 0
    with busy.begin() as tx:
        assert tx.revision == before


def test_placing_asks_for_regulars_only_when_a_line_is_unusual(busy: Shop) -> None:
    learn(busy)

    def statements(units: int) -> int:
        from orderwright.business.deeds.place import place_orders
        from orderwright.business.deeds.placing.forms import PlaceOrder

        form = busy.form({"MUG": units}, customer=REGULAR)
        with busy.begin() as tx:
            count, run = 0, tx.rows

            def counted(sql: str, **values: Any) -> Any:
                nonlocal count
                count += "usual_quantity" in sql
                return run(sql, **values)

            tx.rows = counted  # type: ignore[method-assign]
            place_orders(tx, [PlaceOrder(form, "test")])
        return count

    statements(1)  # fills what the process caches
    assert (statements(2), statements(80)) == (0, 1)
