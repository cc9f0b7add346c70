"""RFID tags: SGTIN-96 (one item of a GTIN) and SSCC-96 (one carton), 24 hexadecimal digits each.

Source: GS1 EPC Tag Data Standard 2.1, sections 14.6.1 and 14.6.2, tables 14-3 and 14-5.
"""

from typing import NamedTuple

from orderwright.values.codes import check_digit, is_sscc
from orderwright.values.gs1 import gtin14
from orderwright.values.refusal import Refusal

_SGTIN, _SSCC = 0x30, 0x31
_SERIAL_BITS, _SSCC_SPARE_BITS = 38, 24
SERIAL_MAX = 2**_SERIAL_BITS - 1

# By partition: (bits of the company prefix, digits of it). What follows takes the rest of 44 bits and 13 digits
# in an SGTIN, of 58 bits and 17 digits in an SSCC.
_PARTITIONS = ((40, 12), (37, 11), (34, 10), (30, 9), (27, 8), (24, 7), (20, 6))
_SGTIN_BITS, _SGTIN_DIGITS = 44, 13
_SSCC_BITS, _SSCC_DIGITS = 58, 17


class TaggedItem(NamedTuple):
    """One item: its GTIN with 14 digits, its serial number, and the filter value (0-7) readers sort by."""

    gtin: str
    serial: str
    filter: int


class TaggedCarton(NamedTuple):
    """One carton or pallet: its SSCC, and the filter value (0-7)."""

    sscc: str
    filter: int


def read_tag(text: str) -> TaggedItem | TaggedCarton:
    """What a tag's 24 hexadecimal digits say.

    Refuses bad_code with `reason`: form (not 24 hexadecimal digits), foreign (another kind of tag), partition
    (a length GS1 does not know, or a number too large for its digits).
    """
    try:
        bits = int.from_bytes(bytes.fromhex(text))
    except ValueError:
        bits = -1
    if len(text) != 24 or bits < 0:
        raise Refusal("bad_code", reason="form", value=text[:64])
    header, filter_, partition = bits >> 88, bits >> 85 & 7, bits >> 82 & 7
    if header == _SGTIN:
        company, item = _split(bits >> _SERIAL_BITS, partition, _SGTIN_BITS, _SGTIN_DIGITS, text)
        # The GTIN's first digit, its packing level, stands before the item's number in the tag.
        body = f"{item[0]}{company}{item[1:]}"
        return TaggedItem(f"{body}{check_digit(body)}", str(bits & SERIAL_MAX), filter_)
    if header == _SSCC:
        company, serial = _split(bits >> _SSCC_SPARE_BITS, partition, _SSCC_BITS, _SSCC_DIGITS, text)
        body = f"{serial[0]}{company}{serial[1:]}"
        return TaggedCarton(f"{body}{check_digit(body)}", filter_)
    raise Refusal("bad_code", reason="foreign", value=text)


def item_tag(gtin: str, company_digits: int, serial: str, *, filter_value: int = 1) -> str:
    """The tag of one item. company_digits: 6-12, how many digits of the GTIN are the company prefix.

    serial: a number without leading zeros up to 2^38 - 1; SGTIN-96 holds no other. Refuses bad_code.
    """
    full = gtin14(gtin)
    is_number = serial.isascii() and serial.isdigit() and str(int(serial)) == serial and int(serial) <= SERIAL_MAX
    if not is_number or not 0 <= filter_value <= 7:
        raise Refusal("bad_code", reason="form", value=serial[:64])
    head = _joined(full[1:-1], full[0], company_digits, _SGTIN_BITS)
    return f"{_SGTIN << 88 | filter_value << 85 | head << _SERIAL_BITS | int(serial):024X}"


def carton_tag(sscc: str, company_digits: int, *, filter_value: int = 2) -> str:
    """The tag of one carton. company_digits: 6-12, how many digits of the SSCC are the prefix. Refuses bad_code."""
    if not is_sscc(sscc) or not 0 <= filter_value <= 7:
        raise Refusal("bad_code", reason="form", value=sscc[:64])
    head = _joined(sscc[1:-1], sscc[0], company_digits, _SSCC_BITS)
    return f"{_SSCC << 88 | filter_value << 85 | head << _SSCC_SPARE_BITS:024X}"


def _split(bits: int, partition: int, width: int, digits: int, text: str) -> tuple[str, str]:
    """Company prefix and the number after it, each with all its digits."""
    if partition < len(_PARTITIONS):
        company_bits, company_digits = _PARTITIONS[partition]
        rest_bits, rest_digits = width - company_bits, digits - company_digits
        company, rest = bits >> rest_bits & (1 << company_bits) - 1, bits & (1 << rest_bits) - 1
        if company < 10**company_digits and rest < 10**rest_digits:
            return f"{company:0{company_digits}}", f"{rest:0{rest_digits}}"
    raise Refusal("bad_code", reason="partition", value=text)


def _joined(digits: str, first: str, company_digits: int, width: int) -> int:
    """Partition, company prefix and the number after it, as they stand in the tag."""
    if not 6 <= company_digits <= 12:
        raise Refusal("bad_code", reason="partition", value=str(company_digits))
    partition = 12 - company_digits
    rest_bits = width - _PARTITIONS[partition][0]
    company, rest = int(digits[:company_digits]), int(first + digits[company_digits:])
    return partition << width | company << rest_bits | rest
