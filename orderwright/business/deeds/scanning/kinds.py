"""The kinds of session. A new kind is a pure module in `warehouse/sessions/`, one here that reads and does, and a line.

read(tx, asking) -> view by session id: all that the kind's `ask`, `step` and `tell` want to know, for many sessions
    in a constant number of statements. With `tx.is_again` it locks first what the kind's deeds lock.
do(tx, wanted) -> for each scan what else to tell (notices), or the refusal of its first deed, which changed nothing.
    A later deed of a scan that refuses raises Collision: somebody was quicker, and the group is run again.
foresee(view, effects) -> the view as it will be once these are done, where that is certain; None: it is read again.
    So a device that was out of reach has all its picks done by one call of the deed, not by one each.
begin(tx, commands) -> for each session to be opened its subject ('' for none), or a refusal.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.deeds.scanning import (
    breaking,
    counting,
    packing,
    picking,
    putting_away,
    putting_back,
    receiving,
    returning,
    sorting,
    transferring,
)
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.warehouse.sessions import (
    count,
    damage,
    load,
    pack,
    pick,
    pick_steps,
    put_away,
    put_back,
    receive,
    returns,
    sort,
    unload,
)
from orderwright.business.warehouse.sessions.forms import Instruction, Notice, OpenSession
from orderwright.business.warehouse.sessions.steps import State, Stepped, Told
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def unforeseen(view: Any, effects: Sequence[Any]) -> None:
    """What becomes of a view is always read again."""


class Kind(NamedTuple):
    """One kind of session: its pure half, then the half that reads and does."""

    state: type[State]
    ask: Callable[[Any, Any], Instruction]
    step: Callable[[Any, Told, Any], Stepped]
    tell: Callable[[Any, Any], tuple[Any, list[Notice]]]
    begin: Callable[[Tx, Sequence[OpenSession]], list[str | Refusal]]
    read: Callable[[Tx, Sequence[Asking]], dict[str, Any]]
    do: Callable[[Tx, Sequence[Wanted]], list[list[Notice] | Refusal]]
    foresee: Callable[[Any, Sequence[Any]], Any] = unforeseen


KINDS: Mapping[str, Kind] = {
    "pick": Kind(
        pick.PickState, pick.ask, pick_steps.step, pick.tell, picking.begin, picking.read, picking.do,
        pick_steps.foresee,
    ),
    "sort": Kind(sort.SortState, sort.ask, sort.step, sort.tell, sorting.begin, sorting.read, sorting.do),
    "pack": Kind(pack.PackState, pack.ask, pack.step, pack.tell, packing.begin, packing.read, packing.do),
    "put_back": Kind(
        put_back.PutBackState, put_back.ask, put_back.step, put_back.tell, putting_back.begin, putting_back.read,
        putting_back.do,
    ),
    "count": Kind(count.CountState, count.ask, count.step, count.tell, counting.begin, counting.read, counting.do),
    "receive": Kind(
        receive.ReceiveState, receive.ask, receive.step, receive.tell, receiving.begin, receiving.read, receiving.do
    ),
    "put_away": Kind(
        put_away.PutAwayState, put_away.ask, put_away.step, put_away.tell, putting_away.begin, putting_away.read,
        putting_away.do,
    ),
    "load": Kind(
        load.LoadState, load.ask, load.step, load.tell, transferring.begin_loading, transferring.read_loading,
        transferring.do_loading,
    ),
    "unload": Kind(
        unload.UnloadState, unload.ask, unload.step, unload.tell, transferring.begin_receiving,
        transferring.read_receiving, transferring.do_receiving,
    ),
    "return": Kind(
        returns.ReturnState, returns.ask, returns.step, returns.tell, returning.begin, returning.read, returning.do
    ),
    "damage": Kind(
        damage.DamageState, damage.ask, damage.step, damage.tell, breaking.begin, breaking.read, breaking.do
    ),
}  # fmt: skip
"""By the word that opens a session of the kind."""
