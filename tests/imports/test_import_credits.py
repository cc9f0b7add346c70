"""Credits find the sale they came from: the customer's latest earlier one with units left."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.imports.credits import Credited, Match, Sold, events_of, match_credits

START = datetime(2026, 1, 1, tzinfo=UTC)


def sold(day: int, units: int, customer: str = "ann", sku: str = "A") -> Sold:
    return Sold(START + timedelta(days=day), customer, sku, units, f"S{day}", "1")


def credited(day: int, units: int, customer: str = "ann", sku: str = "A") -> Credited:
    return Credited(START + timedelta(days=day), customer, sku, units, f"C{day}", day)


def told(match: Match) -> tuple[list[tuple[str, int]], int]:
    return [(sale.reference, units) for sale, units in match.parts], match.unmatched_units


def test_the_latest_earlier_sale_with_units_left_is_taken() -> None:
    events = [sold(1, 5), sold(2, 3), credited(3, 2), credited(4, 2), sold(5, 9)]
    assert [told(match) for match in match_credits(events)] == [([("S2", 2)], 0), ([("S2", 1), ("S1", 1)], 0)]


def test_what_no_sale_is_left_for_is_unmatched() -> None:
    events = [credited(0, 1), sold(1, 5), credited(2, 7), credited(3, 1)]
    assert [told(match) for match in match_credits(events)] == [([], 1), ([("S1", 5)], 2), ([], 1)]


def test_other_customers_other_skus_and_guests_are_not_taken_from() -> None:
    events = [sold(1, 5, customer="bob"), sold(1, 5, sku="B"), sold(1, 5, customer=""), credited(2, 1),
              credited(2, 1, customer="")]  # fmt: skip
    assert [told(match) for match in match_credits(events)] == [([], 1), ([], 1)]


def test_time_may_not_go_back() -> None:
    with pytest.raises(ValueError, match="not in order of time"):
        list(match_credits([sold(2, 1), credited(1, 1)]))


def test_nothing_read_is_nothing_to_match() -> None:
    assert list(match_credits(events_of([]))) == []


EVENTS = st.lists(
    st.tuples(
        st.booleans(), st.integers(0, 3), st.integers(1, 6), st.sampled_from(["", "ann", "bob"]), st.sampled_from("AB")
    ),
    max_size=40,
)


@given(EVENTS)
def test_each_sold_unit_is_credited_once_at_most_and_always_the_latest(
    steps: list[tuple[bool, int, int, str, str]],
) -> None:
    at, events = START, []
    for number, (is_sale, pause, units, customer, sku) in enumerate(steps):
        at += timedelta(minutes=pause)
        if is_sale:
            events.append(Sold(at, customer, sku, units, f"S{number}", "1"))
        else:
            events.append(Credited(at, customer, sku, units, f"C{number}", number))
    matches = list(match_credits(events))
    assert [match.credit for match in matches] == [event for event in events if isinstance(event, Credited)]
    left = {event.reference: 0 for event in events if isinstance(event, Sold)}
    waiting = iter(matches)
    for event in events:
        if isinstance(event, Sold):
            left[event.reference] = event.units
            continue
        match = next(waiting)
        earlier = [
            other for other in events[: events.index(event)]
            if isinstance(other, Sold) and event.customer and (other.customer, other.sku) == (event.customer, event.sku)
        ]  # fmt: skip
        wanted = event.units
        expected = []
        for sale in reversed(earlier):
            part = min(wanted, left[sale.reference])
            if part:
                expected.append((sale, part))
                left[sale.reference] -= part
                wanted -= part
        assert (list(match.parts), match.unmatched_units) == (expected, wanted)
