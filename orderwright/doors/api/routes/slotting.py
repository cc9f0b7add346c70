"""Which products to move where, so that pickers walk less."""

from msgspec.structs import asdict

from orderwright.business.deeds.slotting import Slotting, WantSlots, WantSlotsForm, list_slottings, want_slots
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import Outcome, deed, read
from orderwright.doors.api.within import sites
from orderwright.values.pages import Page

_its_site = sites(lambda asked: [asked.at["code"]])


def _came(tx: Tx, request: Request[WantSlotsForm]) -> Slotting | None:
    latest = list_slottings(tx, request.at["code"]).items
    return latest[0] if latest and latest[0].state != "wanted" else None


def _list(request: Request[WantSlotsForm]) -> str:
    return f"/v1/sites/{request.at['code']}/slotting"


@deed(
    "POST", "/v1/sites/{code}/slotting", "floor:write", want_slots, within=_its_site, answer=Slotting,
    outcome=Outcome(_came, _list), example={"exchanges_max": 20},
)  # fmt: skip
def suggest_slots(request: Request[WantSlotsForm]) -> WantSlots:
    """Which products to move where, and wait for it: 202 with the address to ask if it takes long.

    Chosen on the walks of three weeks, proven on the week after; nothing moves until somebody moves it.
    """
    return WantSlots(**asdict(request.body), site=request.at["code"], actor=request.actor)


@read("/v1/sites/{code}/slotting", "floor:read", within=_its_site)
def slottings(tx: Tx, question: Question[None]) -> Page[Slotting]:
    """The latest suggestions for a site, newest first."""
    return list_slottings(tx, question.at["code"])
