"""The three days of the sale: who orders what, when, by which channel, and who thinks better of it."""

from datetime import timedelta
from typing import NamedTuple

from orderwright.doors.demo.draws import Draws

CHANNELS = (("web", 55), ("market", 35), ("phone", 10))
"""Channels and their shares, of a hundred."""
ORDERS_A_DAY = 40
HOUR_S = 3_600
BUFFER = timedelta(minutes=30)
"""So long an order can be cancelled for nothing, and stays off the floor."""
SKUS = 24
PRICE_WRONG = 3
"""Of a hundred orders, so many come with a price somebody must look at."""


class Placed(NamedTuple):
    """An order of the story. at_s, cancelled_s: seconds after midnight. lines: (number of the product, units)."""

    reference: str
    channel: str
    at_s: int
    cancelled_s: int | None
    lines: tuple[tuple[int, int], ...]
    is_dear: bool


class Day(NamedTuple):
    """A day of the story. times: how many times an ordinary day's orders.

    cancel_percent: of orders, cancelled within the buffer. slow_percent: of parcels, brought three days late.
    """

    times: int
    cancel_percent: int
    picker_begins_s: int
    slow_percent: int
    begins_s: int = 8 * HOUR_S
    last_order_s: int = 16 * HOUR_S
    ends_s: int = 18 * HOUR_S


DAYS = (
    Day(1, 2, 8 * HOUR_S, 0),
    Day(3, 2, 8 * HOUR_S, 0),
    Day(10, 12, 10 * HOUR_S, 40),
)
"""An ordinary day, a busy one, and the sale: people cancel in waves, the picker comes two hours late, the carrier is
slow."""


def orders_of(day: Day, draws: Draws, a_day: int = ORDERS_A_DAY) -> list[Placed]:
    """The orders of a day, in the order they come."""
    found = [_order(day, n, draws) for n in range(a_day * day.times)]
    return sorted(found, key=lambda each: (each.at_s, each.reference))


def _order(day: Day, n: int, draws: Draws) -> Placed:
    reference = f"SALE-{day.times}X-{n + 1}"
    at_s = draws.between(day.begins_s, day.last_order_s, "at", reference) // 60 * 60
    is_cancelled = draws.between(1, 100, "cancels", reference) <= day.cancel_percent
    after_s = draws.between(2, int(BUFFER.total_seconds()) // 60 - 4, "after", reference) * 60
    lines = {draws.between(0, SKUS - 1, "sku", reference, i): draws.between(1, 2, "units", reference, i)
             for i in range(draws.between(1, 3, "lines", reference))}  # fmt: skip
    drawn, channel = draws.between(1, 100, "channel", reference), CHANNELS[-1][0]
    for name, share in CHANNELS:
        if drawn <= share:
            channel = name
            break
        drawn -= share
    is_dear = draws.between(1, 100, "dear", reference) <= PRICE_WRONG
    return Placed(reference, channel, at_s, at_s + after_s if is_cancelled else None, tuple(lines.items()), is_dear)
