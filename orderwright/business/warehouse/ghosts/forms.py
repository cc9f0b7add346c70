"""The list of what the books may have wrong, as people see it."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.values.forms import Form, Word


class GhostQuery(Form, frozen=True):
    """Of which site, and how many."""

    site: Word
    limit: Annotated[int, Meta(ge=1, le=200)] = 60


class GhostShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product in a bin that the books may have wrong. kind: missing (booked, not there), hidden (there, not booked).

    score: 100 times the logarithm of how much the evidence changes the odds. counted_at: when it was last counted here.
    """

    place: str
    sku: str
    kind: str
    booked: int
    score: int
    evidence: list[str]
    counted_at: datetime | None = None


class Uncounted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product in a bin that was not counted for long."""

    place: str
    sku: str
    booked: int
    counted_at: datetime | None = None


class GhostList(msgspec.Struct, frozen=True):
    """The likeliest first; and beside them what one would count by the calendar alone."""

    site: str
    likeliest: list[GhostShown]
    longest_uncounted: list[Uncounted]
