"""Following parcels: what carriers scan, and what it means for orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.actions import (
    Delta,
    NewException,
    close_exceptions,
    lock_orders,
    move_units,
    open_exceptions,
    refresh_states,
)
from orderwright.business.orders.buyers import of_erased
from orderwright.business.returns.labels import orders_on_way_back
from orderwright.business.shipping.facts import OrderDelivered, ParcelDelivered, ParcelLost, TrackingRecorded
from orderwright.business.shipping.forms import Tracked, TrackingEvent
from orderwright.business.shipping.parcels import (
    lines_of,
    lock_parcels,
    orders_of,
    set_delivered,
    set_states,
    units_by_position,
)
from orderwright.business.shipping.rules import heard
from orderwright.business.shipping.scans import EventRow, insert_events, parcels_by_code
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


class Arrival(NamedTuple):
    """A parcel arrived, as a scan says and somebody brought it."""

    event_id: str
    occurred_at: datetime
    actor: str


def record_tracking(tx: Tx, commands: Sequence[TrackingEvent]) -> list[Tracked | Refusal]:
    """Keep scans and do what they mean; one `Tracked` or Refusal per command, done in the order they happened.

    A scan is known by (carrier, external_id) and counts once: again is `repeated`. One that fits no parcel of
    ours is kept all the same. Delivered stays delivered whatever comes later; delivered before it was handed
    over opens an exception and counts when it is. Of somebody erased no words are kept. Refuses malformed (a text
    no database can hold).
    """
    results: list[Any] = [_malformed(each) for each in commands]
    sound = [i for i, refusal in enumerate(results) if refusal is None]
    if not sound:
        return results
    told = [commands[i] for i in sound]
    owners, homes = _owners(tx, told)
    lock_orders(tx, filter(None, homes))
    erased = of_erased(tx, {home for home in homes if home})
    parcels = lock_parcels(tx, filter(None, owners))
    events = {
        i: _row(commands[i], id_, owner, home in erased)
        for i, id_, owner, home in zip(sound, new_ids(len(sound)), owners, homes, strict=True)
    }
    fresh = insert_events(tx, _first_of_each(events))
    new = sorted((i for i in sound if events[i].id in fresh), key=lambda i: (events[i].occurred_at, i))
    states = _hear(tx, parcels, [(events[i], commands[i].actor) for i in new])
    for i in sound:
        owner = events[i].parcel_id
        state = None if owner is None else states.get(owner, parcels[owner].state)
        results[i] = Tracked(events[i].external_id, owner, state, repeated=events[i].id not in fresh)
    return results


def record_scans(tx: Tx, tasks: Sequence[Task]) -> None:
    """What task `practice_scan` does: the scan that was told in advance happens now."""
    record_tracking(tx, [msgspec.convert(task.body, TrackingEvent) for task in tasks])


def _malformed(command: TrackingEvent) -> Refusal | None:
    findings = list(text_findings(command))
    return refusal_of(findings) if findings else None


def _owners(tx: Tx, commands: Sequence[TrackingEvent]) -> tuple[list[str | None], list[str]]:
    """The parcel each scan belongs to, and the order it is about, going out or coming back; '' where it is not ours.

    Codes are used again: of parcels and returns that have its code a scan is of the latest labelled before it happened.
    """
    known = parcels_by_code(tx, [(each.carrier, each.tracking_code) for each in commands])
    ways = orders_on_way_back(tx, [(each.carrier, each.tracking_code, each.occurred_at) for each in commands])
    owners: list[str | None] = []
    for i, each in enumerate(commands):
        rows, way = known.get((each.carrier, each.tracking_code), []), ways.get(i)
        before = [row for row in rows if row.labelled_at <= each.occurred_at]
        if way is not None and not (before and before[0].labelled_at > way.made_at):
            owners.append(None)
            continue
        # A carrier's clock may be behind ours: what happened before any label belongs to the first.
        chosen = before[0] if before else rows[-1] if rows else None
        owners.append(chosen.id if chosen else None)
    out = orders_of(tx, filter(None, owners))
    return owners, [out[owner][0] if owner else ways[i].order_id if i in ways else "" for i, owner in enumerate(owners)]


def _row(command: TrackingEvent, id_: str, owner: str | None, is_erased: bool) -> EventRow:
    """A scan to be kept; of somebody erased without the carrier's words."""
    detail, raw = ("", "{}") if is_erased else (command.detail, command.raw)
    return EventRow(
        id_, command.carrier, command.external_id, owner, command.tracking_code, command.milestone, detail, raw,
        command.occurred_at,
    )  # fmt: skip


def _first_of_each(events: Mapping[int, EventRow]) -> list[EventRow]:
    first: dict[tuple[str, str], EventRow] = {}
    for _, event in sorted(events.items()):
        first.setdefault((event.carrier, event.external_id), event)
    return list(first.values())


def _hear(tx: Tx, parcels: Mapping[str, Any], events: Sequence[tuple[EventRow, str]]) -> dict[str, str]:
    """Do what scans mean, in the order they happened; the states of their parcels since."""
    states: dict[str, str] = {}
    arrived: dict[str, Arrival] = {}
    lost: dict[str, str] = {}
    opened: list[NewException] = []
    for event, actor in events:
        if event.parcel_id is None:
            continue
        parcel = parcels[event.parcel_id]
        means = heard(states.get(parcel.id, parcel.state), event.milestone)
        if means.deed == "deliver":
            states[parcel.id] = "delivered"
            arrived[parcel.id] = Arrival(event.id, event.occurred_at, actor)
        elif means.deed == "lose":
            states[parcel.id] = lost[parcel.id] = "lost"
            tx.record("parcel", parcel.id, ParcelLost(event_id=event.id), actor=actor, occurred_at=event.occurred_at)
        else:
            fact = TrackingRecorded(event_id=event.id, milestone=event.milestone)
            tx.record("parcel", parcel.id, fact, actor=actor, occurred_at=event.occurred_at)
        said = {"number": parcel.number, "milestone": event.milestone, "detail": event.detail}
        opened += [NewException(parcel.order_id, parcel.id, kind, said) for kind in means.opens]
    set_states(tx, lost)
    open_exceptions(tx, opened)
    deliver(tx, arrived)
    return states


def deliver(tx: Tx, arrived: Mapping[str, Arrival]) -> None:
    """Parcels arrived, by id. They are shipped or lost, and their orders' rows are locked by the caller."""
    if not arrived:
        return
    parcels = lock_parcels(tx, arrived)
    lines = lines_of(tx, arrived)
    deltas: dict[str, Delta] = {}
    for mine in lines.values():
        for row in mine:
            deltas[row.demand_id] = Delta(delivered=deltas.get(row.demand_id, Delta()).delivered + row.quantity)
    move_units(tx, deltas)
    set_delivered(tx, {id_: each.occurred_at for id_, each in arrived.items()})
    states = refresh_states(tx, {each.order_id for each in parcels.values()})
    closes = heard("shipped", "delivered").closes
    close_exceptions(tx, [(id_, kind) for id_ in arrived for kind in closes], actor="carrier", resolution="delivered")
    for id_, (event_id, at, actor) in arrived.items():
        parcel = parcels[id_]
        fact = ParcelDelivered(event_id=event_id, was_lost=parcel.state == "lost")
        tx.record("parcel", id_, fact, actor=actor, occurred_at=at)
        told = OrderDelivered(parcel_id=id_, units=units_by_position(lines[id_]), state=states[parcel.order_id])
        tx.record("order", parcel.order_id, told, actor=actor, occurred_at=at)
