"""What msgspec says of a value that does not fit its shape, taken apart again into a template and its values."""

import re
from functools import cache

from orderwright.values.phrases import Phrase, phrase

KINDS = (
    "int", "str", "bool", "float", "array", "object", "null", "datetime", "date", "uuid", "decimal",
    "int | null", "str | null", "bool | null", "float | null",
)  # fmt: skip
"""Kinds of values as msgspec calls them; alone, each is a word to be translated."""
TEMPLATES = (
    "Expected `int` >= {limit}",
    "Expected `int` <= {limit}",
    "Expected `float` >= {limit}",
    "Expected `float` <= {limit}",
    "Expected `str` of length >= {limit}",
    "Expected `str` of length <= {limit}",
    "Expected `array` of length >= {limit}",
    "Expected `array` of length <= {limit}",
    "Expected `object` of length >= {limit}",
    "Expected `object` of length <= {limit}",
    "Expected `str` matching regex {pattern}",
    "Expected `{kind}`, got `{got}`",
    "Expected `datetime` with a timezone component",
    "Invalid RFC3339 encoded datetime",
    "Invalid RFC3339 encoded date",
    "Invalid UUID",
    "Invalid decimal string",
    "Integer value out of range",
    "It is none of the values allowed here",
    "Object missing required field {name}",
)

EXAMPLES = {
    "^[0-9]{1,18}([.][0-9]{1,6})?$": "12.50",
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": "16:30",
    "^(([01][0-9]|2[0-3]):[0-5][0-9])?$": "16:30",
    "^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$": "GB, US-CA",
    "^([A-Z]{2})?$": "GB",
    "^[A-Z]{2}$": "GB",
    "^[A-Z]{3}$": "EUR",
    "^([0-9]{6,12})?$": "640399",
}
"""What people are told of a pattern, in its place: something it takes."""


def phrase_of(said: str) -> Phrase:
    """What msgspec said as a phrase that reads exactly so. What is not known here stays whole."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found is not None:
            values = {name: phrase(text) if text in KINDS else text for name, text in found.groupdict().items()}
            if "pattern" in values:
                values["example"] = EXAMPLES.get(str(values["pattern"]).strip("'"), values["pattern"])
            return phrase(template, **values)
    return phrase("{said}", said=said)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((each, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(each)))) for each in TEMPLATES)
