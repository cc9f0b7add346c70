"""A round of scans: pick tasks under their locked orders, and what the scans change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.orders.actions import Delta, move_units, refresh_states
from orderwright.business.routing.actions import advance_allocations, refresh_fulfilments
from orderwright.business.routing.rules import Progress
from orderwright.business.stock.actions import Move
from orderwright.business.stock.actions import move_units as move_stock
from orderwright.business.warehouse.days import site_days
from orderwright.business.warehouse.facts import UnitsPicked
from orderwright.business.warehouse.pick_tasks import PickTask, fulfilments_of_tasks, save_tasks, tasks_by_id
from orderwright.business.warehouse.places import expiries, place_ids
from orderwright.business.warehouse.rules import is_past_date
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id


class _Told(NamedTuple):
    """Picks of one fulfilment that one person told of one moment make one fact."""

    fulfilment_id: str
    actor: str
    occurred_at: datetime


class PickRound:
    """The tasks of a call. Scans change them here, one after the other; `write` writes all of it at once."""

    def __init__(self, tx: Tx, task_ids: Iterable[str]) -> None:
        asked = [id_ for id_ in task_ids if is_id(id_)]
        self._tx = tx
        self.work: Mapping[str, Work] = lock_work(tx, fulfilments_of_tasks(tx, asked))
        self.tasks = tasks_by_id(tx, asked)
        self.states = {id_: each.state for id_, each in self.work.items()}
        sites = {each.site for each in self.work.values()}
        self._today = site_days(tx, sites)
        self._expiries = expiries(tx, [(task.sku, task.lot) for task in self.tasks.values()])
        self.places = place_ids(tx, [(s, code) for s in sites for code in ("PACKING", "LOST", "QUARANTINE")])
        self._changed: dict[str, PickTask] = {}
        self._moves: list[Move] = []
        self._picked: dict[tuple[str, str], int] = {}
        self._told: dict[_Told, list[tuple[str, str, str, int]]] = {}

    def site_of(self, task: PickTask) -> str:
        """The site a task is walked at."""
        return self.work[task.fulfilment_id].site

    def expired_on(self, task: PickTask) -> date | None:
        """The date the task's lot has passed, or None while it may be sent."""
        expires_on = self._expiries.get((task.sku, task.lot))
        return expires_on if is_past_date(expires_on, self._today[self.site_of(task)]) else None

    def take(self, task: PickTask, total: int, actor: str, occurred_at: datetime | None) -> None:
        """The picker has `total` units of the task by now, which is more than before."""
        units = total - task.picked
        task.picked = total
        task.picker = actor
        if task.picked == task.quantity:
            task.state = "done"
        self._changed[task.id] = task
        packing = self.places[self.site_of(task), "PACKING"]
        self._moves.append(
            Move(task.sku, task.lot, task.place_id, packing, units, "pick", f"pick:{task.id}", total, actor,
                 uncommits=units, occurred_at=occurred_at)
        )  # fmt: skip
        key = (task.fulfilment_id, task.demand_id)
        self._picked[key] = self._picked.get(key, 0) + units
        told = _Told(task.fulfilment_id, actor, occurred_at or self._tx.now)
        self._told.setdefault(told, []).append((task.id, task.sku, task.lot, units))

    def end_short(self, task: PickTask, actor: str) -> None:
        """Nothing more will be picked for the task."""
        task.state = "short"
        task.picker = actor
        self._changed[task.id] = task

    def write(self) -> None:
        """Move units from their bins into packing, and everything that counts them."""
        tx = self._tx
        save_tasks(tx, self._changed.values())
        move_stock(tx, self._moves)
        deltas: dict[str, Delta] = {}
        for (_, demand_id), units in self._picked.items():
            so_far = deltas.get(demand_id, Delta()).picked
            deltas[demand_id] = Delta(allocated=-so_far - units, picked=so_far + units)
        move_units(tx, deltas)
        advance_allocations(tx, {key: Progress(-units, units, 0, 0) for key, units in self._picked.items()})
        self.refresh({each.fulfilment_id for each in self._told})

    def refresh(self, fulfilment_ids: Iterable[str]) -> None:
        """Bring the states of fulfilments and their orders up to date."""
        changed = sorted(set(fulfilment_ids))
        if changed:
            self.states.update(refresh_fulfilments(self._tx, changed))
            refresh_states(self._tx, {self.work[id_].order_id for id_ in changed})

    def tell(self) -> None:
        """Record what was picked."""
        for told, picks in self._told.items():
            is_complete = self.states[told.fulfilment_id] not in ("planned", "released")
            fact = UnitsPicked(picks=picks, is_complete=is_complete)
            self._tx.record("fulfilment", told.fulfilment_id, fact, actor=told.actor, occurred_at=told.occurred_at)
