"""Who sends how many to whom."""

import pytest

from orderwright.business.warehouse.transferring.rules import Share, Stand, even_out, spare_units, split_arrival


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        ([("A", 5, 0), ("B", 0, 9)], [("B", "A", 5)]),
        ([("A", 5, 0), ("B", 0, 9), ("C", 0, 6)], [("C", "A", 5)]),  # the smallest that is enough alone
        ([("A", 9, 0), ("B", 0, 5), ("C", 0, 6)], [("C", "A", 6), ("B", "A", 3)]),  # none is: the largest first
        ([("A", 2, 0), ("B", 7, 0), ("C", 0, 8)], [("C", "B", 7), ("C", "A", 1)]),  # the neediest first
        ([("A", 5, 5), ("B", 0, 0)], []),  # who is short gives nothing, not even to themselves
        ([("B", 3, 0), ("A", 3, 0), ("C", 0, 3)], [("C", "A", 3)]),  # ties by code
        ([], []),
    ],
)
def test_few_transfers_help_the_neediest_first(stands, expected):
    assert even_out([Stand(*each) for each in stands]) == [Share(*each) for each in expected]


@pytest.mark.parametrize(
    ("free", "leaving", "goal", "expected"),
    [(20, 0, 12, 8), (20, 5, 12, 3), (10, 0, 12, 0), (-4, 0, 0, 0), (3, 0, -1, 3)],
)
def test_a_site_keeps_its_own_need(free, leaving, goal, expected):
    assert spare_units(free, leaving, goal) == expected


@pytest.mark.parametrize(
    ("units", "loads", "expected"),
    [
        (3, [("1", 2), ("2", 5)], ([("1", 2), ("2", 1)], 0)),
        (9, [("1", 2), ("2", 5)], ([("1", 2), ("2", 5)], 2)),
        (1, [("1", 0), ("2", 5)], ([("2", 1)], 0)),
        (4, [], ([], 4)),
    ],
)
def test_what_arrives_came_with_the_first_loads(units, loads, expected):
    assert split_arrival(units, loads) == expected
