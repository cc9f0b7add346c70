"""Texts for customers, in their language. What pages of staff say too is said in the same words."""

from functools import cache
from gettext import NullTranslations
from pathlib import Path

from orderwright.doors.console import texts

LOCALES = Path(__file__).parent / "locales"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; behind it stands that of the console."""
    found = texts.compiled(LOCALES / language / "portal.po", language)
    found.add_fallback(texts.translations(language))
    return found
