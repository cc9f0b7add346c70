from tests.truth.world import Fault

_WATCH = "INSERT INTO report_watch (seen_until, zone) VALUES ('2026-11-20 11:59+00', 'UTC');\n"
_TOLD = "INSERT INTO report_told VALUES ('{day}', '2026-11-20 11:59+00', false);\n"
_DAY = "INSERT INTO report_day VALUES ('', '{day}', 'orders_in', 'delivered', {orders}, 0, 0);\n"

FAULTS = (
    Fault(
        "days_are_told_as_they_were", "an order was told of a day without any",
        _WATCH + _TOLD.format(day="2026-11-12") + _DAY.format(day="2026-11-12", orders=1),
        "orders_in of 2026-11-12 is told as 1 of 0 for '' 'delivered', and the rows say otherwise",
        in_sweep=False,
    ),
    Fault(
        "days_are_told_as_they_were", "a day was told without its orders",
        _WATCH + _TOLD.format(day="2026-11-10"),
        "orders_in of 2026-11-10 comes to 1 of 0 for '' 'partially_returned', and is not told so",
        in_sweep=False,
    ),
    Fault(
        "days_are_told_as_they_were", "a day long ago was told with more orders than there were",
        _WATCH + _TOLD.format(day="2026-01-10") + _DAY.format(day="2026-01-10", orders=3),
        "3 orders are told of 2026-01-10, and there are 0",
        in_sweep=False,
    ),
)  # fmt: skip
