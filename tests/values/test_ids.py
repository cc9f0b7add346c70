"""Ids sort in the order they were made: what a transaction does in one millisecond is told in its order."""

from itertools import pairwise
from unittest.mock import patch
from uuid import UUID

from orderwright.values.ids import new_id, new_ids


def test_ids_made_one_after_another_sort_in_that_order_within_a_millisecond_too():
    ids = [id_ for count in [1] * 5_000 + [3, 70_000, 1] for id_ in new_ids(count)]
    assert all(one < next_ for one, next_ in pairwise(ids))
    assert {(UUID(id_).version, UUID(id_).variant) for id_ in ids} == {(7, "specified in RFC 4122")}


def test_a_clock_that_is_set_back_does_not_set_ids_back():
    before = new_id()
    with patch("orderwright.values.ids.time.time_ns", lambda: 1_000_000_000):
        assert new_id() > before
