"""What a shop sets about signing in."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from orderwright.business.staff.rules import Span
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

IDLE_MINUTES = Setting(
    "staff.idle_minutes", Annotated[int, Meta(ge=1, le=1_440)], 60,
    "Minutes after which somebody who does nothing is signed out.",
)  # fmt: skip
SESSION_HOURS = Setting(
    "staff.session_hours", Annotated[int, Meta(ge=1, le=720)], 12,
    "Hours after which everybody signs in anew, however busy.",
)  # fmt: skip
DEVICE_IDLE_MINUTES = Setting(
    "staff.device_idle_minutes", Annotated[int, Meta(ge=1, le=1_440)], 20,
    "Minutes after which a shared scanner asks again who holds it.",
)  # fmt: skip
INVITATION_HOURS = Setting(
    "staff.invitation_hours", Annotated[int, Meta(ge=1, le=720)], 72, "Hours an invitation can be accepted."
)
TRIES_MAX = Setting(
    "staff.tries_max", Annotated[int, Meta(ge=3, le=100)], 5,
    "Wrong passwords, codes or PINs for one person from one place before both wait. Ten times as many from one"
    " place, and twenty times as many for one person, close it for all.",
)  # fmt: skip
CLOSED_MINUTES = Setting(
    "staff.closed_minutes", Annotated[int, Meta(ge=1, le=1_440)], 15, "Minutes they wait then."
)  # fmt: skip
SETTINGS = (IDLE_MINUTES, SESSION_HOURS, DEVICE_IDLE_MINUTES, INVITATION_HOURS, TRIES_MAX, CLOSED_MINUTES)

LINK_HOURS = 24
"""So long the first owner's link and a reset can be used."""
TICKET_MINUTES = 10
"""So long somebody who gave the password may look for the code."""


def span_of(tx: Tx, is_device: bool) -> Span:
    """How long somebody stays signed in here."""
    idle = value_of(tx, DEVICE_IDLE_MINUTES if is_device else IDLE_MINUTES)
    return Span(timedelta(minutes=idle), timedelta(hours=value_of(tx, SESSION_HOURS)))


def idle_s(tx: Tx) -> int:
    """After how many seconds without a touch a shared scanner asks again who holds it."""
    return int(span_of(tx, is_device=True).idle.total_seconds())
