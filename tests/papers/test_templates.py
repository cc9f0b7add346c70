"""Templates keep to themselves, and every word on them is translated."""

import re
import subprocess
import sys

import pytest
from typst import TypstError

from orderwright.papers import press
from orderwright.papers.words import LOCALES, languages, spoken, words_of

TEMPLATES = sorted(press.TEMPLATES.glob("*.typ"))
_WORD = re.compile(r'\bw\("((?:[^"\\]|\\.)*)"\)')


def test_no_template_takes_anything_from_outside():
    assert len(TEMPLATES) >= 9
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.findall(r'(?:import|include)\s+"@', text), template.name
        assert not re.findall(r"\b(?:eval|plugin|read)\(", text), template.name
        assert all((press.TEMPLATES / name).is_file() for name in re.findall(r'(?:import|include)\s+"([^"]+)"', text))


@pytest.mark.parametrize("source", ['#import "@preview/tiaoma:0.3.0"', '#read("../press.py")', '#read("/etc/passwd")'])
def test_a_template_that_did_would_fail(source, tmp_path):
    with pytest.raises(TypstError):
        press._new_compiler().compile(input=source.encode(), format="pdf")


def test_every_word_of_a_template_is_in_every_language():
    said = {word for template in TEMPLATES for word in _WORD.findall(template.read_text())}
    assert languages() == ("en", "es")
    for language in languages()[1:]:
        assert set(words_of(language)) == said, language


def test_a_language_is_known_by_its_beginning():
    assert [spoken(each) for each in ("es", "es-MX", "ES_ar", "en-GB", "fr", "", "../es")] == [
        "es", "es", "es", "en", "en", "en", "en",
    ]  # fmt: skip
    assert LOCALES.is_dir()


def test_what_only_tests_use_is_not_shipped_code():
    found = subprocess.run(
        [sys.executable, "-c", "import orderwright.papers.thermal, sys; print([m for m in sys.modules if 'zplkit' in m"
         " or 'pypdfium' in m])"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == "[]"
