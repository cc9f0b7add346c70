"""Sentences with facts in them, kept as a template and its values, so that a page can say them in any language.

Rules speak English, and programs are told the English sentence; the template is what a catalogue of translations
knows. Why not look the finished sentence up by its pattern: two templates may fit one sentence, and a product called
"no" would then be said wrongly. See docs/decisions/0014-sentences-keep-their-template.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple


class Phrase(NamedTuple):
    """A sentence, or a word in one. template: English, `{name}` where a value goes (a brace of its own is doubled).

    values: by name, each a text or number that stands for itself in every language, or a phrase.
    """

    template: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.said_by(str)

    def said_by(self, translated: Callable[[str], str]) -> str:
        """The sentence in the language of `translated`, which is asked for templates and never for a value."""
        told = {name: each.said_by(translated) if isinstance(each, Phrase) else each for name, each in self.values}
        return translated(self.template).format_map(told)


def phrase(template: str, /, **values: Any) -> Phrase:
    """A sentence of these parts."""
    return Phrase(template, tuple(values.items()))


def side_by_side(mark: str, parts: Sequence[str | Phrase]) -> Phrase:
    """Parts with a mark between them; each is told as it is alone."""
    places = [f"part_{i}" for i in range(len(parts))]
    template = mark.replace("{", "{{").replace("}", "}}").join(f"{{{place}}}" for place in places)
    return Phrase(template, tuple(zip(places, parts, strict=True)))


def plainly(values: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Values of a phrase as JSON has them: texts and whole numbers as they are, a phrase as its parts."""
    return {name: _plain(value) for name, value in dict(values).items()}


def restored(template: str, values: Mapping[str, Any]) -> Phrase:
    """The phrase that was kept as its template and its values, as `plainly` gives them."""
    told = {name: restored(**each) if isinstance(each, dict) else each for name, each in values.items()}
    return phrase(template, **told)


def _plain(value: Any) -> Any:
    if isinstance(value, Phrase):
        return {"template": value.template, "values": plainly(value.values)}
    # Whole numbers beyond 64 bits are no numbers to most who read JSON.
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
    return value if is_number else str(value)
