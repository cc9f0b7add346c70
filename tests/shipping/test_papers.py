"""What a parcel's papers say: its contents, what follows, and nothing about money."""

from typing import Any

import pytest

from orderwright.business.shipping.forms import PackedLine, ParcelForm
from orderwright.business.shipping.papers import carton_label, carton_labels, packing_slip
from orderwright.business.shipping.ssccs import COMPANY_PREFIX
from orderwright.business.warehouse.papers import bin_labels, pick_list_paper
from orderwright.papers.labels import FloorLabel
from orderwright.settings import PutSettings, put_settings
from orderwright.values.gs1 import Element
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done

GTIN = "4006381333931"


def read(floor: Floor, find: Any, *asked: Any, **how: Any) -> Any:
    with floor.store.read() as tx:
        return find(tx, *asked, **how)


def refused_for(floor: Floor, find: Any, *asked: Any) -> str:
    with pytest.raises(Refusal) as no:
        read(floor, find, *asked)
    return no.value.code


def test_a_slip_says_what_lies_here_and_what_follows(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5, TEE=1)
    number = str(floor.place({"MUG": 3, "TEE": 1}, gift_note="Happy birthday!").number)
    floor.pick_all(number)
    first_form = ParcelForm(lines=[PackedLine(reference="1", quantity=2)])
    [first] = done([floor.pack(number, parcels=[first_form])])[0].parcels
    slip = read(floor, packing_slip, first.id)
    assert (slip.order, slip.parcel, slip.gift_note) == (number, first.number, "Happy birthday!")
    assert [(each.sku, each.quantity) for each in slip.lines] == [("MUG", 2)]
    assert [(each.sku, each.quantity) for each in slip.later] == [("MUG", 1), ("TEE", 1)]
    [second] = done([floor.pack(number)])[0].parcels
    assert [(each.sku, each.quantity) for each in read(floor, packing_slip, second.id).lines] == [
        ("MUG", 1),
        ("TEE", 1),
    ]
    assert read(floor, packing_slip, second.id).later == []
    assert read(floor, packing_slip, first.id).later == slip.later  # printed again, it says the same


def test_a_carton_of_one_product_says_which_how_many_and_its_lot(floor: Floor) -> None:
    done(floor.run(put_settings, PutSettings(values={COMPANY_PREFIX.name: "9506000"}, actor="test")))
    floor.product("PILL", codes=[{"code": GTIN, "kind": "gtin"}])
    floor.stock("LEEDS", PILL=4, MUG=1)
    one = floor.packed(str(floor.place({"PILL": 3}).number))
    mixed = floor.packed(str(floor.place({"PILL": 1, "MUG": 1}).number))
    label = read(floor, carton_label, one.id)
    assert label.contents == [Element("02", f"0{GTIN}"), Element("37", "3")]
    assert (label.sscc, label.parcel, label.recipient[-1]) == (one.sscc, one.number, "GB")
    labels = read(floor, carton_labels, [one.id, mixed.id])
    assert (labels[one.id], labels[mixed.id].contents) == (label, [])


def test_what_has_no_papers_is_refused(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=1)
    parcel = floor.packed(str(floor.place({"MUG": 1}).number))
    assert refused_for(floor, carton_label, parcel.id) == "no_sscc"
    for missing in ("mist", new_id()):
        assert refused_for(floor, packing_slip, missing) == "not_found"
        assert refused_for(floor, carton_label, missing) == "not_found"
        assert refused_for(floor, pick_list_paper, missing) == "not_found"
    assert refused_for(floor, bin_labels, "MARS") == "unknown_site"


def test_a_pick_list_says_what_is_left_in_the_time_of_its_site(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=3, TEE=1)
    number = str(floor.place({"MUG": 3, "TEE": 1}).number)
    floor.release(number)
    tasks = floor.tasks(number)
    done([floor.pick(tasks[0], 1)])
    paper = read(floor, pick_list_paper, floor.fulfilment(number))
    left = {task.sku: task.quantity for task in tasks} | {tasks[0].sku: tasks[0].quantity - 1}
    assert {row.sku: row.quantity for row in paper.rows} == {sku: units for sku, units in left.items() if units}
    assert (paper.number, paper.site, paper.work) == (number, "LEEDS", floor.fulfilment(number))
    assert str(paper.ship_by.tzinfo) == "Europe/London"


def test_bins_are_labelled_in_the_order_people_walk_past_them(floor: Floor) -> None:
    with floor.store.begin() as tx:
        tx.write(
            "INSERT INTO place (site, code, kind, zone, aisle, bay) VALUES ('LEEDS', 'B-1', 'bin', 'B', 1, 1),"
            " ('LEEDS', 'A-2', 'bin', 'A', 1, 2), ('LEEDS', 'A-1', 'bin', 'A', 1, 1)"
        )
    zoned = [each.code for each in read(floor, bin_labels, "LEEDS") if each.line]
    assert zoned == ["A-1", "A-2", "B-1"]
    assert read(floor, bin_labels, "LEEDS", zone="B") == [
        FloorLabel(kind="place", code="B-1", site="LEEDS", line="B")
    ]  # fmt: skip
