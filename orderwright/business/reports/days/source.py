"""How a day's figures are asked of the rows: one statement for each group of figures."""

from collections.abc import Mapping
from typing import NamedTuple


class Source(NamedTuple):
    """Where a group of figures comes from.

    rows: the tables they share, as `WITH` names them. figures: name -> a SELECT of (site, channel, part, counted,
    judged, pending, about), a row for each thing of the day that counts; about: the order's id as text, '' where there
    is none. Parameters: day, start, end (its first moment, and that of the next day), zone, now, most (a table may
    stop at so many of its largest rows), and those of `asking.parameters`.
    """

    rows: str
    figures: Mapping[str, str]


DAY = "({at} AT TIME ZONE %(zone)s)::date"


def day_of(at: str) -> str:
    """The day of a moment, in the shop's zone."""
    return DAY.format(at=at)


def minutes_part(seconds: str) -> str:
    """The part a length of time is counted under: to 5 minutes within eight hours, to the hour beyond."""
    return (
        f"(CASE WHEN {seconds} < 28800 THEN floor({seconds} / 300) * 5 ELSE floor({seconds} / 3600) * 60 END)"
        "::bigint::text"
    )
