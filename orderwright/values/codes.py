"""Codes with a check digit (GTIN, SSCC), and the rule for text people type.

Source of the check digit and the lengths: GS1 General Specifications, sections 2.1, 2.2.1 and 7.9.1.
"""

import re
from typing import Literal

_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_SSCC_LENGTH = 18
TextProblem = Literal["nul", "lone_surrogate", "control_character"]

# A carriage return is taken as part of a Windows line end only: alone it would overprint a label.
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")


def check_digit(body: str) -> int:
    """The GS1 check digit (0-9) for ASCII digits: from the right, weights 3, 1, 3, ... up to the next ten.

    Raises ValueError when `body` is empty or has anything but ASCII digits.
    """
    if not _is_digits(body):
        raise ValueError("a check digit needs digits only")
    figures = body.encode()
    heavy, light = figures[::-2], figures[-2::-2]
    zero = ord("0") * (3 * len(heavy) + len(light))
    return (zero - 3 * sum(heavy) - sum(light)) % 10


def is_gtin(text: str) -> bool:
    """Whether `text` is a GTIN-8, -12 (UPC), -13 (EAN) or -14 with its check digit; all zeros is none."""
    return len(text) in _GTIN_LENGTHS and _is_checked(text)


def sscc(extension: int, company_prefix: str, serial: int) -> str:
    """A parcel's serial shipping container code: 18 digits.

    extension: 0-9. company_prefix: the 4 to 12 digits GS1 gave the shop. serial: >= 0, at most what
    the 16 digits leave after the prefix. Raises ValueError otherwise.
    """
    serial_digits = _SSCC_LENGTH - 2 - len(company_prefix)
    if not (0 <= extension <= 9 and 4 <= len(company_prefix) <= 12 and _is_digits(company_prefix)):
        raise ValueError("an SSCC needs an extension of 0-9 and a company prefix of 4 to 12 digits")
    if not 0 <= serial < 10**serial_digits:
        raise ValueError(f"the serial must fit {serial_digits} digits")
    body = f"{extension}{company_prefix}{serial:0{serial_digits}}"
    return f"{body}{check_digit(body)}"


def is_sscc(text: str) -> bool:
    """Whether `text` is an SSCC with its check digit."""
    return len(text) == _SSCC_LENGTH and _is_checked(text)


def text_problem(text: str) -> TextProblem | None:
    """Why a text cannot be kept, or None: NUL, half of a surrogate pair, or a control character.

    Tabs and line ends are fine, and so are emoji, right-to-left scripts and their direction marks.
    """
    if text.isprintable():
        return None
    bad = _BAD_CHARACTER.search(text)
    if bad is None:
        return None
    if bad[0] == "\0":
        return "nul"
    return "lone_surrogate" if bad[0] >= "\ud800" else "control_character"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_checked(text: str) -> bool:
    return _is_digits(text) and int(text[-1]) == check_digit(text[:-1]) and text.strip("0") != ""
