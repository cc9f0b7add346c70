"""How long an order may be cancelled for nothing after it was placed: its cancel window. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class SaleEvent(NamedTuple):
    """A flash sale or the like. channels, skus: those it covers; empty covers all. From (inclusive) to (exclusive)."""

    code: str
    channels: frozenset[str]
    skus: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    cancel_minutes: int

    def covers(self, channel: str, skus: Iterable[str | None], at: datetime) -> bool:
        """Whether an order of a channel for these products, placed at a moment, belongs to it: one product will do."""
        if not self.starts_at <= at < self.ends_at or (self.channels and channel not in self.channels):
            return False
        return not self.skus or any(sku in self.skus for sku in skus)


class Rush(NamedTuple):
    """Which orders skip the window since they are in a hurry: by service, or from a priority on."""

    priority: int
    services: Collection[str]

    def skips(self, priority: int, service: str) -> bool:
        """Whether an order of a priority and a service is in a hurry."""
        return service in self.services or priority >= self.priority


def minutes_of(
    usual: int, events: Iterable[SaleEvent], channel: str, skus: Collection[str | None], placed_at: datetime
) -> int:
    """How many minutes an order gets: those of the event that covers it, the longest of several, else the usual ones.

    An event's minutes hold also where they are fewer than the usual ones.
    """
    covering = [event.cancel_minutes for event in events if event.covers(channel, skus, placed_at)]
    return max(covering, default=usual)


def cancel_until(minutes: int, placed_at: datetime, now: datetime) -> datetime | None:
    """When a window of so many minutes ends; None when there is none, or it was over before the order came to us.

    It runs from when the order was placed: a customer waits from then on, however late a channel tells us. A
    channel's clock that is ahead of ours (edge case 9) does not make it longer.
    """
    end = min(placed_at, now) + timedelta(minutes=minutes)
    return end if minutes and end > now else None
