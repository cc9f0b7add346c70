"""Every text of the console speaks every language there is."""

import re
from functools import cache
from typing import Any

import pytest

from orderwright.business.imports.findings import FINDINGS as ROW_FINDINGS
from orderwright.business.imports.findings import Finding
from orderwright.doors.console import texts
from orderwright.doors.console.texts import LANGUAGES, language_of
from orderwright.doors.portal import texts as portal_texts
from orderwright.values.refusal import REFUSALS
from orderwright.values.shape_words import KINDS
from tools import console_texts

TEMPLATES = sorted(path for room in console_texts.ROOMS for path in room.rglob("*.html"))
NO_WORDS = {"Orderwright", "· Orderwright"}


@cache
def wanted() -> frozenset[Any]:
    """All texts there are, read from every module and template: once for all tests that ask."""
    return frozenset(console_texts.wanted())


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_text_is_translated(language):
    assert [console_texts.untranslated(language, room) for room in console_texts.ROOMS] == [[], []]


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("pages", [texts, portal_texts], ids=["console", "portal"])
def test_every_refusal_is_told_in_the_language_of_the_page(pages, language):
    catalogue = pages.translations(language)
    english = [code for code, kind in REFUSALS.items() if texts.translated(catalogue, kind.sentence) == kind.sentence]
    assert english == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pages", [texts, portal_texts], ids=["console", "portal"])
def test_no_person_is_told_the_names_of_fields_and_kinds_that_programs_are_told(pages, language):
    """What stands in backticks names a part of an answer that a page does not show."""
    catalogue = pages.translations(language)
    said = {text: catalogue.gettext(text) for text in wanted() if isinstance(text, str)}
    told = {text: words for text, words in said.items() if "`" in words or "RFC3339" in words or "{pattern}" in words}
    assert (told, [kind for kind in KINDS if said[kind] == kind]) == ({}, [])


def test_the_english_words_for_people_belong_to_texts_there_are():
    assert [message.id for message in console_texts.catalogue("en") if message.id and message.id not in wanted()] == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("code", sorted(ROW_FINDINGS))
def test_whatever_can_be_wrong_with_a_row_of_a_file_is_among_the_texts_and_translated(code, language):
    (said, with_value) = (Finding("", code, value).wrong().detail for value in ("", "x"))
    templates = {ROW_FINDINGS[code].template, said.template, with_value.template}
    assert templates <= wanted()
    catalogue = texts.translations(language)
    assert [each for each in templates if catalogue.gettext(each) == each] == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_translations_use_the_names_their_texts_use(language):
    wrong = [
        message.id
        for room in console_texts.ROOMS
        for message in console_texts.catalogue(language, room)
        if isinstance(message.id, str)
        and sorted(re.findall(r"%\(\w+\)s", message.id)) != sorted(re.findall(r"%\(\w+\)s", str(message.string)))
        and message.id
    ]
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_text_of_a_template_stands_outside_of_its_mark(path):
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!.*?>", "\x01", path.read_text(), flags=re.DOTALL)
    shown = [re.sub(r'[\w-]+="[^"]*"?|"?>', "", part).strip() for part in re.split(r"<[^>]*>|\x01", plain)]
    told = re.findall(r'\b(?:placeholder|title|aria-label|alt)="([^"\x01]*)"', plain)
    assert [text for text in [*shown, *told] if re.search(r"[A-Za-z]{2}", text) and text not in NO_WORDS] == []


def test_modules_mark_texts_as_they_stand():
    marked = [text for room in console_texts.ROOMS for text in console_texts.texts_of_modules(room)]
    assert all(isinstance(text, str) and text for text in marked)


@pytest.mark.parametrize(
    ("wanted", "accepted", "language"),
    [
        ("", None, "en"),
        ("", b"es-MX,es;q=0.9,en;q=0.8", "es"),
        ("", b"de, en;q=0.5, es;q=0.7", "es"),
        ("", b"fr", "en"),
        ("", b"es;q=0, en;q=0.1", "en"),
        ("", b"es;q=nonsense", "en"),
        ("en", b"es", "en"),
        ("xx", b"es", "es"),
    ],
)
def test_the_visitors_choice_counts_before_the_browsers(wanted, accepted, language):
    assert language_of(wanted, accepted) == language
