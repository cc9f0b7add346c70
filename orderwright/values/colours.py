"""Colours as people choose them, and whether words in them can be read. Source: WCAG 2.2, contrast ratio (1.4.3)."""

import re

WHITE, BLACK = "#ffffff", "#10181a"
READABLE = 4.5
"""Words need this contrast at least (WCAG 2.2 AA)."""
_FORM = re.compile("#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)


def is_colour(text: str) -> bool:
    """Whether a text is a colour of the form #1b6e6a."""
    return _FORM.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart: 1 for the same, 21 for black and white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """White or black, whichever is read better on a colour."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, colour))


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def readable_on(colour: str, ground: str, towards: str) -> str:
    """A colour itself where it can be read on a ground; else the nearest mixture towards another that can."""
    steps = (mixed(colour, towards, step / 20) for step in range(21))
    return next((each for each in steps if contrast(each, ground) >= READABLE), towards)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(each / 255) for each in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
