"""Labels, bought and taken back outside any transaction: what is asked, and what the answers change.

The classes are what tasks `buy_label` and `void_label` do; app.py gives them the carriers. Both leave at most
one effect, however often a task runs: the request of an open intent always carries the same key.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.orders.effects import give_up, tell_known
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.reads import Origin, account_of, quote
from orderwright.business.shipping import tables
from orderwright.business.shipping.facts import LabelBought, LabelRefused, LabelVoided, LabelWanted, VoidRefused
from orderwright.business.shipping.parcels import live_labels, lock_parcels
from orderwright.business.shipping.ports import BoughtLabel, Carrier, CarrierSaidNo, LabelToVoid, ParcelToShip
from orderwright.business.shipping.rules import CARRIER as CARRIER
from orderwright.business.shipping.rules import PARCEL_STEPS
from orderwright.database import intents
from orderwright.database.intents import Intent, NewIntent, Outcome
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.forms import AddressForm

BUY, VOID = "buy_label", "void_label"
WORKER = "worker"


class SaidNo(NamedTuple):
    """The carrier's refusal, as an answer."""

    said: str


class Voided(NamedTuple):
    """The carrier took the label back."""

    key: str


class Purchase(msgspec.Struct, frozen=True):
    """What the intent of a purchase keeps: nothing of people. transit_days: delivery days on the way."""

    service: str
    weight_g: int
    transit_days: int


def open_intents(tx: Tx, kind: str, parcel_ids: Sequence[str]) -> dict[str, Intent]:
    """The purchase or take-back whose outcome is awaited, by parcel."""
    found = intents.list_of(tx, kind, parcel_ids)
    return {
        parcel_id: mine[-1] for parcel_id, mine in found.items() if mine[-1].state in intents.OPEN
    }  # fmt: skip


class BuyLabels:
    """Buying labels for packed parcels."""

    def __init__(self, carriers: Mapping[str, Carrier]) -> None:
        self._carriers = carriers

    def start(self, tx: Tx, tasks: Sequence[Task]) -> list[ParcelToShip | None]:
        """What to ask the carriers; None where a parcel needs no label any more."""
        parcels = lock_parcels(tx, [task.subject for task in tasks])
        wanted = open_intents(tx, BUY, list(parcels))
        ready = {
            id_: intent for id_, intent in wanted.items() if (parcels[id_].state, BUY) in PARCEL_STEPS
        }  # fmt: skip
        intents.mark_calling(tx, [intent.id for intent in ready.values()])
        requests = _requests(tx, ready)
        return [requests.get(task.subject) for task in tasks]

    def call(self, request: ParcelToShip) -> BoughtLabel | SaidNo:
        """Ask the carrier once."""
        try:
            return self._carriers[request.carrier].buy_label(request)
        except CarrierSaidNo as no:
            return SaidNo(str(no))

    def ask(self, request: ParcelToShip) -> BoughtLabel | None:
        """Whether a purchase whose answer never came was made all the same."""
        return self._carriers[request.carrier].find_label(request)

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[BoughtLabel | SaidNo]) -> None:
        """Keep the labels that were bought; a carrier's no opens label_failed."""
        parcels = lock_parcels(tx, [task.subject for task in tasks])
        wanted = open_intents(tx, BUY, list(parcels))
        ended: list[Outcome] = []
        labels: list[tables.LabelRow] = []
        failed: list[NewException] = []
        for intent, answer in intents.answered(wanted, tasks, answers):
            if isinstance(answer, SaidNo):
                ended.append(Outcome(intent.id, "failed", {"said": answer.said}))
                failed.append(_failure(intent, answer))
                fact = LabelRefused(carrier=intent.provider, intent_id=intent.id)
                tx.record("parcel", intent.subject, fact, actor=WORKER)
                continue
            label = answer._asdict()
            ended.append(Outcome(intent.id, "done", {"tracking_code": answer.tracking_code}))
            labels.append(tables.LabelRow(intent.subject, intent.id, intent.provider, **label))
            del label["content"]
            tx.record("parcel", intent.subject, LabelBought(carrier=intent.provider, **label), actor=WORKER)
        intents.end(tx, ended)
        tables.insert_labels(tx, labels)
        open_exceptions(tx, failed)
        close_exceptions(
            tx, [(label.parcel_id, "label_failed") for label in labels], actor=WORKER, resolution="label bought"
        )
        tell_known(tx, [task.subject for task in tasks])

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task died: whether the label was bought is for a person to find out, or for another try."""
        _give_up(tx, BUY, task, error)


class VoidLabels:
    """Taking labels back."""

    def __init__(self, carriers: Mapping[str, Carrier]) -> None:
        self._carriers = carriers

    def start(self, tx: Tx, tasks: Sequence[Task]) -> list[LabelToVoid | None]:
        """What to ask the carriers; None where there is no label to take back any more."""
        parcels = lock_parcels(tx, [task.subject for task in tasks])
        wanted = open_intents(tx, VOID, list(parcels))
        intents.mark_calling(tx, [intent.id for intent in wanted.values()])
        requests = {
            id_: LabelToVoid(intent.key, intent.provider, parcels[id_].tracking_code) for id_, intent in wanted.items()
        }
        return [requests.get(task.subject) for task in tasks]

    def call(self, request: LabelToVoid) -> Voided | SaidNo:
        """Ask the carrier once."""
        try:
            self._carriers[request.carrier].void_label(request)
        except CarrierSaidNo as no:
            return SaidNo(str(no))
        return Voided(request.key)

    def ask(self, request: LabelToVoid) -> Voided | None:
        """Whether a take-back whose answer never came was done all the same."""
        return Voided(request.key) if self._carriers[request.carrier].is_voided(request.key) else None

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[Voided | SaidNo]) -> None:
        """The labels are void and their parcels packed again; after a carrier's no they stay live.

        Where they were for an address the order no longer has, others are wanted at once.
        """
        parcels = lock_parcels(tx, [task.subject for task in tasks])
        wanted = open_intents(tx, VOID, list(parcels))
        ended: list[Outcome] = []
        failed: list[NewException] = []
        gone: list[str] = []
        for intent, answer in intents.answered(wanted, tasks, answers):
            if isinstance(answer, SaidNo):
                ended.append(Outcome(intent.id, "failed", {"said": answer.said}))
                failed.append(_failure(intent, answer))
                no = VoidRefused(carrier=intent.provider, intent_id=intent.id)
                tx.record("parcel", intent.subject, no, actor=WORKER)
                continue
            ended.append(Outcome(intent.id, "done", {}))
            gone.append(intent.subject)
            fact = LabelVoided(carrier=intent.provider, tracking_code=parcels[intent.subject].tracking_code)
            tx.record("parcel", intent.subject, fact, actor=WORKER)
        intents.end(tx, ended)
        stale = [id_ for id_, label in live_labels(tx, gone).items() if label.is_stale]
        tables.void_labels(tx, gone)
        _want_anew(tx, {id_: parcels[id_].order_id for id_ in stale})
        open_exceptions(tx, failed)
        close_exceptions(tx, [(id_, "label_failed") for id_ in gone], actor=WORKER, resolution="label taken back")
        tell_known(tx, [task.subject for task in tasks])

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task died: whether the label was taken back is for a person to find out, or for another try."""
        _give_up(tx, VOID, task, error)


