"""A round of scans: pick tasks under their locked orders, and what the scans change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.counts.explaining import explain_counts
from orderwright.business.deeds.floor import Work, lock_tasks
from orderwright.business.orders.actions import Delta, refresh_states
from orderwright.business.routing.actions import refresh_fulfilments
from orderwright.business.routing.rules import Progress
from orderwright.business.stock.actions import Move
from orderwright.business.stock.actions import move_units as move_stock
from orderwright.business.stock.coming_in import learn_lots
from orderwright.business.stock.rules import Place
from orderwright.business.warehouse.counts.rolling import want_counts_after
from orderwright.business.warehouse.facts import UnitsPicked
from orderwright.business.warehouse.pick_tasks import PickTask, save_tasks
from orderwright.business.warehouse.rules import is_past_date
from orderwright.business.warehouse.serials import holders_of, name_units, settle_units
from orderwright.business.warehouse.totes import totes_in_use
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class _Told(NamedTuple):
    """Picks of one fulfilment that one person told of one moment make one fact."""

    fulfilment_id: str
    actor: str
    occurred_at: datetime


class PickRound:
    """The tasks of a call. Scans change them here, one after the other; `write` writes all of it at once."""

    def __init__(
        self,
        tx: Tx,
        task_ids: Iterable[str],
        serials: Mapping[str, Iterable[str]] | None = None,
        totes: Iterable[tuple[str, str]] = (),
    ) -> None:
        """serials, by task, and (task, tote): those the scans of the call name."""
        self._tx = tx
        self.work: Mapping[str, Work]
        self.work, self._at_hand = lock_tasks(tx, task_ids)
        self.tasks = {id_: each.task for id_, each in self._at_hand.items()}
        self.states = {id_: each.state for id_, each in self.work.items()}
        sites = {each.site for each in self.work.values()}
        # Only who has no tote yet may be given another: totes of other people are neither read nor locked.
        self._totes = totes_in_use(tx, [
            (self.site_of(task), tote)
            for id_, tote in totes
            if tote and (task := self.tasks.get(id_)) is not None and not task.tote
        ])  # fmt: skip
        self._known = catalog_of(tx).places(
            tx, [(s, code) for s in sites for code in ("PACKING", "LOST", "QUARANTINE")]
        )
        self.places = {key: place.id for key, place in self._known.items()}
        self._named = {id_: each.named for id_, each in self._at_hand.items()}
        self._holders = holders_of(
            tx,
            [
                (self.tasks[id_].sku, each)
                for id_, named in (serials or {}).items()
                if id_ in self.tasks
                for each in named
            ],
        )
        self._units: dict[tuple[str, str], str] = {}
        self._learned: dict[tuple[str, str], date | None] = {}
        self._changed: dict[str, PickTask] = {}
        self._moves: list[Move] = []
        self._followed: list[tuple[str, int, int, int]] = []
        self._picked: dict[tuple[str, str], int] = {}
        self._told: dict[_Told, list[tuple[str, str, str, int]]] = {}

    def site_of(self, task: PickTask) -> str:
        """The site a task is walked at."""
        return self.work[task.fulfilment_id].site

    def may_go_into(self, task: PickTask, tote: str) -> bool:
        """Whether the task's units may go into a tote: its own, or one of its walk's that is for them or for all."""
        if task.tote:
            return task.tote == tote
        row = self._totes.get((self.site_of(task), tote))
        if row is None:
            return False
        return bool(
            row.fulfilment_id == task.fulfilment_id or (not row.fulfilment_id and row.batch_id == task.batch_id)
        )

    def date_refusal(self, task: PickTask, told: date | None) -> Refusal | None:
        """Why units may not be sent: their lot is past its date, or the date read on them is past or is not its."""
        at_hand = self._at_hand[task.id]
        day = at_hand.expires_on or self._learned.get((task.sku, task.lot)) or told
        if is_past_date(day, at_hand.today):
            return Refusal("lot_expired", task_id=task.id, lot=task.lot, expires_on=str(day))
        if told is not None and told != day:
            return Refusal("wrong_expiry", task_id=task.id, lot=task.lot, wanted=str(day), scanned=str(told))
        return None

    def name_refusal(self, task: PickTask, total: int, serials: Sequence[str]) -> Refusal | None:
        """Why these cannot be the serials of the units that are new with `total`: all of a task are named, or none."""
        named = self._named.get(task.id, 0)
        if not serials and not named:
            return None
        if len(serials) != total - task.picked or named != task.in_tote:
            return Refusal("serial_needed", task_id=task.id, units=total - task.picked, serials=len(serials))
        for i, serial in enumerate(serials):
            unit = (task.sku, serial)
            where = self._holders.get(unit) or ("here" if unit in self._units or serial in serials[:i] else "")
            if where:
                return Refusal("serial_elsewhere", sku=task.sku, serial=serial, where=where)
        return None

    def take(
        self, task: PickTask, total: int, actor: str, occurred_at: datetime | None, serials: Sequence[str] = ()
    ) -> None:
        """The picker has `total` units of the task by now, which is more than before. serials: of the new ones."""
        units = total - task.picked
        self._units.update(dict.fromkeys([(task.sku, serial) for serial in serials], task.id))
        self._named[task.id] = self._named.get(task.id, 0) + len(serials)
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
        if self._at_hand[task.id].has_names:
            self._followed.append((task.sku, task.place_id, packing, units))
        key = (task.fulfilment_id, task.demand_id)
        self._picked[key] = self._picked.get(key, 0) + units
        told = _Told(task.fulfilment_id, actor, occurred_at or self._tx.now)
        self._told.setdefault(told, []).append((task.id, task.sku, task.lot, units))

    def learn_date(self, task: PickTask, told: date | None) -> None:
        """The date read on units that were taken is their lot's from now on, where none was known."""
        if told is not None and task.lot and self._at_hand[task.id].expires_on is None:
            self._learned[task.sku, task.lot] = told

    def end_short(self, task: PickTask, actor: str) -> None:
        """Nothing more will be picked for the task."""
        task.state = "short"
        task.picker = actor
        self._changed[task.id] = task

    def write(self) -> None:
        """Move units from their bins into packing, and everything that counts them."""
        tx = self._tx
        save_tasks(tx, self._changed.values())
        learn_lots(tx, self._learned)  # before what lies anywhere is locked, as everybody does
        left = move_stock(tx, self._moves, self._places_of_moves())
        want_counts_after(
            tx, [(each.sku, each.from_place_id, each.quantity, left[each.sku, each.from_place_id, each.lot])
                 for each in self._moves]
        )  # fmt: skip
        deltas: dict[str, dict[str, Delta]] = {}
        for (fulfilment_id, demand_id), units in self._picked.items():
            mine = deltas.setdefault(self.work[fulfilment_id].order_id, {})
            so_far = mine.get(demand_id, Delta()).picked
            mine[demand_id] = Delta(allocated=-so_far - units, picked=so_far + units)
        progress = {key: Progress(-units, units, 0, 0) for key, units in self._picked.items()}
        self.states.update(refresh_fulfilments(tx, {id_ for id_, _ in self._picked}, progress))
        refresh_states(tx, deltas, deltas)
        name_units(tx, self._units)
        settle_units(tx, self._followed)
        explain_counts(tx, self._moves)

    def _places_of_moves(self) -> dict[int, Place]:
        """The bins units leave and the packing places they go to."""
        return {place.id: Place(*place[:4]) for place in self._known.values()} | {
            each.task.place_id: Place(each.task.place_id, self.site_of(each.task), each.bin_code, each.bin_kind)
            for each in self._at_hand.values()
        }

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
