"""RFID tags: the standard's own examples, and every partition there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.codes import check_digit, sscc
from orderwright.values.epc import SERIAL_MAX, TaggedCarton, TaggedItem, carton_tag, item_tag, read_tag
from orderwright.values.refusal import Refusal


def test_the_standards_examples():
    assert read_tag("3074257BF7194E4000001A85") == TaggedItem("80614141123458", "6789", 3)
    assert item_tag("80614141123458", 7, "6789", filter_value=3) == "3074257BF7194E4000001A85"
    assert read_tag("3174257bf4499602d2000000") == TaggedCarton("106141412345678908", 3)
    assert carton_tag("106141412345678908", 7, filter_value=3) == "3174257BF4499602D2000000"


@given(st.integers(1, 10**13 - 1), st.integers(6, 12), st.integers(0, SERIAL_MAX), st.integers(0, 7))
def test_any_item_comes_back_from_its_tag(body, company_digits, serial, filter_value):
    gtin = f"{body:013}{check_digit(f'{body:013}')}"
    tag = item_tag(gtin, company_digits, str(serial), filter_value=filter_value)
    assert read_tag(tag) == TaggedItem(gtin, str(serial), filter_value)


@given(st.integers(0, 9), st.integers(6, 12), st.integers(0, 9999))
def test_any_carton_comes_back_from_its_tag(extension, company_digits, serial):
    code = sscc(extension, "950600013435"[:company_digits], serial)
    assert read_tag(carton_tag(code, company_digits)) == TaggedCarton(code, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("3074257BF7194E4000001A8", "form"),
        ("3074257BF7194E4000001A8G", "form"),
        ("30 74257BF7194E400001A85", "form"),
        ("E20034120133FA000A1B2C3D", "foreign"),
        ("307C257BF7194E4000001A85", "partition"),
        ("3077FFFFFFFFFFFFFFFFFFFF", "partition"),
    ],
)
def test_a_tag_that_is_damaged_or_of_another_kind_is_refused(text, reason):
    with pytest.raises(Refusal) as no:
        read_tag(text)
    assert (no.value.code, no.value.facts["reason"]) == ("bad_code", reason)


@pytest.mark.parametrize("serial", ["", "007", "A1", "-1", "²", str(SERIAL_MAX + 1)])
def test_a_serial_a_tag_cannot_hold_is_refused(serial):
    with pytest.raises(Refusal):
        item_tag("80614141123458", 7, serial)


def test_a_prefix_of_a_length_there_is_not_is_refused():
    with pytest.raises(Refusal):
        item_tag("80614141123458", 5, "1")
    with pytest.raises(Refusal):
        carton_tag("106141412345678908", 13)
