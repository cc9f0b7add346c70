"""Packing: a parcel holds what was picked, and weighs what it should."""

from typing import Any

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.pack import pack, unpack
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.shipping.actions import weigh
from orderwright.business.shipping.forms import Pack, PackedLine, PackedUnits, ParcelForm, ParcelNow, Unpack, Weigh
from orderwright.business.shipping.reads import tokens_of
from orderwright.values.ids import new_id
from tests.floor import Floor, done, refused
from tests.shop import new_shop


def picked(floor: Floor, **units: int) -> str:
    floor.stock("LEEDS", **units)
    number = str(floor.place(units).number)
    floor.pick_all(number)
    return number


def line(reference: str, quantity: int, sku: str = "") -> PackedLine:
    return PackedLine(reference=reference, quantity=quantity, sku=sku)


def test_everything_picked_goes_into_one_parcel(floor: Floor) -> None:
    number = picked(floor, MUG=2, TEE=1)
    answer = floor.pack(number)
    [parcel] = answer.parcels
    assert (answer.fulfilment_state, floor.state(number)) == ("packed", "packed")
    assert parcel.lines == [PackedUnits("1", "MUG", 2), PackedUnits("2", "TEE", 1)]
    assert (parcel.number, parcel.weight_g, parcel.expected_weight_g) == ("P-000001", 900, 900)
    assert floor.units(number) == [("MUG", {"packed": 2}), ("TEE", {"packed": 1})]
    assert floor.facts(parcel.id) == ["parcel_packed"]
    assert floor.facts(floor.fulfilment(number))[-1] == "fulfilment_packed"
    assert floor.counters("MUG", "LEEDS") == (2, 2)


def test_the_customer_s_token_is_kept_as_a_hash_only(floor: Floor) -> None:
    [parcel] = floor.pack(picked(floor, MUG=1)).parcels
    store, _, secret = parcel.tracking_token.partition(".")
    assert (store, len(secret)) == (floor.store.name, 22)  # 128 random bits
    told = [text for (text,) in floor.rows("SELECT body FROM fact UNION ALL SELECT body FROM task")]
    assert not [text for text in told if secret in text]


def test_a_token_is_made_again_by_its_own_store_alone(floor: Floor, postgres: str) -> None:
    [parcel] = floor.pack(picked(floor, MUG=1)).parcels
    floor.store.cache.clear()  # as in another process
    with floor.store.read() as tx, new_shop(postgres) as other, other.store.read() as elsewhere:
        assert tokens_of(tx, [parcel.id]) == [parcel.tracking_token]
        [foreign] = tokens_of(elsewhere, [parcel.id])
        assert foreign.partition(".")[2] != parcel.tracking_token.partition(".")[2]
        assert tokens_of(tx, [new_id()]) != [parcel.tracking_token]


def test_units_are_packed_into_several_parcels_by_line(floor: Floor) -> None:
    number = picked(floor, MUG=3, TEE=1)
    parcels = [ParcelForm(lines=[line("1", 2)]), ParcelForm(lines=[line("1", 1), line("2", 1)])]
    first, second = floor.pack(number, parcels=parcels).parcels
    assert first.lines == [PackedUnits("1", "MUG", 2)]
    assert second.lines == [PackedUnits("1", "MUG", 1), PackedUnits("2", "TEE", 1)]
    assert floor.state(number) == "packed"


def test_a_kit_is_packed_as_ordered_or_by_component(floor: Floor) -> None:
    floor.product("SET", parts={"MUG": 2, "TEE": 1})
    floor.stock("LEEDS", MUG=4, TEE=2)
    number = str(floor.place({"SET": 2}).number)
    floor.pick_all(number)
    first = floor.pack(number, parcels=[ParcelForm(lines=[line("1", 1)])]).parcels[0]
    assert first.lines == [PackedUnits("1", "MUG", 2), PackedUnits("1", "TEE", 1)]
    second = floor.pack(number, parcels=[ParcelForm(lines=[line("1", 2, "MUG")])]).parcels[0]
    assert second.lines == [PackedUnits("1", "MUG", 2)]
    assert floor.units(number) == [("MUG", {"packed": 4}), ("TEE", {"picked": 1, "packed": 1})]


def test_all_parcels_of_a_command_are_made_or_none(floor: Floor) -> None:
    number = picked(floor, MUG=3)
    before = floor.counts()
    parcels = [ParcelForm(lines=[line("1", 2)]), ParcelForm(lines=[line("1", 2)])]
    facts = {"reference": "1", "sku": "MUG", "asked": 2, "picked": 1}
    assert refused(floor.pack(number, parcels=parcels)) == ("pack_quantity", facts)
    assert (floor.counts(), floor.value("SELECT count(*) FROM parcel")) == (before, 0)
    twice = Pack(fulfilment_id=floor.fulfilment(number), parcels=[parcels[0]], actor="test")
    first, second = floor.run(pack, twice, twice)
    assert len(done([first])[0].parcels) == 1
    assert refused(second)[0] == "pack_quantity"


