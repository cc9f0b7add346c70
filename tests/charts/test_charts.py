"""Charts: round scales, one picture with a name, gaps where nothing is known, nothing that a page's policy forbids."""

import json
import xml.etree.ElementTree as ET

import msgspec
import pytest

from orderwright.doors.charts import Chart, Point, bars, draw, lines, read, sparkline, written_down
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


@pytest.mark.parametrize("made", [bars, lines])
def test_a_chart_is_one_picture_named_by_its_title(made):
    evil = '<img onerror="x">'
    chart = Chart(f"Orders {evil}", [Point(evil, 3), Point("b", None), Point("c", 5)], target=4, format=".4~g")
    picture = ET.fromstring(draw(made(chart)))
    assert (picture.attrib["role"], picture.attrib["aria-label"]) == ("img", f"Orders {evil}")
    assert not [each for each in picture.iter() if "style" in each.attrib]
    told = [each.text for each in picture.iter("title")]
    assert told == [f"{evil}: 3", "c: 5"]


def test_a_line_is_broken_where_nothing_is_known():
    chart = Chart("", [Point(str(n), value) for n, value in enumerate([1, 2, None, 3])])
    (path,) = ET.fromstring(draw(lines(chart))).iter("path")
    assert [word[0] for word in path.attrib["d"].split() if word[0] in "ML"] == ["M", "L", "M"]


def test_a_chart_is_one_spec_and_its_picture_is_drawn_of_that():
    spec = bars(Chart("Orders", [Point("09:00", 3), Point("10:00", 5)], target=4))
    told = json.loads(written_down(spec))
    assert told["$schema"].endswith("/vega-lite/v6.json")
    assert [layer["mark"]["type"] for layer in told["layer"]] == ["bar", "rule"]
    assert told["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 6]
    told["layer"][0]["data"]["values"][1]["value"] = 6
    heights = [float(bar.attrib["height"]) for bar in ET.fromstring(draw(read(json.dumps(told)))).iter("rect")]
    assert heights == [68, 136]
    assert len(list(ET.fromstring(draw(spec)).iterfind("line[@class='chart-target']"))) == 1


@pytest.mark.parametrize("change", [{"transform": []}, {"$schema": "another"}, {"layer": [{"mark": "arc"}]}])
def test_a_spec_that_asks_for_more_than_is_drawn_here_is_refused(change):
    spec = json.loads(written_down(lines(Chart("Orders", [Point("09:00", 3)]))))
    with pytest.raises(msgspec.ValidationError):
        read(json.dumps(spec | change))


def test_a_sparkline_wants_two_values():
    assert sparkline([None, 3]) == ""
    assert "aria-hidden" in sparkline([1, None, 3])
