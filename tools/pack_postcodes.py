"""Packs GeoNames postcodes into orderwright/values/postcodes.bin.

    python tools/pack_postcodes.py postal_centroids.csv.gz orderwright/values/postcodes.bin

The source has one row a postcode: country, postcode, latitude, longitude, place, region (GeoNames, CC BY 4.0;
see orderwright/values/postcodes.LICENCE.txt). The result has a section per country and code length: whole
codes, then means over first characters for codes the table lacks. See `orderwright.values.postcodes`.
"""

import array
import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from orderwright.values.postcodes import LAYOUT, MAGIC, STEPS, WIDTHS, code_of, key_of

# Codes of no place on a delivery round: Santa Claus (at the pole) and mail for ships and bases, which is
# handed over at a gateway at home and not where GeoNames puts it.
_GATEWAYS = {"09": ("AE", 40.7, -73.8), "340": ("AA", 25.8, -80.3), "96": ("AP", 37.6, -122.4)}

# GeoNames mixes its own first-order codes with ISO 3166-2 in two countries; ISO is what others use.
_ISO_REGIONS = {
    "DE": {1: "BW", 2: "BY", 3: "HB", 4: "HH", 5: "HE", 6: "NI", 7: "NW", 8: "RP", 9: "SL", 10: "SH"}
    | {11: "BB", 12: "MV", 13: "SN", 14: "ST", 15: "TH", 16: "BE"},
    "SE": {5: "I", 21: "C", 25: "U", 26: "AB", 27: "M", 28: "O"},
}


class Row(NamedTuple):
    """One record: the code as text, degrees, the region's code."""

    code: str
    latitude: float
    longitude: float
    region: str


def read_rows(path: Path) -> dict[str, list[Row]]:
    """The source's rows by country: codes cut to the table's form, one row a code, in ascending order."""
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        # A plain French code wins over the CEDEX of the same digits: shorter texts come first.
        for record in sorted(csv.DictReader(lines), key=lambda record: len(record["postcode"])):
            country = record["country"]
            row = _row_of(country, record)
            if row and row.latitude < 90:
                rows[country].setdefault(row.code, row)
    return {
        country: sorted(found.values(), key=lambda row: key_of(country, row.code)) for country, found in rows.items()
    }


def _row_of(country: str, record: dict[str, str]) -> Row | None:
    code, region = code_of(country, record["postcode"]), record["region"]
    if len(code) > WIDTHS[country][0]:
        return None
    if country == "US" and not region:
        for start, (name, latitude, longitude) in _GATEWAYS.items():
            if code.startswith(start):
                return Row(code, latitude, longitude, name)
    if region.isdigit():
        region = _ISO_REGIONS.get(country, {}).get(int(region), region)
    return Row(code, float(record["lat"]), float(record["lon"]), "" if len(region) > 3 else region)


def means_of(country: str, rows: Iterable[Row], width: int) -> Iterator[Row]:
    """One row per first `width` characters: the mean point, and the region when all have the same."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.code[:width]].append(row)
    for code in sorted(groups, key=lambda code: key_of(country, code)):
        group = groups[code]
        regions = {row.region for row in group}
        latitude, longitude = fmean(row.latitude for row in group), fmean(row.longitude for row in group)
        yield Row(code, latitude, longitude, regions.pop() if len(regions) == 1 else "")


def pack(by_country: dict[str, list[Row]]) -> bytes:
    """The file's bytes: magic, header length, header (JSON), then the columns of LAYOUT."""
    sections: dict[str, list[list[int]]] = {}
    records: list[Row] = []
    keys: list[int] = []
    for country, rows in sorted(by_country.items()):
        for width in WIDTHS[country]:
            found = rows if width == WIDTHS[country][0] else list(means_of(country, rows, width))
            sections.setdefault(country, []).append([width, len(records), len(found)])
            records += found
            keys += [key_of(country, row.code) for row in found]
    regions = sorted({row.region for row in records})
    header = json.dumps({"regions": regions, "count": len(records), "sections": sections}).encode()
    header += b" " * (-len(header) % 4)
    place = {region: index for index, region in enumerate(regions)}
    columns = (
        keys,
        [round((row.latitude + 90) / 180 * STEPS) for row in records],
        [round((row.longitude + 180) / 360 * STEPS) for row in records],
        [place[row.region] for row in records],
    )
    body = b"".join(
        _little_endian(array.array(kind, column)) for (kind, _), column in zip(LAYOUT, columns, strict=True)
    )
    return MAGIC + len(header).to_bytes(4, "little") + header + body


def _little_endian(column: "array.array[int]") -> bytes:
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def main() -> None:
    """Reads the source named first, writes the packed file named second, and says what is in it."""
    source, target = map(Path, sys.argv[1:3])
    by_country = read_rows(source)
    packed = pack(by_country)
    target.write_bytes(packed)
    count = sum(map(len, by_country.values()))
    print(f"{count:,} postcodes, {len(by_country)} countries, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