def test_what_cannot_be_packed_is_refused(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=3)
    number = str(floor.place({"MUG": 3}).number)
    assert refused(floor.pack(number)) == ("nothing_to_pack", {"state": "planned"})
    floor.release(number)
    [task] = floor.tasks(number)
    floor.pick(task, 2)
    assert refused(floor.pack(number)) == ("still_to_pick", {"units": 1})
    unknown = [ParcelForm(lines=[line("7", 1)])]
    assert refused(floor.pack(number, parcels=unknown)) == ("unknown_line", {"reference": "7", "sku": ""})
    floor.pack(number, parcels=[ParcelForm(lines=[line("1", 2)])])
    assert refused(floor.pack(number)) == ("nothing_to_pack", {"state": "released"})
    assert refused(floor.one(pack, Pack(fulfilment_id=new_id(), actor="test")))[0] == "not_found"


def test_a_held_order_is_not_packed(floor: Floor) -> None:
    number = picked(floor, MUG=1)
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud")))
    assert refused(floor.pack(number)) == ("order_held", {"number": number})
    assert floor.units(number) == [("MUG", {"picked": 1})]


def test_a_weight_that_misses_an_item_is_refused_until_it_is_confirmed(floor: Floor) -> None:
    # Edge case 34.
    number = picked(floor, MUG=3)
    facts = {"expected_g": 900, "measured_g": 640, "sku": "MUG", "units": -1}
    scale: dict[str, Any] = {"parcels": [ParcelForm(weight_g=640)]}
    assert refused(floor.pack(number, **scale)) == ("weight_off", facts)
    assert (floor.units(number), floor.exceptions()) == ([("MUG", {"picked": 3})], [])
    [parcel] = floor.pack(number, confirm=True, **scale).parcels
    assert (parcel.weight_g, parcel.expected_weight_g) == (640, 900)
    assert floor.rows("SELECT kind, document::jsonb FROM exception") == [("weight_off", facts)]


def test_packaging_alone_is_no_reason_to_stop(floor: Floor) -> None:
    # Edge case 34.
    number = picked(floor, MUG=3)
    [parcel] = floor.pack(number, parcels=[ParcelForm(weight_g=1_000)]).parcels
    assert (parcel.weight_g, floor.exceptions()) == (1_000, [])


def test_a_second_look_at_the_scale_closes_the_exception(floor: Floor) -> None:
    number = picked(floor, MUG=3)
    [parcel] = floor.pack(number, parcels=[ParcelForm(weight_g=640)], confirm=True).parcels
    assert refused(floor.one(weigh, Weigh(parcel_id=parcel.id, weight_g=630, actor="test")))[0] == "weight_off"
    answer = floor.one(weigh, Weigh(parcel_id=parcel.id, weight_g=940, actor="test"))
    assert answer == ParcelNow(parcel.id, "P-000001", "packed", 940)
    assert (floor.exceptions(), floor.facts(parcel.id)) == ([], ["parcel_packed", "parcel_weighed"])
    floor.buy_labels()
    assert refused(floor.one(weigh, Weigh(parcel_id=parcel.id, weight_g=950, actor="test")))[0] == "parcel_step"
    assert refused(floor.one(weigh, Weigh(parcel_id="x", weight_g=950, actor="test")))[0] == "not_found"


def test_an_unpacked_parcel_is_in_the_tote_again(floor: Floor) -> None:
    number = picked(floor, MUG=2)
    [parcel] = floor.pack(number).parcels
    answer = floor.one(unpack, Unpack(parcel_id=parcel.id, actor="test"))
    assert answer == ParcelNow(parcel.id, "P-000001", "unpacked", 600)
    assert (floor.units(number), floor.state(number)) == ([("MUG", {"picked": 2})], "picking")
    assert floor.one(unpack, Unpack(parcel_id=parcel.id, actor="test")).repeated
    assert floor.buy_labels() == 1  # its task finds nothing to do
    assert floor.rows("SELECT state FROM intent") == [("failed",)]
    [again] = floor.pack(number).parcels
    assert (again.number, floor.state(number)) == ("P-000002", "packed")


@pytest.mark.parametrize(("stage", "code"), [("labelled", "label_live"), ("shipped", "parcel_step")])
def test_a_parcel_with_a_label_stays_packed(floor: Floor, stage: str, code: str) -> None:
    floor.stock("LEEDS", MUG=2)
    number = str(floor.place({"MUG": 2}).number)
    parcel = getattr(floor, stage)(number)
    assert refused(floor.one(unpack, Unpack(parcel_id=parcel.id, actor="test")))[0] == code
    assert refused(floor.one(unpack, Unpack(parcel_id=new_id(), actor="test")))[0] == "not_found"
    assert floor.parcel(parcel.id).state == stage
