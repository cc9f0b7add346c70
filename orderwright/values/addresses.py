"""Postal addresses: what is missing or cannot be, by the rules of each country.

The form is checked, not whether the house stands. See `address_rules` for the source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from orderwright.values.address_rules import CountryRules, RegionRules, fold, rules_of
from orderwright.values.postcodes import locate

AddressFinding = tuple[str, str, dict[str, Any]]
"""(code, JSON pointer below the address, facts). Facts never repeat the address: they may be kept."""

# Where the gap of a written code goes: lengths without it, place (from the end if negative), the gap itself.
_BRITISH = ((5, 6, 7, 8), -3, " ")
_AMERICAN = ((9,), 5, "-")
_GAPS: Mapping[str, tuple[tuple[int, ...], int, str]] = (
    dict.fromkeys(("GB", "JE", "GG", "IM", "FK", "GI", "GS", "IO", "PN", "SH", "TC"), _BRITISH)
    | dict.fromkeys(("US", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"), _AMERICAN)
    | dict.fromkeys(("SE", "CZ", "SK", "GR"), ((5,), 3, " "))
    | {"CA": ((6,), 3, " "), "IE": ((7,), 3, " "), "NL": ((6,), 4, " "), "MT": ((7,), 3, " ")}
    | {"PL": ((5,), 2, "-"), "PT": ((7,), 4, "-"), "JP": ((7,), 3, "-"), "BR": ((8,), 5, "-")}
    | {"FR": ((5,), 5, ""), "KY": ((7,), 3, "-"), "LB": ((8,), 4, " "), "IR": ((10,), 5, "-")}
)

# The country's sign as it was put before postcodes on letters: D-10115.
_SIGNS: Mapping[str, str] = {
    "DE": "D", "AT": "A", "FR": "F", "BE": "B", "IT": "I", "ES": "E", "SE": "S", "FI": "FIN", "NO": "N",
    "LU": "L", "PT": "P", "HU": "H", "LI": "FL", "SI": "SLO", "OM": "PC", "SV": "CP",
}  # fmt: skip

# Codes that serve places of another region than their beginning says, beyond those GeoNames tells us of: over a
# state line in US and AU, into the next province in ES and IT, and Sardinia with its provinces redrawn twice.
_BORDER_CODES: Mapping[str, re.Pattern[str]] = {
    "US": re.compile("02861|42223|59221|63673|71749|73949|81137|84536|86044|86515|88063|89439|97635"),
    "AU": re.compile("0872|2406|2540|26[12]|2648|35|36|3707|43[78]|4493|48(25|29)|5440"),
    "ES": re.compile("01118|01211|01427|03657|14449|26127|26212|2818[69]|28190|28310|42269"),
    "IT": re.compile("0[789]|33061"),
}


def address_findings(
    country: str, lines: Sequence[str], city: str, region: str, postal_code: str, name: str = ""
) -> list[AddressFinding]:
    """What is wrong with an address, as (code, pointer, facts); empty when nothing is.

    country: ISO 3166-1 alpha-2 in capitals. Codes: country_unknown, line_missing, city_missing,
    region_missing, region_unknown, postal_code_missing, postal_code_form, postal_code_region, name_missing;
    each only where the country's rules ask for that field. A region is taken by code, ISO code or name in
    any of the country's languages; a postcode is held against it only where that wrongs no valid address.
    """
    rules = rules_of(country)
    if rules is None:
        return [("country_unknown", "/country", {"country": country})]
    first_line = next(filter(str.strip, lines), "")
    values = (first_line, city, region, postal_code, name)
    findings: list[AddressFinding] = [
        (code, pointer, {"country": country})
        for place, code, pointer in rules.needs
        if not values[place] or values[place].isspace()
    ]
    code: str | None = ""
    if rules.needs_code and postal_code and not postal_code.isspace():
        code = _formed(country, postal_code)
    if code is None:
        facts = {"country": country, "example": rules.code_example}
        findings.append(("postal_code_form", "/postal_code", facts))
    if rules.regions and region and not region.isspace():
        findings += _region_findings(country, rules.regions, region, code)
    return findings


def normal_postal_code(country: str, text: str) -> str:
    """A postcode as its country writes it: "sw1a1aa" is "SW1A 1AA", "D-10115" is "10115".

    What does not fit the country's form comes back in capitals with single spaces.
    """
    return _formed(country, text) or _plain(text)


@lru_cache(maxsize=65_536)
def _formed(country: str, text: str) -> str | None:
    """The code in its country's form, or None when it cannot be brought to it, or the country is unknown."""
    code = _plain(text)
    rules = rules_of(country)
    if rules is None:
        return None
    form = rules.code_form
    if form is None:
        return code
    found = _gapped(country, form, code)
    if found is None:
        others = (_gapped(country, form, other) for other in _other_writings(country, rules, code))
        found = next(filter(None, others), None)
    return found


