"""Weights as a scale shows them, in whole grams."""

from fractions import Fraction
from typing import Literal

from orderwright.values.money import parse_micro

WeightUnit = Literal["g", "kg", "lb", "oz"]

_GRAMS = {
    "g": Fraction(1),
    "kg": Fraction(1000),
    "lb": Fraction(45_359_237, 100_000),
    "oz": Fraction(45_359_237, 1_600_000),
}


def grams_of(text: str, unit: WeightUnit) -> int:
    """A scale's reading ("1.5" of `unit`) in grams, rounded to the nearest, half to even.

    Strict decimal text, at most 6 decimals. Raises ValueError for other text or a negative weight.
    Source: international yard and pound agreement of 1959, 1 lb = 453.59237 g, 16 oz = 1 lb.
    """
    millionths = parse_micro(text)
    if millionths < 0:
        raise ValueError("a weight is not negative")
    return round(_GRAMS[unit] * millionths / 1_000_000)
