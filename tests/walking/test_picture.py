"""The picture of a site and a walk."""

from xml.etree import ElementTree

from orderwright.business.warehouse.walking.layout import Bin, Layout, Point
from orderwright.business.warehouse.walking.picture import NEAR_PITCH, NEAR_PX, Ends, described, near_picture, picture
from orderwright.business.warehouse.walking.walks import walk_of
from tests.walking.floors import regular

SVG = "{http://www.w3.org/2000/svg}"


def words(drawn: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_a_picture_is_well_formed_and_numbers_the_stops_as_they_are_passed():
    layout = regular()
    bins = [Bin("A", 3, 2), Bin("A", 1, 4), Bin("A", 1, 4), Bin("Z", 9, 9)]
    drawn = picture(layout, walk_of(layout, bins), bins)
    root = ElementTree.fromstring(drawn)
    assert root.get("viewBox", "").startswith("0 0 1000 ")
    assert [each.tag for each in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert not list(root.iter(f"{SVG}script"))
    assert [word for word in words(drawn) if word[0].isdigit()] in (["1", "2-3"], ["1-2", "3"])
    assert "Start, end" in words(drawn)
    assert {"A1", "A2", "A3", "A4"} <= set(words(drawn))


def test_texts_of_people_are_escaped_and_what_no_file_may_hold_is_replaced():
    layout = regular()
    bins = [Bin("A", 1, 4)]
    drawn = picture(layout, walk_of(layout, bins), bins, ['<script>"&\x00'], title="a < b\x1b")
    root = ElementTree.fromstring(drawn)
    assert root[0].text == "a < b\N{REPLACEMENT CHARACTER}"
    assert (root[1].text or "").endswith('1 <script>"&\N{REPLACEMENT CHARACTER}.')


def test_the_picture_in_words():
    layout = regular()
    bins = [Bin("A", 1, 4), Bin("A", 1, 2)]
    walk = walk_of(layout, bins)
    assert described(layout, walk, bins, ["A-01-04", "A-01-02"]) in (
        "4 aisles, 2 cross aisles. A walk of 8.0 m past 2 stops: 1 A-01-02; 2 A-01-04.",
        "4 aisles, 2 cross aisles. A walk of 8.0 m past 2 stops: 1 A-01-04; 2 A-01-02.",
    )


def test_a_floor_without_a_walk_is_drawn_too_and_one_way_aisles_have_arrows():
    both, up = picture(regular()), picture(regular(way="up"))
    assert "c2410c" not in both
    assert up.count("c2410c") == 2 * 4


def test_even_an_empty_floor_has_a_picture():
    drawn = picture(Layout((), (), Point(0, 0), Point(0, 0)))
    assert words(drawn) == ["Start, end"]


def test_on_a_phone_aisles_are_wide_enough_and_only_those_the_walk_passes_are_shown():
    layout = regular(aisles=80)
    bins = [Bin("A", 31, 2), Bin("A", 33, 4)]
    walk = walk_of(layout, bins)
    near = near_picture(layout, walk, bins, ["X", "Y"], title="", now="Y", ends=Ends("Inicio", "Fin", "Inicio y fin"))
    root = ElementTree.fromstring(near.svg)
    left, _, width, _ = map(int, root.get("viewBox", "").split())
    at = {each.text: float(each.get("x", "")) for each in root.iter(f"{SVG}text")}
    assert at["A32"] - at["A31"] >= NEAR_PITCH
    assert left < at["Inicio y fin"] < at["2"] < left + width < at["A80"]
    assert near.width_px == round(width * NEAR_PX)
    assert abs(left + near.middle * width - at["2"]) < 2
    whole = near_picture(layout, walk_of(layout, []), [], [], title="", now="", ends=Ends())
    assert (whole.middle, "Start, end" in words(whole.svg)) == (0, True)


def test_the_stop_that_comes_next_stands_out():
    layout = regular()
    bins = [Bin("A", 1, 2), Bin("A", 2, 4)]
    drawn = near_picture(layout, walk_of(layout, bins), bins, ["X", "Y"], title="", now="X", ends=Ends()).svg
    fills = {each.text: each.get("fill") for each in ElementTree.fromstring(drawn).iter(f"{SVG}text")}
    assert {fills["1"], fills["2"]} == {"#ffffff", "#1a1a1a"}
