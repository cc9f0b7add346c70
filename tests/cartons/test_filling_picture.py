"""The picture of a filling: every step told and drawn, whatever a product is called."""

from xml.etree import ElementTree

import pytest

from orderwright.business.warehouse.cartons.isometric import Solid, back_to_front, faces
from orderwright.business.warehouse.cartons.picture import step_picture, step_words, strip
from tests.cartons.boxes import carton, item, plan_of

SVG = "{http://www.w3.org/2000/svg}"
GOODS = [item("MUG", (120, 95, 100), quantity=2, this_side_up=True), item("TUBE", (240, 50, 50))]
TITLES = {"MUG": 'Mug <script>alert("&")</script>', "TUBE": "Poster\x00tube"}


@pytest.fixture(scope="module")
def packed():
    return plan_of(GOODS, [carton("BOX", (250, 100, 160))]).cartons[0]


def texts(svg):
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_strip_shows_every_step_in_turn_and_names_it(packed):
    heads = [words for words in texts(strip(packed)) if words[1:2] == "."]
    assert heads == ["1. MUG", "2. MUG", "3. TUBE"]


def test_each_step_is_told_in_words(packed):
    assert [step_words(packed, step) for step in (1, 2, 3)] == [
        "1: MUG: upright, left, back, on the bottom",
        "2: MUG: upright, 120 mm from left, back, on the bottom",
        "3: TUBE: upright, left, back, 100 mm up",
    ]


def test_a_screen_reader_hears_the_title_and_every_step(packed):
    svg = ElementTree.fromstring(strip(packed, TITLES))
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "Carton BOX: 3 steps"
    assert svg.findtext(f"{SVG}desc", "").count("; ") == 2


def test_names_are_shown_as_text_whatever_they_hold(packed):
    svg = strip(packed, TITLES)
    assert "<script" not in svg
    assert '1. MUG · Mug <script>alert("&")</script>' in texts(svg)
    assert "3. TUBE · Poster tube" in texts(svg)


def test_a_long_name_is_cut(packed):
    head = texts(step_picture(packed, 1, {"MUG": "m" * 200}))[0]
    assert (len(head), head[-1]) == (44, "…")


def test_the_new_unit_alone_stands_out(packed):
    for step in (1, 2, 3):
        svg = step_picture(packed, step)
        # Its top, front and right side, and its place from above.
        assert [svg.count(colour) for colour in ("#ffb347", "#f08c00", "#c76f00")] == [2, 1, 1]
        assert svg.count('fill="#cfcfcf"') == step - 1


def test_a_unit_too_narrow_for_its_number_has_none():
    rods = plan_of([item("ROD", (1000, 40, 40), quantity=2)], [carton("TUBE", (1000, 80, 40))]).cartons[0]
    assert [words for words in texts(strip(rods)) if words.isdigit()] == []


def test_one_column_is_as_wide_as_a_phone_and_two_are_half_as_high(packed):
    one, two = (ElementTree.fromstring(strip(packed, columns=columns)).get("viewBox") for columns in (1, 2))
    assert (one, two) == ("0 0 400 786", "0 0 800 524")


def test_every_point_lies_within_its_panel(packed):
    svg = ElementTree.fromstring(step_picture(packed, 3))
    points = [each.get("points", "").split() for each in svg.iter(f"{SVG}polygon")]
    for x, y in (map(float, corner.split(",")) for corners in points for corner in corners):
        assert 0 <= x <= 400
        assert 46 <= y <= 262


def test_a_step_that_is_none_is_an_error(packed):
    for step in (0, 4):
        with pytest.raises(ValueError, match="steps 1 to 3"):
            step_picture(packed, step)


def test_what_is_behind_is_painted_first():
    behind, before, above = Solid(0, 0, 0, 10, 10, 10), Solid(0, 10, 0, 10, 10, 10), Solid(0, 0, 10, 10, 10, 10)
    assert back_to_front([above, before, behind])[0] == 2
    assert back_to_front([before, behind]) == [1, 0]


def test_boxes_that_hide_each_other_in_a_ring_are_still_all_painted():
    ring = [Solid(0, 0, 0, 30, 10, 10), Solid(20, 10, 0, 10, 10, 30), Solid(0, 0, 10, 10, 30, 10)]
    assert sorted(back_to_front(ring)) == [0, 1, 2]


def test_a_cube_seen_from_its_corner():
    assert faces(Solid(0, 0, 0, 1000, 1000, 1000)).top == ((0, -1000), (866, -500), (0, 0), (-866, -500))
