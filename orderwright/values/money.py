"""Money as whole numbers: minor units of a currency (cents, yen) and, for unit prices, millionths."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from orderwright.values.phrases import phrase

MINOR_MAX = 10**18 - 1
"""The largest amount taken, either sign: it fits a 64-bit column with room for sums."""
MICRO_DIGITS = 6
_TEXT_MAX = 40

# CLDR says how people print a currency, ISO 4217 how banks count it; where they differ, banks win.
_ISO_DIGITS = (
    dict.fromkeys(("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "MRO"), 2)
    | dict.fromkeys(("RSD", "SLL", "SOS", "STD", "SYP", "TMM", "YER", "ZMK", "ZWD"), 2)
    | {"IQD": 3}
)


class BadAmount(ValueError):
    """A text is no amount; `phrase` says why, to stand in a sentence."""

    def __init__(self, template: str, /, **values: Any) -> None:
        self.phrase = phrase(template, **values)
        super().__init__(str(self.phrase))


@cache
def digits_of(currency: str) -> int:
    """Decimals of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD.

    Known is what is or was legal tender since 2000, so that old orders can be read.
    Raises ValueError for any other text. Sources: Unicode CLDR (by Babel), ISO 4217.
    """
    try:
        return _digits_by_currency()[currency]
    except KeyError:
        raise ValueError(f"unknown currency {currency!r}") from None


def parse_minor(text: str, currency: str) -> int:
    """A decimal text ("-12.50") in minor units of the currency.

    Strict: an optional "-", ASCII digits, optionally "." and digits. Decimals beyond the currency's must
    be zeros. At most 18 digits. Raises ValueError.
    """
    return _scaled(text, digits_of(currency))


def parse_micro(text: str) -> int:
    """A decimal text in millionths of a major unit: "0.0125" is 12500. Strict as `parse_minor`."""
    return _scaled(text, MICRO_DIGITS)


def format_minor(amount_minor: int, currency: str) -> str:
    """Minor units as a decimal text with exactly the currency's decimals: 1250 USD is "12.50"."""
    return _text(amount_minor, digits_of(currency))


def format_micro(amount_micro: int, currency: str | None = None) -> str:
    """Millionths as a decimal text without idle zeros, yet at least the currency's decimals when given."""
    whole, _, decimals = _text(amount_micro, MICRO_DIGITS).partition(".")
    decimals = decimals.rstrip("0").ljust(digits_of(currency) if currency else 0, "0")
    return f"{whole}.{decimals}" if decimals else whole


def line_amount_minor(quantity: int, unit_price_micro: int, currency: str) -> int:
    """What `quantity` units at a price in millionths come to, in minor units.

    Rounded once, half to even. Raises ValueError when the amount is beyond 18 digits.
    """
    step = 10 ** (MICRO_DIGITS - digits_of(currency))
    amount, rest = divmod(quantity * unit_price_micro, step)
    if rest * 2 > step or (rest * 2 == step and amount & 1):
        amount += 1
    return _bounded(amount)


def share(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weight, exactly.

    total_minor: minor units, either sign. weights: each >= 0, one per line. Returns one amount per
    weight, in order; they sum to total_minor. Equal remainders favour the earlier line, so an order
    always splits the same way and a refund mirrors it. Raises ValueError if a weight is negative or
    they sum to 0. Source: Hamilton's largest remainders.
    """
    whole = sum(weights)
    if whole == 0 or min(weights) < 0:
        raise ValueError("share: weights must be at least 0 and not all 0")
    sign, total = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


@lru_cache(maxsize=65_536)
def _scaled(text: str, digits: int) -> int:
    whole, point, decimals = text.partition(".")
    unsigned = whole[1:] if whole[:1] == "-" else whole
    if not (unsigned.isdigit() and text.isascii() and (decimals.isdigit() or not point)) or len(text) > _TEXT_MAX:
        raise BadAmount("not a decimal number such as 1234.50")
    if len(decimals) > digits:
        if decimals[digits:].strip("0"):
            raise BadAmount("more than {digits} decimals", digits=digits)
        decimals = decimals[:digits]
    return _bounded(int(whole + decimals.ljust(digits, "0")))


def _bounded(amount: int) -> int:
    if -MINOR_MAX <= amount <= MINOR_MAX:
        return amount
    raise BadAmount("more than 18 digits")


def _text(amount: int, digits: int) -> str:
    if not digits:
        return str(amount)
    figures = str(abs(amount)).rjust(digits + 1, "0")
    return f"{'-' if amount < 0 else ''}{figures[:-digits]}.{figures[-digits:]}"


@cache
def _digits_by_currency() -> dict[str, int]:
    # Here and not above, because Babel takes 30 ms to import and most commands never see money.
    from babel.core import get_global

    fractions: dict[str, tuple[int, ...]] = dict(get_global("currency_fractions"))
    spans: list[tuple[str, Any, Any, bool]] = [
        span for spans in get_global("territory_currencies").values() for span in spans
    ]
    tender = {code for code, _, end, is_tender in spans if is_tender and (end is None or end[0] >= 2000)}
    default = fractions["DEFAULT"]
    return {code: fractions.get(code, default)[0] for code in tender} | _ISO_DIGITS
