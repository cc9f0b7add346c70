"""The stage that limits is named when there is one, and nobody is blamed when there is none."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.bottleneck import tally
from orderwright.business.reports.today.rules import Bottleneck, Due, StageFlow, bottleneck_of, why_late

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_stage_slowed_by_30_percent_is_named_and_none_of_balanced_ones():
    told = tally(100, seed=20_261_122)
    assert told["slowed ours"]["right"] >= 95
    assert told["slowed ours"]["wrong"] == 0
    assert told["balanced ours"]["none"] >= 98


def test_the_stage_is_named_with_its_evidence():
    flows = [
        StageFlow("pick", 400, 402, [9, 5, 8, 6, 9, 7, 6, 7]),
        StageFlow("pack", 402, 322, [12, 20, 30, 41, 52, 60, 71, 80]),
        StageFlow("label", 322, 320, [1, 0, 2, 1, 0, 1, 2, 4]),
    ]
    assert bottleneck_of(flows) == Bottleneck("pack", 8, 402, 322, 25, 65, "label", 0)


@pytest.mark.parametrize(
    ("queues", "says"),
    [
        ([5, 6, 8, 9, 11, 12, 14, 15], "too little waits"),
        ([300, 300, 302, 301, 300, 301, 302, 303], "much waits, but it does not grow"),
        ([90, 80, 70, 60, 50, 40, 30, 20], "it catches up"),
    ],
)
def test_nobody_is_named_without_reason(queues, says):
    flows = [StageFlow("pick", 400, 400, queues), StageFlow("pack", 400, 400, [3] * 8)]
    assert bottleneck_of(flows) is None, says


def test_of_two_queues_that_grow_alike_none_is_named():
    growing = [10, 20, 30, 40, 50, 60, 70, 80]
    flows = [StageFlow("pick", 400, 330, growing), StageFlow("pack", 330, 260, growing)]
    assert bottleneck_of(flows) is None


def test_a_few_hours_or_no_stages_name_nobody():
    assert bottleneck_of([]) is None
    assert bottleneck_of([StageFlow("pick", 400, 330, [10, 80, 160])]) is None
    with pytest.raises(ValueError, match="different hours"):
        bottleneck_of([StageFlow("pick", 1, 1, [1] * 5), StageFlow("pack", 1, 1, [1] * 4)])


@pytest.mark.parametrize(
    ("minutes", "is_held", "ahead", "packed", "expected"),
    [
        (-1, False, 0, 100, "over"),
        (-1, True, 0, 100, "stopped"),
        (240, True, 0, 100, "held"),
        (241, True, 0, 100, None),
        (60, False, 24, 100, None),  # 25 of them are packed in an hour
        (60, False, 25, 100, "pace"),
        (60, False, 25, 0, None),  # nobody works: there is no pace
    ],
)
def test_why_work_will_be_late(minutes, is_held, ahead, packed, expected):
    assert why_late(Due(NOON + timedelta(minutes=minutes), is_held, ahead, packed), NOON) == expected
