"""Money: read strictly, rounded once, split exactly."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.money import (
    MINOR_MAX,
    digits_of,
    format_micro,
    format_minor,
    line_amount_minor,
    parse_micro,
    parse_minor,
    share,
)

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
AMOUNTS = st.integers(-MINOR_MAX, MINOR_MAX)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("USD", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("ISK", 0),
        ("RSD", 2),
        ("IQD", 3),
        ("TND", 3),
        ("HRK", 2),
        ("ITL", 0),
    ],
)
def test_a_currency_has_the_digits_of_iso_4217(currency, digits):
    assert digits_of(currency) == digits


@pytest.mark.parametrize("currency", ["", "usd", "US", "XXX", "XAU", "ZZZ", "CHW", "US$"])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(ValueError, match="unknown currency"):
        digits_of(currency)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("0", "USD", 0),
        ("-0", "USD", 0),
        ("-0.01", "USD", -1),
        ("12.5", "USD", 1250),
        ("12.5000", "USD", 1250),
        ("007", "USD", 700),
        ("1000", "JPY", 1000),
        ("1000.00", "JPY", 1000),
        ("1.234", "KWD", 1234),
        ("9999999999999999.99", "USD", MINOR_MAX),
    ],
)
def test_zero_and_three_decimal_currencies_are_read_to_their_own_minor_unit(text, currency, amount):
    assert parse_minor(text, currency) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "-", ".", ".5", "5.", "-.5", "+1", "--1", "1-", "1.2.3", "1.-2", " 1", "1 ", "1\n", "1,5", "1_0",
        "1e3", "0x1", "NaN", "Infinity", "-inf", "١", "1.١", "²", "１", "1.005", "1" + "0" * 16, "0" * 41,
    ],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_refused(text):
    with pytest.raises(ValueError, match=r"decimal|digits"):
        parse_minor(text, "USD")


def test_a_fraction_of_a_yen_is_refused():
    with pytest.raises(ValueError, match="more than 0 decimals"):
        parse_minor("1000.5", "JPY")


def test_a_unit_price_keeps_six_decimals():
    assert parse_micro("0.0125") == 12_500
    assert parse_micro("-19.99") == -19_990_000
    with pytest.raises(ValueError, match="more than 6 decimals"):
        parse_micro("0.0000001")


@pytest.mark.parametrize(
    ("micro", "currency", "text"),
    [
        (19_990_000, "USD", "19.99"),
        (5_000_000, "USD", "5.00"),
        (5_000_000, None, "5"),
        (12_500, "USD", "0.0125"),
        (-12_500, "KWD", "-0.0125"),
        (5_000_000, "JPY", "5"),
        (5_500_000, "JPY", "5.5"),
        (100_000_000, None, "100"),
    ],
)
def test_a_unit_price_is_written_without_idle_zeros(micro, currency, text):
    assert format_micro(micro, currency) == text


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_is_read_back(amount, currency):
    assert parse_minor(format_minor(amount, currency), currency) == amount
    assert parse_micro(format_micro(amount, currency)) == amount


@given(st.text(alphabet="0123456789.-e ", max_size=12), CURRENCIES)
def test_what_is_read_is_what_the_decimal_says(text, currency):
    try:
        amount = parse_minor(text, currency)
    except ValueError:
        return
    assert Decimal(text).scaleb(digits_of(currency)) == amount


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "amount"),
    [
        (3, "19.99", "USD", 5997),
        (1, "0.005", "USD", 0),
        (1, "0.015", "USD", 2),
        (3, "0.005", "USD", 2),
        (1, "-0.015", "USD", -2),
        (1, "-0.025", "USD", -2),
        (1, "2.5", "JPY", 2),
        (3, "0.0005", "KWD", 2),
    ],
)
def test_a_line_is_rounded_once_half_to_even(quantity, price, currency, amount):
    assert line_amount_minor(quantity, parse_micro(price), currency) == amount


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), CURRENCIES)
def test_a_line_amount_is_what_exact_decimals_give(quantity, price_micro, currency):
    exact = Decimal(quantity) * Decimal(price_micro) * Decimal(10) ** (digits_of(currency) - 6)
    expected = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    assert line_amount_minor(quantity, price_micro, currency) == expected


def test_an_amount_no_column_could_hold_is_refused():
    with pytest.raises(ValueError, match="18 digits"):
        line_amount_minor(1_000_000_000, 10**17, "USD")


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the first line takes the odd cent
        (-100, [1, 1, 1], [-34, -33, -33]),  # a refund mirrors its charge
        (5, [0, 1], [0, 5]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_share_splits_exactly(total, weights, expected):
    assert share(total, weights) == expected


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -1]])
def test_share_refuses_weights_that_mean_nothing(weights):
    with pytest.raises(ValueError, match="weights"):
        share(1, weights)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_shares_sum_to_the_total_and_miss_the_exact_part_by_less_than_one_unit(total, weights):
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))
