"""Counts: what is to be counted, who counts, what was found."""

from msgspec.structs import asdict

from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.counts.tags import count_by_tags
from orderwright.business.warehouse.counts.actions import ask_counts, begin_counts, cancel_counts
from orderwright.business.warehouse.counts.forms import (
    AskCount,
    AskCountForm,
    BeginCount,
    BeginForm,
    CancelCount,
    CountQuery,
    CountShown,
    CountTags,
    EnterCount,
    EnterForm,
    TagForm,
    TagsCounted,
)
from orderwright.business.warehouse.counts.reads import get_count, list_counts
from orderwright.business.warehouse.counts.rolling import CountPlan, PlanCounts, PlanForm, plan_counts
from orderwright.business.warehouse.ghosts.forms import GhostList, GhostQuery
from orderwright.business.warehouse.ghosts.reads import ghost_list
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, of_count
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import sites
from orderwright.values.pages import Page

_its_site = both(sites(lambda request: [request.body.site]), every_channel)
_asked_site = sites(lambda question: [question.query.site])
_its_own = both(of_count, every_channel)


def _status(count: CountShown) -> int:
    return 200 if count.repeated else 201


@deed(
    "POST", "/v1/counts", "floor:write", ask_counts, within=_its_site, answer=CountShown, status=_status,
    example={"site": "LEEDS", "place": "A-01-02", "sku": "MUG"},
)  # fmt: skip
def ask_count(request: Request[AskCountForm]) -> AskCount:
    """Ask for a bin, or one product in it, to be counted. What is to be counted already is answered as it stands."""
    return AskCount(**asdict(request.body), actor=request.actor)


@deed(
    "POST", "/v1/counts/plan", "floor:write", plan_counts, within=_its_site, answer=CountPlan,
    example={"site": "LEEDS", "limit": 100},
)  # fmt: skip
def plan_site_counts(request: Request[PlanForm]) -> PlanCounts:
    """Ask for the counts in turn that are due: what is picked most is counted most often."""
    return PlanCounts(site=request.body.site, limit=request.body.limit, actor=request.actor)


@deed(
    "POST", "/v1/counts/tags", "floor:write", count_by_tags, answer=TagsCounted,
    within=both(sites(lambda request: [request.body.site]), every_channel),
    weight=lambda form: 1 + sum(len(each.tags) for each in form.passes) // 10,
    example={"site": "LEEDS", "reference": "READ-1", "passes": [
        {"place": "A-01-02", "tags": ["30340789000C0E42DFDC1C35", "30340789000C0E42DFDC1C36"]}]},
)  # fmt: skip
def count_tags(request: Request[TagForm]) -> CountTags:
    """Take a bulk read of RFID tags (SGTIN-96) as a count of bins. Three passes or more of a bin may change the books.

    409 `read_differs`. Strays, and what one pass may have missed, change nothing.
    """
    return CountTags(form=request.body, actor=request.actor)


@read("/v1/ghosts", "floor:read", within=_asked_site, example={"site": "LEEDS", "limit": 60})
def ghosts(tx: Tx, question: Question[GhostQuery]) -> GhostList:
    """What the books of a site may have wrong: booked and not there, there and not booked, the likeliest first."""
    return ghost_list(tx, question.query.site, question.query.limit)


@read("/v1/counts", "floor:read", within=_asked_site, example={"site": "LEEDS", "state": "open", "limit": 50})
def counts(tx: Tx, question: Question[CountQuery]) -> Page[CountShown]:
    """Counts of a site: what is to be counted, the most wanted first, without what the books say of it.

    `state`: open, counting; done and cancelled, the latest first.
    """
    return list_counts(tx, question.query)


@read("/v1/counts/{id}", "floor:read", within=_its_own)
def count(tx: Tx, question: Question[None]) -> CountShown:
    """One count; when it is done, with what was found and what the books said of that moment."""
    return get_count(tx, question.at["id"])


@deed(
    "POST", "/v1/counts/{id}/begin", "floor:write", begin_counts, within=_its_own, answer=CountShown,
    example={"counter": "ann"},
)  # fmt: skip
def begin_count(request: Request[BeginForm]) -> BeginCount:
    """Somebody goes to count. 409 `counted_by_other`, `same_counter`, `count_step`."""
    return BeginCount(**asdict(request.body), count_id=request.at["id"], actor=request.actor)


@deed(
    "POST", "/v1/counts/{id}/enter", "floor:write", enter_counts, within=_its_own, answer=CountShown,
    weight=lambda form: 1 + len(form.lines),
    example={"counter": "ann", "lines": [{"sku": "MUG", "counted": 4, "counted_at": "2026-11-20T09:30:00Z"}]},
)  # fmt: skip
def enter_count(request: Request[EnterForm]) -> EnterCount:
    """Tell what was found; what is not named was not there. It is booked, or counted again by another person.

    409 `count_step`, `counted_by_other`, `count_differs`.
    """
    return EnterCount(**asdict(request.body), count_id=request.at["id"], actor=request.actor)


@deed("POST", "/v1/counts/{id}/cancel", "floor:write", cancel_counts, within=_its_own, answer=CountShown)
def cancel_count(request: Request[None]) -> CancelCount:
    """Give a count up: nothing changes. 409 `count_step`."""
    return CancelCount(count_id=request.at["id"], actor=request.actor)
