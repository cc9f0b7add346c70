"""Many orders held, let go or cancelled at once, through the deeds for one; each is told by itself."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from msgspec import Meta

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.orders.bulk import (
    ORDERS_MAX,
    UNDONE_BY,
    BulkDeed,
    BulkRow,
    BulkRun,
    lock_runs,
    write_runs,
)
from orderwright.business.orders.commands import CancelOrder, HoldOrder, ReleaseHold
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.database.tx import Tx
from orderwright.values.forms import Command, Form, Word
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


class BulkForm(Form, frozen=True):
    """Which orders, and what is to be done to them.

    kind: of the hold that is placed or released; of a cancellation the reason, in one word. note: of a hold.
    """

    deed: BulkDeed
    orders: Annotated[list[Word], Meta(min_length=1, max_length=ORDERS_MAX)]
    kind: Annotated[str, Meta(pattern="^[a-z][a-z_]{0,39}$")] = "manual"
    note: Annotated[str, Meta(max_length=2000)] = ""


class ChangeMany(BulkForm, frozen=True, kw_only=True):
    """Many orders are held, let go or cancelled."""

    actor: str


class UndoMany(Command, frozen=True):
    """What was done to many orders is taken back where it can be."""

    id: str


class _Wanted:
    """What is to be done to which orders, and under which id it is kept."""

    def __init__(self, id_: str, told: ChangeMany, undoes: str | None = None) -> None:
        self.id = id_
        self.told = told
        self.undoes = undoes
        self.numbers = list(dict.fromkeys(told.orders))


def change_many(tx: Tx, commands: Sequence[ChangeMany]) -> list[BulkRun]:
    """Hold, release or cancel many orders; what became of each, per command.

    An order that cannot be changed is told as such and spoils no other: its row has the refusal of the deed for one
    order. A release lets go of one kind of hold; a cancellation takes all that is not packed.
    """
    return _do(tx, [_Wanted(id_, told) for id_, told in zip(new_ids(len(commands)), commands, strict=True)])


def undo_many(tx: Tx, commands: Sequence[UndoMany]) -> list[BulkRun | Refusal]:
    """Take back what was done to many orders: holds that were placed are released, released ones placed again.

    Only the orders that were changed are changed back, as a run of its own. Refuses not_found, bulk_step where
    nothing can be taken back (a cancellation, or nothing was changed) or it was taken back before.
    """
    runs = lock_runs(tx, {each.id for each in commands})
    results: list[Any] = []
    wanted: dict[str, _Wanted] = {}
    for each, id_ in zip(commands, new_ids(len(commands)), strict=True):
        run = runs.get(each.id)
        if run is None:
            results.append(Refusal("not_found", bulk=each.id))
        elif not run.can_be_undone or each.id in wanted:
            results.append(Refusal("bulk_step", deed=run.deed, undone_by=run.undone_by))
        else:
            told = ChangeMany(deed=UNDONE_BY[run.deed], orders=run.done, kind=run.kind, actor=each.actor)
            wanted[each.id] = _Wanted(id_, told, each.id)
            results.append(None)
    done = iter(_do(tx, list(wanted.values())))
    return [next(done) if result is None else result for result in results]


_COMMANDS: dict[str, tuple[Callable[[Tx, Sequence[Any]], list[Any]], Callable[[ChangeMany, str], Any]]] = {
    "hold": (
        hold_orders,
        lambda told, number: HoldOrder(number=number, kind=told.kind, note=told.note, actor=told.actor),
    ),
    "release": (release_holds, lambda told, number: ReleaseHold(number=number, kind=told.kind, actor=told.actor)),
    "cancel": (cancel_orders, lambda told, number: CancelOrder(number=number, reason=told.kind, actor=told.actor)),
}


def _do(tx: Tx, wanted: Sequence[_Wanted]) -> list[BulkRun]:
    """Each deed once for all that want it, so that its statements do not grow with the orders."""
    # All of them first, in one order, whatever is done to which.
    lock_by_number(tx, [number for each in wanted for number in each.numbers])
    became: dict[str, list[BulkRow]] = {}
    for deed, (action, command) in _COMMANDS.items():
        mine = [each for each in wanted if each.told.deed == deed]
        asked = [command(each.told, number) for each in mine for number in each.numbers]
        results = iter(action(tx, asked) if asked else [])
        for each in mine:
            became[each.id] = [_row(number, next(results)) for number in each.numbers]
    runs = [
        BulkRun(each.id, each.told.deed, each.told.kind, each.told.actor, tx.now, became[each.id], each.undoes)
        for each in wanted
    ]
    write_runs(tx, runs)
    return runs


def _row(number: str, result: Any) -> BulkRow:
    return BulkRow(number, result.code, result.facts) if isinstance(result, Refusal) else BulkRow(number)
