"""How the shop settles each cause: read by everybody, written by managers, every version kept."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.orders.procedures import STAGES, Procedure, list_procedures, list_versions
from orderwright.business.staff.views import LEADS
from orderwright.doors.api.routes import procedures as api
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import CASES, Case, case_of
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form

STAGE_WORDS: Mapping[str, str] = {
    "any": _("Wherever the order is"),
    "planned": _("Before the floor has it"),
    "floor": _("While the floor works on it"),
    "away": _("Once it is on its way"),
}
"""Stages in words."""


class ProceduresShown(msgspec.Struct, frozen=True):
    """Every cause, and at which stages it has a procedure. leads: whether the visitor may write them."""

    cases: Mapping[str, Case]
    written: Mapping[tuple[str, str], Procedure]
    leads: bool
    stages: Mapping[str, str]

    def of(self, kind: str) -> list[Procedure]:
        """The procedures of a cause that count, in the order of stages."""
        found = [self.written.get((kind, stage)) for stage in STAGES]
        return [each for each in found if each is not None and each.text]


class VersionQuery(Form, frozen=True):
    """Which version is shown; the one that counts if none is named."""

    version: Annotated[int, Meta(ge=1)] | None = None


class ProcedureShown(msgspec.Struct, frozen=True):
    """One procedure with its versions, newest first. shown: the one to be read; None where there is none."""

    kind: str
    stage: str
    name: str
    versions: list[Procedure]
    shown: Procedure | None
    leads: bool
    stages: Mapping[str, str]

    @property
    def version(self) -> int:
        """The version that counts, 0 before the first."""
        return self.versions[0].version if self.versions else 0

    @property
    def text(self) -> str:
        """The text to go on writing."""
        return self.versions[0].text if self.versions else ""


@page("/exceptions/procedures", template="procedures.html", scope="orders:read", title=_("Procedures"),
      section="exceptions")  # fmt: skip
def procedures(asked: Asked[None]) -> ProceduresShown:
    """How what is settled."""
    written = {(each.kind, each.stage): each for each in list_procedures(asked.tx)}
    return ProceduresShown(CASES, written, LEADS in asked.access.scopes, STAGE_WORDS)


@page("/exceptions/procedures/{kind}/{stage}", template="procedure.html", scope="orders:read", title=_("Procedure"),
      section="exceptions")  # fmt: skip
def procedure(asked: Asked[VersionQuery]) -> ProcedureShown:
    """One procedure, to be read and written. Refuses not_found."""
    kind, stage = asked.at["kind"], asked.at["stage"]
    versions = list_versions(asked.tx, kind, stage)
    wanted = asked.query.version
    shown = next((each for each in versions if wanted in (None, each.version)), None)
    leads = LEADS in asked.access.scopes
    return ProcedureShown(kind, stage, case_of(kind).name, versions, shown, leads, STAGE_WORDS)


write = deed("/exceptions/procedures/{kind}/{stage}", api.put_procedure, page=procedure,
             then="/exceptions/procedures/{kind}/{stage}", said=_("Saved."),
             body=lambda tree: {"text": tree.get("text", "")})  # fmt: skip
