"""One deed done to many orders, told order by order, and taken back where that is honest."""

from msgspec.structs import asdict

from orderwright.business.deeds.bulk import BulkForm, ChangeMany, UndoMany, change_many, undo_many
from orderwright.business.orders.bulk import BulkRun, get_run
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import every_order, of_bulk
from orderwright.doors.api.route import deed, read


@deed(
    "POST", "/v1/bulk", "orders:write", change_many, within=every_order, answer=BulkRun, status=201,
    weight=lambda form: len(form.orders),
    example={"deed": "hold", "orders": ["OW-000001", "OW-000002"], "kind": "manual", "note": "Recall of a lot."},
)  # fmt: skip
def change_many_orders(request: Request[BulkForm]) -> ChangeMany:
    """Hold, release or cancel up to 1,000 orders at once; `orders` tells what became of each.

    One that cannot be changed names the refusal of the deed for one order and spoils no other.
    """
    return ChangeMany(**asdict(request.body), actor=request.actor)


@read("/v1/bulk/{id}", "orders:read", within=of_bulk)
def bulk_run(tx: Tx, question: Question[None]) -> BulkRun:
    """What was done to many orders at once, and what became of each."""
    return get_run(tx, question.at["id"])


@deed("POST", "/v1/bulk/{id}/undo", "orders:write", undo_many, within=of_bulk, answer=BulkRun, status=201)
def undo_many_orders(request: Request[None]) -> UndoMany:
    """Release the holds that were placed at once, or place those again that were released.

    409 `bulk_step` for what cannot be taken back: a cancellation, and what was taken back before.
    """
    return UndoMany(id=request.at["id"], actor=request.actor)
