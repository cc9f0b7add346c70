"""E-mail addresses and phone numbers: what cannot be one is refused, what is merely unusual is not."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from orderwright.values.contacts import email_key, email_problem, phone_problem

E164 = st.from_regex(r"\+[1-9][0-9]{4,15}", fullmatch=True)
LOCAL = st.text(alphabet="abZ09.+-_'!\"( @", max_size=12)
DOMAIN = st.text(alphabet="abZ09.-_ü", max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "buyer@example.org",
        "o'brien+shop@mail.example.co.uk",
        "A.B-c_d@EXAMPLE.COM",
        "x@xn--bcher-kva.example",
        "x@bcher--kva.example",
        "käufer@bücher.de",
        "名前@例え.jp",
        '"quoted local"@example.org',
        "a" * 64 + "@example.org",
    ],
)
def test_an_address_that_could_be_written_to_is_taken(text):
    assert email_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no_at_sign"),
        ("buyer", "no_at_sign"),
        ("buyer@", "bad_form"),
        ("@example.org", "bad_form"),
        ("a@b@example.org", "bad_form"),
        ("a..b@example.org", "bad_form"),
        (".a@example.org", "bad_form"),
        ("a b@example.org", "bad_form"),
        ("buyer@example", "bad_form"),
        ("buyer@-example.org", "bad_form"),
        ("buyer@exa_mple.org", "bad_form"),
        ("buyer@10.0.0.1", "bad_form"),
        ("buyer@example.org\n", "bad_form"),
        ("buyer@example.org\0", "bad_form"),
        ("buyer\ud800@example.org", "bad_form"),
        ("buyer@ab--c.com", "bad_form"),
        ("buyer@xn--a.com", "bad_form"),
        ("a" * 65 + "@example.org", "bad_form"),
        ("a@" + "b" * 64 + ".org", "bad_form"),
        ("a@" + "b." * 130 + "org", "too_long"),
        ("a" * 100_000 + "@example.org", "too_long"),
    ],
)
def test_what_cannot_be_an_address_is_told(text, problem):
    assert email_problem(text) == problem


@given(LOCAL, DOMAIN)
def test_the_fast_path_takes_nothing_that_the_full_check_refuses(local, domain):
    text = f"{local}@{domain}.com"
    try:
        validate_email(text, check_deliverability=False, allow_quoted_local=True, strict=True)
    except EmailNotValidError:
        assert email_problem(text) is not None
    else:
        assert email_problem(text) is None


def test_addresses_are_matched_without_case():
    assert email_key(" Buyer@Example.ORG ") == "buyer@example.org"
    assert email_key("Zoe\u0308@example.org") == email_key("ZOË@example.org")
    assert email_key("") == ""


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+14155550100", "US"),
        ("+442079460958", "US"),
        ("+39061234567", "IT"),
        ("+80012345678", "US"),
        ("(415) 555-0100", "US"),
        ("020 7946 0958", "GB"),
        ("0044 20 7946 0958", "DE"),
        ("+1 415 555 0100 ext. 5", "DE"),
        ("٠٢٠ ٧٩٤٦ ٠٩٥٨", "GB"),
    ],
)
def test_a_number_that_could_ring_is_taken(text, country):
    assert phone_problem(text, country) is None


@pytest.mark.parametrize(
    ("text", "country", "problem"),
    [
        ("", "US", "no_number"),
        ("call me", "US", "no_number"),
        ("+1415555010", "US", "too_short"),
        ("+14155550100123", "US", "too_long"),
        ("+999123456789", "US", "unknown_country_code"),
        ("020 7946 0958", "", "unknown_country_code"),
        ("020 7946 0958", "ZZ", "unknown_country_code"),
        ("12", "GB", "too_short"),
        ("1" * 300, "US", "too_long"),
        ("\0\ud800", "US", "no_number"),
    ],
)
def test_what_cannot_be_a_number_is_told(text, country, problem):
    assert phone_problem(text, country) == problem


@given(E164)
def test_numbers_with_a_plus_are_judged_as_the_full_library_does(text):
    try:
        is_possible = phonenumbers.is_possible_number(phonenumbers.parse(text, None))
    except phonenumbers.NumberParseException:
        is_possible = False
    assert (phone_problem(text, "US") is None) == is_possible
