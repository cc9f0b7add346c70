"""How a fulfilment is packed: which cartons, how they are filled, what goes in besides, and what packers did before."""

from collections.abc import Mapping, Sequence, Set
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.deeds.packing.checks import read_risks
from orderwright.business.deeds.packing.goods import Goods, read_goods
from orderwright.business.routing.reads import parcel_tariff, rate_card
from orderwright.business.shipping.packing.cartons import cartons_of, missing_cartons
from orderwright.business.shipping.packing.checking import claims_of
from orderwright.business.shipping.packing.forms import Note
from orderwright.business.shipping.packing.inserts import notes_for
from orderwright.business.shipping.packing.memory import preferred_for
from orderwright.business.shipping.packing.rules import Preferred, fingerprint
from orderwright.business.shipping.packing.settings import DIVISOR, packing_rules
from orderwright.business.warehouse.cartons.choose import choose_cartons
from orderwright.business.warehouse.cartons.model import (
    Carton,
    OwnParcel,
    PackedCarton,
    PackingFinding,
    PackingPlan,
    PackingRules,
    Placement,
    Rate,
)
from orderwright.business.warehouse.cartons.picture import step_picture, step_words, strip
from orderwright.database.settings import value_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

MM3_PER_ML = 1_000


class Step(msgspec.Struct, frozen=True):
    """One unit's turn: where its corner nearest the back bottom left comes to lie, and how it stands, in mm."""

    step: int
    sku: str
    title: str
    words: str
    x_mm: int
    y_mm: int
    z_mm: int
    length_mm: int
    width_mm: int
    height_mm: int
    turned: str


class Padding(msgspec.Struct, frozen=True):
    """A product that is wrapped: each unit, so thick all round."""

    sku: str
    protection_mm: int


class AdvisedCarton(msgspec.Struct, frozen=True):
    """A carton to take and how to fill it. fill_permille: of its inside; void_ml: the room left, to be filled."""

    carton: str
    steps: list[Step]
    protect: list[Padding]
    fill_permille: int
    void_ml: int
    gross_g: int
    billed_g: int
    cost_minor: int
    picture: str


class ByHand(msgspec.Struct, frozen=True):
    """Why there is no advice, and for which products: they are packed as the packer sees fit."""

    code: str
    skus: list[str]
    words: str


class PackingAdvice(msgspec.Struct, frozen=True, omit_defaults=True):
    """How what is not packed yet of a fulfilment goes into cartons.

    chosen_as: `cheapest`, `packers_choice`, `nothing_left`, or `by_hand`; words tell why. packers_took: what packers
    took for the same basket, where they agree. costs: cartons, protection, fill and carriage, in minor units. check:
    what its risk asks for, by score and reasons. packed_by: who packs it just now.
    """

    fulfilment_id: str
    order: str
    site: str
    chosen_as: str
    words: str
    cartons: list[AdvisedCarton]
    own_parcels: list[OwnParcel]
    inserts: list[Note]
    cost_minor: int
    lower_bound_minor: int
    currency: str
    packers_took: list[str] = []
    by_hand: ByHand | None = None
    check: str = ""
    score: int = 0
    reasons: Mapping[str, int] = {}
    packed_by: str = ""


class PictureQuery(Form, frozen=True):
    """Which picture: of which carton, all its steps, or one (from 1). columns: of steps beside each other."""

    carton: Annotated[int, Meta(ge=1, le=1_000)] = 1
    step: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    columns: Annotated[int, Meta(ge=1, le=6)] = 2


class Shelf(NamedTuple):
    """The kinds of cartons in use, and (kind, site) of which none is left where they are counted."""

    cartons: Mapping[str, Carton]
    gone: Set[tuple[str, str]]


def read_shelf(tx: Tx) -> Shelf:
    """The cartons there are."""
    return Shelf(cartons_of(tx), missing_cartons(tx))


def packing_advice(tx: Tx, fulfilment_id: str) -> PackingAdvice:
    """How to pack what of a fulfilment is in no parcel yet. Refuses not_found."""
    [told] = advise(tx, [_one(tx, fulfilment_id)])
    risk = read_risks(tx, [fulfilment_id])[fulfilment_id]
    claim = claims_of(tx, [fulfilment_id]).get(fulfilment_id)
    return msgspec.structs.replace(
        told, check=risk.check, score=risk.score, reasons=risk.reasons, packed_by=claim.person if claim else ""
    )


def advise(tx: Tx, asked: Sequence[Goods]) -> list[PackingAdvice]:
    """Advice for the goods of fulfilments. A constant number of statements."""
    shelf = read_shelf(tx)
    baskets = [fingerprint(goods.all_units) for goods in asked]
    chosen = preferred_for(tx, baskets)
    notes = notes_for(tx, [goods.basket for goods in asked])
    return [
        _advice(tx, goods, chosen.get(basket), mine, shelf)
        for goods, basket, mine in zip(asked, baskets, notes, strict=True)
    ]  # fmt: skip


def advised_codes(tx: Tx, asked: Sequence[Goods], shelf: Shelf) -> dict[str, tuple[str, ...]]:
    """The codes of the cartons advised for fulfilments, one for each parcel, where there is advice."""
    chosen = preferred_for(tx, [fingerprint(goods.all_units) for goods in asked])
    plans = {
        goods.fulfilment_id: plan_of(tx, goods, chosen.get(fingerprint(goods.all_units)), shelf) for goods in asked
    }
    return {
        id_: tuple(each.carton.code for each in plan.cartons)
        for id_, plan in plans.items()
        if isinstance(plan, PackingPlan) and not plan.own_parcels
    }


