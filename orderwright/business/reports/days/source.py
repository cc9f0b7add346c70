"""How a day's figures are asked of the rows: one statement for each group of figures."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Source(NamedTuple):
    """Where a group of figures comes from.

    rows: the tables they share, as `WITH` names them. figures: name -> a SELECT of (site, channel, part, counted,
    judged, pending, about), a row for each thing of the day that counts; about: the order's id as text, '' where there
    is none. Parameters: those of `asking.parameters`, such as day, start, end (its first moment, and that of the next
    day), zone and now.

    turned: figures that are so many rows a day that whose each is must not be looked up for all -> how many there are,
    as SQL. Their SELECT has a column more, turn: of the rows with one, all of which count and none of which spoil, it
    takes the `most` largest, equal ones by turn, behind (`behind`, `behind_turn`) where these are not null.
    """

    rows: str
    figures: Mapping[str, str]
    turned: Mapping[str, str] = MappingProxyType({})


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
