"""Where a postcode is: exact where the table knows it, its neighbourhood or country where it does not."""

import csv
import gzip
import importlib.util
import re
from itertools import pairwise
from pathlib import Path

import pytest
import tzdata
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values import postcodes
from orderwright.values.countries import COUNTRIES
from orderwright.values.postcodes import WIDTHS, Point, distance_km, locate

TOOL = Path(__file__).parents[2] / "tools" / "pack_postcodes.py"
ZONES = Path(tzdata.__file__).parent / "zoneinfo"
TEXTS = st.text(alphabet="0123456789ABDJSW -éſ١", max_size=10)


@pytest.mark.parametrize(
    ("country", "postal_code", "latitude", "longitude", "region"),
    [
        ("US", "94105", 37.7864, -122.3892, "CA"),
        ("US", "94105-1234", 37.7864, -122.3892, "CA"),
        ("US", "00501", 40.816, -73.045, "NY"),
        ("GB", "SW1A 1AA", 51.5018, -0.1328, "ENG"),
        ("GB", "sw1a1aa", 51.5018, -0.1328, "ENG"),
        ("GB", "B1", 52.481, -1.898, "ENG"),
        ("JE", "JE2 3AB", 49.188, -2.107, ""),
        ("IE", "D02 X285", 53.341, -6.254, "L"),
        ("CA", "K1A 0B1", 45.42, -75.7, "ON"),
        ("NL", "1012 AB", 52.374, 4.897, "07"),
        ("DE", "D-10115", 52.533, 13.384, "BE"),
        ("FR", "75008 CEDEX 08", 48.8649, 2.3335, "11"),
        ("SE", "114 55", 59.334, 18.065, "AB"),
        ("PT", "1000-001", 38.7167, -9.1333, "14"),
    ],
)
def test_a_postcode_as_people_write_it_is_found(country, postal_code, latitude, longitude, region):
    point = locate(country, postal_code)
    assert point is not None
    assert (point.region, point.is_exact) == (region, True)
    assert distance_km(point.latitude, point.longitude, latitude, longitude) == 0


@pytest.mark.parametrize(
    ("country", "postal_code", "near"),
    [
        ("US", "94106", "94105"),
        ("GB", "SW1Z 9ZZ", "SW1A 1AA"),
        ("PT", "1000", "1000-001"),
        ("CA", "H0H 0H0", "H2X 1A1"),
    ],
)
def test_a_code_the_table_lacks_is_taken_to_its_neighbourhood(country, postal_code, near):
    found, known = locate(country, postal_code), locate(country, near)
    assert found is not None
    assert known is not None
    assert not found.is_exact
    assert distance_km(*found[:2], *known[:2]) < 15


@pytest.mark.parametrize("postal_code", ["", "1234", "00000", "١٢٣٤٥", "?"])
def test_a_code_that_says_nothing_is_taken_to_the_middle_of_the_country(postal_code):
    assert locate("US", postal_code) == Point(38.6, -90.5, "", False)


def test_a_number_is_never_taken_for_the_letters_it_is_stored_as():
    assert int("E1", 36) == 505
    assert locate("GB", "505") == Point(52.8, -1.8, "", False)


def test_military_mail_is_measured_to_its_gateway_at_home():
    assert locate("US", "96205") == Point(37.6, -122.398, "AP", True)


def test_every_country_has_a_point_and_nowhere_has_none():
    countries = {line[:2] for line in (ZONES / "iso3166.tab").read_text().splitlines() if line[0] != "#"}
    assert set(COUNTRIES) == countries | {"XK"}
    assert locate("JP", "100-0001") == Point(35.7, 137.6, "", False)
    assert locate("ZZ", "1") is None
    assert locate("us", "94105") is None


def test_every_country_lies_near_one_of_its_time_zones():
    def degrees(text: str) -> float:
        sign, whole, minutes = re.match(r"([+-])(\d+)(\d\d)$", text).groups()  # type: ignore[union-attr]
        return float(f"{sign}1") * (int(whole) + int(minutes) / 60)

    zones: dict[str, list[tuple[float, float]]] = {}
    for line in (ZONES / "zone.tab").read_text().splitlines():
        if line[0] != "#":
            country, place, *_ = line.split("\t")
            north, east = re.match(r"([+-]\d+)([+-]\d+)", place).groups()  # type: ignore[union-attr]
            cut = slice(0, 5), slice(0, 6)
            zones.setdefault(country, []).append((degrees(north[cut[0]]), degrees(east[cut[1]])))
    far = {
        country
        for country, points in zones.items()
        if min(distance_km(*COUNTRIES[country], *point) for point in points) > 1000
    }
    assert far == set()


@given(st.sampled_from([*WIDTHS, "JE", "JP"]), TEXTS)
def test_any_text_leads_somewhere_on_earth(country, postal_code):
    point = locate(country, postal_code)
    assert point is not None
    assert -90 <= point.latitude <= 90
    assert -180 <= point.longitude <= 180


def test_distances_are_those_of_the_globe():
    assert distance_km(51.5074, -0.1278, 53.8008, -1.5491) == 272  # London to Leeds
    assert distance_km(-36.85, 174.76, 37.77, -122.42) == 10_507  # Auckland to San Francisco, over the date line
    assert distance_km(90, 0, -90, 0) == 20_015
    assert distance_km(10, 20, 10, 20) == 0


def test_the_table_is_sorted_so_that_every_code_in_it_is_found():
    table = postcodes._table()
    assert sum(sections[0].end - sections[0].start for sections in table.sections.values()) == 350_607
    for sections in table.sections.values():
        for section in sections:
            keys = table.keys[section.start : section.end].tolist()
            assert all(low < high for low, high in pairwise(keys))


def test_the_packing_tool_keeps_one_row_a_code_and_adds_means(tmp_path):
    rows = [
        ("country", "postcode", "lat", "lon", "place", "region"),
        ("FR", "01365 CEDEX", "45.0", "5.0", "Camp", "84"),
        ("FR", "01365", "46.0", "6.0", "La Valbonne", "84"),
        ("FR", "01400", "47.0", "7.0", "Other", "11"),
        ("CA", "H0H", "90.0", "0.0", "Reserved (Santa Claus)", "QC"),
        ("CA", "H2X", "45.5", "-73.6", "Montreal", "QC"),
        ("DE", "01053", "51.0", "13.7", "Dresden", "13"),
    ]
    source = tmp_path / "rows.csv.gz"
    with gzip.open(source, "wt", newline="") as file:
        csv.writer(file).writerows(rows)
    spec = importlib.util.spec_from_file_location("pack_postcodes", TOOL)
    tool = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(tool)  # type: ignore[union-attr]

    by_country = tool.read_rows(source)
    assert [row.latitude for row in by_country["FR"]] == [46.0, 47.0]
    assert [row.code for row in by_country["CA"]] == ["H2X"]
    assert [row.region for row in by_country["DE"]] == ["SN"]
    assert [tuple(row) for row in tool.means_of("FR", by_country["FR"], 2)] == [("01", 46.5, 6.5, "")]
    table = postcodes.read_table(memoryview(tool.pack(by_country)))
    section = table.sections["FR"][0]
    assert table.keys[section.start : section.end].tolist() == [1365, 1400]
    assert [table.regions[table.places[at]] for at in range(section.start, section.end)] == ["84", "11"]


def test_a_file_that_is_no_table_is_told_apart():
    with pytest.raises(RuntimeError, match="damaged"):
        postcodes.read_table(memoryview(b"<html>no postcodes here</html>"))
