"""A sentence with facts in it is said in any language by its template, and its facts stand in it as they are."""

import re
import string
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from orderwright.doors.api.perform import encode
from orderwright.values.findings import refusal_of, worded
from orderwright.values.phrases import phrase, plainly, restored
from orderwright.values.shape_words import EXAMPLES, TEMPLATES, phrase_of

SPANISH = {
    "{sku} is no product of ours.": "{sku} no es un producto nuestro.",
    "It was {reason}.": "El motivo es: {reason}.", "damaged": "dañado",
}  # fmt: skip


def spanish(english: str) -> str:
    return SPANISH[english]


def test_programs_are_told_the_english_sentence_and_nothing_more():
    refusal = refusal_of([worded("/sku", "gone", "{sku} is no product of ours.", sku="MUG")])
    told = b'{"findings":[{"pointer":"/sku","code":"gone","message":"MUG is no product of ours."}]}'
    assert encode(refusal.facts) == told


@pytest.mark.parametrize("sku", ["MUG", "{sku}", "{0.__class__}", "}{", "100 %", "%(sku)s", "damaged"])
def test_a_value_stands_in_the_sentence_as_it_is_whatever_it_looks_like(sku: str):
    said = phrase("{sku} is no product of ours.", sku=sku)
    assert str(said) == f"{sku} is no product of ours."
    assert said.said_by(spanish) == f"{sku} no es un producto nuestro."


def test_a_word_of_ours_in_a_sentence_is_translated_too():
    said = phrase("It was {reason}.", reason=phrase("damaged"))
    assert (str(said), said.said_by(spanish)) == ("It was damaged.", "El motivo es: dañado.")


@pytest.mark.parametrize(
    "sku", ["MUG", "{sku}", "}{", "%(sku)s", 7, -1, 1 << 70, True, None, "\N{GRINNING FACE}", "<b>"]
)
def test_a_phrase_that_was_kept_says_what_it_said(sku: Any):
    said = phrase("{what}: {sku}.", what=phrase("It was {reason}.", reason=phrase("damaged")), sku=sku)
    kept = msgspec.json.decode(msgspec.json.encode({"template": said.template, "values": plainly(said.values)}))
    again = restored(**kept)
    catalogue = {**SPANISH, "{what}: {sku}.": "{sku} – {what}"}
    assert str(again) == str(said) == f"It was damaged.: {sku}."
    assert again.said_by(catalogue.__getitem__) == f"{sku} – El motivo es: dañado."


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("x", int), (0, Annotated[int, Meta(ge=1)]), (9, Annotated[int, Meta(le=5)]), (None, str), (1.5, int),
        ("", Annotated[str, Meta(min_length=1)]), ("abc", Annotated[str, Meta(max_length=2)]),
        ("x", Annotated[str, Meta(pattern="^[0-9]{2}$")]), ([], Annotated[list[int], Meta(min_length=1)]),
        ([1, 2], Annotated[list[int], Meta(max_length=1)]), ({}, Annotated[dict[str, int], Meta(min_length=1)]),
        ({"a": 1}, Annotated[dict[str, int], Meta(max_length=0)]), ("x", UUID), ("x", datetime),
        (-200.0, Annotated[float, Meta(ge=-180)]), (200.0, Annotated[float, Meta(le=180)]),
        ("2026-11-22T10:00:00", Annotated[datetime, Meta(tz=True)]), ([], dict[str, int]),
    ],
)  # fmt: skip
def test_what_a_shape_refuses_is_a_sentence_of_ours_that_reads_as_it_was(value: Any, shape: Any):
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(value, shape)
    said = phrase_of(str(refused.value))
    assert (str(said), said.template in TEMPLATES) == (str(refused.value), True)


def test_what_may_be_left_out_is_told_by_its_kind():
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert("5%", int | None)
    kinds = {"Expected `{kind}`, got `{got}`": "It must be {kind}, not {got}", "int | null": "a number", "str": "text"}
    assert phrase_of(str(refused.value)).said_by(kinds.__getitem__) == "It must be a number, not text"


@pytest.mark.parametrize(("pattern", "example"), sorted(EXAMPLES.items()))
def test_the_example_people_are_told_of_a_pattern_is_one_it_takes(pattern: str, example: str):
    assert all(re.fullmatch(pattern, each) for each in example.split(", "))
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert("<", Annotated[str, Meta(pattern=pattern)])
    assert phrase_of(str(refused.value)).said_by(lambda _english: "such as {example}") == f"such as {example}"


def test_every_template_can_be_filled_in():
    assert all(name.isidentifier() for each in TEMPLATES for _text, name, _spec, _way in string.Formatter().parse(each)
               if name is not None)  # fmt: skip
