"""How the shop settles each cause of exceptions, in versions."""

from orderwright.business.orders.procedures import (
    Procedure,
    ProcedureForm,
    WriteProcedure,
    list_procedures,
    list_versions,
    write_procedures,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, whole_store
from orderwright.values.pages import Page


@read("/v1/procedures", "orders:read", within=anywhere)
def procedures(tx: Tx, question: Question[None]) -> Page[Procedure]:
    """What counts for every cause and stage that ever had a procedure."""
    return Page(list_procedures(tx), None)


@read("/v1/procedures/{kind}/{stage}", "orders:read", within=anywhere)
def procedure_versions(tx: Tx, question: Question[None]) -> Page[Procedure]:
    """The versions for a cause at a stage (`planned`, `floor`, `away`, or `any`), newest first."""
    return Page(list_versions(tx, question.at["kind"], question.at["stage"]), None)


@deed(
    "PUT", "/v1/procedures/{kind}/{stage}", "staff:write", write_procedures, within=whole_store, answer=Procedure,
    example={"text": "1. Call the buyer.\n2. Write down what they said."},
)  # fmt: skip
def put_procedure(request: Request[ProcedureForm]) -> WriteProcedure:
    """Write the next version; the same text again is none. With If-Match: 412 when another one counts by now."""
    return WriteProcedure(
        kind=request.at["kind"], stage=request.at["stage"], text=request.body.text, version=request.version,
        actor=request.actor,
    )  # fmt: skip
