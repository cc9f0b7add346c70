"""What the style sheets of staff's and customers' pages keep to."""

import re

import pytest

from tools.console_texts import ROOMS

SHEETS = sorted(path for room in ROOMS for path in (room / "static").glob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w.-])((?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:float|text-align)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius)"
)
"""Sides that do not turn round with a page that is read from the right."""


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sides_turn_with_the_direction_a_page_is_read_in(path):
    assert PHYSICAL.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "rule", ["a { margin-left: 1px }", "a{left:0}", "a { text-align: right; }", "a { border-top-left-radius: 2px }"]
)
def test_a_side_that_does_not_turn_is_found(rule):
    assert PHYSICAL.search(rule)


@pytest.mark.parametrize("rule", ["a { margin-inline-start: 1px }", "a { text-align: end }", ".left { color: red }"])
def test_what_turns_is_left_alone(rule):
    assert not PHYSICAL.search(rule)
