"""Recalling: released work nobody has begun is planned again, so that its way of picking and its site can change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.routing.actions import mark_planned, refresh_fulfilments
from orderwright.business.warehouse.actions import cancel_picks
from orderwright.business.warehouse.days import take_from_days
from orderwright.business.warehouse.facts import FulfilmentRecalled
from orderwright.business.warehouse.forms import Recall, Recalled
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def recall_fulfilments(tx: Tx, commands: Sequence[Recall]) -> list[Recalled | Refusal]:
    """Take released fulfilments back from the floor; one `Recalled` or Refusal per command.

    Their pick tasks end, their bins are free for others, and the site's day has room for them again; the gate lets
    them out in their turn. Planned already: answers as it stands. Refuses not_found, fulfilment_step (picked or
    beyond), work_begun (a unit is picked, or the walk it is on has its picker).
    """
    work = lock_work(tx, [each.fulfilment_id for each in commands])
    begun = _begun(tx, [id_ for id_, each in work.items() if each.state == "released"])
    results: list[Any] = []
    back: dict[str, Recall] = {}
    for command in commands:
        answer = _answer(work.get(command.fulfilment_id), command, begun)
        results.append(answer)
        if answer is None:
            back.setdefault(command.fulfilment_id, command)
    if back:
        units = _recall(tx, work, back)
        results = [
            Recalled(command.fulfilment_id, "planned", units[command.fulfilment_id]) if answer is None else answer
            for command, answer in zip(commands, results, strict=True)
        ]
    return results


class _Begun(NamedTuple):
    picked: int
    picker: str | None


def _begun(tx: Tx, fulfilment_ids: Sequence[str]) -> dict[str, _Begun]:
    """Those that are begun: units taken from their bins, and who walks for them. Claims wait for the orders' rows."""
    if not fulfilment_ids:
        return {}
    rows = tx.rows(
        """
        SELECT t.fulfilment_id::text AS id, sum(t.picked)::bigint AS picked,
               max(coalesce(CASE WHEN b.state = 'walking' THEN b.picker END, t.picker)) AS picker
        FROM pick_task t LEFT JOIN pick_batch b ON b.id = t.batch_id
        WHERE t.fulfilment_id = ANY(%(ids)s::uuid[]) AND (t.state = 'open' OR t.picked > t.taken_back)
        GROUP BY t.fulfilment_id
        """,
        ids=array(fulfilment_ids),
    )
    return {row.id: _Begun(row.picked, row.picker) for row in rows if row.picked or row.picker}


def _answer(each: Work | None, command: Recall, begun: Mapping[str, _Begun]) -> Recalled | Refusal | None:
    """None when it may be taken back."""
    if each is None:
        return Refusal("not_found", fulfilment_id=command.fulfilment_id)
    if each.state == "planned":
        return Recalled(each.id, each.state, repeated=True)
    if each.state != "released":
        return Refusal("fulfilment_step", state=each.state)
    if each.id in begun:
        return Refusal("work_begun", fulfilment_id=each.id, picked=begun[each.id].picked, picker=begun[each.id].picker)
    return None


def _recall(tx: Tx, work: Mapping[str, Work], back: Mapping[str, Recall]) -> dict[str, int]:
    """Take them back; units by fulfilment."""
    rows = tx.rows(
        "SELECT fulfilment_id::text, demand_id::text, allocated FROM allocation"
        " WHERE fulfilment_id = ANY(%(ids)s::uuid[]) AND allocated > 0 ORDER BY fulfilment_id, demand_id",
        ids=array(sorted(back)),
    )
    cancel_picks(tx, {(row.fulfilment_id, row.demand_id): row.allocated for row in rows})
    units: dict[str, list[tuple[str, int]]] = {id_: [] for id_ in back}
    for row in rows:
        units[row.fulfilment_id].append((row.demand_id, row.allocated))
    counts = {id_: sum(count for _, count in mine) for id_, mine in units.items()}
    mark_planned(tx, back)
    refresh_fulfilments(tx, back)
    days: dict[tuple[str, datetime], tuple[int, int]] = {}
    for id_, count in counts.items():
        each = work[id_]
        if each.released_at is not None:
            orders, so_far = days.get((each.site, each.released_at), (0, 0))
            days[each.site, each.released_at] = (orders + 1, so_far + count)
    take_from_days(tx, days)
    for id_, command in back.items():
        fact = FulfilmentRecalled(order_id=work[id_].order_id, site=work[id_].site, units=units[id_])
        tx.record("fulfilment", id_, fact, actor=command.actor)
    return counts
