"""What limits a shop, and what will be late. Pure; whole numbers only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

QUEUE_MIN = 20
"""Fewer waiting orders than this, on average, say nothing: they come and go."""
GROWTH_OF_ARRIVED = 80
"""A queue grows when it is longer by at least one 80th of what arrived at its stage."""
TIMES_THE_NEXT = 2
"""A stage is named when its queue grows at least twice as fast as any other: else more than one of them limits."""
HOURS_MIN = 4


class StageFlow(NamedTuple):
    """How one stage fared over some hours of work, all stages over the same ones.

    arrived, done: what came to it and what it finished, in all those hours. queues: what waited before it or was being
    worked on, at the end of each hour, oldest first.
    """

    stage: str
    arrived: int
    done: int
    queues: Sequence[int]


class Bottleneck(NamedTuple):
    """The stage that limits, and the evidence. queue_before, queue: mean length of its queue in the first and in the
    second half of the hours. next_stage: whose queue grew most of the others, by next_growth."""

    stage: str
    hours: int
    arrived: int
    done: int
    queue_before: int
    queue: int
    next_stage: str
    next_growth: int


def bottleneck_of(flows: Sequence[StageFlow]) -> Bottleneck | None:
    """The stage that limits all others; None when no single one does.

    A stage that does less than arrives shows it by a queue that grows hour after hour, while the stages after it are
    short of work and those before it keep up. How long a queue is says little: work may stand before a stage on
    purpose. So the mean queue of the second half of the hours is compared with that of the first half; the stage
    with the largest growth is named if it is no accident (see the constants). Ties name nobody.
    Raises ValueError when the stages tell of different hours.
    """
    if len({len(flow.queues) for flow in flows}) > 1:
        raise ValueError("bottleneck_of: the stages tell of different hours")
    if not flows or len(flows[0].queues) < HOURS_MIN:
        return None
    ranked = sorted(flows, key=_growth, reverse=True)
    worst, rest = ranked[0], ranked[1:]
    growth = _growth(worst)
    next_growth = max(0, _growth(rest[0])) if rest else 0
    is_long = _late(worst) >= QUEUE_MIN * 1000
    is_growing = growth * GROWTH_OF_ARRIVED >= worst.arrived * 1000 > 0
    if not (is_long and is_growing and growth >= TIMES_THE_NEXT * next_growth):
        return None
    return Bottleneck(
        worst.stage, len(worst.queues), worst.arrived, worst.done, _early(worst) // 1000, _late(worst) // 1000,
        rest[0].stage if rest else "", next_growth // 1000,
    )  # fmt: skip


def _early(flow: StageFlow) -> int:
    """Mean queue of the first half of the hours, in thousandths; a middle hour counts to the second half."""
    half = len(flow.queues) // 2
    return sum(flow.queues[:half]) * 1000 // half


def _late(flow: StageFlow) -> int:
    half = len(flow.queues) // 2
    return sum(flow.queues[half:]) * 1000 // (len(flow.queues) - half)


def _growth(flow: StageFlow) -> int:
    return _late(flow) - _early(flow)


class Due(NamedTuple):
    """Work that has to leave by `ship_by`. ahead: how much of its site is to be packed before it. packed_lately: what
    its site packed in the last PACE_HOURS."""

    ship_by: datetime
    is_held: bool
    ahead: int
    packed_lately: int


PACE_HOURS = 4
PAST = ("over", "stopped")
"""Why work is late whose time is past."""


def why_late(due: Due, now: datetime) -> str | None:
    """Why work will be late, as far as can be told; None when nothing says so.

    over: its time is past; stopped: so it is, and a hold stops it. held: a hold stops it, and its time is within
    PACE_HOURS. pace: at the pace of the last hours, what is before it takes longer than there is time. A site that
    packed nothing lately has no pace.
    """
    if due.ship_by <= now:
        return "stopped" if due.is_held else "over"
    if due.is_held:
        return "held" if due.ship_by - now <= timedelta(hours=PACE_HOURS) else None
    if due.packed_lately and now + timedelta(hours=PACE_HOURS) * (due.ahead + 1) / due.packed_lately > due.ship_by:
        return "pace"
    return None
