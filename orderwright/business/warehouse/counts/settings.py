"""Settings of counting."""

from typing import Annotated

from msgspec import Meta

from orderwright.business.warehouse.counts.rules import Tolerance
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

TOLERANCE_UNITS: Setting[int] = Setting(
    "counts.tolerance_units", Annotated[int, Meta(ge=0, le=1_000_000)], 1,
    "A count that is off by at most so many units is believed; one that is off by more is counted again by another.",
)  # fmt: skip
TOLERANCE_PERMILLE: Setting[int] = Setting(
    "counts.tolerance_permille",
    Annotated[int, Meta(ge=0, le=1_000)],
    20,
    "A count that is off by at most so many thousandths of what is booked is believed as well.",
)
AFTER_ZERO: Setting[bool] = Setting(
    "counts.after_zero", bool, True,
    "Whether a bin that a pick has emptied by the books is looked at: is it empty?",
)  # fmt: skip
LARGE_PICK_UNITS: Setting[int] = Setting(
    "counts.large_pick_units", Annotated[int, Meta(ge=0, le=1_000_000)], 50,
    "After a pick of at least so many units the rest of the bin is counted; 0: never for that.",
)  # fmt: skip
DAYS_A: Setting[int] = Setting(
    "counts.days_a", Annotated[int, Meta(ge=1, le=3_650)], 30,
    "Days between two counts of what is picked most: a fifth of a site's products.",
)  # fmt: skip
DAYS_B: Setting[int] = Setting(
    "counts.days_b", Annotated[int, Meta(ge=1, le=3_650)], 90,
    "Days between two counts of the next three tenths.",
)  # fmt: skip
DAYS_C: Setting[int] = Setting(
    "counts.days_c", Annotated[int, Meta(ge=1, le=3_650)], 180,
    "Days between two counts of all the others.",
)  # fmt: skip
PLAN_AT: Setting[str] = Setting(
    "counts.plan_at", Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")], "",
    "When the day's counts are planned, on the wall of each site: HH:MM. Empty: only when somebody asks.",
)  # fmt: skip
PLAN_LIMIT: Setting[int] = Setting(
    "counts.plan_limit", Annotated[int, Meta(ge=1, le=10_000)], 100,
    "How many counts in turn a site is to have open at most when they are planned by the clock.",
)  # fmt: skip

TAG_MISS_PERMILLE: Setting[int] = Setting(
    "counts.tag_miss_permille", Annotated[int, Meta(ge=0, le=900)], 20,
    "How many of a thousand tags one pass of a reader does not hear: what is missing within that is counted by hand.",
)  # fmt: skip

SETTINGS = (
    TAG_MISS_PERMILLE, TOLERANCE_UNITS, TOLERANCE_PERMILLE, AFTER_ZERO, LARGE_PICK_UNITS, DAYS_A, DAYS_B,
    DAYS_C, PLAN_AT, PLAN_LIMIT,
)  # fmt: skip


def tolerance(tx: Tx) -> Tolerance:
    """What a count may be off by in this store."""
    return Tolerance(value_of(tx, TOLERANCE_UNITS), value_of(tx, TOLERANCE_PERMILLE))
