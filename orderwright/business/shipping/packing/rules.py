"""What goes into a parcel besides, and which cartons packers prefer. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple


class Basket(NamedTuple):
    """An order as rules for inserts see it. value_minor: of all its goods, in its currency."""

    channel: str
    country: str
    currency: str
    value_minor: int
    skus: frozenset[str]
    is_first: bool
    gift_note: str
    day: date


class Wanted(NamedTuple):
    """When something goes in; what is empty or None holds always."""

    channels: Sequence[str]
    countries: Sequence[str]
    skus: Sequence[str]
    value_min_minor: int | None
    currency: str
    first_order: bool
    gift_note: bool
    starts_on: date | None
    ends_on: date | None


def goes_in(wanted: Wanted, basket: Basket) -> bool:
    """Whether all that a rule says holds for a basket."""
    return (
        (not wanted.channels or basket.channel in wanted.channels)
        and (not wanted.countries or basket.country in wanted.countries)
        and (not wanted.skus or not basket.skus.isdisjoint(wanted.skus))
        and (
            wanted.value_min_minor is None
            or (basket.currency == wanted.currency and basket.value_minor >= wanted.value_min_minor)
        )
        and (basket.is_first or not wanted.first_order)
        and (bool(basket.gift_note.strip()) or not wanted.gift_note)
        and (wanted.starts_on is None or wanted.starts_on <= basket.day)
        and (wanted.ends_on is None or basket.day <= wanted.ends_on)
    )


def fingerprint(units: Mapping[str, int]) -> bytes:
    """The same for the same products and units, whoever ordered them in whatever order: sha256."""
    told = "\n".join(f"{sku}\t{count}" for sku, count in sorted(units.items()) if count)
    return sha256(told.encode(errors="replace")).digest()


class Preferred(NamedTuple):
    """What packers took for a basket: codes, and how many of the last choices said so."""

    cartons: tuple[str, ...]
    times: int
    of: int


MEMORY = 3
EQUAL_MIN = 2


def preferred(choices: Sequence[tuple[str, ...]]) -> Preferred | None:
    """What packers take for a basket: what at least 2 of the last 3 choices (latest first) agree on; else None."""
    last = choices[:MEMORY]
    counted = Counter(last)
    if not counted:
        return None
    cartons, times = max(counted.items(), key=lambda each: each[1])
    return Preferred(cartons, times, len(last)) if times >= EQUAL_MIN else None