def _give_up(tx: Tx, kind: str, task: Task, error: str) -> None:
    parcels = lock_parcels(tx, [task.subject])
    give_up(tx, [intent.id for intent in open_intents(tx, kind, list(parcels)).values()], task, error)


def _want_anew(tx: Tx, parcels: Mapping[str, str]) -> None:
    """Want labels for parcels (id -> order id) that lost theirs to another address: nobody else knows they need one."""
    if not parcels:
        return
    before, asked = intents.list_of(tx, BUY, parcels), purchases(tx, list(parcels))
    new = []
    for id_, order_id in parcels.items():
        attempt = len(before.get(id_, [])) + 1
        new.append(NewIntent(BUY, id_, order_id, CARRIER, f"label:{id_}:{attempt}", asked[id_]))
        tx.record("parcel", id_, LabelWanted(attempt=attempt), actor=WORKER)
    intents.want(tx, new)


def _failure(intent: Intent, answer: SaidNo) -> NewException:
    said = {"asked": intent.kind, "carrier": intent.provider, "said": answer.said}
    return NewException(intent.order_id, intent.subject, "label_failed", said)


def purchases(tx: Tx, parcel_ids: Sequence[str]) -> dict[str, Purchase]:
    """What to keep with the purchase of a label for each parcel; its request is made of it again when called."""
    return {
        row.id: Purchase(row.service, row.weight_g, told.transit_days if (told := _quote(tx, row)) else 0)
        for row in _rows(tx, parcel_ids)
    }  # fmt: skip


def _requests(tx: Tx, wanted: Mapping[str, Intent]) -> dict[str, ParcelToShip]:
    requests = {}
    for row in _rows(tx, list(wanted)):
        intent, told = wanted[row.id], _quote(tx, row)
        requests[row.id] = ParcelToShip(
            key=intent.key,
            carrier=intent.provider,
            number=row.number,
            service=row.service,
            weight_g=row.weight_g,
            sender=msgspec.json.decode(row.site_address, type=AddressForm),
            recipient=msgspec.json.decode(row.form, type=_ShipTo).ship_to,
            quoted_minor=told.cost_minor if told else None,
            currency=told.currency if told else "",
            account=account_of(tx, row.service),
        )
    return requests


class _ShipTo(msgspec.Struct):
    """The part of an order's form that goes on a label."""

    ship_to: AddressForm


def _rows(tx: Tx, parcel_ids: Sequence[str]) -> list[Any]:
    return tx.rows(
        """
        SELECT p.id::text, p.number, p.service, p.weight_g, o.country, o.postal_code, o.form,
               s.country AS site_country, s.latitude, s.longitude, s.address AS site_address
        FROM parcel p JOIN orders o ON o.id = p.order_id JOIN site s ON s.code = p.site
        WHERE p.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(sorted(set(parcel_ids))),
    )


def _quote(tx: Tx, row: Any) -> Any:
    origin = Origin(row.site_country, row.latitude, row.longitude)
    return quote(tx, origin, Destination(row.country, row.postal_code, row.service), row.weight_g)
