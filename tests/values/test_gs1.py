"""GS1 element strings: what is right is read as it stands, what is wrong is refused with its reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.codes import check_digit
from orderwright.values.gs1 import (
    SEPARATOR,
    Element,
    bracketed,
    by_name,
    date_of,
    date_text,
    element_string,
    gtin14,
    gtin_forms,
    parse,
)
from orderwright.values.gs1_identifiers import IDENTIFIERS
from orderwright.values.gs1_links import read_link
from orderwright.values.refusal import Refusal

GTIN = "09506000134352"
SSCC = "106141412345678908"
TODAY = date(2026, 11, 22)


def reason_of(call, *args):
    """The reason a text is refused for."""
    with pytest.raises(Refusal) as no:
        call(*args)
    assert no.value.code == "bad_code"
    return no.value.facts["reason"]


@pytest.mark.parametrize(
    "text",
    [
        f"(01){GTIN}(17)261122(10)AB-1(21)7",
        f"]C101{GTIN}1726112210AB-1{SEPARATOR}217",
        f"]d201{GTIN}1726112210AB-1{SEPARATOR}217{SEPARATOR}",
        f"]Q3{SEPARATOR}01{GTIN}{SEPARATOR}1726112210AB-1{SEPARATOR}217",
        f"01{GTIN}1726112210AB-1{SEPARATOR}217",
    ],
)
def test_one_content_is_read_from_every_form(text):
    assert parse(text) == [Element("01", GTIN), Element("17", "261122"), Element("10", "AB-1"), Element("21", "7")]


def test_a_value_may_hold_brackets():
    elements = [Element("01", GTIN), Element("10", "A(1)-(x")]
    assert bracketed(elements) == f"(01){GTIN}(10)A(1)-(x"
    assert parse(bracketed(elements)) == elements


def test_separators_stand_only_where_a_length_is_not_known_and_something_follows():
    elements = [Element("10", "AB"), Element("01", GTIN), Element("37", "12"), Element("02", GTIN)]
    assert reason_of(element_string, elements) == "together"
    elements = [Element("02", GTIN), Element("37", "12"), Element("10", "AB")]
    assert element_string(elements) == f"02{GTIN}3712{SEPARATOR}10AB"
    assert element_string([Element("21", "7")]) == "217"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("]C1", "empty"),
        (f"(01){GTIN[:-1]}3", "check_digit"),
        ("(00)106141412345678909", "check_digit"),
        ("(414)9506000134353", "check_digit"),
        ("(01)00000000000000", "check_digit"),
        ("(01)9506000134352", "form"),
        (f"01{GTIN[:-2]}", "form"),
        ("(17)261301", "date"),
        ("(17)260230", "date"),
        ("(17)260001", "date"),
        ("(11)2611x2", "form"),
        ("(17)２６1122", "form"),
        ("(10)", "form"),
        ("(10)123456789012345678901", "form"),
        ("(10)AB CD", "form"),
        ("(10)Ä", "form"),
        ("(37)123456789", "form"),
        ("(7003)2611222460", "date"),
        ("(05)1", "unknown_identifier"),
        ("(", "unknown_identifier"),
        ("(01", "unknown_identifier"),
        ("x", "unknown_identifier"),
        (f"10A{SEPARATOR}{SEPARATOR}21B", "unknown_identifier"),
        (f"(01){GTIN}(10)A(10)B", "twice"),
        (f"(01){GTIN}(02){GTIN}(37)4", "together"),
        (f"(01){GTIN}(37)4", "together"),
        (f"(02){GTIN}", "together"),
        ("(37)4", "together"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(text, reason):
    assert reason_of(parse, text) == reason


def test_the_same_said_twice_is_fine():
    assert len(parse(f"(01){GTIN}(10)A(10)A")) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("261122", date(2026, 11, 22)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("990630", date(1999, 6, 30)),
    ],
)
def test_a_day_is_in_the_nearest_century_and_day_00_is_the_months_last(text, expected):
    assert date_of(text, TODAY) == expected


def test_a_year_after_the_turn_of_the_century_is_ahead():
    assert date_of("010101", date(2080, 1, 1)) == date(2101, 1, 1)


@pytest.mark.parametrize("text", ["260229", "261301", "261131", "26112", "2611223", "²61122"])
def test_what_is_no_day_is_refused(text):
    assert reason_of(date_of, text, TODAY) == "date"


@given(st.dates(date(1978, 1, 1), date(2076, 12, 31)))
def test_a_day_comes_back(day):
    assert date_of(date_text(day), TODAY) == day


def test_a_gtin_is_looked_up_in_every_form_it_is_written_in():
    assert gtin_forms("036000291452") == ["00036000291452", "0036000291452", "036000291452"]
    assert gtin_forms("96385074")[-1] == "96385074"
    assert gtin_forms("10614141000415") == ["10614141000415"]
    assert gtin14("4006381333931") == "04006381333931"
    assert [reason_of(gtin14, text) for text in ("4006381333930", "12345", "00000000", "４006381333931")] == [
        "check_digit", "form", "form", "form",
    ]  # fmt: skip


def test_no_identifier_begins_another_so_reading_needs_no_looking_ahead():
    for code in IDENTIFIERS:
        assert not [other for other in IDENTIFIERS if other != code and other.startswith(code)]


def test_values_of_pre_defined_length_have_exactly_that_length():
    for each in IDENTIFIERS.values():
        if each.length is not None:
            assert each.longest == each.length
            assert each.form.fullmatch("1" * each.length)
            assert not each.form.fullmatch("1" * (each.length - 1))


@st.composite
def elements_of(draw):
    """Any right elements, each identifier once."""
    codes = draw(st.lists(st.sampled_from(["01", "10", "17", "21", "30", "3103", "400", "414", "421"]), unique=True))
    made = []
    for code in codes or ["01"]:
        each = IDENTIFIERS[code]
        if each.check == "check_digit":
            body = draw(st.integers(1, 10 ** (each.length - 1) - 1))
            text = f"{body:0{each.length - 1}}"
            made.append(Element(code, f"{text}{check_digit(text)}"))
        elif each.check == "date":
            made.append(Element(code, f"{draw(st.dates(date(2000, 1, 1), date(2049, 12, 31))):%y%m%d}"))
        else:
            made.append(Element(code, draw(st.from_regex(each.form, fullmatch=True))))
    return made


@given(elements_of())
def test_what_is_built_is_read_back(elements):
    assert parse(element_string(elements)) == elements
    assert parse("]C1" + element_string(elements)) == elements


@given(st.text(max_size=60) | st.text(alphabet="01273()]C\x1dA", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        elements = parse(text)
    except Refusal:
        return
    assert by_name(elements)


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"https://id.gs1.org/01/{GTIN}", [("01", GTIN)]),
        (
            "HTTPS://EXAMPLE.COM/shop/01/9506000134352/10/AB%2F1/21/7?17=261122&utm=x",
            [("01", GTIN), ("10", "AB/1"), ("21", "7"), ("17", "261122")],
        ),
        (f"http://example.org/00/{SSCC}/", [("00", SSCC)]),
    ],
)
def test_a_digital_link_says_what_a_barcode_says(text, elements):
    assert read_link(text) == [Element(*each) for each in elements]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.org/mug", "foreign"),
        ("https://example.org/01", "foreign"),
        (f"https://example.org/01/{GTIN}/10", "foreign"),
        ("https://[::1/01/9506000134352", "foreign"),
        ("https://example.org/01/%ff", "foreign"),
        ("https://example.org/" + "a/" * 50 + f"01/{GTIN}", "foreign"),
        ("https://example.org/01/9506000134353", "check_digit"),
        (f"https://example.org/01/{GTIN}/10/A%20B", "form"),
        (f"https://example.org/01/{GTIN}/17/261122", "unknown_identifier"),
        (f"https://example.org/01/{GTIN}?17=261399", "date"),
        (f"ftp://example.org/01/{GTIN}", "foreign"),
    ],
)
def test_a_link_that_is_damaged_or_foreign_is_refused(text, reason):
    assert reason_of(read_link, text) == reason
