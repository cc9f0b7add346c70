"""What a scan is, before anybody looks it up. A scan is what a stranger printed: nothing in it is believed.

Scanners add things (a symbology identifier in front, a line end behind) and drop things (the separator of GS1);
people type codes by hand. What stands in no grammar of ours or of GS1 is a plain code, for the store to look up.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from orderwright.values.codes import is_gtin, is_sscc
from orderwright.values.floor_codes import find_floor_code
from orderwright.values.gs1 import MARKS, SEPARATOR, Element, by_name, date_of, gtin14, parse
from orderwright.values.gs1_links import is_link, read_link
from orderwright.values.refusal import Refusal

SCAN_CHARACTERS_MAX = 512
ScanKind = Literal[
    "place", "tote", "cart", "staff", "work", "parcel", "sscc", "goods", "details", "plain", "unreadable"
]
ScanReason = Literal["empty", "too_long", "control_character", "damaged", "foreign"]

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_AROUND = "".join(map(chr, (*range(0x1D), 0x1E, 0x1F, 0x20, 0x7F, 0xA0, 0xFEFF)))
"""What scanners and people leave at the ends; a GS (0x1D) is left to the grammar."""
_UNMARKED = re.compile(r"0[12][0-9]{14}", re.ASCII)
_BRACKETED = re.compile(r"\([0-9]{2,4}\)", re.ASCII)
_KILO_G = 1000


class Scan(NamedTuple):
    """A scan, read.

    kind: `place`, `tote`, `cart`, `staff`, `work`, `parcel`: ours, with `code` (and `site` of a place); `sscc`: a
    carton; `goods`: `gtin` (14 digits) and what else the barcode says; `details`: GS1 without saying of what, such
    as a second barcode with lot and expiry; `plain`: any other text; `unreadable`: nothing to work with, see `reason`.
    text: what was scanned, cleaned; what a plain code is looked up by, and a bare number before its GTIN.
    is_certain: False where GS1 content came without its mark, so that a separator may have been lost between
    values; a lot or serial in it is to be confirmed. quantity: pieces it says it holds. facts: why it is unreadable.
    """

    kind: ScanKind
    text: str
    code: str = ""
    site: str = ""
    gtin: str = ""
    sscc: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    best_before: date | None = None
    quantity: int | None = None
    weight_g: int | None = None
    is_certain: bool = True
    reason: ScanReason | None = None
    facts: Mapping[str, str] = MappingProxyType({})


def read_scan(text: str, today: date) -> Scan:
    """What a scan is. today: tells which century the two digits of a year are in. Never raises for any text."""
    if len(text) > SCAN_CHARACTERS_MAX:
        return Scan("unreadable", text[:SCAN_CHARACTERS_MAX], reason="too_long")
    text = text.strip(_AROUND)
    mark = _SYMBOLOGY.match(text)
    if mark:
        text = text[mark.end() :]
    inner = text.replace(SEPARATOR, "")
    if not inner:
        return Scan("unreadable", "", reason="empty")
    if not inner.isprintable():
        return Scan("unreadable", text, reason=_what_is_wrong(text))
    is_gs1 = SEPARATOR in text or (mark is not None and mark[0] in MARKS)
    try:
        return _read(text, is_gs1, today)
    except Refusal as refusal:
        reason: ScanReason = "foreign" if refusal.facts["reason"] == "foreign" else "damaged"
        return Scan("unreadable", text, reason=reason, facts={k: str(v) for k, v in refusal.facts.items()})


def _read(text: str, is_gs1: bool, today: date) -> Scan:
    if is_gs1 or _BRACKETED.match(text):
        return _of_elements(text, parse(text), today)
    if is_link(text):
        return _of_elements(text, read_link(text), today)
    if (ours := find_floor_code(text)) is not None:
        return Scan(ours.kind, text, code=ours.code, site=ours.site)
    if is_gtin(text):
        return Scan("goods", text, gtin=gtin14(text))
    if is_sscc(text) or (text.startswith("00") and is_sscc(text[2:])):
        return Scan("sscc", text, sscc=text[-18:])
    if _UNMARKED.match(text) and is_gtin(text[2:16]):
        try:
            elements = parse(text)
        except Refusal:
            return Scan("plain", text)
        is_certain = all(each.identifier.length is not None for each in elements)
        return _of_elements(text, elements, today)._replace(is_certain=is_certain)
    return Scan("plain", text)


def _of_elements(text: str, elements: Sequence[Element], today: date) -> Scan:
    said = by_name(elements)
    scan = Scan(
        "details", text, gtin=said.get("gtin", ""), sscc=said.get("sscc", ""), lot=said.get("lot", ""),
        serial=said.get("serial", ""), weight_g=_weight_g(elements),
        expires_on=_day(said.get("expires_on") or said.get("expires_at", "")[:6], today),
        best_before=_day(said.get("best_before", ""), today),
    )  # fmt: skip
    if scan.sscc:
        return scan._replace(kind="sscc")
    if scan.gtin:
        return scan._replace(kind="goods", quantity=_number(said.get("count")))
    if "content_gtin" in said:
        return scan._replace(kind="goods", gtin=said["content_gtin"], quantity=_number(said["content_count"]))
    return scan


def _day(text: str, today: date) -> date | None:
    return date_of(text, today) if text else None


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _weight_g(elements: Sequence[Element]) -> int | None:
    """Net or else gross weight in grams, rounded to the nearest."""
    for name in ("net_weight_kg", "gross_weight_kg"):
        for code, value in elements:
            found = Element(code, value).identifier
            if found.name == name and found.decimals is not None:
                unit: int = 10**found.decimals
                return (int(value) * _KILO_G * 2 + unit) // (2 * unit)
    return None


def _what_is_wrong(text: str) -> ScanReason:
    # ISO/IEC 15434, what carriers and makers of parts put in large barcodes: not for us.
    return "foreign" if text.startswith("[)>") else "control_character"
