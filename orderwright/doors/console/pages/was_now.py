"""Was and now: how the shop was, how it is, what it aims at; and what to mend next."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.reports.baselines import Baseline, told_before
from orderwright.business.reports.measures import MEASURES, WAS_NOW, Measure
from orderwright.business.reports.was_now import Mend, WasNow, was_now
from orderwright.doors.api.routes.reports import tell_baseline
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import report_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.pages.reports import WITH_ROWS
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

CHANNELS_MAX = 12
UNITS: Mapping[str, str] = {
    "share": _("per cent"), "minutes": _("minutes"), "money": _("money"), "per_hour": _("an hour"),
    "per_1000": _("for 1,000 orders"), "per_100": _("for 100 orders"), "count": _("units"), "times": _("times a year"),
}  # fmt: skip


class StandingQuery(Form, frozen=True):
    """By what the things to mend are ranked."""

    by: Literal["cost", "hours", "errors"] = "cost"


MENDS_SHOWN = 10


class StandingShown(msgspec.Struct, frozen=True):
    """How the shop stands. may_tell: whether the visitor may say how it was; may_set: what hours cost."""

    found: WasNow
    mends: list[Mend]
    by: str
    may_tell: bool
    may_set: bool
    with_rows: frozenset[str]
    words: object = report_words


class BeforeShown(msgspec.Struct, frozen=True):
    """A figure, and all that was ever told of how it was."""

    figure: Measure
    unit: str
    told: list[Baseline]


@page("/was-now", template="was_now.html", scope="reports:read", title=_("Was and now"), section="reports",
      within=whole_store)  # fmt: skip
def standing(asked: Asked[StandingQuery]) -> StandingShown:
    """How it was beside how it is, and what to mend next."""
    found = was_now(asked.tx, sorted(catalog_of(asked.tx).channels)[:CHANNELS_MAX])
    by = asked.query.by
    mends = sorted(found.mends, key=lambda each: -(getattr(each, by) or 0))[:MENDS_SHOWN]
    mine = asked.access.scopes
    return StandingShown(found, mends, by, "staff:write" in mine, "admin" in mine, WITH_ROWS)


@page("/was-now/{figure}", template="was_before.html", scope="staff:write", title=_("How it was"), section="reports",
      within=whole_store)  # fmt: skip
def before(asked: Asked[None]) -> BeforeShown:
    """Where people say how a figure was. Refuses not_found."""
    name = asked.at["figure"]
    if name not in WAS_NOW:
        raise Refusal("not_found")
    measure = MEASURES[name]
    return BeforeShown(measure, UNITS[measure.unit], told_before(asked.tx, [name]))


told = deed("/was-now/{figure}", tell_baseline, page=before, then="/was-now", said=_("Kept."))
