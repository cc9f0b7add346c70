"""What is asked of a planning of walks, and what comes of it."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.walk_forms import Code, Strategy
from orderwright.values.forms import Command, Form


class PlanForm(Form, frozen=True):
    """Plan the walks of a site anew: what nobody walks yet, planned before or not.

    strategy: the way to pick; left out, the best of those the site's floor allows. pickers: how many will walk; left
    out, as the floor says. limit: orders, those due first. wave: what to call the walks that are sorted together.
    """

    strategy: Strategy | None = None
    pickers: Annotated[int, Meta(ge=1, le=500)] | None = None
    limit: Annotated[int, Meta(ge=1, le=5_000)] = 2_000
    wave: Code = ""


class PlanWalks(Command, frozen=True):
    """Plan a site's walks anew; see `PlanForm`."""

    site: str
    strategy: Strategy | None = None
    pickers: int | None = None
    limit: int = 2_000
    wave: str = ""


class Weighed(msgspec.Struct, frozen=True):
    """The predicted figures of one way to pick the same orders. minutes: of work; done_in_minutes: with the pickers."""

    strategy: str
    cart: str
    walks: int
    orders: int
    stops: int
    units: int
    metres: int
    minutes: int
    done_in_minutes: int
    picks_per_hour: int
    late_orders: int


class WalkPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One planning of a site's walks.

    state: wanted, done, failed. strategy: the way chosen, "" when there was nothing to plan. walks: written; dropped:
    planned ones they replace; left_out: lines that others took meanwhile. weighed: every way to pick that was
    weighed, the best first; first_come: the same orders one by one as they came, aisle by aisle.
    `repeated`: one was under way already.
    """

    id: str
    site: str
    state: str
    actor: str
    made_at: datetime
    ended_at: datetime | None = None
    strategy: str = ""
    pickers: int = 0
    walks: int = 0
    dropped: int = 0
    left_out: int = 0
    weighed: list[Weighed] = msgspec.field(default_factory=list)
    first_come: Weighed | None = None
    repeated: bool = False
