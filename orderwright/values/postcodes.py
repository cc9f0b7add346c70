"""Where a postcode is, from a packed table of 18 countries, and how far apart two points are.

The table is GeoNames' (CC BY 4.0, see postcodes.LICENCE.txt), packed by tools/pack_postcodes.py into columns
that are memory-mapped, so that several processes share one copy. Points are kept to 0.3 km.
"""

import json
import mmap
import re
import sys
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import as_file, files
from math import asin, cos, radians, sin, sqrt
from typing import Literal, NamedTuple

from orderwright.values.countries import COUNTRIES

MAGIC = b"OWP1"
LAYOUT: tuple[tuple[Literal["I", "H", "B"], int], ...] = (("I", 4), ("H", 2), ("H", 2), ("B", 1))
"""The columns key, latitude, longitude and region: array type code and bytes, little-endian."""
STEPS = 65_535
EARTH_KM = 6371.0088  # mean radius, IUGG

WIDTHS: Mapping[str, tuple[int, ...]] = {
    "US": (5, 3), "GB": (4, 2), "DE": (5, 2), "FR": (5, 2), "ES": (5, 2), "IT": (5, 2),
    "NL": (4, 2), "BE": (4, 2), "IE": (3, 1), "CA": (3, 1), "AU": (4, 2), "AT": (4, 2),
    "CH": (4, 2), "SE": (5, 2), "DK": (4, 2), "NO": (4, 2), "PL": (5, 2), "PT": (7, 4, 2),
}  # fmt: skip
"""Characters of a code in the table, whole codes first, then the beginnings it has means for."""

_LETTERED = frozenset({"GB", "IE", "CA"})
_SHARED = {"JE": "GB", "GG": "GB", "IM": "GB"}
_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")


class Point(NamedTuple):
    """A place on earth, in degrees. `is_exact` is False when it stands for a neighbourhood or a country.

    `region` is GeoNames' first-order code (ISO 3166-2 in US, CA, AU, DE, CH, SE and others) or "".
    """

    latitude: float
    longitude: float
    region: str
    is_exact: bool


class Section(NamedTuple):
    """Codes of one length of one country: a slice of the columns. `is_exact` when they are whole codes."""

    width: int
    start: int
    end: int
    is_exact: bool


class Table(NamedTuple):
    """The file: columns over all sections, regions by index, sections by country, whole codes first."""

    keys: memoryview
    latitudes: memoryview
    longitudes: memoryview
    places: memoryview
    regions: list[str]
    sections: dict[str, list[Section]]


@lru_cache(maxsize=65_536)
def locate(country: str, postal_code: str) -> Point | None:
    """The point of a postcode; else of its neighbourhood, else of its country; None for an unknown country.

    country: ISO 3166-1 alpha-2, capitals. postal_code: as people write it. GB is looked up by outward code,
    IE by routing key, CA by its first three characters.
    """
    home = _SHARED.get(country, country)
    table = _table()
    sections = table.sections.get(home, [])
    if sections and (code := code_of(home, postal_code)):
        base = _base(home)
        # A number cut short may have lost its first digits, not its last: only whole ones are cut further.
        is_whole = base == 36 or len(code) == sections[0].width
        for section in sections:
            if (is_whole or len(code) == section.width) and (
                point := _find(table, section, int(code[: section.width], base))
            ):
                return point
    middle = COUNTRIES.get(country)
    return Point(*middle, "", False) if middle else None


def distance_km(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> int:
    """Great-circle distance between two points in degrees, in whole kilometres (haversine)."""
    north_1, north_2 = radians(latitude_1), radians(latitude_2)
    half_north = sin((north_2 - north_1) / 2)
    half_east = sin(radians(longitude_2 - longitude_1) / 2)
    chord = half_north * half_north + cos(north_1) * cos(north_2) * half_east * half_east
    return round(2 * EARTH_KM * asin(sqrt(min(1.0, chord))))


def nth_code(country: str, n: int) -> str | None:
    """The n-th code of a country in the table, counted round and round; None for a country it does not hold.

    In GB, IE and CA it is the part the table knows: an outward code, a routing key, the first three characters.
    """
    sections = _table().sections.get(country)
    if not sections:
        return None
    section = sections[0]
    key = _table().keys[section.start + n % (section.end - section.start)]
    if country not in _LETTERED:
        return str(key).rjust(section.width, "0")
    code = ""
    while key:
        key, digit = divmod(key, 36)
        code = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + code
    return code


def code_of(country: str, postal_code: str) -> str:
    """The part of a postcode that the table knows it by: digits, or letters and digits in GB, IE and CA."""
    if country not in _LETTERED:
        if not (postal_code.isascii() and postal_code.isdigit()):
            postal_code = _NOT_DIGITS.sub("", postal_code)
        return postal_code[: WIDTHS[country][0]]
    code = _NOT_ALNUM.sub("", postal_code.upper())
    if country != "GB":
        return code[:3]
    # A whole British code ends in three characters of the street; the shortest whole one has five.
    return code[:-3] if len(code) >= 5 else code


def key_of(country: str, code: str) -> int:
    """A code as the 32-bit number it is sorted by."""
    return int(code, _base(country))


def _base(country: str) -> int:
    return 36 if country in _LETTERED else 10


def _find(table: Table, section: Section, key: int) -> Point | None:
    at = bisect_left(table.keys, key, section.start, section.end)
    if at == section.end or table.keys[at] != key:
        return None
    return Point(
        round(table.latitudes[at] / STEPS * 180 - 90, 3),
        round(table.longitudes[at] / STEPS * 360 - 180, 3),
        table.regions[table.places[at]],
        section.is_exact,
    )


@cache
def _table() -> Table:
    with as_file(files("orderwright.values") / "postcodes.bin") as path, path.open("rb") as file:
        return read_table(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))


def read_table(packed: memoryview) -> Table:
    """The table in a packed file's bytes, without copying its columns. RuntimeError when it is not one."""
    if packed[:4] != MAGIC or sys.byteorder != "little":
        raise RuntimeError("postcodes.bin is damaged, or this machine is not little-endian")
    start = 8 + int.from_bytes(packed[4:8], "little")
    header = json.loads(bytes(packed[8:start]))
    columns = []
    for kind, size in LAYOUT:
        end = start + size * header["count"]
        columns.append(packed[start:end].cast(kind))
        start = end
    sections = {
        country: [Section(width, first, first + count, width == WIDTHS[country][0]) for width, first, count in found]
        for country, found in header["sections"].items()
    }
    keys, latitudes, longitudes, places = columns
    return Table(keys, latitudes, longitudes, places, header["regions"], sections)
