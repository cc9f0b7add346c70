"""The cancel window: for a while after placing a cancel costs nothing, since the gate keeps the order off the floor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.catalog.sale_events import PutSaleEvent, SaleEventForm, list_sale_events, put_sale_events
from orderwright.business.catalog.windows import Rush, SaleEvent, cancel_until, minutes_of
from orderwright.business.deeds.cancel import Cancelled, cancel_orders
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.order_view import get_order
from orderwright.business.orders.story import list_facts
from orderwright.business.orders.windows import cancel_note
from orderwright.settings import PutSettings, put_settings
from tests.floor import Floor, done, refused

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def sale(floor: Floor, minutes: int, code: str = "flash", **told: Any) -> Any:
    form = {"name": "Sale", "starts_at": FRIDAY, "ends_at": FRIDAY + timedelta(hours=1), "cancel_minutes": minutes}
    return floor.one(put_sale_events, PutSaleEvent(code=code, form=SaleEventForm(**{**form, **told}), actor="test"))


def opened(floor: Floor, minutes: int | None = 30) -> None:
    """Friday morning, stock, and a web channel with a window."""
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=50, TEE=50)
    floor.channel("web", cancel_minutes=minutes)


def test_an_order_says_until_when_it_can_be_cancelled_in_its_answer_its_view_and_its_timeline(floor: Floor) -> None:
    opened(floor)
    form = floor.form({"MUG": 1})
    [answer] = floor.place_all([form])
    note = "It can be cancelled for nothing until 09:30 (Europe/London)."
    assert (answer.cancel_until, answer.cancel_note) == (FRIDAY + 30 * MINUTE, note)
    with floor.store.read() as tx:
        order = get_order(tx, answer.number)
        [fact] = list_facts(tx, answer.number, after=None, limit=9).items
    assert (order.cancel_until, order.cancel_note) == (FRIDAY + 30 * MINUTE, note)
    assert (fact.type, fact.says) == ("order_placed", note)
    assert b'"cancel_until":"2026-11-20T09:30:00Z"' in bytes(fact.facts)
    floor.at(FRIDAY + 31 * MINUTE)
    [again] = floor.place_all([form])
    assert (again.repeated, again.cancel_until) == (True, FRIDAY + 30 * MINUTE)
    assert again.cancel_note == (
        "It could be cancelled for nothing until 09:30 (Europe/London); what is not packed can be cancelled still."
    )


def test_without_a_window_nothing_is_said_of_one(floor: Floor) -> None:
    opened(floor, minutes=None)
    answer = floor.place({"MUG": 1})
    assert (answer.cancel_until, answer.cancel_note) == (None, "")
    [body] = floor.rows("SELECT body FROM fact WHERE type = 'order_placed'")
    assert "cancel_until" not in body.body


def test_a_cancel_is_free_within_the_window_and_possible_until_packed_after_it(floor: Floor) -> None:
    opened(floor)
    first, second, third = (floor.place({"MUG": 1}).number for _ in range(3))
    floor.at(FRIDAY + 30 * MINUTE - timedelta(microseconds=1))
    [answer] = floor.run(cancel_orders, CancelOrder(number=first, reason="changed_mind", actor="test"))
    assert isinstance(answer, Cancelled)
    assert (answer.state, answer.is_free) == ("cancelled", True)
    floor.at(FRIDAY + 30 * MINUTE)
    floor.pick_all(second)
    for number in (second, third):  # picked, and not even released
        [answer] = floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test"))
        assert (answer.state, answer.is_free) == ("cancelled", False)
    told = floor.rows("SELECT body FROM fact WHERE type = 'order_cancelled' ORDER BY recorded_at, subject")
    assert ['"is_free":true' in row.body for row in told] == [True, False, False]


def test_the_promise_counts_from_the_end_of_the_window(floor: Floor) -> None:
    # At 15:50 the window lasts beyond the cut-off at 16:00: today's truck cannot be promised any more.
    floor.at(datetime(2026, 11, 19, 15, 50, tzinfo=UTC))
    floor.stock("LEEDS", MUG=50)
    [part] = floor.place({"MUG": 1}).fulfilments
    floor.channel("web", cancel_minutes=30)
    [later] = floor.place({"MUG": 1}).fulfilments
    thursday, friday = (datetime(2026, 11, day, 16, 0, tzinfo=UTC) for day in (19, 20))
    assert (part.promise.ship_by, later.promise.ship_by) == (thursday, friday)


def test_a_window_counts_from_placing_never_from_the_future_and_not_at_all_once_it_is_over(floor: Floor) -> None:
    # Edge case 9: a channel's clock ahead of ours.
    opened(floor)
    told = [FRIDAY - 10 * MINUTE, FRIDAY + 20 * MINUTE, FRIDAY - 30 * MINUTE]
    answers = [floor.place({"MUG": 1}, placed_at=at) for at in told]
    assert [each.cancel_until for each in answers] == [FRIDAY + 20 * MINUTE, FRIDAY + 30 * MINUTE, None]


def test_who_is_in_a_hurry_has_no_window(floor: Floor) -> None:
    opened(floor)
    assert floor.place({"MUG": 1}, service="express").cancel_until is None
    assert floor.place({"MUG": 1}, priority=90).cancel_until is None
    assert floor.place({"MUG": 1}, priority=89).cancel_until == FRIDAY + 30 * MINUTE
    done(floor.run(put_settings, PutSettings(
        values={"orders.rush_services": [], "orders.rush_priority": 101, "orders.cancel_minutes": 5}, actor="test",
    )))  # fmt: skip
    assert floor.place({"MUG": 1}, service="express", priority=100).cancel_until == FRIDAY + 30 * MINUTE
    floor.channel("web")  # the store's own minutes count where the channel has none
    assert floor.place({"MUG": 1}).cancel_until == FRIDAY + 5 * MINUTE


def test_a_flash_sale_has_its_own_window_for_its_channels_and_products_while_it_lasts(floor: Floor) -> None:
    opened(floor, minutes=10)
    floor.channel("shop", cancel_minutes=10)
    done([sale(floor, 120, channels=["web"], skus=["MUG"])])
    assert floor.place({"TEE": 1, "MUG": 1}).cancel_until == FRIDAY + 120 * MINUTE
    assert floor.place({"TEE": 1}).cancel_until == FRIDAY + 10 * MINUTE
    assert floor.place({"MUG": 1}, channel="shop").cancel_until == FRIDAY + 10 * MINUTE
    floor.at(FRIDAY + timedelta(hours=1))
    assert floor.place({"MUG": 1}).cancel_until == FRIDAY + 70 * MINUTE


def test_an_event_changed_later_leaves_what_was_promised(floor: Floor) -> None:
    opened(floor, minutes=0)
    done([sale(floor, 60)])
    number = floor.place({"MUG": 1}).number
    [saved] = done([sale(floor, 0)])
    assert (saved.version, saved.is_new) == (2, False)
    assert floor.place({"MUG": 1}).cancel_until is None
    assert floor.value("SELECT cancel_until FROM orders WHERE number = %(n)s", n=number) == FRIDAY + 60 * MINUTE
    with floor.store.read() as tx:
        [shown] = list_sale_events(tx).items
    assert (shown.code, shown.cancel_minutes, shown.version) == ("flash", 0, 2)


def test_a_wrong_event_is_refused_with_all_that_is_wrong(floor: Floor) -> None:
    code, facts = refused(sale(floor, 5, ends_at=FRIDAY, channels=["nobody"], skus=["MUG", "NOPE"], name="a\x07"))
    assert code == "malformed"
    assert [(each["pointer"], each["code"]) for each in facts["findings"]] == [
        ("/name", "control_character"), ("/ends_at", "bad_period"), ("/channels/0", "unknown_channel"),
        ("/skus/1", "unknown_sku"),
    ]  # fmt: skip
    assert refused(sale(floor, 5, skus=["NOPE"]))[0] == "unknown_sku"
    stale = PutSaleEvent(code="x", form=SaleEventForm(
        name="x", starts_at=FRIDAY, ends_at=FRIDAY + MINUTE, cancel_minutes=1), version=3, actor="test")  # fmt: skip
    assert refused(floor.one(put_sale_events, stale)) == ("stale", {"version": 0})
    assert floor.rows("SELECT FROM sale_event") == []


@pytest.mark.parametrize(
    ("until", "now", "zone", "says"),
    [
        # The hour that comes twice: the wall shows 01:30 both times, UTC tells them apart.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), FRIDAY, "Europe/London", "01:30 on 25 October (Europe/London)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), FRIDAY, "Europe/London", "01:30 on 25 October (Europe/London)"),
        (FRIDAY.replace(second=59), FRIDAY, None, "09:00 (UTC)"),
        # A site for which it is tomorrow already (edge case 66).
        (FRIDAY + timedelta(hours=3), FRIDAY, "Pacific/Tongatapu", "01:00 on 21 November (Pacific/Tongatapu)"),
    ],
)
def test_the_note_tells_the_time_on_the_sites_wall(until: datetime, now: datetime, zone: str | None, says: str) -> None:
    assert f"until {says}" in cancel_note(until, now, zone)


minutes = st.integers(0, 10_080)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


@given(minutes, moments, moments)
def test_a_window_is_ahead_of_us_and_never_longer_than_its_minutes(
    count: int, placed_at: datetime, now: datetime
) -> None:
    until = cancel_until(count, placed_at, now)
    assert until is None or now < until <= min(placed_at, now) + count * MINUTE


@given(st.lists(minutes, max_size=4), minutes)
def test_of_several_events_the_longest_window_counts(events: list[int], usual: int) -> None:
    found = [
        SaleEvent(str(i), frozenset(), frozenset(), FRIDAY, FRIDAY + MINUTE, count) for i, count in enumerate(events)
    ]
    assert minutes_of(usual, found, "web", ["MUG"], FRIDAY) == (max(events) if events else usual)
    assert minutes_of(usual, found, "web", ["MUG"], FRIDAY + MINUTE) == usual


def test_rush_is_a_rule_of_service_or_priority() -> None:
    assert [Rush(101, ["express"]).skips(100, service) for service in ("express", "standard")] == [True, False]
    assert [Rush(50, []).skips(priority, "express") for priority in (49, 50)] == [False, True]
