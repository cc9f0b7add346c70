"""What an address was probably meant to be, where its postcode tells. Suggested to people, never done by itself."""

from collections.abc import Iterator

import msgspec

from orderwright.values.address_rules import rules_of
from orderwright.values.addresses import address_findings, normal_postal_code
from orderwright.values.forms import AddressForm
from orderwright.values.postcodes import locate

_LOOK_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1", "S": "5", "5": "S", "B": "8", "8": "B", "Z": "2"}
"""Letters and digits that are taken for each other when somebody reads or types."""


def mended(address: AddressForm) -> AddressForm | None:
    """The address with its postcode as the post writes it and the region that the postcode lies in.

    None when nothing better is known: only what leaves no finding is suggested. A postcode with one character taken
    for another is mended where exactly one writing of it is a place.
    """
    if _is_sound(address):
        return None
    for postal_code in _codes(address.country, address.postal_code):
        with_code = msgspec.structs.replace(address, postal_code=postal_code)
        for region in (address.region, *_regions(address.country, postal_code)):
            other = msgspec.structs.replace(with_code, region=region)
            if _is_sound(other):
                return other
    return None


def _codes(country: str, postal_code: str) -> Iterator[str]:
    written = normal_postal_code(country, postal_code)
    yield written
    swapped = {
        normal_postal_code(country, written[:i] + _LOOK_ALIKE[sign] + written[i + 1 :])
        for i, sign in enumerate(written)
        if sign in _LOOK_ALIKE
    }
    there = [code for code in sorted(swapped) if _is_place(country, code)]
    if len(there) == 1:
        yield there[0]


def _is_place(country: str, code: str) -> bool:
    point = locate(country, code)
    return point is not None and point.is_exact


def _regions(country: str, postal_code: str) -> Iterator[str]:
    """The regions a postcode may lie in: that of its place, else the one whose codes begin so."""
    point = locate(country, postal_code)
    if point is not None and point.region:
        yield point.region
    rules = rules_of(country)
    codes = rules.regions.codes if rules and rules.regions else {}
    owners = [key for key, start in codes.items() if start.match(postal_code)]
    if len(owners) == 1:
        yield owners[0]


def _is_sound(address: AddressForm) -> bool:
    return not list(
        address_findings(
            address.country, address.lines, address.city, address.region, address.postal_code, address.name
        )
    )
