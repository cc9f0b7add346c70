"""The words on papers, in the paper's language. English is what the code and the templates say."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
ENGLISH = "en"


@cache
def languages() -> tuple[str, ...]:
    """The languages papers come in, English first."""
    return (ENGLISH, *sorted(each.stem for each in LOCALES.glob("*.po")))


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Word by English word; what is not in it stays English. A language there is not is English."""
    if language == ENGLISH or language not in languages():
        return {}
    with (LOCALES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(each.id): str(each.string) for each in catalogue if each.id and each.string}


def spoken(language: str) -> str:
    """The language a paper is printed in: that of `es-MX` is `es`, of one we do not have it is English."""
    base = language.replace("_", "-").partition("-")[0].lower()
    return base if base in languages() else ENGLISH


def day_text(day: date | None, language: str) -> str:
    """A day as people of the language write it, with the month in letters; nothing for none."""
    return "" if day is None else format_date(day, "d MMM yyyy", locale=language)


def time_text(moment: datetime | None, language: str) -> str:
    """A day and time in the zone the moment is given in; nothing for none."""
    return "" if moment is None else format_datetime(moment, "d MMM yyyy, HH:mm", locale=language)
