"""The cancel window of orders being placed: how long each may be cancelled for nothing, and stays off the floor."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from orderwright.business.catalog.reads import Catalog
from orderwright.business.catalog.windows import Rush, cancel_until, minutes_of
from orderwright.business.deeds.placing.forms import Draft
from orderwright.business.orders.windows import cancel_note
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

CANCEL_MINUTES: Setting[int] = Setting(
    "orders.cancel_minutes",
    Annotated[int, Meta(ge=0, le=7 * 24 * 60)],
    0,
    "For so long after it was placed an order can be cancelled for nothing and stays off the floor; channels and"
    " sale events may say otherwise.",
)
RUSH_SERVICES: Setting[list[str]] = Setting(
    "orders.rush_services",
    Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=50)],
    ["express"],
    "Orders by these services are in a hurry: they have no cancel window.",
)
RUSH_PRIORITY: Setting[int] = Setting(
    "orders.rush_priority",
    Annotated[int, Meta(ge=0, le=101)],
    90,
    "Orders of this priority and above are in a hurry: they have no cancel window. 101: none is for its priority.",
)
SETTINGS = (CANCEL_MINUTES, RUSH_SERVICES, RUSH_PRIORITY)


def set_windows(tx: Tx, drafts: Sequence[Draft], catalog: Catalog) -> None:
    """Say of each draft until when it can be cancelled for nothing, if at all. No statement of its own."""
    usual = value_of(tx, CANCEL_MINUTES)
    rush: Rush | None = None
    for draft in drafts:
        order = draft.command.order
        own = catalog.channels[order.channel].policy.cancel_minutes
        minutes = usual if own is None else own
        if not minutes and not catalog.events:
            continue
        services: list[str] = value_of(tx, RUSH_SERVICES)
        rush = rush or Rush(value_of(tx, RUSH_PRIORITY), frozenset(services))
        if rush.skips(order.priority, order.service):
            continue
        placed_at = order.placed_at or tx.now
        if catalog.events:
            minutes = minutes_of(minutes, catalog.events, order.channel, draft.products, placed_at)
        draft.cancel_until = cancel_until(minutes, placed_at, tx.now)


def note_windows(tx: Tx, drafts: Sequence[Draft], catalog: Catalog) -> None:
    """The sentence about each draft's window, by the clock of the site that ships first."""
    for draft in drafts:
        if draft.cancel_until is not None:
            site = catalog.sites[draft.plan.parts[0].lane.site] if draft.plan.parts else None
            draft.cancel_note = cancel_note(draft.cancel_until, tx.now, site.calendar.time_zone if site else None)
