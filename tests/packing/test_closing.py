"""Closing parcels: cartons are used up, whoever packs is one, and what packers choose is remembered."""

from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.deeds.pack import pack, unpack
from orderwright.business.deeds.packing.checks import BeginPacking, begin_packing
from orderwright.business.deeds.unknown_products import put_products_and_look
from orderwright.business.shipping.forms import Pack as PackCommand
from orderwright.business.shipping.forms import PackedLine, ParcelForm, Unpack
from tests.floor import refused
from tests.packing.bench import Bench


def begin(bench, number, person, **told):
    command = BeginPacking(fulfilment_id=bench.fulfilment(number), person=person, actor="test", **told)
    return bench.one(begin_packing, command)


def test_a_parcel_takes_the_carton_advised_or_the_one_named(bench: Bench) -> None:
    bench.cartons_arrive("S", 5)
    [parcel] = bench.pack(bench.picked(MUG=1)).parcels
    assert (parcel.carton, parcel.cartons_left, bench.left()) == ("S", 4, {"S": 4})
    [parcel] = bench.pack(bench.picked(MUG=1), parcels=[ParcelForm(carton="L")]).parcels
    assert (parcel.carton, bench.left()) == ("L", {"S": 4, "L": -1})
    [parcel] = bench.pack(bench.picked(MUG=1), parcels=[ParcelForm(own_packing=True)]).parcels
    assert (parcel.carton, parcel.cartons_left, bench.left()) == (None, None, {"S": 4, "L": -1})


def test_the_last_carton_and_one_more_are_used_and_flagged(bench: Bench) -> None:
    bench.cartons_arrive("S", 1)
    for left in (0, -1):
        [parcel] = bench.pack(bench.picked(MUG=1), parcels=[ParcelForm(carton="S")]).parcels
        assert parcel.cartons_left == left
    assert bench.cartons_arrive("S", 10).quantity == 9


def test_a_carton_nobody_knows_is_refused(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    code, facts = refused(bench.pack(number, parcels=[ParcelForm(carton="XXL")]))
    assert (code, facts) == ("unknown_carton", {"carton": "XXL", "cartons": ["L", "S"]})
    assert (bench.left(), bench.units(number)) == ({}, [("MUG", {"picked": 1})])


def test_what_packers_choose_instead_is_preferred_from_the_second_time_on(bench: Bench) -> None:
    for _ in range(2):
        number = bench.picked(MUG=2)
        assert bench.advice(number).chosen_as == "cheapest"
        bench.pack(number, parcels=[ParcelForm(carton="L")])
    number = bench.picked(MUG=2)
    advice = bench.advice(number)
    assert ([each.carton for each in advice.cartons], advice.chosen_as) == (["L"], "packers_choice")
    assert advice.words == "Packers took L for this basket 2 of 2 times."
    [parcel] = bench.pack(number).parcels  # the advised one now, which teaches nothing
    assert parcel.carton == "L"
    assert bench.advice(bench.picked(MUG=3)).chosen_as == "cheapest"  # another basket
    bench.pack(bench.picked(MUG=2), parcels=[ParcelForm(carton="S")])
    assert bench.advice(bench.picked(MUG=2)).words == "Packers took L for this basket 2 of 3 times."
    bench.pack(bench.picked(MUG=2), parcels=[ParcelForm(carton="S")])
    assert [each.carton for each in bench.advice(bench.picked(MUG=2)).cartons] == ["S"]


def test_a_part_of_a_basket_teaches_nothing(bench: Bench) -> None:
    for _ in range(2):
        number = bench.picked(MUG=2)
        for _ in range(2):
            bench.pack(number, parcels=[ParcelForm(lines=[PackedLine(reference="1", quantity=1)], carton="L")])
    assert bench.advice(bench.picked(MUG=2)).packers_took == []
    assert bench.left() == {"L": -4}


def test_two_people_packing_one_order_the_second_is_told_who(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    begun = begin(bench, number, "ann")
    assert (begun.person, begun.until is not None) == ("ann", True)
    code, facts = refused(begin(bench, number, "bob"))
    assert (code, facts["person"], facts["until"] is not None) == ("packed_by_other", "ann", True)
    assert refused(bench.pack(number, person="bob"))[1]["person"] == "ann"
    assert bench.units(number) == [("MUG", {"picked": 1})]
    assert bench.pack(number, person="ann").fulfilment_state == "packed"
    assert bench.value("SELECT count(*) FROM packing_claim") == 0
    assert refused(begin(bench, number, "bob"))[0] == "nothing_to_pack"


def test_a_fulfilment_left_or_kept_for_too_long_is_free_again(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    begun = begin(bench, number, "ann")
    assert refused(begin(bench, number, "bob", stop=True))[0] == "packed_by_other"
    begin(bench, number, "ann", stop=True)
    begun = begin(bench, number, "bob")
    bench.at(begun.until)
    assert begin(bench, number, "ann").person == "ann"
    other = bench.fulfilment(bench.picked(MUG=1))
    commands = [BeginPacking(fulfilment_id=other, person=each, actor="test") for each in ("ann", "bob")]
    first, second = bench.run(begin_packing, *commands)
    assert (first.person, refused(second)[1]["person"]) == ("ann", "ann")


def test_a_product_without_sizes_is_flagged_once_until_they_come(bench: Bench) -> None:
    bench.stock("LEEDS", TEE=2)
    for _ in range(2):
        number = bench.place({"TEE": 1}).number
        bench.pick_all(number)
        assert begin(bench, number, "ann").unmeasured == ["TEE"]
        bench.pack(number, person="ann")
    assert bench.exceptions() == ["product_unmeasured"]
    form = ProductForm(title="Tee", price="7.50", currency="GBP", weight_g=200, length_mm=10, width_mm=10, height_mm=5)
    bench.run(put_products_and_look, PutProduct(sku="TEE", form=form, actor="test"))
    assert bench.exceptions() == []


def test_a_carton_opened_again_stays_used(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    [parcel] = bench.pack(number, parcels=[ParcelForm(carton="S", weight_g=410)]).parcels
    bench.run(unpack, Unpack(parcel_id=parcel.id, actor="test"))
    assert (bench.left(), bench.value("SELECT count(*) FROM weighing")) == ({"S": -1}, 0)
    bench.pack(number, parcels=[ParcelForm(carton="S")])
    assert bench.left() == {"S": -2}


def test_many_are_packed_with_the_statements_of_one(bench: Bench) -> None:
    numbers = [bench.picked(MUG=1) for _ in range(4)]
    commands = [PackCommand(fulfilment_id=bench.fulfilment(number), actor="test") for number in numbers]
    counts = []
    for some in (commands[:1], commands[1:]):
        with bench.store.begin() as tx:
            said: list[str] = []
            rows = tx.rows
            tx.rows = lambda sql, rows=rows, said=said, **values: said.append(sql) or rows(sql, **values)  # type: ignore
            pack(tx, some)
            counts.append(len(said))
    assert counts[0] == counts[1]
