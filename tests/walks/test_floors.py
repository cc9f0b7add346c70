"""A site's floor: described once, refused with everything that is wrong, drawn, and what pick lists are walked by."""

from typing import Any

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor, ZoneForm
from orderwright.business.warehouse.floors import get_floor, put_floors
from orderwright.business.warehouse.walk_pictures import draw_floor, draw_walk
from orderwright.values.refusal import Refusal
from tests.floor import done, refused
from tests.walks.aisles import Aisles


def put(aisles: Aisles, site: str = "LEEDS", version: int | None = None, **told: Any) -> Any:
    return aisles.one(put_floors, PutFloor(site=site, form=FloorForm(**told), version=version, actor="test"))


def test_a_floor_nobody_described_is_told_by_its_places(aisles: Aisles) -> None:
    done(aisles.run(put_places, *[
        PutPlace(site="BRISTOL", code=f"B-{n}", actor="test",
                 form=PlaceForm(kind="bin", zone="A", aisle=n % 2, bay=n, x_mm=n % 2 * 4_000 + 1, y_mm=n * 1_000))
        for n in range(1, 9)
    ]))  # fmt: skip
    with aisles.store.read() as tx:
        shown = get_floor(tx, "BRISTOL")
    assert (shown.version, shown.aisles, shown.bins, shown.unplaced) == (0, 3, 9, [])
    assert shown.floor == FloorForm()


def test_a_floor_shows_what_it_comes_to_and_bins_it_does_not_have(aisles: Aisles) -> None:
    with aisles.store.read() as tx:
        shown = get_floor(tx, "LEEDS")
    assert (shown.version, shown.aisles, shown.cross_aisles, shown.metres) == (1, 20, 2, 240)
    assert shown.bins == 4  # STOCK, which every site has, stands in no aisle
    assert [each.code for each in shown.unplaced] == ["bin_not_in_layout"]


def test_everything_wrong_with_a_floor_is_told_at_once_and_nothing_is_kept(aisles: Aisles) -> None:
    code, facts = refused(put(
        aisles, layout={"zone": [{"name": "A", "aisles": 0, "bays": 5}], "roof": 1},
        carts=(CartForm(kind="C", totes=1), CartForm(kind="C", totes=2)), zones=(ZoneForm(zone="A", x_mm=1),),
        strategies=("single", "single"),
    ))  # fmt: skip
    assert code == "malformed"
    assert sorted({each["pointer"] for each in facts["findings"]}) == [
        "/carts/1", "/layout/roof", "/layout/zone/0/aisles", "/strategies/1", "/zones/0",
    ]  # fmt: skip
    with aisles.store.read() as tx:
        assert get_floor(tx, "LEEDS").version == 1


def test_a_floor_read_before_it_was_changed_is_stale(aisles: Aisles) -> None:
    assert refused(put(aisles, version=0)) == ("stale", {"version": 1})
    assert done([put(aisles, version=1)])[0].version == 2
    assert refused(put(aisles, site="MARS")) == ("not_found", {"site": "MARS"})
    assert done([put(aisles, site="BRISTOL")])[0].is_new
    with aisles.store.read() as tx:
        for find in (get_floor, draw_floor):
            with pytest.raises(Refusal):
                find(tx, "MARS")


def test_a_pick_list_is_walked_by_the_shortest_way(aisles: Aisles) -> None:
    # From the front of aisle 1: MUG stands in aisle 1, TEE in aisle 3, HAT far off in aisle 12.
    [number] = aisles.released({"TEE": 1, "HAT": 1, "MUG": 1})
    way = [task.sku for task in aisles.tasks(number)]
    assert way in (["MUG", "TEE", "HAT"], ["MUG", "HAT", "TEE"], ["TEE", "HAT", "MUG"], ["HAT", "TEE", "MUG"])
    walk = aisles.claim()
    assert [stop[1] for stop in aisles.stops(walk.id)] == way


def test_a_walk_is_drawn_over_the_floor(aisles: Aisles) -> None:
    aisles.released({"MUG": 1, "TEE": 1})
    walk = aisles.claim()
    with aisles.store.read() as tx:
        drawn, empty = draw_walk(tx, walk.id), draw_floor(tx, "LEEDS")
    assert drawn.startswith("<svg ")
    assert "A-01-02" in drawn
    assert f"LEEDS {walk.number}" in drawn
    assert len(empty) < len(drawn)
