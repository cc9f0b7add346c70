"""How the shop settles each cause, step by step: written by managers, kept in versions, read where it is needed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.orders.rules import EXCEPTIONS, stage_of
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.forms import Command, Form
from orderwright.values.refusal import Refusal

Stage = Literal["any", "planned", "floor", "away"]
STAGES: tuple[Stage, ...] = ("any", "planned", "floor", "away")
VERSIONS_SHOWN = 50


class ProcedureForm(Form, frozen=True):
    """The steps, in plain text; lines that begin with a number or a dash are steps. Empty: none any more."""

    text: Annotated[str, Meta(max_length=10_000)]


class WriteProcedure(Command, frozen=True):
    """The shop settles a cause like this from now on. version: refuse when another one counts by now."""

    kind: str
    stage: str
    text: str
    version: int | None = None


class ProcedureRead(Form, frozen=True):
    """Which version somebody had before them."""

    stage: Stage
    version: Annotated[int, Meta(ge=1)]


class Procedure(msgspec.Struct, frozen=True):
    """One version of how a cause is settled. stage: where the order is: `planned`, on the `floor`, `away` to its
    customer, or `any`. read: how many exceptions were settled with it at hand."""

    kind: str
    stage: str
    version: int
    text: str
    written_by: str
    written_at: datetime
    read: int = 0


def write_procedures(tx: Tx, commands: Sequence[WriteProcedure]) -> list[Procedure | Refusal]:
    """Write new versions; one `Procedure` or Refusal per command. The same text again is no new version.

    Refuses not_found (no such cause or stage), malformed, stale (version).
    """
    tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")  # few writers, one at a time
    latest = {(each.kind, each.stage): each for each in list_procedures(tx)}
    results: list[Procedure | Refusal] = []
    new: list[Procedure] = []
    for each in commands:
        text = each.text.strip()
        findings = list(text_findings(text.replace("\n", " ").replace("\t", " "), "/text"))
        old = latest.get((each.kind, each.stage))
        version = 0 if old is None else old.version
        if each.kind not in EXCEPTIONS or each.stage not in STAGES:
            results.append(Refusal("not_found", kind=each.kind, stage=each.stage))
        elif findings:
            results.append(refusal_of(findings))
        elif each.version is not None and each.version != version:
            results.append(Refusal("stale", version=version))
        elif old is not None and old.text == text:
            results.append(old)
        else:
            made = Procedure(each.kind, each.stage, version + 1, text, each.actor, tx.now)
            latest[each.kind, each.stage] = made
            new.append(made)
            results.append(made)
    tx.copy("desk_procedure", "kind, stage, version, text, written_by, written_at", [_row(each) for each in new])
    return results


def _row(made: Procedure) -> tuple[object, ...]:
    return made.kind, made.stage, made.version, made.text, made.written_by, made.written_at


def list_procedures(tx: Tx) -> list[Procedure]:
    """The version that counts for every cause and stage that ever had one."""
    rows = tx.rows(
        "SELECT DISTINCT ON (kind, stage) kind, stage, version, text, written_by, written_at FROM desk_procedure"
        " ORDER BY kind, stage, version DESC"
    )
    return [Procedure(*row) for row in rows]


def list_versions(tx: Tx, kind: str, stage: str) -> list[Procedure]:
    """The latest 50 versions for a cause at a stage, newest first. Refuses not_found."""
    if kind not in EXCEPTIONS or stage not in STAGES:
        raise Refusal("not_found", kind=kind, stage=stage)
    rows = tx.rows(
        "SELECT p.kind, p.stage, p.version, p.text, p.written_by, p.written_at,"
        " (SELECT count(*) FROM procedure_read r WHERE (r.kind, r.stage, r.version) = (p.kind, p.stage, p.version))"
        " AS read FROM desk_procedure p WHERE p.kind = %(kind)s AND p.stage = %(stage)s"
        " ORDER BY p.version DESC LIMIT %(most)s",
        kind=kind, stage=stage, most=VERSIONS_SHOWN,
    )  # fmt: skip
    return [Procedure(*row) for row in rows]


def procedure_for(
    procedures: Mapping[tuple[str, str], Procedure], kind: str, order_state: str
) -> Procedure | None:  # fmt: skip
    """What counts for a cause, of an order in this state ('' without one): its stage's own before that for any."""
    for stage in (stage_of(order_state), "any"):
        found = procedures.get((kind, stage))
        if found is not None and found.text:
            return found
    return None


def unknown_versions(tx: Tx, told: Mapping[str, tuple[str, ProcedureRead]]) -> set[str]:
    """Those of (key -> kind, version read) that were never written."""
    rows = tx.rows(
        "SELECT t.key FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(stages)s::text[], %(versions)s::int[])"
        " AS t(key, kind, stage, version) WHERE NOT EXISTS (SELECT 1 FROM desk_procedure p"
        " WHERE (p.kind, p.stage, p.version) = (t.kind, t.stage, t.version))",
        keys=array(told), kinds=array(kind for kind, _ in told.values()),
        stages=array(read.stage for _, read in told.values()),
        versions=array(read.version for _, read in told.values()),
    )  # fmt: skip
    return {row.key for row in rows}


def keep_read(tx: Tx, told: Mapping[str, tuple[str, ProcedureRead]]) -> None:
    """Keep which version whoever settled exceptions had before them: by id of the exception, (kind, version)."""
    rows: list[tuple[Any, ...]] = [(id_, kind, read.stage, read.version) for id_, (kind, read) in told.items()]
    tx.copy("procedure_read", "exception_id, kind, stage, version", rows)
