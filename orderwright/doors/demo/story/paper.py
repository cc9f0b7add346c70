"""The sale on paper: the same orders, the same two people, without a system. A small simulation, all of it assumed.

Nothing here was measured. It is what shops tell of orders that are copied by hand from inbox to sheet to label.
"""

from collections.abc import Sequence
from typing import NamedTuple

from orderwright.doors.demo.draws import WHOLE, Draws
from orderwright.doors.demo.story.days import Day, Placed

LEAST_S, MOST_S = 15 * 60, 30 * 60
"""What one order takes: read, typed again, looked up, printed, fetched, packed, its label written, the sheet filled."""
WRONG_CALM, WRONG_HURRIED = 2_000, 5_000
"""Orders that go out wrong, of WHOLE: while nobody waits, and once more is waiting than a day's work."""
MEND_S = 30 * 60
"""What a wrong order takes afterwards: heard out, looked for, sent again."""
CANCEL_S = 5 * 60
"""Finding an order among the papers to take it out; once it is being worked on, it goes out all the same."""
ASSUMED = (
    "An order takes 15 to 30 minutes of people, all as likely: read, typed again, looked up, printed, fetched alone,"
    " packed, its label written by hand, the sheet filled.",
    "2 % of orders go out wrong, 5 % once more is waiting than the day can take; each wrong one takes 30 minutes more.",
    "Taking out a cancelled order takes 5 minutes; one that somebody already works on goes out all the same.",
    "The same two people at the same hours as with Orderwright; who comes late comes late in both.",
)


class OnPaper(NamedTuple):
    """What the day came to on paper. left: orders nobody had begun when people went home. cancelled: before anybody
    had begun them.
    """

    orders: int
    shipped: int
    left: int
    cancelled: int
    wrong: int
    sent_though_cancelled: int
    minutes: int

    @property
    def minutes_each(self) -> float | None:
        """Minutes of people for each order that left."""
        return round(self.minutes / self.shipped, 1) if self.shipped else None


def on_paper(day: Day, orders: Sequence[Placed], draws: Draws) -> OnPaper:
    """One day, order by order as they came. Who is free first takes the next one; nobody stays longer."""
    free = [day.picker_begins_s, day.begins_s]
    shipped = wrong = late_cancels = worked = 0
    a_days_work = len(free) * (day.ends_s - day.begins_s) // ((LEAST_S + MOST_S) // 2)
    for n, order in enumerate(orders):
        at = free.index(min(free))
        begin = max(free[at], order.at_s)
        cancelled = order.cancelled_s is not None and order.cancelled_s <= begin
        takes = CANCEL_S if cancelled else draws.between(LEAST_S, MOST_S, "paper", day.times, order.reference)
        if begin + takes > day.ends_s:
            continue
        free[at] = begin + takes
        worked += takes
        if cancelled:
            continue
        shipped += 1
        late_cancels += order.cancelled_s is not None
        waiting = sum(each.at_s <= begin for each in orders[n:])
        rate = WRONG_HURRIED if waiting > a_days_work else WRONG_CALM
        if draws.number("wrong", day.times, order.reference) % WHOLE < rate:
            wrong += 1
            worked += MEND_S
    gone = sum(order.cancelled_s is not None for order in orders) - late_cancels
    left = max(0, len(orders) - shipped - gone)
    return OnPaper(len(orders), shipped, left, gone, wrong, late_cancels, round(worked / 60))