def packing_picture(tx: Tx, fulfilment_id: str, query: PictureQuery) -> str:
    """The way to fill an advised carton as SVG. Refuses not_found, also where there is no such carton or step."""
    goods = _one(tx, fulfilment_id)
    basket = fingerprint(goods.all_units)
    plan = plan_of(tx, goods, preferred_for(tx, [basket]).get(basket), read_shelf(tx))
    if not isinstance(plan, PackingPlan) or query.carton > len(plan.cartons):
        raise Refusal("not_found", fulfilment_id=fulfilment_id, carton=query.carton)
    packed = plan.cartons[query.carton - 1]
    if query.step is None:
        return strip(packed, goods.titles, query.columns)
    if query.step > len(packed.placements):
        raise Refusal("not_found", fulfilment_id=fulfilment_id, step=query.step)
    return step_picture(packed, query.step, goods.titles)


def plan_of(tx: Tx, goods: Goods, chosen: Preferred | None, shelf: Shelf) -> PackingPlan | PackingFinding:
    """The plan for goods: with the cartons the site has; with all there are, where those do not do.

    What packers agree on comes first, where it is one carton and it holds everything.
    """
    rate = Rate(parcel_tariff(tx, goods.origin, goods.destination), value_of(tx, DIVISOR))
    rules = packing_rules(tx)
    liked = chosen.cartons if chosen and len(chosen.cartons) == 1 else ()
    here = [carton for code, carton in shelf.cartons.items() if (code, goods.site) not in shelf.gone]
    plan = _choose(goods, here, rate, rules, liked)
    if isinstance(plan, PackingFinding) and plan.code != "packed_by_hand" and len(here) < len(shelf.cartons):
        return _choose(goods, list(shelf.cartons.values()), rate, rules, liked)
    return plan


def _choose(
    goods: Goods, cartons: Sequence[Carton], rate: Rate, rules: PackingRules, liked: Sequence[str]
) -> PackingPlan | PackingFinding:
    if not cartons and not all(item.own_packing for item in goods.items):
        skus = tuple(item.sku for item in goods.items)
        return PackingFinding("no_carton", skus, "The shop has named no kinds of cartons.")
    return choose_cartons(goods.items, cartons, rate, rules, liked)


def _advice(tx: Tx, goods: Goods, chosen: Preferred | None, notes: list[Note], shelf: Shelf) -> PackingAdvice:
    plan = plan_of(tx, goods, chosen, shelf)
    currency = rate_card(tx).currency
    took = list(chosen.cartons) if chosen else []
    if isinstance(plan, PackingFinding):
        by_hand = ByHand(plan.code, list(plan.skus), plan.words)
        return PackingAdvice(
            goods.fulfilment_id, goods.order, goods.site, "by_hand", plan.words, [], [], notes, 0, 0, currency, took,
            by_hand,
        )  # fmt: skip
    chosen_as, words = _why(goods, plan, chosen)
    return PackingAdvice(
        goods.fulfilment_id, goods.order, goods.site, chosen_as, words,
        [_carton(goods, n, packed) for n, packed in enumerate(plan.cartons, 1)], list(plan.own_parcels), notes,
        plan.cost_minor, plan.lower_bound_minor, currency, took,
    )  # fmt: skip


def _why(goods: Goods, plan: PackingPlan, chosen: Preferred | None) -> tuple[str, str]:
    if not goods.items:
        return "nothing_left", "Everything is in parcels."
    codes = tuple(sorted(each.carton.code for each in plan.cartons))
    told = ""
    if chosen:
        told = f"Packers took {' + '.join(chosen.cartons)} for this basket {chosen.times} of {chosen.of} times"
    if chosen and codes == chosen.cartons:
        return "packers_choice", f"{told}."
    many = f"{len(codes)} cartons, as no single one holds it all" if len(codes) > 1 else "the cheapest that holds it"
    if not codes:
        many = "ships in its own packing"
    words = f"By billed weight and carton: {many}."
    return "cheapest", f"{words} {told}, which is not used as it does not hold this." if told else words


def _carton(goods: Goods, number: int, packed: PackedCarton) -> AdvisedCarton:
    places = sorted(packed.placements, key=lambda place: place.step)
    inside = {place.sku for place in places}
    return AdvisedCarton(
        packed.carton.code,
        [_step(goods, packed, place) for place in places],
        [Padding(item.sku, item.padding_mm) for item in goods.items if item.padding_mm and item.sku in inside],
        packed.fill_permille, packed.void_mm3 // MM3_PER_ML, packed.gross_g, packed.billed_g, packed.cost_minor,
        f"/v1/fulfilments/{goods.fulfilment_id}/packing/picture?carton={number}",
    )  # fmt: skip


def _step(goods: Goods, packed: PackedCarton, place: Placement) -> Step:
    return Step(
        place.step, place.sku, goods.titles.get(place.sku, ""), step_words(packed, place.step, goods.titles),
        place.x_mm, place.y_mm, place.z_mm, place.length_mm, place.width_mm, place.height_mm, place.turned,
    )  # fmt: skip


def _one(tx: Tx, fulfilment_id: str) -> Goods:
    goods = read_goods(tx, [fulfilment_id]).get(fulfilment_id)
    if goods is None:
        raise Refusal("not_found", fulfilment_id=fulfilment_id)
    return goods
