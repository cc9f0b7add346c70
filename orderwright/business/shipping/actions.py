"""What is asked of a parcel before it leaves: a label, the label taken back, another look at the scale."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.business.shipping.facts import LabelVoidWanted, LabelWanted, ParcelWeighed
from orderwright.business.shipping.forms import ParcelNow, VoidLabel, WantLabel, Weigh, weight_findings
from orderwright.business.shipping.labels import BUY, VOID, open_intents, purchases
from orderwright.business.shipping.packing.cartons import cartons_of
from orderwright.business.shipping.packing.weighings import Weighed, keep_weighings, learned_units, packagings
from orderwright.business.shipping.parcels import live_labels, lock_parcels, set_weights
from orderwright.business.shipping.rules import CARRIER, PARCEL_STEPS, OffWeight, Piece, weight_problem
from orderwright.database import intents
from orderwright.database.intents import NewIntent
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.refusal import Refusal


def want_first_labels(tx: Tx, parcels: Mapping[str, str]) -> None:
    """Write the first label purchase of parcels (id -> order id) just packed; that fact leads to the task."""
    _want(tx, [(parcel_id, order_id, 1) for parcel_id, order_id in parcels.items()])


def want_labels(tx: Tx, commands: Sequence[WantLabel]) -> list[ParcelNow | Refusal]:
    """Ask for labels; one `ParcelNow` or Refusal per command, `is_pending` until the carrier answered.

    One that is bought or being bought already answers `repeated`; one whose task gave up gets another, under
    the same key. Refuses not_found, parcel_step (unpacked).
    """
    parcels = lock_parcels(tx, [each.parcel_id for each in commands])
    before = intents.list_of(tx, BUY, parcels)
    results: list[Any] = []
    wanted: list[tuple[str, str, int]] = []
    again: dict[str, str] = {}
    for command in commands:
        parcel = parcels.get(command.parcel_id)
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=command.parcel_id))
        elif parcel.state == "unpacked":
            results.append(Refusal("parcel_step", state=parcel.state))
        elif (parcel.state, BUY) not in PARCEL_STEPS:
            results.append(_now(parcel, repeated=True))
        elif parcel.id not in again and (lost := _given_up(before, parcel.id)):
            again[parcel.id] = lost.id
            tx.record("parcel", parcel.id, LabelWanted(attempt=len(before[parcel.id])), actor=command.actor)
            results.append(_now(parcel, is_pending=True))
        elif _is_open(before.get(parcel.id, [])) or any(id_ == parcel.id for id_, _, _ in wanted):
            results.append(_now(parcel, is_pending=True, repeated=True))
        else:
            attempt = len(before.get(parcel.id, [])) + 1
            wanted.append((parcel.id, parcel.order_id, attempt))
            tx.record("parcel", parcel.id, LabelWanted(attempt=attempt), actor=command.actor)
            results.append(_now(parcel, is_pending=True))
    _want(tx, wanted)
    intents.want_again(tx, again.values())
    return results


def _given_up(before: Mapping[str, Sequence[intents.Intent]], parcel_id: str) -> intents.Intent | None:
    """The latest intent of a parcel when its task gave up on it."""
    mine = before.get(parcel_id, ())
    return mine[-1] if mine and mine[-1].state == "unknown" else None


def _is_open(mine: Sequence[intents.Intent]) -> bool:
    return bool(mine) and mine[-1].state in intents.OPEN


def _want(tx: Tx, wanted: Sequence[tuple[str, str, int]]) -> None:
    if not wanted:
        return
    asked = purchases(tx, [parcel_id for parcel_id, _, _ in wanted])
    intents.want(
        tx,
        [
            NewIntent(BUY, parcel_id, order_id, CARRIER, f"label:{parcel_id}:{attempt}", asked[parcel_id])
            for parcel_id, order_id, attempt in wanted
        ],
    )


def void_labels(tx: Tx, commands: Sequence[VoidLabel]) -> list[ParcelNow | Refusal]:
    """Ask for labels to be taken back; one `ParcelNow` or Refusal per command, `is_pending` until the answer.

    Asked again, it is `repeated`, or tried once more if its task gave up.
    Refuses not_found, no_label, label_pending (it is being bought), parcel_step (it left).
    """
    ids = [each.parcel_id for each in commands]
    parcels = lock_parcels(tx, ids)
    labels = live_labels(tx, parcels)
    before = intents.list_of(tx, VOID, parcels)
    buying = open_intents(tx, BUY, list(parcels))
    results: list[Any] = []
    new: list[NewIntent] = []
    again: dict[str, str] = {}
    for command in commands:
        parcel = parcels.get(command.parcel_id)
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=command.parcel_id))
        elif parcel.id in buying:
            results.append(Refusal("label_pending", number=parcel.number))
        elif parcel.state in ("packed", "unpacked"):
            results.append(Refusal("no_label", number=parcel.number))
        elif (parcel.state, VOID) not in PARCEL_STEPS:
            results.append(Refusal("parcel_step", state=parcel.state))
        elif parcel.id not in again and (lost := _given_up(before, parcel.id)):
            again[parcel.id] = lost.id
            fact = LabelVoidWanted(tracking_code=parcel.tracking_code)
            tx.record("parcel", parcel.id, fact, actor=command.actor)
            results.append(_now(parcel, is_pending=True))
        elif _is_open(before.get(parcel.id, [])) or any(each.subject == parcel.id for each in new):
            results.append(_now(parcel, is_pending=True, repeated=True))
        else:
            label = labels[parcel.id]
            # A take-back that was refused may be asked for again, under a key of its own.
            key = f"void:{label.id}:{len(before.get(parcel.id, [])) + 1}"
            new.append(NewIntent(VOID, parcel.id, parcel.order_id, label.carrier, key, {"label": label.id}))
            tx.record("parcel", parcel.id, LabelVoidWanted(tracking_code=label.tracking_code), actor=command.actor)
            results.append(_now(parcel, is_pending=True))
    intents.want(tx, new)
    intents.want_again(tx, again.values())
    return results


def weigh(tx: Tx, commands: Sequence[Weigh]) -> list[ParcelNow | Refusal]:
    """Keep what parcels weigh by the scale; one `ParcelNow` or Refusal per command.

    Refuses not_found, malformed (no weight, or two), parcel_step (it has its label, or left), label_pending, and
    weight_off (what explains it) unless confirmed; a confirmed weight that does not fit opens an exception, one that
    fits closes it and teaches what things weigh.
    """
    parcels = lock_parcels(tx, [each.parcel_id for each in commands])
    contents = pieces_of(tx, parcels)
    cartons = cartons_of(tx)
    known = packagings(tx, cartons)
    buying = open_intents(tx, BUY, list(parcels))
    results: list[Any] = []
    weights: dict[str, int] = {}
    verdicts: dict[str, OffWeight | None] = {}
    for command in commands:
        parcel, told_g = parcels.get(command.parcel_id), command.told_g
        if parcel is None:
            results.append(Refusal("not_found", parcel_id=command.parcel_id))
            continue
        findings = list(weight_findings(command))
        if told_g is None:
            findings.append(Finding("/weight_g", "weight", "Say what the scale shows."))
        if findings or told_g is None:
            results.append(refusal_of(findings))
            continue
        others = [each for each in known.values() if each.carton != parcel.carton]
        problem = weight_problem(contents.get(parcel.id, []), told_g, known.get(parcel.carton), others)
        if parcel.state != "packed":
            results.append(Refusal("parcel_step", state=parcel.state))
        elif parcel.id in buying and buying[parcel.id].state != "wanted":
            results.append(Refusal("label_pending", number=parcel.number))
        elif problem and not command.confirm:
            results.append(Refusal("weight_off", number=parcel.number, **problem.facts()))
        else:
            fact = ParcelWeighed(weight_g=told_g, before_g=weights.get(parcel.id, parcel.weight_g))
            tx.record("parcel", parcel.id, fact, actor=command.actor)
            weights[parcel.id], verdicts[parcel.id] = told_g, problem
            results.append(_now(parcel._replace(weight_g=told_g)))
    set_weights(tx, weights)
    fits = [parcel_id for parcel_id, problem in verdicts.items() if problem is None]
    keep_weighings(tx, [
        Weighed(id_, parcels[id_].site, parcels[id_].carton, contents.get(id_, []), weights[id_]) for id_ in fits
    ], known)  # fmt: skip
    close_exceptions(tx, [(id_, "weight_off") for id_ in fits], actor="scale", resolution="weighed again")
    tell_off_weights(tx, {id_: (parcels[id_].order_id, problem) for id_, problem in verdicts.items() if problem})
    return results


def tell_off_weights(tx: Tx, off: Mapping[str, tuple[str, OffWeight]]) -> None:
    """Open weight_off for parcels (id -> order id and what is off) whose weight was confirmed all the same."""
    open_exceptions(
        tx, [NewException(order_id, id_, "weight_off", problem.facts()) for id_, (order_id, problem) in off.items()]
    )


def pieces_of(tx: Tx, parcels: Mapping[str, Any]) -> dict[str, list[Piece]]:
    """What parcels hold, with the weights the catalogue knows and weighings taught, by parcel."""
    rows = tx.rows(
        "SELECT l.parcel_id::text, l.sku, p.weight_g, sum(l.quantity)::bigint AS units"
        " FROM parcel_line l JOIN product p ON p.sku = l.sku WHERE l.parcel_id = ANY(%(ids)s::uuid[])"
        " GROUP BY l.parcel_id, l.sku, p.weight_g ORDER BY l.parcel_id, l.sku",
        ids=array(parcels),
    )
    learned = learned_units(tx, {row.sku for row in rows})
    found: dict[str, list[Piece]] = {}
    for row in rows:
        piece = Piece(row.sku, row.weight_g, row.units, learned.get(row.sku))
        found.setdefault(row.parcel_id, []).append(piece)
    return found


def _now(parcel: Any, *, is_pending: bool = False, repeated: bool = False) -> ParcelNow:
    return ParcelNow(
        parcel.id, parcel.number, parcel.state, parcel.weight_g, parcel.carrier, parcel.tracking_code,
        is_pending=is_pending, repeated=repeated,
    )  # fmt: skip