def _gapped(country: str, form: re.Pattern[str], code: str) -> str | None:
    """The code with its country's gap if that makes it fit the form, else as it is if that fits, else None."""
    gap = _GAPS.get(country)
    if gap is not None:
        lengths, place, sign = gap
        bare = code.replace(" ", "").replace("-", "")
        if len(bare) in lengths and form.fullmatch(gapped := f"{bare[:place]}{sign}{bare[place:]}"):
            return gapped
    return code if form.fullmatch(code) else None


def _plain(text: str) -> str:
    if not text.isascii():
        text = normalize("NFKC", text).replace("\u2010", "-").replace("\u2013", "-")
    return " ".join(text.upper().split())


def _other_writings(country: str, rules: CountryRules, code: str) -> Iterator[str]:
    """The ways people write a code that its form does not know, undone one by one."""
    if country == "FR":
        yield code.partition(" ")[0]  # 75380 CEDEX 08
    yield code.replace(" ", "").replace("-", "")
    sign = _SIGNS.get(country, country)
    for prefix in (*rules.code_prefixes, sign):
        yield code.removeprefix(prefix).lstrip("- ")
    for prefix in (f"{country}-", country, f"{sign} "):
        yield prefix + code


def _region_findings(country: str, regions: RegionRules, region: str, code: str | None) -> Iterator[AddressFinding]:
    key, is_sure = _region_key(country, region)
    if key is None:
        if regions.is_latin:  # elsewhere spellings in Latin letters vary too much to say that there is none
            yield "region_unknown", "/region", {"country": country}
    elif code and is_sure and (start := regions.codes.get(key)) and not start.match(code):
        border = _BORDER_CODES.get(country)
        if not (border and border.match(code)) and not _is_there(country, code, key):
            owners = [each for each, start in regions.codes.items() if start.match(code)]
            facts = {"country": country, "region": key, "regions_of_code": owners}
            yield "postal_code_region", "/postal_code", facts


def _is_there(country: str, code: str, region: str) -> bool:
    point = locate(country, code)
    return point is not None and point.is_exact and point.region == region


@lru_cache(maxsize=8_192)
def _region_key(country: str, region: str) -> tuple[str | None, bool]:
    """Google's key of a region, and whether the text names it and nothing else."""
    rules = rules_of(country)
    keys = rules.regions.keys if rules and rules.regions else {}
    name = fold(region.strip().upper().removeprefix(f"{country}-"))
    if key := keys.get(name):
        return key, True
    # "Province of Ontario", "Tokyo-to"; and the other way round "Beijing" for "Beijing Shi".
    within = [known for known in keys if len(known) >= 4 and known in name]
    if within:
        return keys[max(within, key=len)], False
    begun = {key for known, key in keys.items() if len(name) >= 2 and known.startswith(name)}
    is_begun = len(begun) == 1 and (len(name) >= 4 or not name.isascii())
    return (begun.pop() if is_begun else None), False
