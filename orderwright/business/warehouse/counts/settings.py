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

SETTINGS = (TOLERANCE_UNITS, TOLERANCE_PERMILLE)


def tolerance(tx: Tx) -> Tolerance:
    """What a count may be off by in this store."""
    return Tolerance(value_of(tx, TOLERANCE_UNITS), value_of(tx, TOLERANCE_PERMILLE))
