"""What rules say at a form is said in the language of the page, with what was written in it."""

import ast
import string
from collections import Counter

import pytest

from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.console.visiting import Visit
from tools import console_texts

GIVEN_ON = {
    "business/catalog/checks.py": 1,  # the kind of a place, and
    "business/stock/adjustments.py": 1,  # the reason of an adjustment: words that are collected where they are listed
    "business/warehouse/walking/form_reading.py": 1,  # those that pass on what they are given, which is looked at too
    "doors/api/perform.py": 1,
    "doors/api/queries.py": 1,
    "doors/console/story_words.py": 1,  # sentences it marks itself, by type of fact
    "values/findings.py": 1,
    "values/money.py": 1,
    "values/shape_words.py": 2,
}


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner(), language="es")


def is_marked(said: ast.expr) -> bool:
    """A text as it stands, or one a page marks with `_`."""
    if isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "_":
        (said,) = said.args
    return isinstance(said, ast.Constant)


def test_what_is_said_at_a_form_is_a_sentence_as_it_stands_and_never_an_f_string():
    told = console_texts.sentences_told()
    assert len(told) > 200
    assert [where for where, said in told if isinstance(said, ast.JoinedStr | ast.BinOp)] == []
    # Pages choose among sentences they mark themselves; that each of those is a text as it stands, test_texts sees.
    given_on = [where for where, said in told if not is_marked(said) and "/pages/" not in where]
    assert Counter(given_on) == GIVEN_ON


def test_translations_of_rules_name_the_values_their_sentences_name():
    def names(text: str) -> list[str]:
        return sorted(name for _text, name, _spec, _way in string.Formatter().parse(text) if name is not None)

    def for_people(text: str) -> str:
        """People are told something a pattern takes, in its place."""
        return text.replace("{pattern}", "{example}")

    catalogue = console_texts.catalogue("es")
    rules = [text for text in set(console_texts.texts_of_rules()) if "{" in text]
    wrong = [text for text in rules
             if (known := catalogue.get(text)) is None
             or names(str(known.string)) != names(for_people(text))]  # fmt: skip
    assert wrong == []


def test_a_price_that_cannot_be_read_is_told_in_spanish_with_why(owner: Visit):
    seen = owner.post("/products/MUG", {**filled(owner.get("/products/MUG")), "title": "Jarrón", "price": "9.123"})
    assert seen.status == 422
    assert "No se puede leer: más de 2 decimales." in seen.words
    assert "It cannot be read" not in seen.text


def test_a_value_of_the_wrong_kind_is_told_in_spanish(owner: Visit):
    fields = {**filled(owner.get("/products/MUG")), "title": "Jarrón", "price": "9", "weight_g": "mucho"}
    seen = owner.post("/products/MUG", fields)
    assert seen.status == 422
    assert "Se esperaba un número entero, y esto es un texto." in seen.words
    assert "Expected" not in seen.text


def test_a_value_with_braces_or_html_in_it_is_shown_as_text(owner: Visit):
    here, name = "/settings/sites/LEEDS/layout", "{zone}<b>%(x)s"
    fields = filled(owner.get(here))
    for i in (0, 1):
        fields |= {f"layout/zone/{i}/name": name, f"layout/zone/{i}/aisles": "2", f"layout/zone/{i}/bays": "10"}
    for seen in (owner.post(here, fields), owner.post(f"{here}/drawn", fields)):
        assert f"La zona '{name}' ya tiene el pasillo 1." in seen.words.replace("’", "'")
        assert "{zone}&lt;b&gt;%(x)s" in seen.text
        assert "<b>%(x)s" not in seen.text


def test_the_same_is_told_in_english_on_english_pages(console: Console, owner: Visit):
    owner.language = "en"
    seen = owner.post("/products/MUG", {**filled(owner.get("/products/MUG")), "title": "Vase", "price": "9.123"})
    assert "It cannot be read: more than 2 decimals." in seen.words


def test_a_query_with_a_strange_name_is_told_in_spanish(owner: Visit):
    seen = owner.get("/orders?strange=1")
    assert (seen.status, "Se conocen: " in seen.words) == (422, True)
