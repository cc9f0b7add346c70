"""A site's own description of its floor, and what is answered to a bad one."""

import tomllib

import pytest

from orderwright.business.warehouse.walking.checking import bin_findings
from orderwright.business.warehouse.walking.derived import PlaceRow, layout_of_places
from orderwright.business.warehouse.walking.described import layout_of
from orderwright.business.warehouse.walking.layout import Bin, Layout, Point, Spot

PLAIN = """
[[zone]]
name = "A"
aisles = 3
bays = 4
"""


def read(text: str) -> Layout:
    layout, findings = layout_of(tomllib.loads(text))
    assert findings == []
    assert layout is not None
    return layout


def wrong(text: str) -> list[tuple[str, str]]:
    layout, findings = layout_of(tomllib.loads(text))
    assert layout is None
    assert all(finding.message.endswith(".") for finding in findings)
    return [(finding.pointer, finding.code) for finding in findings]


def test_a_plain_zone_has_aisles_three_metres_and_bays_one_metre_apart():
    layout = read(PLAIN)
    assert [aisle.x_mm for aisle in layout.aisles] == [0, 3000, 6000]
    assert layout.rows == (0, 6000)  # half a cross aisle, four bays, half a cross aisle
    assert dict(layout.aisles[0].bays) == {1: 1500, 2: 2500, 3: 3500, 4: 4500}
    assert layout.start == layout.end == Point(0, 0)
    assert layout.is_one_block


def test_a_middle_cross_aisle_lies_behind_its_bay_and_moves_the_bays_behind_it():
    layout = read(PLAIN + "cross_after_bays = [2]")
    assert layout.rows == (0, 4000, 8000)
    assert dict(layout.aisles[0].bays) == {1: 1500, 2: 2500, 3: 5500, 4: 6500}
    assert layout.is_grid


def test_bays_that_face_each_other_share_a_place_to_stand():
    layout = read(PLAIN + "bay_sides = 2")
    assert dict(layout.aisles[0].bays) == {1: 1500, 2: 1500, 3: 2500, 4: 2500}
    assert layout.rows == (0, 4000)


def test_one_aisle_is_changed_by_coordinates_and_another_added():
    layout = read(f"""{PLAIN}
        [[aisle]]
        zone = "A"
        number = 2
        way = "up"
        [[aisle]]
        zone = "A"
        number = 9
        x_mm = 9000
        from_mm = 0
        to_mm = 6000
        bays_mm = {{ 1 = 700 }}
        [start]
        x_mm = 3000
        y_mm = -2000
    """)
    assert [aisle.way for aisle in layout.aisles] == ["both", "up", "both", "both"]
    assert layout.find_spot(Bin("A", 9, 1)) == Spot(3, 700)
    assert layout.start == layout.end == Point(3000, -2000)


