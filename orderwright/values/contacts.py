"""E-mail addresses and phone numbers: whether they can be such, without asking the network.

Sources: RFC 5321 (4.5.3.1, lengths) and RFC 5322 (3.4.1, dot-atom) for e-mail; ITU-T E.164 and Google's
libphonenumber for phones.
"""

import re
from functools import cache, lru_cache
from typing import Literal
from unicodedata import normalize

EmailProblem = Literal["no_at_sign", "too_long", "bad_form"]
PhoneProblem = Literal["no_number", "unknown_country_code", "too_short", "too_long", "bad_length"]

_EMAIL_MAX = 254
_PLAIN_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)
_E164 = re.compile(r"\+[1-9][0-9]{5,14}", re.ASCII)


def email_problem(text: str) -> EmailProblem | None:
    """Why a text cannot be an e-mail address, or None. Unusual ones (quoted, other scripts) are taken too."""
    if len(text) > _EMAIL_MAX:
        return "too_long"
    return None if _PLAIN_EMAIL.fullmatch(text) else _unusual_email_problem(text)


def email_key(text: str) -> str:
    """An e-mail address as it is matched: two that differ only in case are one person's."""
    key = text.strip().lower()
    return key if key.isascii() else normalize("NFC", key)


def phone_problem(text: str, country: str) -> PhoneProblem | None:
    """Why a text cannot be a phone number, or None. Only lengths are judged: new number ranges appear daily.

    country: ISO 3166-1 alpha-2, for numbers written without a "+".
    """
    if _E164.fullmatch(text):
        for digits in (1, 2, 3):
            lengths = _lengths_after(text[1 : 1 + digits])
            if lengths:
                if len(text) - 1 - digits in lengths:
                    return None
                break
    return _unusual_phone_problem(text, country)


@lru_cache(maxsize=8_192)
def _unusual_email_problem(text: str) -> EmailProblem | None:
    if "@" not in text:
        return "no_at_sign"
    # Here and not above: a process that sees plain addresses only need not load it.
    from email_validator import validate_email

    try:
        validate_email(text, check_deliverability=False, allow_quoted_local=True, strict=True)
    except ValueError:
        return "bad_form"
    return None


@cache
def _lengths_after(calling_code: str) -> frozenset[int]:
    """The lengths a national number can have after a calling code; empty when there is no such code."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    region = region_code_for_country_code(int(calling_code))
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(calling_code), region)
    known = metadata and metadata.general_desc
    return frozenset(known.possible_length) if known else frozenset()


@lru_cache(maxsize=32_768)
def _unusual_phone_problem(text: str, country: str) -> PhoneProblem | None:
    from phonenumbers import NumberParseException, ValidationResult, is_possible_number_with_reason, parse

    by_error: dict[int, PhoneProblem] = {
        NumberParseException.INVALID_COUNTRY_CODE: "unknown_country_code",
        NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
        NumberParseException.TOO_SHORT_NSN: "too_short",
        NumberParseException.TOO_LONG: "too_long",
    }
    by_length: dict[int, PhoneProblem] = {
        ValidationResult.INVALID_COUNTRY_CODE: "unknown_country_code",
        ValidationResult.TOO_SHORT: "too_short",
        ValidationResult.TOO_LONG: "too_long",
        ValidationResult.INVALID_LENGTH: "bad_length",
    }
    try:
        number = parse(text, country)
    except NumberParseException as refused:
        return by_error.get(refused.error_type, "no_number")
    return by_length.get(is_possible_number_with_reason(number))
