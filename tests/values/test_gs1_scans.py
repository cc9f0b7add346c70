"""What a scan is: ours, goods, a carton, a plain code, or nothing anybody can use."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.floor_codes import FloorCode, find_floor_code, floor_code
from orderwright.values.refusal import Refusal
from orderwright.values.scans import SCAN_CHARACTERS_MAX, Scan, read_scan

GTIN = "09506000134352"
SSCC = "106141412345678908"
TODAY = date(2026, 11, 22)
GS = "\x1d"


def scan(text):
    return read_scan(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L:LEEDS/A-03-12", ("place", "A-03-12", "LEEDS")),
        ("l:LEEDS/A/3", ("place", "A/3", "LEEDS")),
        ("]C0T:0042\r\n", ("tote", "0042", "")),
        ("C:7", ("cart", "7", "")),
        ("S:ann", ("staff", "ann", "")),
        ("]Q1W:0199c0de-0000-7000-8000-000000000001", ("work", "0199c0de-0000-7000-8000-000000000001", "")),
        ("P:P-000017", ("parcel", "P-000017", "")),
    ],
)
def test_our_own_codes_are_known_by_their_prefix(text, expected):
    found = scan(text)
    assert (found.kind, found.code, found.site) == expected


def test_a_medicine_says_gtin_lot_serial_and_expiry():
    found = scan(f"]d201{GTIN}1726110010AB-1{GS}217")
    assert found == Scan(
        "goods", found.text, gtin=GTIN, lot="AB-1", serial="7", expires_on=date(2026, 11, 30)
    )  # fmt: skip
    assert found.is_certain


def test_a_link_on_the_goods_says_the_same():
    found = scan("https://id.example.org/01/9506000134352/10/AB-1/21/7?17=261100&15=260101")
    assert (found.kind, found.gtin, found.lot, found.serial) == ("goods", GTIN, "AB-1", "7")
    assert (found.expires_on, found.best_before) == (date(2026, 11, 30), date(2026, 1, 1))


def test_gs1_without_its_mark_is_read_but_its_lot_is_not_certain():
    # A keyboard wedge that drops the separator makes lot AB-1 and serial 7 into lot AB-1217.
    found = scan(f"01{GTIN}10AB-1217")
    assert (found.kind, found.lot, found.serial, found.is_certain) == ("goods", "AB-1217", "", False)
    assert scan(f"01{GTIN}17261122").is_certain
    assert scan(f"01{GTIN}10AB-1{GS}217").is_certain


def test_cartons_and_what_they_hold():
    assert scan(SSCC).sscc == scan(f"00{SSCC}").sscc == scan(f"]C100{SSCC}").sscc == scan(f"(00){SSCC}").sscc == SSCC
    held = scan(f"]C102{GTIN}3712{GS}3103001250")
    assert (held.kind, held.gtin, held.quantity, held.weight_g) == ("goods", GTIN, 12, 1250)
    assert scan(f"(01){GTIN}(30)6").quantity == 6
    assert scan(f"(01){GTIN}(3105)000149").weight_g == 1
    assert scan(f"(01){GTIN}(3300)000002").weight_g == 2000


def test_a_second_barcode_says_details_of_no_goods():
    found = scan(f"]C11726112210AB-1{GS}")
    assert (found.kind, found.gtin, found.lot, found.expires_on) == ("details", "", "AB-1", date(2026, 11, 22))


@pytest.mark.parametrize("text", ["96385074", "036000291452", "]E09506000134352", "9506000134352\t", f" {GTIN} "])
def test_bare_numbers_with_their_check_digit_are_goods(text):
    found = scan(text)
    assert (found.kind, len(found.gtin), found.is_certain) == ("goods", 14, True)
    assert found.gtin.endswith(found.text)


@pytest.mark.parametrize(
    "text",
    ["MUG", "A-03-12", "9506000134353", "1Z999AA10123456784", "(new) mug", "X:1", "ROSE LIP 01", "日本", "=cmd|calc",
     "01950600013435210", "0195060001343539910AB", "106141412345678909", "#panic()", "<script>"],
)  # fmt: skip
def test_anything_else_that_can_be_read_is_a_plain_code(text):
    assert scan(text) == Scan("plain", text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\r\n", "empty"),
        ("]C1", "empty"),
        (GS, "empty"),
        ("A" * (SCAN_CHARACTERS_MAX + 1), "too_long"),
        ("MUG\x00", None),
        ("MU\x00G", "control_character"),
        ("MU\nG", "control_character"),
        ("T:0042\x1b[2J", "control_character"),
        ("MUG\u202eGUM", "control_character"),
        ("MUG\ud800", "control_character"),
        ("[)>\x1e06\x1dP123\x1e\x04", "foreign"),
        ("https://example.org/win", "foreign"),
        (f"]C101{GTIN[:-1]}9", "damaged"),
        (f"(01){GTIN}(17)261399", "damaged"),
        (f"(01){GTIN}(17)270229", "damaged"),
        ("]C1MUG", "damaged"),
        ("L:LEEDS", "damaged"),
        ("L:/A", "damaged"),
        ("T:", "damaged"),
        ("T:" + "4" * 65, "damaged"),
        ("T:Ä", "damaged"),
        ("C: 7", "damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_why(text, reason):
    assert scan(text).reason == reason
    assert (scan(text).kind == "unreadable") == (reason is not None)


def test_a_damaged_code_says_what_is_wrong_with_it():
    assert scan(f"]C101{GTIN[:-1]}9").facts == {
        "reason": "check_digit", "identifier": "01", "value": GTIN[:-1] + "9",
    }  # fmt: skip


@given(st.text(alphabet=st.characters(), max_size=80) | st.text(alphabet="]C1QdL:T/01273()\x1dA-", max_size=40))
def test_no_text_breaks_the_reading(text):
    found = scan(text)
    assert (found.kind == "unreadable") == (found.reason is not None)


@given(st.sampled_from(["tote", "cart", "staff", "work", "parcel"]), st.from_regex(r"[!-~]{1,64}", fullmatch=True))
def test_our_codes_come_back(kind, code):
    assert find_floor_code(floor_code(kind, code)) == FloorCode(kind, code)


@pytest.mark.parametrize(
    ("kind", "code", "site"),
    [("tote", "", ""), ("tote", "Ä", ""), ("tote", "4\x1d", ""), ("tote", "4", "LEEDS"), ("place", "A", ""),
     ("place", "A", "LE/EDS"), ("place", " A", "LEEDS"), ("place", "A" * 65, "LEEDS")],
)  # fmt: skip
def test_what_no_barcode_should_hold_is_not_made_one(kind, code, site):
    with pytest.raises(Refusal):
        floor_code(kind, code, site)