def test_zones_side_by_side_share_the_cross_aisles_at_the_same_y():
    layout = read(PLAIN + '[[zone]]\nname = "B"\naisles = 2\nbays = 4\nx_mm = 20000\nfirst_aisle = 4\n')
    assert [(each.y_mm, each.from_mm, each.to_mm) for each in layout.cross_aisles] == [(0, 0, 23000), (6000, 0, 23000)]
    assert layout.is_one_block


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("/zone", "missing")]),
        ("zone = 3", [("/zone", "not_a_list")]),
        ("[[zone]]\naisles = 3", [("/zone/0/bays", "missing")]),
        ("[[zone]]\naisles = 0\nbays = 2.5", [("/zone/0/aisles", "out_of_range"), ("/zone/0/bays", "not_whole")]),
        (PLAIN + "isles = 3", [("/zone/0/isles", "unknown")]),
        (PLAIN + "up = [7]", [("/zone/0/up", "aisle_unknown")]),
        (PLAIN + "up = [2]\ndown = [2]", [("/zone/0/down", "two_ways")]),
        (PLAIN + "cross_after_bays = [4]", [("/zone/0/cross_after_bays", "cross_aisle_meets_nothing")]),
        (PLAIN + "aisle_pitch_mm = 100", [("/zone/0", "aisles_overlap")] * 3),
        (PLAIN + "[[cross_aisle]]\ny_mm = 90000", [("/cross_aisle", "cross_aisle_meets_nothing")]),
        (PLAIN + PLAIN, [("/zone/1/first_aisle", "aisle_twice")]),
        (PLAIN + '[[aisle]]\nzone = "A"\nnumber = 2\nway = "left"', [("/aisle/0/way", "not_a_choice")]),
        (PLAIN + '[[aisle]]\nzone = "A"\nnumber = 2\nto_mm = 1900', [("/aisle/0", "bay_outside_aisle")]),
        (PLAIN + '[[aisle]]\nzone = "A"\nnumber = 2\nto_mm = -5', [("/aisle/0", "no_length")]),
        (PLAIN + "[[aisle]]\nnumber = 4\nx_mm = 9000\nfrom_mm = 100\nto_mm = 900", [("/aisle/0", "opens_nowhere")]),
        (PLAIN + '[[aisle]]\nzone = "A"\nnumber = 2\nway = "up"\nto_mm = 5000', [("/aisle/0", "one_way_dead_end")]),
        (PLAIN + "up = [1, 2, 3]", [("/zone/0", "unreachable")] * 3),
        (PLAIN + '[[zone]]\nname = "B"\naisles = 2\nbays = 2\ny_mm = 50000', [("/zone/1", "unreachable")] * 2),
        ("start = 5" + PLAIN, [("/start", "not_a_table")]),
    ],
)
def test_a_bad_description_is_answered_with_where_and_why(text, expected):
    assert wrong(text) == expected


@pytest.mark.parametrize("document", [None, [], "x", {"zone": [None]}, {"zone": {"aisles": 3}}, {"aisle": [{}]}])
def test_any_document_at_all_is_answered_without_a_crash(document):
    layout, findings = layout_of(document)
    assert layout is None
    assert findings


def test_the_bins_a_description_forgot_are_named():
    assert [each.message for each in bin_findings(read(PLAIN), [Bin("A", 1, 4), Bin("A", 1, 5), Bin("B", 1, 1)])] == [
        "The layout has no bay 5 in aisle 1 of zone A.",
        "The layout has no bay 1 in aisle 1 of zone B.",
    ]


def test_without_a_description_bins_with_the_same_x_lie_in_one_aisle():
    places = [PlaceRow("A", aisle, bay, aisle * 2500, bay * 900) for aisle in (1, 2) for bay in (1, 2, 3)]
    layout = layout_of_places([*places, PlaceRow("B", 2, 4, 5000, 3600)])
    assert [(aisle.number, aisle.x_mm, aisle.from_mm, aisle.to_mm) for aisle in layout.aisles] == [
        (1, 2500, -600, 5100), (2, 5000, -600, 5100),
    ]  # fmt: skip
    assert layout.find_spot(Bin("B", 2, 4)) == Spot(1, 3600)
    assert layout.cells == ((900, 1800, 2700), (900, 1800, 2700, 3600))


def test_without_coordinates_aisles_and_bays_stand_in_order():
    layout = layout_of_places([PlaceRow("A", 7, 30), PlaceRow("A", 3, 10), PlaceRow("B", 1, 20)])
    assert [(aisle.zone, aisle.number, aisle.x_mm) for aisle in layout.aisles] == [
        ("A", 3, 0), ("A", 7, 3000), ("B", 1, 6000),
    ]  # fmt: skip
    assert layout.find_spot(Bin("A", 7, 30)) == Spot(1, 2000)
    assert layout.rows == (-1500, 3500)


def test_a_wide_stretch_without_bins_in_any_aisle_is_taken_for_a_cross_aisle():
    ys = [0, 1000, 2000, 6000, 7000]
    layout = layout_of_places([PlaceRow("A", a, b, a * 3000, y) for a in (1, 2) for b, y in enumerate(ys)])
    assert layout.rows == (-1500, 4000, 8500)
    assert layout.is_grid


def test_a_site_without_bins_has_an_empty_floor():
    assert layout_of_places([]).find_spot(Bin("A", 1, 1)) is None
