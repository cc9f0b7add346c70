"""Texts in the visitor's language. The English text is the key of its translations; see locales/."""

from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from orderwright.values.phrases import Phrase

LOCALES = Path(__file__).parent / "locales"
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""The languages there are, each by its own name."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def text(english: str) -> str:
    """Marks a text that templates translate when they show it; as `_` in the modules of pages."""
    return english


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, compiled when it is first asked for."""
    return compiled(LOCALES / language / "console.po", language)


def compiled(path: Path, language: str) -> NullTranslations:
    """A catalogue as it is written, made ready; an empty one where there is none."""
    if not path.exists():
        return NullTranslations()
    machine = BytesIO()
    with path.open("rb") as source:
        write_mo(machine, read_po(source, locale=language))
    machine.seek(0)
    return GNUTranslations(machine)


def translated(catalogue: NullTranslations, said: str | Phrase) -> str:
    """A text that is known only when the page is shown. Its per cent signs, and what is in it, stand for themselves."""
    if isinstance(said, Phrase):
        return said.said_by(catalogue.gettext)
    return catalogue.gettext(said) if said else ""


def language_of(wanted: str, accepted: bytes | None) -> str:
    """The language to speak: what the visitor chose, else the first the browser asks for that we have."""
    if wanted in LANGUAGES:
        return wanted
    asked = []
    for each in (accepted or b"").decode("latin-1").split(","):
        tag, _, weight = each.partition(";q=")
        asked.append((-_weight(weight), tag.strip().lower().partition("-")[0]))
    return next((tag for weight, tag in sorted(asked, key=lambda pair: pair[0]) if tag in LANGUAGES and weight), "en")


def locale_of(language: str, accepted: bytes | None) -> str:
    """How the visitor's country writes numbers and days: the first country the browser names with that language."""
    for each in (accepted or b"").decode("latin-1").split(","):
        tag = each.partition(";")[0].strip().replace("-", "_")
        if tag.partition("_")[0].lower() == language and "_" in tag and _is_locale(tag):
            return tag
    return language


@lru_cache(1_000)
def _is_locale(tag: str) -> bool:
    try:
        Locale.parse(tag)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _weight(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0
