"""What a bench knows when it closes parcels: cartons, weights learned, who packs, what is to be checked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.deeds.floor import Work
from orderwright.business.deeds.packing.advice import advised_codes, read_shelf
from orderwright.business.deeds.packing.checks import other_packer, read_risks, read_unmeasured
from orderwright.business.deeds.packing.goods import read_goods
from orderwright.business.deeds.packing.totes import Content, Tote, pieces
from orderwright.business.shipping.forms import Pack, ParcelForm, weight_findings
from orderwright.business.shipping.packing.cartons import cartons_of
from orderwright.business.shipping.packing.checking import StoredRisk, claims_of
from orderwright.business.shipping.packing.photos import photographed
from orderwright.business.shipping.packing.risk import Check, Met, missing_of
from orderwright.business.shipping.packing.settings import CHECKS_BIND
from orderwright.business.shipping.packing.weighings import learned_units, packagings
from orderwright.business.shipping.rules import (
    Learned,
    OffWeight,
    Packaging,
    Piece,
    expected_weight_g,
    weight_problem,
)
from orderwright.business.warehouse.cartons.model import Carton
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.findings import refusal_of
from orderwright.values.refusal import Refusal

ADVISED_UNITS_MAX = 12
ADVISED_MAX = 50
"""Plans made while packing, at most: each takes some milliseconds."""


class Filled(NamedTuple):
    """A parcel about to be made. carton: its kind, named by the packer or as advised."""

    contents: list[Content]
    pieces: list[Piece]
    weight_g: int
    expected_g: int
    problem: OffWeight | None
    is_weighed: bool
    carton: str | None
    is_named: bool
    scanned: Mapping[str, int]
    checked: Check


class Bench(NamedTuple):
    """What is known while parcels are filled."""

    cartons: Mapping[str, Carton]
    packagings: Mapping[str, Packaging]
    learned: Mapping[str, Learned]
    risks: Mapping[str, StoredRisk]
    claims: Mapping[str, Any]
    advised: Mapping[str, tuple[str, ...]]
    photographed: frozenset[str]
    unmeasured: Mapping[str, list[str]]
    checks_bind: bool


def read_bench(tx: Tx, commands: Sequence[Pack], work: Mapping[str, Work], totes: Mapping[str, Tote]) -> Bench:
    """What a bench knows for these commands, in a constant number of statements."""
    named = {form.carton for each in commands for form in each.parcels if form.carton}
    active = cartons_of(tx)
    cartons = {**active, **(cartons_of(tx, named - active.keys()) if named - active.keys() else {})}
    is_weighed = any(form.told_g is not None for each in commands for form in each.parcels)
    skus = {sku for tote in totes.values() for sku in tote.skus} if is_weighed else set()
    binds = value_of(tx, CHECKS_BIND)
    return Bench(
        cartons, packagings(tx, cartons), learned_units(tx, skus), read_risks(tx, work), claims_of(tx, work),
        _advised(tx, commands, totes, active), photographed(tx, work), read_unmeasured(tx, work) if cartons else {},
        binds,
    )  # fmt: skip


def _advised(
    tx: Tx, commands: Iterable[Pack], totes: Mapping[str, Tote], cartons: Mapping[str, Carton]
) -> dict[str, tuple[str, ...]]:
    """The cartons advised for what is packed whole and without a word about its carton: few, and of few units.

    A plan of many units takes seconds, which no transaction has: there the packer says what they took.
    """
    asked = [
        each.fulfilment_id
        for each in commands
        if each.fulfilment_id in totes and cartons and not totes[each.fulfilment_id].to_pick
        and totes[each.fulfilment_id].left <= ADVISED_UNITS_MAX and _takes_advice(each.parcels or [ParcelForm()])
    ][:ADVISED_MAX]  # fmt: skip
    if not asked:
        return {}
    shelf = read_shelf(tx)
    return advised_codes(tx, list(read_goods(tx, asked).values()), shelf)


def _takes_advice(parcels: Sequence[ParcelForm]) -> bool:
    [*others, last] = parcels
    return not others and not last.lines and not last.carton and not last.own_packing


def fill(work: Work | None, tote: Tote | None, command: Pack, bench: Bench) -> list[Filled] | Refusal:
    """The parcels of a command, taken out of the tote; all of them, or a refusal and none."""
    if work is None or tote is None:
        return Refusal("not_found", fulfilment_id=command.fulfilment_id)
    if findings := [each for i, form in enumerate(command.parcels) for each in weight_findings(form, f"/parcels/{i}")]:
        return refusal_of(findings)
    if work.is_held:
        return Refusal("order_held", number=work.order_number)
    if not tote.left:
        return Refusal("nothing_to_pack", state=work.state)
    if refusal := other_packer(bench.claims, {}, work.id, command.packer):
        return refusal
    mark = tote.mark()
    filled: list[Filled] = []
    for form in command.parcels or [ParcelForm()]:
        parcel = _fill_one(work, tote, form, command, bench)
        if isinstance(parcel, Refusal):
            tote.undo(mark)
            return parcel
        filled.append(parcel)
    return filled


def _fill_one(work: Work, tote: Tote, form: ParcelForm, command: Pack, bench: Bench) -> Filled | Refusal:
    if form.lines:
        contents = tote.take(form.lines)
    elif tote.to_pick:
        return Refusal("still_to_pick", units=tote.to_pick)
    else:
        contents = tote.everything()
    if isinstance(contents, Refusal):
        return contents
    if not contents:
        return Refusal("nothing_to_pack", units=0)
    if form.carton and form.carton not in bench.cartons:
        return Refusal("unknown_carton", carton=form.carton, cartons=sorted(bench.cartons))
    by_sku = pieces(contents, bench.learned)
    carton = form.carton or _advised_one(work.id, bench)
    # A carton nobody named may be another one: what it weighs is then no reason to stop.
    packaging = bench.packagings.get(form.carton)
    expected = expected_weight_g(by_sku, packaging)
    told = form.told_g
    others = [each for each in bench.packagings.values() if each.carton != form.carton]
    problem = None if told is None else weight_problem(by_sku, told, packaging, others)
    if problem and not command.confirm:
        return Refusal("weight_off", **problem.facts())
    scanned: dict[str, int] = {}
    for each in form.scanned:
        scanned[each.sku] = scanned.get(each.sku, 0) + each.quantity
    checked = _checked(work, by_sku, scanned, form, command, bench)
    if isinstance(checked, Refusal):
        return checked
    return Filled(
        contents, by_sku, expected if told is None else told, expected, problem, told is not None,
        None if form.own_packing else carton or None, bool(form.carton), scanned, checked,
    )  # fmt: skip


def _advised_one(fulfilment_id: str, bench: Bench) -> str:
    codes = bench.advised.get(fulfilment_id, ())
    return codes[0] if len(codes) == 1 else ""


def _checked(
    work: Work, by_sku: Sequence[Piece], scanned: Mapping[str, int], form: ParcelForm, command: Pack, bench: Bench
) -> Check | Refusal:
    """The check that was asked for and is met, or a refusal naming what is missing."""
    units = {piece.sku: piece.units for piece in by_sku}
    for sku, count in sorted(scanned.items()):
        if count > units.get(sku, 0):
            return Refusal("pack_quantity", sku=sku, asked=count, picked=units.get(sku, 0))
    risk = bench.risks[work.id]
    if not (bench.checks_bind or command.is_guided):
        return "none"
    has_photo = work.id in bench.photographed
    met = Met(units, scanned, form.told_g is not None, has_photo, command.packer, command.checked_by)
    if missing := missing_of(risk.check, met):
        return Refusal(
            "check_needed", number=work.order_number, check=risk.check, score=risk.score, reasons=dict(risk.reasons),
            missing=missing,
        )  # fmt: skip
    return risk.check
