"""Codes carry a check digit; text carries nothing a database or a printer chokes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.codes import check_digit, is_gtin, is_sscc, sscc, text_problem

DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=17)


@pytest.mark.parametrize("text", ["96385074", "036000291452", "4006381333931", "00036000291452", "10614141000415"])
def test_published_gtins_of_every_length_are_taken(text):
    assert is_gtin(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4006381333930",
        "400638133393",
        "0000000000000",
        "40063813339310",
        "4006381333９31",
        "40063813-3931",
    ],
)
def test_a_code_with_a_wrong_digit_length_or_letter_is_no_gtin(text):
    assert not is_gtin(text)


@given(DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_caught(body, at, by):
    code = f"{body}{check_digit(body)}"
    at %= len(code)
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    assert check_digit(wrong[:-1]) != int(wrong[-1])


def test_a_check_digit_of_no_digits_is_refused():
    for body in ("", "12a", "１２"):
        with pytest.raises(ValueError, match="digits only"):
            check_digit(body)


def test_an_sscc_is_the_one_gs1_prints():
    assert sscc(1, "0614141", 234567890) == "106141412345678908"  # GS1 US, SSCC how-to
    assert is_sscc("106141412345678908")
    assert not is_sscc("106141412345678907")
    assert not is_sscc("10614141234567890")


@given(st.integers(0, 9), st.text(alphabet="0123456789", min_size=4, max_size=12), st.data())
def test_every_sscc_made_is_one(extension, prefix, data):
    serial = data.draw(st.integers(0, 10 ** (16 - len(prefix)) - 1))
    code = sscc(extension, prefix, serial)
    assert code[: 1 + len(prefix)] == f"{extension}{prefix}"
    assert is_sscc(code) or code == "0" * 18


@pytest.mark.parametrize(
    ("extension", "prefix", "serial"),
    [
        (10, "0614141", 1),
        (-1, "0614141", 1),
        (1, "061", 1),
        (1, "06141411234567", 1),
        (1, "0614x41", 1),
        (1, "0614141", 10**9 * 10),
        (1, "0614141", -1),
    ],
)
def test_an_sscc_out_of_its_bounds_is_refused(extension, prefix, serial):
    with pytest.raises(ValueError, match=r"SSCC|serial"):
        sscc(extension, prefix, serial)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A. Buyer",
        "Zoë 👩‍👩‍👧 Ω",
        "שלום עולם",
        "\u200fمرحبا\u202e",
        "line 1\nline 2\r\n\tline 3",
        "\ufeff",
        "한국\u3000",
    ],
)
def test_a_name_with_emoji_or_right_to_left_text_is_fine(text):
    assert text_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\0b", "nul"),
        ("a\ud800", "lone_surrogate"),
        ("\udfff\U0001f600", "lone_surrogate"),
        ("bell\x07", "control_character"),
        ("over\rprint", "control_character"),
        ("\x7f", "control_character"),
        ("next\x85line", "control_character"),
        ("\x1b[2J", "control_character"),
    ],
)
def test_nul_surrogate_halves_and_control_characters_are_named(text, problem):
    assert text_problem(text) == problem


@given(st.text(alphabet="ab\0\t\n\r\x07\x7f\x85\ud800\udfff😀א"))
def test_whatever_is_passed_can_be_stored_as_utf8_without_nul(text):
    if text_problem(text) is None:
        assert b"\0" not in text.encode()
