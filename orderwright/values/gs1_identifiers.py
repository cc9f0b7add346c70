"""GS1 application identifiers: what two to four digits say of the characters after them.

Source: GS1 General Specifications 24.0, section 3.2 (the list), 7.8.4 (the pre-defined lengths), 7.11 (characters).
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

Check = Literal["none", "check_digit", "date", "time"]

# Digits, letters and the punctuation every GS1 reader knows ("character set 82").
_CHARACTER = r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"""

# Each line: identifier, digits that come first, other characters at most, check, what it names.
# `31n0-31n5` and the like: the last digit says how many decimals the value has.
_LIST = """
00 18 0 check_digit sscc
01 14 0 check_digit gtin
02 14 0 check_digit content_gtin
10 0 20 none lot
11 6 0 date produced_on
12 6 0 date due_on
13 6 0 date packed_on
15 6 0 date best_before
16 6 0 date sell_by
17 6 0 date expires_on
20 2 0 none variant
21 0 20 none serial
22 0 20 none consumer_variant
235 0 28 none third_party_serial
240 0 30 none additional_id
241 0 30 none customer_part
242 0-6 0 none made_to_order
243 0 20 none packaging_part
250 0 30 none secondary_serial
251 0 30 none source_reference
253 13 17 none document
254 0 20 none location_extension
255 13 12 none coupon
30 0-8 0 none count
37 0-8 0 none content_count
400 0 30 none customer_order
401 0 30 none consignment
402 17 0 check_digit shipment
403 0 30 none routing
410 13 0 check_digit ship_to
411 13 0 check_digit bill_to
412 13 0 check_digit bought_from
413 13 0 check_digit ship_for
414 13 0 check_digit location
415 13 0 check_digit invoicer
416 13 0 check_digit production_location
417 13 0 check_digit party
420 0 20 none ship_to_postal_code
421 3 9 none ship_to_country_postal_code
422 3 0 none origin_country
424 3 0 none processed_in
426 3 0 none full_process_in
7003 10 0 time expires_at
8006 18 0 none piece_of_trade_item
8017 18 0 check_digit service_provider
8018 18 0 check_digit service_recipient
8020 0 25 none payment_slip
8200 0 70 none product_address
90 0 30 none between_partners
"""
_MEASURES = {
    "310": "net_weight_kg", "311": "length_m", "312": "width_m", "313": "depth_m", "314": "area_m2",
    "315": "net_volume_l", "316": "net_volume_m3", "320": "net_weight_lb", "330": "gross_weight_kg",
    "331": "gross_length_m", "332": "gross_width_m", "333": "gross_depth_m", "335": "gross_volume_l",
    "336": "gross_volume_m3", "340": "gross_weight_lb", "356": "net_weight_troy_oz", "357": "net_weight_oz",
}  # fmt: skip
_AMOUNTS = {"390": (0, "amount"), "391": (3, "amount_in"), "392": (0, "price"), "393": (3, "price_in")}
_INTERNAL = range(91, 100)


class Identifier(NamedTuple):
    """One application identifier.

    form: what its value must match as a whole. length: characters of the value where GS1 says in advance how many
    follow, so that no separator is needed; None where a separator ends it. decimals: digits after the point.
    """

    code: str
    name: str
    form: re.Pattern[str]
    length: int | None
    longest: int
    check: Check
    decimals: int | None


# By their first two digits (GenSpecs figure 7.8.5-2): characters of identifier and value together.
_PREDEFINED_LENGTHS = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16,
    **{f"{n}": 8 for n in range(11, 20)}, **{f"{n}": 10 for n in range(31, 37)},
}  # fmt: skip


def _identifier(
    code: str, digits: str, others: int, check: Check, name: str, decimals: int | None = None
) -> Identifier:
    least, _, most = digits.partition("-")
    if most:
        form, longest = rf"[0-9]{{1,{most}}}", int(most)
    else:
        # What follows leading digits may be missing; where nothing leads, at least one character is there.
        rest = rf"{_CHARACTER}{{{0 if int(least) else 1},{others}}}" if others else ""
        form, longest = rf"[0-9]{{{least}}}{rest}", int(least) + others
    total = _PREDEFINED_LENGTHS.get(code[:2])
    length = None if total is None else total - len(code)
    return Identifier(code, name, re.compile(form, re.ASCII), length, longest, check, decimals)


def _all_identifiers() -> dict[str, Identifier]:
    found = []
    for line in _LIST.split("\n"):
        if line:
            code, digits, others, check, name = line.split()
            found.append(_identifier(code, digits, int(others), check, name))  # type: ignore[arg-type]
    for stem, name in _MEASURES.items():
        found += [_identifier(f"{stem}{n}", "6", 0, "none", name, n) for n in range(6)]
    for stem, (country_digits, name) in _AMOUNTS.items():
        for n in range(10):
            each = _identifier(f"{stem}{n}", "0-15", 0, "none", name, n)
            form = re.compile(rf"[0-9]{{{country_digits}}}[0-9]{{1,15}}", re.ASCII)
            found.append(each._replace(form=form, longest=15 + country_digits))
    found += [_identifier(f"{n}", "0", 90, "none", "internal") for n in _INTERNAL]
    return {each.code: each for each in found}


IDENTIFIERS: Mapping[str, Identifier] = _all_identifiers()


def find_identifier(text: str, start: int) -> Identifier | None:
    """The identifier that stands at `start`, or None. No identifier is the beginning of another."""
    for size in (2, 3, 4):
        found = IDENTIFIERS.get(text[start : start + size])
        if found is not None:
            return found
    return None
