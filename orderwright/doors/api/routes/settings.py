"""Settings of the store."""

from typing import Any

from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.settings import PutSettings, Shown, list_settings, put_settings
from orderwright.values.pages import Page


@read("/v1/settings", "admin", within=whole_store)
def settings(tx: Tx, question: Question[None]) -> Page[Shown]:
    """All settings: what is in force, what it would be by default, and where it is said."""
    return Page(list_settings(tx))


@deed(
    "PUT", "/v1/settings", "admin", put_settings, within=whole_store, answer=Page[Shown],
    example={"retention.idempotency_days": 30},
)  # fmt: skip
def change_settings(request: Request[dict[str, Any]]) -> PutSettings:
    """Replace the settings. One that is left out takes its default; each change is kept with before and after."""
    return PutSettings(values=request.body, actor=request.actor)
