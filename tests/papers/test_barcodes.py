"""Barcodes are made of nothing our own rules did not accept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.papers.barcodes import code_128, gs1_128, gs1_datamatrix, qr
from orderwright.papers.fitting import linear, linear_or_matrix, matrix
from orderwright.values.gs1 import Element
from orderwright.values.refusal import Refusal

GTIN = Element("01", "09506000134352")


@pytest.mark.parametrize(
    ("make", "content", "reason"),
    [
        (code_128, "", "form"),
        (code_128, "A" * 49, "form"),
        (code_128, "Ä", "characters"),
        (code_128, "A\x1dB", "characters"),
        (qr, "A" * 301, "form"),
        (qr, "日本", "characters"),
        (gs1_128, [], "empty"),
        (gs1_128, [Element("00", "106141412345678909")], "check_digit"),
        (gs1_128, [GTIN, Element("17", "261301")], "date"),
        (gs1_datamatrix, [GTIN, Element("10", "A(21)B")], "characters"),
        (gs1_datamatrix, [Element("999", "1")], "unknown_identifier"),
        (gs1_128, [GTIN, Element("10", "A" * 20), Element("21", "B" * 20)], "form"),
    ],
)
def test_what_is_wrong_is_never_made_into_bars(make, content, reason):
    with pytest.raises(Refusal) as no:
        make(content)
    assert (no.value.code, no.value.facts["reason"]) == ("bad_code", reason)


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=48))
@settings(max_examples=50)
def test_any_plain_text_becomes_bars_with_quiet_on_both_sides(text):
    made = code_128(text)
    assert made.text == text
    assert made.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 ')


def test_bars_are_as_wide_as_there_is_room_and_whole_dots():
    assert linear("T:0042", 90).module_dots == 3
    assert linear("T:0042", 34).module_dots == 2
    assert linear("T:0042", 20) is None
    assert linear("A" * 49, 900) is None
    assert linear_or_matrix("T:0042", 20, 15).code.kind == "qr"
    assert matrix("T:0042", 30).module_dots == 8
    assert matrix("A" * 300, 10).module_dots == 3
