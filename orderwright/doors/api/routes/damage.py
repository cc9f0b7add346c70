"""Broken goods: taken out of sale, and judged."""

from msgspec.structs import asdict

from orderwright.business.deeds.damaged import judge_damaged, remove_damaged
from orderwright.business.warehouse.damage.forms import (
    DamageForm,
    DamageQuery,
    DamageShown,
    JudgeDamage,
    JudgeForm,
    ReportDamage,
)
from orderwright.business.warehouse.damage.rows import list_damage
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, of_damage
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import sites
from orderwright.values.pages import Page


def _status(shown: DamageShown) -> int:
    return 200 if shown.repeated else 201


@deed(
    "POST", "/v1/damage", "floor:write", remove_damaged, answer=DamageShown, status=_status,
    within=both(sites(lambda request: [request.body.site]), every_channel),
    example={"site": "LEEDS", "place": "A-01-02", "sku": "MUG", "quantity": 2, "reason": "damaged", "note": "Dropped."},
)  # fmt: skip
def report_damage(request: Request[DamageForm]) -> ReportDamage:
    """Take broken units out of sale, into quarantine or to scrap; a supervisor is told. 422 `short_stock`."""
    return ReportDamage(form=request.body, actor=request.actor)


@read(
    "/v1/damage", "floor:read", within=sites(lambda question: [question.query.site]), example={"site": "LEEDS"}
)  # fmt: skip
def damage(tx: Tx, question: Question[DamageQuery]) -> Page[DamageShown]:
    """What was taken out of sale at a site and is to be judged; with `state=judged`, what was."""
    return list_damage(tx, question.query)


@deed(
    "POST", "/v1/damage/{id}/judge", "stock:write", judge_damaged, within=both(of_damage, every_channel),
    answer=DamageShown, example={"verdict": "restock", "place": "A-01-02"},
)  # fmt: skip
def judge(request: Request[JudgeForm]) -> JudgeDamage:
    """Decide what becomes of them: `scrap`, or `restock` into a bin. 409 `damage_step`."""
    return JudgeDamage(**asdict(request.body), damage_id=request.at["id"], actor=request.actor)
