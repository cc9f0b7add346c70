"""Charts: round scales, one picture with a name, gaps where nothing is known, nothing that a page's policy forbids."""

import xml.etree.ElementTree as ET

import pytest

from orderwright.doors.charts import Chart, Point, bars, lines, sparkline
from orderwright.doors.charts.shapes import scale_of


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3, 18], [0, 5, 10, 15, 20]),
        ([0, 0], [0, 1]),
        ([], [0, 1]),
        ([120, 940], [0, 500, 1000]),
        ([-4, 7], [-5, 0, 5, 10]),
    ],
)
def test_a_scale_is_round_and_holds_every_value(values, expected):
    assert scale_of(Chart("", [Point("", value) for value in values])).marks() == expected


def test_a_scale_that_need_not_begin_at_zero_begins_near_the_values():
    chart = Chart("", [Point("", 985), Point("", 998)], target=995, from_zero=False)
    assert scale_of(chart).marks() == [985, 990, 995, 1000]


@pytest.mark.parametrize("draw", [bars, lines])
def test_a_chart_is_one_picture_named_by_its_title(draw):
    evil = '<img onerror="x">'
    chart = Chart(
        f"Orders {evil}", [Point(evil, 3), Point("b", None), Point("c", 5)], target=4, said=lambda v: f"{v:g}"
    )
    picture = ET.fromstring(draw(chart))
    assert (picture.attrib["role"], picture.attrib["aria-label"]) == ("img", f"Orders {evil}")
    assert not [each for each in picture.iter() if "style" in each.attrib]
    told = [each.text for each in picture.iter("title")]
    assert told == [f"{evil}: 3", "c: 5"]


def test_a_line_is_broken_where_nothing_is_known():
    chart = Chart("", [Point(str(n), value) for n, value in enumerate([1, 2, None, 3])])
    (path,) = ET.fromstring(lines(chart)).iter("path")
    assert [word[0] for word in path.attrib["d"].split() if word[0] in "ML"] == ["M", "L", "M"]


def test_a_sparkline_wants_two_values():
    assert sparkline([None, 3]) == ""
    assert "aria-hidden" in sparkline([1, None, 3])
